"""What a cell says and how it looks, and what is in the address of the planning."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from portail.domain.bookings import Act, CellState, Decision, Pending
from portail.domain.periods import View
from portail.domain.reasons import Code, Reason
from portail.services.planning import Cell, Cost, Counts, Mark
from portail.state.planning import looks, words
from portail.state.planning.address import Asked, asked

DAY = date(2026, 3, 12)
UNTIL = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)  # 9 o'clock in Paris
FREE = Decision(
    CellState.FREE,
    Act.BOOK,
    True,
    Reason(Code.BOOKABLE, at=UNTIL),
    changes_at=UNTIL,
    price_cents=350,
)
NAMES = {"MATIN": "Matin", "JOURNEE": "Journée"}


def said(decision: Decision, **more: Any) -> str:
    cell = Cell(1, "MATIN", DAY, decision)._replace(**more)
    look = looks.look(decision)
    table = looks.TICKED if look[1] == looks.ON else looks.UNTICKED
    return table.get(look[0], "") + words.cell_words(cell, look, lambda code: NAMES.get(code, code))


def test_a_free_cell_says_its_price_and_until_when() -> None:
    assert said(FREE) == "libre, 3,50\u00a0€, modifiable jusqu’au mardi 10 mars à 9\u00a0h"


def test_a_booked_cell_that_may_be_cancelled_and_one_that_may_not() -> None:
    booked = FREE._replace(
        state=CellState.BOOKED, act=Act.CANCEL, reason=Reason(Code.CANCELLABLE, at=UNTIL)
    )
    assert looks.look(booked) == "b1"
    assert said(booked).startswith("réservé, 3,50\u00a0€, modifiable")
    kept = booked._replace(
        allowed=False, reason=Reason(Code.CANCELLING_TOO_LATE, at=UNTIL), changes_at=None
    )
    assert looks.look(kept) == "k-"
    assert said(kept).startswith("réservé, 3,50\u00a0€, trop tard\u00a0: il fallait annuler avant")


def test_a_full_cell_says_how_many_wait() -> None:
    full = FREE._replace(
        state=CellState.FULL, allowed=False, reason=Reason(Code.FULL), waiting_list=True
    )
    assert said(full, waiting=3).startswith("complet, 3\u00a0enfants attendent, 3,50\u00a0€")
    assert said(full, waiting=1).startswith("complet, 1\u00a0enfant attend, ")
    closed_list = full._replace(waiting_list=False)
    assert looks.look(closed_list) == "c-"
    assert said(closed_list) == "complet"


def test_the_queue_and_the_offer() -> None:
    waits = FREE._replace(
        state=CellState.WAITING, act=Act.CANCEL, reason=Reason(Code.WAITING), changes_at=None
    )
    assert said(waits, rank=2).startswith("sur liste d’attente, rang 2, ")
    leaves = waits._replace(state=CellState.PENDING_CANCELLATION)
    assert looks.look(leaves) == "w0"
    offered = waits._replace(state=CellState.OFFERED, reason=Reason(Code.OFFERED))
    assert "à accepter avant le mardi 10 mars à 9\u00a0h" in said(offered, offered_until=UNTIL)


def test_what_is_pending_and_no_longer_possible_can_still_be_taken_back() -> None:
    late = FREE._replace(
        state=CellState.PENDING_BOOKING,
        allowed=False,
        reason=Reason(Code.BOOKING_TOO_LATE, at=UNTIL),
        changes_at=None,
    )
    assert looks.look(late) == "r1"
    assert looks.has_box(looks.look(late))
    assert "devenue impossible" in said(late)
    assert "trop tard" in said(late)


def test_supplements_exchanges_few_places_and_the_other_parent() -> None:
    rich = FREE._replace(
        surcharge_cents=175,
        replaces=("JOURNEE",),
        places_left=2,
        needs_approval=True,
    )
    text = said(rich, other=Mark(Pending.BOOKING, "Marc"))
    for part in (
        "supplément de retard de 1,75\u00a0€",
        "remplace Journée",
        "2\u00a0places libres",
        "à confirmer par la mairie",
        "réservation en attente par Marc",
    ):
        assert part in text
    assert "places" not in said(FREE._replace(places_left=30))
    other = said(FREE, other=Mark(Pending.CANCELLATION, ""))
    assert other.endswith("annulation en attente par l’autre foyer")


def test_the_price_of_the_other_household_is_not_said() -> None:
    elsewhere = Decision(CellState.BOOKED, Act.NONE, False, Reason(Code.OTHER_HOUSEHOLD))
    assert looks.look(elsewhere) == "e-"
    assert said(elsewhere) == "réservé par l’autre foyer de l’enfant"


@pytest.mark.parametrize("state", CellState)
@pytest.mark.parametrize("allowed", [True, False])
def test_every_state_has_a_look_and_words(state: CellState, allowed: bool) -> None:
    decision = FREE._replace(state=state, allowed=allowed)
    look = looks.look(decision)
    assert look[1] in (looks.ON, looks.OFF, looks.FIXED)
    assert looks.has_box(look) == (look[0] in looks.TICKED)
    assert said(decision)


def test_costs_and_counts() -> None:
    assert words.after_words(Cost(4830, 5185)) == "Après vos changements\u00a0: 51,85\u00a0€"
    assert words.after_words(Cost(4830, 4830)) == ""
    assert words.difference_words(Cost(700, 345)) == "−\u00a03,55\u00a0€"
    assert words.day_cost_words(Cost(705, 705)) == "7,05\u00a0€"
    assert words.day_cost_words(Cost(0, 355)) == "0,00\u00a0€ → 3,55\u00a0€"
    assert words.day_cost_words(Cost()) == ""
    assert words.booking_count(Counts(2, 1)) == "2\u00a0réservations en attente"
    assert words.cancellation_count(Counts(2, 1)) == "1\u00a0annulation en attente"


def test_titles() -> None:
    nora, day = ["Nora"], date(2026, 12, 31)
    assert words.title(nora, View.MONTH, day) == "Nora\u00a0: décembre 2026"
    assert words.title(nora, View.WEEK, day).endswith("du 28 décembre 2026 au 3 janvier 2027")
    assert words.period_words(View.FORTNIGHT, date(2026, 12, 7)) == "du 7 au 20 décembre 2026"
    assert words.week_words(date(2026, 12, 9)) == "7 au 13 décembre"
    assert words.week_words(day) == "28 décembre au 3 janvier"


def test_an_address_says_what_is_shown_and_is_read_back() -> None:
    today = date(2026, 11, 23)
    want = Asked(date(2026, 12, 3), View.WEEK, 7, ("A", "B"), editing=True)
    address = want.address()
    assert address == "/planning?enfant=7&vue=semaine&jour=2026-12-03&masque=A,B&modifier=1"
    query = dict(part.split("=") for part in address.split("?")[1].split("&"))
    assert asked(query, today) == want
    assert want.without("A", hidden=False).hidden == ("B",)
    assert want.without("C", hidden=True).hidden == ("A", "B", "C")
    assert want.steps(1).day == date(2026, 12, 7)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"enfant": "tous", "vue": "année", "jour": "demain", "masque": ",,", "modifier": "oui"},
        {"enfant": "-1"},
        {"enfant": "²"},
        {"enfant": "9" * 30},
    ],
)
def test_what_is_not_understood_is_as_if_it_were_not_there(query: dict[str, str]) -> None:
    assert asked(query, DAY) == Asked(DAY)
