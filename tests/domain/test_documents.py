"""Documents: in what state a family's is today, which one counts, how long each is good."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.documents import (
    ASKED_STATES,
    SOON,
    STATE_LABELS,
    Check,
    DocumentState,
    Sent,
    Validity,
    add_months,
    current,
    state_of,
    valid_until,
)

TODAY = date(2026, 11, 23)
DAY = timedelta(1)
FAR, SOON_OVER, OVER = TODAY + SOON + DAY, TODAY + SOON, TODAY - DAY
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
checks = st.sampled_from(Check)
sendings = st.builds(Sent, checks, st.none() | days)


def accepted(until: date | None = None) -> Sent:
    return Sent(Check.ACCEPTED, until)


def waiting(until: date | None = None) -> Sent:
    return Sent(Check.TO_CHECK, until)


def refused(until: date | None = None) -> Sent:
    return Sent(Check.REFUSED, until)


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        (None, DocumentState.MISSING),
        (waiting(), DocumentState.TO_CHECK),
        (waiting(SOON_OVER), DocumentState.TO_CHECK),
        (waiting(OVER), DocumentState.EXPIRED),
        (refused(), DocumentState.REFUSED),
        (refused(OVER), DocumentState.REFUSED),
        (accepted(), DocumentState.ACCEPTED),
        (accepted(FAR), DocumentState.ACCEPTED),
        (accepted(SOON_OVER), DocumentState.EXPIRING),
        (accepted(TODAY), DocumentState.EXPIRING),
        (accepted(OVER), DocumentState.EXPIRED),
    ],
)
def test_the_state_of_a_document(sent: Sent | None, state: DocumentState) -> None:
    assert state_of(sent, TODAY) is state


@given(sendings, days)
def test_a_day_more_never_makes_a_document_younger(sent: Sent, today: date) -> None:
    order = [DocumentState.ACCEPTED, DocumentState.EXPIRING, DocumentState.EXPIRED]
    before, after = state_of(sent, today), state_of(sent, today + DAY)
    if before in order:
        assert order.index(after) >= order.index(before)
    else:
        assert after in {before, DocumentState.EXPIRED}


@given(sendings, days)
def test_only_what_an_agent_accepted_is_accepted(sent: Sent, today: date) -> None:
    state = state_of(sent, today)
    if state in {DocumentState.ACCEPTED, DocumentState.EXPIRING}:
        assert sent.check is Check.ACCEPTED
        assert sent.valid_until is None or sent.valid_until >= today
    assert (state is DocumentState.REFUSED) == (sent.check is Check.REFUSED)


def test_what_asks_something_of_the_family() -> None:
    assert set(STATE_LABELS) == set(DocumentState)
    assert set(ASKED_STATES) == set(DocumentState) - {
        DocumentState.ACCEPTED,
        DocumentState.TO_CHECK,
    }


@pytest.mark.parametrize(
    ("documents", "which"),
    [
        ((waiting(),), 0),
        ((refused(), waiting()), 1),
        ((waiting(), refused()), 1),
        # what is proved stays so, whatever was sent since
        ((accepted(), waiting()), 0),
        ((accepted(FAR), refused()), 0),
        ((accepted(FAR), refused(), waiting()), 0),
        # a newer one was accepted
        ((accepted(FAR), accepted(SOON_OVER)), 1),
        ((waiting(), accepted(FAR)), 1),
        # about to expire: its successor, once sent, is what the family wants to know of
        ((accepted(SOON_OVER), waiting()), 1),
        ((accepted(SOON_OVER), waiting(), refused()), 0),
        ((accepted(SOON_OVER), refused()), 0),
        ((waiting(), accepted(SOON_OVER)), 1),
        # nothing good any more: the newest
        ((accepted(OVER), waiting()), 1),
        ((accepted(OVER), refused()), 1),
        ((accepted(OVER), accepted(OVER)), 1),
        ((accepted(FAR), accepted(OVER)), 0),
    ],
)
def test_the_one_that_counts(documents: tuple[Sent, ...], which: int) -> None:
    marked = [one for one in documents if one is documents[which]]
    assert marked
    found = current(documents, TODAY)
    assert found == documents[which]


def test_nothing_sent_counts_for_nothing() -> None:
    assert current((), TODAY) is None
    assert state_of(current((), TODAY), TODAY) is DocumentState.MISSING


@given(st.lists(sendings, min_size=1).map(tuple), days)
def test_the_one_that_counts_was_sent(documents: tuple[Sent, ...], today: date) -> None:
    assert current(documents, today) in documents


@given(st.lists(sendings).map(tuple), sendings, days)
def test_sending_more_never_takes_away_what_is_proved(
    documents: tuple[Sent, ...], more: Sent, today: date
) -> None:
    good = {DocumentState.ACCEPTED}
    if state_of(current(documents, today), today) in good and more.check is not Check.ACCEPTED:
        assert state_of(current((*documents, more), today), today) in good


@given(st.lists(sendings).map(tuple), days)
def test_the_family_is_asked_nothing_while_a_good_one_is_there(
    documents: tuple[Sent, ...], today: date
) -> None:
    good = [one for one in documents if state_of(one, today) is DocumentState.ACCEPTED]
    if good and not any(state_of(one, today) is DocumentState.EXPIRING for one in documents):
        assert state_of(current(documents, today), today) is DocumentState.ACCEPTED


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 2, 28), 12, date(2028, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 11, 15), 1, date(2026, 12, 15)),
        (date(2100, 1, 31), 1, date(2100, 2, 28)),  # no leap year
    ],
)
def test_so_many_months_later(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(days, st.integers(0, 240))
def test_months_are_months_of_the_calendar(day: date, months: int) -> None:
    then = add_months(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day == min(day.day, monthrange(then.year, then.month)[1])


@pytest.mark.parametrize(
    ("validity", "sent_on", "until"),
    [
        (Validity.ALWAYS, TODAY, None),
        (Validity.STATED, TODAY, None),
        (Validity.CALENDAR_YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (Validity.CALENDAR_YEAR, date(2026, 12, 31), date(2026, 12, 31)),
        (Validity.SCHOOL_YEAR, date(2026, 7, 31), date(2026, 8, 31)),
        (Validity.SCHOOL_YEAR, date(2026, 8, 1), date(2027, 8, 31)),
        (Validity.SCHOOL_YEAR, date(2027, 1, 1), date(2027, 8, 31)),
        (Validity.MONTHS, date(2026, 11, 30), date(2027, 2, 28)),
    ],
)
def test_how_long_a_document_is_good(validity: Validity, sent_on: date, until: date | None) -> None:
    assert valid_until(validity, 3, sent_on) == until


@given(st.sampled_from(Validity), st.integers(0, 60), days)
def test_no_document_is_over_on_the_day_it_is_sent(
    validity: Validity, months: int, sent_on: date
) -> None:
    until = valid_until(validity, months, sent_on)
    assert until is None or until >= sent_on
