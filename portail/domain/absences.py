"""Absences told by families, and what may become of them."""

from __future__ import annotations

from enum import StrEnum


class AbsenceState(StrEnum):
    """Where it stands: an absence justified is not billed."""

    TOLD = "told"
    JUSTIFIED = "justified"
    REFUSED = "refused"  # the certificate was not accepted
    WITHDRAWN = "withdrawn"
