"""The town's catalogue: read from the database once a version, written by an import."""

from portail.services.catalogue.loading import Loaded, current
from portail.services.catalogue.writing import Changes, changes, write

__all__ = ["Changes", "Loaded", "changes", "current", "write"]
