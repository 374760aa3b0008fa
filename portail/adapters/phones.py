"""Telephones as people type them, written one way (phonenumbers)."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

COUNTRY = "FR"  # of a number typed without its country
FRENCH_DIGITS = 9  # after the 0; the library finds fewer «possible» (a digit forgotten)


def clean_phone(typed: str) -> str | None:
    """«06 12 34 56 78», or «+32 2 555 12 12» from abroad; None when it is no possible number."""
    try:
        number = phonenumbers.parse(" ".join(typed.split()), COUNTRY)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or number.extension:
        return None
    french = phonenumbers.region_code_for_country_code(number.country_code or 0) == COUNTRY
    if french and len(str(number.national_number)) != FRENCH_DIGITS:
        return None
    style = PhoneNumberFormat.NATIONAL if french else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
