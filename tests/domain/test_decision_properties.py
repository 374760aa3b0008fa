"""What holds for every rule and every instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portail.domain.bookings import CellState, Held, Pending
from portail.domain.capacity import Capacity
from portail.domain.catalogue import SCHOOL_WEEK, Late, Opens, Slot
from portail.domain.deadlines import Deadline
from portail.domain.decisions import prepare
from portail.domain.reasons import Code
from portail.domain.slot_days import Rulebook
from portail.domain.surcharges import Surcharge
from tests.catalogues import CHILD, SIBLING, activity, child, family, price, slot, town
from tests.domain.test_deadlines import deadlines

START = datetime(2025, 9, 1, tzinfo=UTC)
lates = st.none() | st.builds(
    Late, st.builds(Surcharge, st.integers(0, 200), st.integers(0, 500)), st.none() | deadlines
)


def make(book: Deadline, cancel: Deadline, late: Late | None, left: Late | None) -> Slot:
    return slot(
        weekdays=SCHOOL_WEEK,
        opens=Opens.BOTH,
        book=book,
        cancel=cancel,
        late_booking=late,
        late_cancelling=left,
    )


slots = st.builds(make, deadlines, deadlines, lates, lates)
dates = st.dates(date(2025, 11, 1), date(2027, 6, 30))
instants = st.timedeltas(timedelta(0), timedelta(days=680)).map(lambda since: START + since)
pairs = st.tuples(instants, st.timedeltas(timedelta(0), timedelta(days=60)))


@given(slots, dates, pairs, st.booleans())
def test_what_became_too_late_stays_so(
    rules: Slot, day: date, pair: tuple[datetime, timedelta], booked: bool
) -> None:
    key = (CHILD, "repas", day)
    context = family(held={key: Held.BOOKED} if booked else {})
    book = Rulebook(town(activity(rules)))
    first = prepare(book, context, pair[0], price).decide(*key)
    second = prepare(book, context, pair[0] + pair[1], price).decide(*key)
    assert first.allowed or not second.allowed
    if first.late and second.allowed:
        assert second.late
    if first.allowed and first.changes_at is not None:
        # it holds exactly as long as it says
        at = prepare(book, context, first.changes_at, price).decide(*key)
        assert (at.allowed, at.late) == (True, first.late)
        gone = prepare(book, context, first.changes_at + timedelta(microseconds=1), price)
        assert (gone.decide(*key).allowed, gone.decide(*key).late) in {(False, False), (True, True)}


@given(slots, dates, instants)
def test_booking_then_cancelling_in_time_costs_nothing(
    rules: Slot, day: date, now: datetime
) -> None:
    key = (CHILD, "repas", day)
    found = prepare(
        Rulebook(town(activity(rules))), family(held={key: Held.BOOKED}), now, price
    ).decide(*key)
    if found.allowed and not found.late:
        assert found.kept_cents == 0
    assert found.kept_cents >= 0
    assert found.surcharge_cents == 0


@given(slots, dates, instants, st.sampled_from(Pending))
def test_a_pending_mark_shows_and_changes_no_rule(
    rules: Slot, day: date, now: datetime, pending: Pending
) -> None:
    key = (CHILD, "repas", day)
    held = {} if pending is Pending.BOOKING else {key: Held.BOOKED}
    book = Rulebook(town(activity(rules)))
    plain = prepare(book, family(held=held), now, price).decide(*key)
    marked = prepare(book, family(held=held, pending={key: pending}), now, price).decide(*key)
    assert marked.state in (CellState.PENDING_BOOKING, CellState.PENDING_CANCELLATION)
    assert marked.allowed == plain.allowed
    assert marked.reason == plain.reason


@given(
    st.integers(0, 5),
    st.integers(0, 6),
    st.lists(st.sampled_from([CHILD, SIBLING]), unique=True, max_size=2),
)
def test_a_family_is_never_promised_more_places_than_there_are(
    places: int, taken: int, asked: list[int]
) -> None:
    day = date(2026, 3, 12)
    meal = replace(slot(), capacity=Capacity(places))
    context = family(
        child(CHILD),
        child(SIBLING),
        taken={("repas", day): taken},
        pending={(key, "repas", day): Pending.BOOKING for key in asked},
    )
    made = prepare(Rulebook(town(activity(meal))), context, datetime(2026, 3, 2, tzinfo=UTC), price)
    promised = sum(made.decide(key, "repas", day).allowed for key in asked)
    assert promised == min(len(asked), max(0, places - taken))
    for key in {CHILD, SIBLING} - set(asked):
        found = made.decide(key, "repas", day)
        assert found.allowed == (taken + len(asked) < places)
        assert found.allowed or found.reason.code is Code.FULL
