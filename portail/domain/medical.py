"""What a town needs to know of a child's health, and nothing more (towns.md §4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from portail.domain.names import fold


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


_OWN_MEAL = re.compile(r"\bpaniers? repas\b")


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

    @property
    def own_meal(self) -> bool:
        """Whether the child brings its meal («panier-repas») under its PAI: it has a price."""
        return self.pai and bool(_OWN_MEAL.search(fold(self.pai_measures)))
