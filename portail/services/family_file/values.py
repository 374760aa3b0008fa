"""What is typed in a field of the family file, checked and made ready to keep.

A value is a dictionary of the field's parts, of JSON types: dates are ISO, choices their code.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portail.adapters.emails import EmailProblem, checked_email
from portail.adapters.phones import clean_phone
from portail.domain.file_fields import FileField
from portail.domain.medical import Diet

Value = dict[str, Any]
LONG_TEXT = 2_000  # characters
POSTCODE_DIGITS = 5


class Problem(StrEnum):
    """What is wrong with a part."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    BAD_PHONE = "bad_phone"
    BAD_EMAIL = "bad_email"
    BAD_POSTCODE = "bad_postcode"
    BAD_DATE = "bad_date"
    BAD_CHOICE = "bad_choice"
    TAKEN = "taken"  # an address of another adult of the file
    WAITING = "waiting"  # a change of this field waits already


@dataclass(frozen=True)
class _Part:
    most: int
    required: bool = False
    check: Callable[[str], Any] | None = None  # the clean value, or a Problem
    lines: bool = False  # several, as typed


def _phone(typed: str) -> str | Problem:
    return clean_phone(typed) or Problem.BAD_PHONE


def _email(typed: str) -> str | Problem:
    checked = checked_email(typed)
    return Problem.BAD_EMAIL if isinstance(checked, EmailProblem) else checked


def _postcode(typed: str) -> str | Problem:
    digits = typed.replace(" ", "")
    good = digits.isascii() and digits.isdecimal() and len(digits) == POSTCODE_DIGITS
    return digits if good else Problem.BAD_POSTCODE


def _date(typed: str) -> str | Problem:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        return Problem.BAD_DATE


def _diet(typed: str) -> str | Problem:
    return typed if typed in tuple(Diet) else Problem.BAD_CHOICE


def _yes(typed: str) -> bool | Problem:
    return typed == "oui" if typed in ("", "oui", "non") else Problem.BAD_CHOICE


_NAME = _Part(80, required=True)
_NOTE = _Part(LONG_TEXT, lines=True)
_PARTS: dict[str, dict[str, _Part]] = {
    "household.address": {
        "street": _Part(160, required=True),
        "postcode": _Part(10, required=True, check=_postcode),
        "city": _NAME,
    },
    "guardian.name": {"last_name": _NAME, "first_name": _NAME},
    "guardian.phone": {"phone": _Part(30, required=True, check=_phone)},
    "guardian.work_phone": {"work_phone": _Part(30, check=_phone)},
    "guardian.email": {"email": _Part(254, required=True, check=_email)},
    "child.name": {"last_name": _NAME, "first_name": _NAME},
    "child.insurance": {
        "insurer": _Part(80, required=True),
        "insurance_contract": _Part(40, required=True),
        "insured_until": _Part(10, check=_date),
    },
    "child.collector": {
        "last_name": _NAME,
        "first_name": _NAME,
        "phone": _Part(30, required=True, check=_phone),
        "link": _Part(60, required=True),
    },
    "medical.allergies": {"allergies": _NOTE},
    "medical.treatments": {"treatments": _NOTE},
    "medical.doctor": {"doctor_name": _Part(80), "doctor_phone": _Part(30, check=_phone)},
    "medical.diet": {"diet": _Part(20, check=_diet)},
    "medical.pai": {"pai": _Part(3, check=_yes), "pai_measures": _NOTE},
    "medical.vaccinations": {"vaccinated": _Part(3, check=_yes), "vaccination_notes": _NOTE},
}
EDITABLE = frozenset(_PARTS)  # what has a form; the rest is the town's, whatever the rule


def untouched(typed: Mapping[str, str], old: Value) -> bool:
    """Whether a form gives back what was there, well written or not: files come from elsewhere."""
    return all(typed.get(part, "") == _shown(value) for part, value in old.items())


def cleaned(field: FileField, typed: Mapping[str, str]) -> tuple[Value, dict[str, Problem]]:
    """The value of a field as it will be kept, and what is wrong with its parts."""
    value: Value = {}
    problems: dict[str, Problem] = {}
    for name, part in _PARTS[field.key].items():
        text = _tidy(typed.get(name, ""))
        if not part.lines:
            text = " ".join(text.split())
        found: Any = text
        if not text and part.required:
            found = Problem.REQUIRED
        elif len(text) > part.most:
            found = Problem.TOO_LONG
        elif part.check is not None and (text or part.check in (_yes, _diet)):
            found = part.check(text)
        if isinstance(found, Problem):
            problems[name] = found
        else:
            value[name] = found
    return value, problems


def _shown(value: Any) -> Any:
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else value


def _tidy(typed: str) -> str:
    lines = [_line(line) for line in typed.strip().splitlines()]
    return "\n".join(lines).strip()


def _line(typed: str) -> str:
    # controls and halves of a pair: no database and no page can keep them all
    words = " ".join(typed.split())
    kept = "".join(sign for sign in words if unicodedata.category(sign) not in ("Cc", "Cs"))
    return " ".join(kept.split())
