"""What the fields of a family file hold, as a parent reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from portail.domain.medical import DIET_LABELS, Diet
from portail.texts.french import day

NOTHING = "Non renseigné"
Value = dict[str, Any]


def shown(key: str, value: Value) -> str:
    """One line or several (allergies, treatments) for the value of the field `key`."""
    if key in _SHOWN:
        return _SHOWN[key](value) or NOTHING
    return " ".join(str(part) for part in value.values() if part) or NOTHING


def _address(value: Value) -> str:
    place = " ".join(part for part in (value["postcode"], value["city"]) if part)
    return ", ".join(part for part in (value["street"], place) if part)


def _insurance(value: Value) -> str:
    parts = [value["insurer"]]
    if value["insurance_contract"]:
        parts.append(f"contrat n°\u00a0{value['insurance_contract']}")
    if value["insured_until"]:
        until = day(date.fromisoformat(value["insured_until"])).split(" ", 1)[1]
        parts.append(f"jusqu’au {until}")
    return ", ".join(part for part in parts if part)


def _doctor(value: Value) -> str:
    return ", ".join(part for part in (value["doctor_name"], value["doctor_phone"]) if part)


def _pai(value: Value) -> str:
    if not value["pai"]:
        return "Aucun PAI"
    return f"PAI en place\n{value['pai_measures']}".strip()


def _vaccinations(value: Value) -> str:
    if not value["vaccinated"]:
        return value["vaccination_notes"] or NOTHING
    return f"Vaccinations obligatoires à jour\n{value['vaccination_notes']}".strip()


def _collector(value: Value) -> str:
    name = f"{value['first_name']} {value['last_name']}".strip()
    return ", ".join(part for part in (name, value["link"], value["phone"]) if part)


_SHOWN = {
    "household.address": _address,
    "guardian.name": lambda v: f"{v['first_name']} {v['last_name']}".strip(),
    "child.name": lambda v: f"{v['first_name']} {v['last_name']}".strip(),
    "child.insurance": _insurance,
    "child.collector": _collector,
    "medical.diet": lambda v: DIET_LABELS[Diet(v["diet"])],
    "medical.doctor": _doctor,
    "medical.pai": _pai,
    "medical.vaccinations": _vaccinations,
}
