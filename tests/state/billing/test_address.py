"""What is ticked is in the address, whatever somebody types there."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.state.billing.address import MAX_INVOICES, RECAP, Asked, asked, pay_address

ids = st.lists(st.integers(1, 10**9 - 1), max_size=60)


def read(address: str) -> Asked:
    """What the page reads of an address."""
    return asked(dict(parse_qsl(urlsplit(address).query)))


@given(st.sampled_from([1, RECAP]), ids)
def test_an_address_says_what_it_was_made_of(step: int, invoices: list[int]) -> None:
    made = Asked(step).choosing(invoices)
    assert read(made.address()) == made
    assert len(made.invoices or ()) <= MAX_INVOICES


def test_nobody_has_chosen_yet_is_not_nothing_ticked() -> None:
    assert read("/facturation/payer").invoices is None
    assert read(Asked().choosing([]).address()).invoices == ()
    assert pay_address(12, 3) == "/facturation/payer?factures=3,12"


@pytest.mark.parametrize(
    "query", ["factures=x", "factures=-1", "factures=1e9", "factures=²", "factures=" + "9" * 40]
)
def test_what_is_not_understood_is_not_there(query: str) -> None:
    assert read(f"/facturation/payer?{query}").invoices == ()
    assert read("/facturation/payer?etape=7").step == 1
