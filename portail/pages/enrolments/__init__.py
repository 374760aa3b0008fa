"""Pages of «Inscriptions»."""
