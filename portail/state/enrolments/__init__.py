"""States of «Inscriptions»."""
