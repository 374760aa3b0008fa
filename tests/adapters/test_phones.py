"""Telephones: written one way, however they were typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.adapters.phones import clean_phone
from portail.models import Collector, Guardian


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0612345678", "06 12 34 56 78"),
        ("06.12.34.56.78", "06 12 34 56 78"),
        ("06-12-34-56-78", "06 12 34 56 78"),
        (" 06 12 34 56 78 ", "06 12 34 56 78"),
        ("06\u00a012\u202f34 56 78", "06 12 34 56 78"),
        ("+33612345678", "06 12 34 56 78"),
        ("+33 (0)6 12 34 56 78", "06 12 34 56 78"),
        ("0033 6 12 34 56 78", "06 12 34 56 78"),
        ("01 45 59 20 00", "01 45 59 20 00"),
        ("+32 2 555 12 12", "+32 2 555 12 12"),
        ("+3225551212", "+32 2 555 12 12"),
        ("+262 692 12 34 56", "+262 692 12 34 56"),  # La Réunion has its own code
    ],
)
def test_a_number_is_written_one_way(typed: str, kept: str) -> None:
    assert clean_phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "oui", "06", "06 12 34 56 7", "06 12 34 56 78 9", "+", "+33", "+999 12345678"),
        *(
            "06 12 34 56 78 poste 12",
            "06 12 34 56 78 ext. 4",
            "zoe@example.org",
            "+33 6" + "1" * 300,
        ),
    ],
)
def test_what_is_no_number(typed: str) -> None:
    assert clean_phone(typed) is None


@given(st.text() | st.from_regex(r"\+?[0-9 .()-]{4,24}", fullmatch=True))
def test_what_is_kept_is_kept_again_and_fits(typed: str) -> None:
    kept = clean_phone(typed)
    if kept is not None:
        assert clean_phone(kept) == kept
        for column in (Guardian.__table__.c.phone, Collector.__table__.c.phone):  # type: ignore[attr-defined]
            assert len(kept) <= column.type.length
