"""The states of «Dossier»."""
