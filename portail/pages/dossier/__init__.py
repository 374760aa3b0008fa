"""The pages of «Dossier»."""
