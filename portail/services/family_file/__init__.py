"""The family file: what is in it, and how a parent changes it."""
