"""What a parent may allow for a child, and the code of its health form («fiche sanitaire»)."""

from __future__ import annotations

from enum import StrEnum

# filled on screen and certified, or sent as a document of this type
HEALTH_FORM = "fiche_sanitaire"


class Permission(StrEnum):
    """A permission, given or refused, at any time (towns.md §4: photos are a consent)."""

    PHOTO = "photo"
    OUTINGS = "outings"
    ALONE = "alone"
