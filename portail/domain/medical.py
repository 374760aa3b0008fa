"""What a town needs to know of a child's health, and nothing more (towns.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Diet(StrEnum):
    """What is served; never a religion."""

    NONE = ""
    NO_PORK = "sans_porc"
    NO_MEAT = "sans_viande"


DIET_LABELS = {
    Diet.NONE: "Menu habituel",
    Diet.NO_PORK: "Sans porc",
    Diet.NO_MEAT: "Sans viande",
}


@dataclass(frozen=True)
class MedicalInformation:
    """Everything is text but `pai` and `vaccinated`; empty means «nothing said»."""

    allergies: str = ""
    treatments: str = ""
    doctor_name: str = ""
    doctor_phone: str = ""
    diet: Diet = Diet.NONE
    pai: bool = False
    pai_measures: str = ""
    vaccinated: bool = False
    vaccination_notes: str = ""
