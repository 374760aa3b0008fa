"""What a field of the family file holds, as French words."""

from __future__ import annotations

from typing import Any

import pytest

from portail.domain.file_fields import FIELDS
from portail.domain.medical import DIET_LABELS, Diet
from portail.texts.file_values import NOTHING, shown
from tests.services.family_file.home import KEPT


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (
            "household.address",
            {"street": "3 rue des Lilas", "postcode": "94800", "city": "Villejuif"},
            "3 rue des Lilas, 94800 Villejuif",
        ),
        ("household.address", {"street": "", "postcode": "", "city": "Paris"}, "Paris"),
        ("household.address", {"street": "1 rue A", "postcode": "", "city": ""}, "1 rue A"),
        ("guardian.name", {"last_name": "Roy", "first_name": "Zoé"}, "Zoé Roy"),
        ("guardian.name", {"last_name": "Roy", "first_name": ""}, "Roy"),
        ("guardian.phone", {"phone": "06 12 34 56 78"}, "06 12 34 56 78"),
        ("child.name", {"last_name": "Roy", "first_name": "Nora"}, "Nora Roy"),
        (
            "child.insurance",
            {"insurer": "MAE", "insurance_contract": "A-778", "insured_until": "2027-08-01"},
            "MAE, contrat n°\u00a0A-778, jusqu’au 1er août 2027",
        ),
        (
            "child.insurance",
            {"insurer": "MAE", "insurance_contract": "", "insured_until": ""},
            "MAE",
        ),
        (
            "child.collector",
            {"last_name": "Roy", "first_name": "Odette", "phone": "06", "link": "voisine"},
            "Odette Roy, voisine, 06",
        ),
        ("medical.allergies", {"allergies": "Arachide\nKiwi"}, "Arachide\nKiwi"),
        ("medical.doctor", {"doctor_name": "Dr Faure", "doctor_phone": "01"}, "Dr Faure, 01"),
        ("medical.doctor", {"doctor_name": "", "doctor_phone": "01"}, "01"),
        ("medical.pai", {"pai": False, "pai_measures": "ancien"}, "Aucun PAI"),
        ("medical.pai", {"pai": True, "pai_measures": ""}, "PAI en place"),
        ("medical.pai", {"pai": True, "pai_measures": "Stylo"}, "PAI en place\nStylo"),
        (
            "medical.vaccinations",
            {"vaccinated": True, "vaccination_notes": ""},
            "Vaccinations obligatoires à jour",
        ),
        (
            "medical.vaccinations",
            {"vaccinated": True, "vaccination_notes": "Rappel en mars"},
            "Vaccinations obligatoires à jour\nRappel en mars",
        ),
        ("medical.vaccinations", {"vaccinated": False, "vaccination_notes": "DTP"}, "DTP"),
        ("medical.vaccinations", {"vaccinated": False, "vaccination_notes": ""}, NOTHING),
    ],
)
def test_values_in_words(key: str, value: dict[str, Any], words: str) -> None:
    assert shown(key, value) == words


@pytest.mark.parametrize("diet", list(Diet))
def test_a_diet_is_named(diet: Diet) -> None:
    assert shown("medical.diet", {"diet": diet.value}) == DIET_LABELS[diet]


@pytest.mark.parametrize("key", KEPT)
def test_every_field_a_parent_changes_has_its_words(key: str) -> None:
    words = shown(key, KEPT[key])
    assert words not in ("", NOTHING)
    assert not any(word in words for word in ("True", "False", "None"))


@pytest.mark.parametrize(
    "key", sorted(set(KEPT) - {"medical.diet", "medical.pai", "medical.vaccinations"})
)
def test_nothing_is_said_to_be_nothing(key: str) -> None:
    assert shown(key, dict.fromkeys(FIELDS[key].parts, "")) == NOTHING
