"""The pages of «Messagerie»."""
