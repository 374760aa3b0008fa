"""The texts one accepts."""

from __future__ import annotations

from enum import StrEnum


class ConsentText(StrEnum):
    """The texts one accepts, by their file in portail/texts/pages."""

    TERMS = "conditions-utilisation"
    PRIVACY = "donnees-personnelles"
