"""What a parent may allow for a child."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """A permission, given or refused, at any time (towns.md §4: photos are a consent)."""

    PHOTO = "photo"
    OUTINGS = "outings"
    ALONE = "alone"
