"""The groups of the `portail` command, one module each."""
