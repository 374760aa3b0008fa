"""A plan that counts changes one by one answers as one made with all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portail.domain.bookings import CellKey, Held, Pending
from portail.domain.capacity import Capacity
from portail.domain.deadlines import HoursBefore
from portail.domain.decisions import decide_all
from portail.domain.reasons import Code
from portail.domain.slot_days import Rulebook
from tests.catalogues import CHILD, SIBLING, activity, child, family, plan, slot, town

MONDAY = date(2026, 3, 9)
DAYS = [MONDAY + timedelta(n) for n in (0, 1, 3)]
SLOTS = ("matin", "jour", "repas", "soir", "etude")
RULES = Rulebook(
    town(
        activity(
            slot("matin", capacity=Capacity(3)),
            slot("jour", excludes=("matin",), capacity=Capacity(2)),
            slot("repas", capacity=Capacity(units_per_week=2)),
            slot("soir", needs=("repas",)),
            slot("etude", needs=("soir",)),
        )
    )
)
NOW = "2026-03-01 09:00"
BASE = family(
    child(),
    child(SIBLING),
    held={
        (CHILD, "repas", DAYS[0]): Held.BOOKED,
        (CHILD, "soir", DAYS[0]): Held.BOOKED,
        (CHILD, "matin", DAYS[1]): Held.BOOKED,
        (SIBLING, "jour", DAYS[0]): Held.WAITING,
        (SIBLING, "repas", DAYS[2]): Held.ATTENDED,
    },
    taken={("matin", DAYS[1]): 1, ("jour", DAYS[0]): 1},
)
cells = st.tuples(st.sampled_from([CHILD, SIBLING]), st.sampled_from(SLOTS), st.sampled_from(DAYS))
kinds = st.sampled_from([None, Pending.BOOKING, Pending.CANCELLATION])


@given(changes=st.lists(st.tuples(cells, kinds), max_size=15))
def test_one_by_one_or_all_at_once(changes: list[tuple[CellKey, Pending | None]]) -> None:
    made = plan(RULES, NOW, BASE)
    for key, pending in changes:
        made.change(key, pending)
    whole = plan(RULES, NOW, replace(BASE, pending=made.pending))
    children = (CHILD, SIBLING)
    assert decide_all(made, children, SLOTS, DAYS) == decide_all(whole, children, SLOTS, DAYS)


def test_what_cannot_stay_takes_along_what_needs_it() -> None:
    held = {(CHILD, one, MONDAY): Held.BOOKED for one in ("repas", "soir", "etude")}
    made = plan(RULES, NOW, replace(BASE, held=held))
    assert made.decide(CHILD, "repas", MONDAY).takes_along == ("soir", "etude")


def test_what_is_needed_stays_when_what_needs_it_cannot_go() -> None:
    rules = town(activity(slot("repas"), slot("soir", needs=("repas",), cancel=HoursBefore(500))))
    held = {(CHILD, one, MONDAY): Held.BOOKED for one in ("repas", "soir")}
    found = plan(rules, NOW, replace(BASE, held=held)).decide(CHILD, "repas", MONDAY)
    assert (found.allowed, found.reason.code) == (False, Code.NEEDED_LOCKED)
    assert found.reason.words == ("soir",)
