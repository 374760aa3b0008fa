"""The rules of every town of the list, as files of catalogue, against dates worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import pytest

from portail.adapters.catalogue_file import export, parse
from portail.domain.bookings import Absence, Act, Context, Decision, Held, Price
from portail.domain.calendars import Calendar
from portail.domain.catalogue import Town
from portail.domain.catalogue_checks import problems
from portail.domain.decisions import prepare
from portail.domain.enrolling import Request, may_enrol
from portail.domain.reasons import Code
from portail.domain.slot_days import Rulebook
from tests.catalogues import CHILD, SECOND, TICK, child, family, paris
from tests.towns import (
    andancette,
    begles,
    boisemont,
    boissy,
    cergy,
    coeur_de_garonne,
    cruas,
    eragny,
    illkirch,
    numerian,
    other_forms,
    rontalon,
    vailhauques,
    veyras,
    vigneux,
    villes_soeurs,
)
from tests.towns.files import FILES
from tests.towns.files import rules as file_rules
from tests.towns.lines import PRICE, Says, Until


class Published(Protocol):
    """A module of this folder."""

    RULES: Town
    UNTIL: tuple[Until, ...]
    SAYS: tuple[Says, ...]


TOWNS: dict[str, Any] = {
    module.__name__.rpartition(".")[2]: module
    for module in (
        *(vailhauques, rontalon, veyras, andancette, boisemont, vigneux, eragny, cruas),
        *(villes_soeurs, illkirch, cergy, numerian, coeur_de_garonne, boissy, begles, other_forms),
    )
}
# Fay-aux-Loges (effort rate) and 2c2r (non-residents pay twice) publish prices, no rule of booking:
# see test_prices. Saint-Rémy's rule is about enrolling: see below. Grans (direct debit on the 15th)
# is about payments, which a catalogue does not hold: no file.


@dataclass(frozen=True)
class Line:
    """An expectation and its town."""

    town: str
    wanted: Any


def lines(kind: str) -> list[Any]:
    return [
        pytest.param(Line(name, line), id=f"{name}-{line.slot}-{line.day}-{line.act}-{number}")
        for name, module in TOWNS.items()
        for number, line in enumerate(getattr(module, kind))
    ]


@lru_cache
def rules(name: str) -> Rulebook:
    return Rulebook(TOWNS[name].RULES)


def price(_slot: str, _child: int, _day: date) -> Price:
    return Price(PRICE)


def everyone(book: Rulebook) -> Context:
    return family(child(activities=tuple(book.activities)))


@pytest.mark.parametrize("line", lines("UNTIL"))
def test_before_at_and_after(line: Line) -> None:
    wanted: Until = line.wanted
    book, day, until = rules(line.town), date.fromisoformat(wanted.day), paris(wanted.until)
    if wanted.utc:
        assert until == datetime.fromisoformat(wanted.utc).replace(tzinfo=UTC)
    context = everyone(book)
    if wanted.act is Act.CANCEL:
        context = replace(context, held={(CHILD, wanted.slot, day): Held.BOOKED})
    if wanted.absent_since:
        ill = Absence(date.fromisoformat(wanted.absent_since))
        context = replace(context, children=(replace(context.children[0], absences=(ill,)),))

    def at(now: datetime) -> Decision:
        return prepare(book, context, now, price).decide(CHILD, wanted.slot, day)

    for now in (until - SECOND, until):
        found = at(now)
        assert (found.act, found.allowed, found.late) == (wanted.act, True, False), found
        assert found.changes_at == until
        assert (found.total_cents, found.kept_cents) == (PRICE, 0)
    after = at(until + TICK)
    if wanted.late is None:
        assert not after.allowed
        assert after.reason.at == until
    else:
        assert (after.allowed, after.late, after.surcharge_cents) == (True, True, wanted.late)
        assert after.reason.since == until


@pytest.mark.parametrize("line", lines("SAYS"))
def test_what_the_portal_answers(line: Line) -> None:
    wanted: Says = line.wanted
    book = rules(line.town)
    plan = prepare(book, wanted.context or everyone(book), paris(wanted.now), price)
    found = plan.decide(wanted.child, wanted.slot, date.fromisoformat(wanted.day))
    assert found.reason.code is wanted.code
    assert found.changes_at == (paris(wanted.changes_at) if wanted.changes_at else None)


@pytest.mark.parametrize("name", TOWNS)
def test_nothing_is_wrong_in_the_catalogue(name: str) -> None:
    assert problems(TOWNS[name].RULES) == ()
    assert TOWNS[name].UNTIL or TOWNS[name].SAYS


@pytest.mark.parametrize("name", TOWNS)
def test_the_rules_are_plain_data(name: str) -> None:
    def plain(value: Any) -> bool:
        if is_dataclass(value):
            return all(plain(getattr(value, field.name)) for field in fields(value))
        if isinstance(value, tuple):
            return all(map(plain, value))
        return value is None or isinstance(value, str | int | bool | date | time | Enum)

    assert plain(TOWNS[name].RULES)


@pytest.mark.parametrize("up_to_date", [True, False])
def test_saint_remy_enrols_only_families_up_to_date_with_payments(up_to_date: bool) -> None:
    (offer,) = file_rules("saint_remy").activities
    who = replace(child().facts, payments_up_to_date=up_to_date)
    found = may_enrol(
        offer,
        Calendar(file_rules("saint_remy").calendar),
        Request(who, date(2026, 3, 16)),
        paris("2026-03-12 09:00"),
    )
    assert found.allowed is up_to_date
    assert [r.code for r in found.reasons] == ([] if up_to_date else [Code.PAYMENTS_DUE])
    assert found.offered  # it is shown, with what stands in the way


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_goes_both_ways(path: Path) -> None:
    found = parse(path.read_text(encoding="utf-8"))
    assert parse(export(*found)) == found
