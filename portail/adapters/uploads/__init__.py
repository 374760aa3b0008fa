"""Receiving files from strangers: `receive` takes them in, `check` says which may stay.

Nothing is imported here: `examiner` starts in a process of its own for each file, and quickly.
"""
