"""What the yearly certificates say, out of the books: months issued, paid, credited, refunded."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, update
from sqlmodel import col

from portail.database import engine, reading, writing
from portail.domain.bookings import Held
from portail.domain.identity import Actor, Forbidden
from portail.models import Child, Family
from portail.services.billing import accounts, adjustments, certificates
from portail.services.billing.credits import cancel
from tests import factories
from tests.billing import NOVEMBER, OCTOBER, Home, home, issued, regie, town
from tests.conftest import SetClock
from tests.services.billing.test_runs import MON, TUE
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("db")
PAID_ON = date(2026, 11, 20)


@pytest.fixture
def zoe(db: None) -> Home:
    """Nora, four years old: two mornings at 3,50 € and a meal at 3,33 € in October."""
    town()
    found = home()
    born(found, date(2022, 5, 1))
    for day in (MON, TUE):
        found.book("MATIN", day)
    found.book("REPAS", MON)
    issued(OCTOBER)
    return found


def born(one: Home, on: date, child: int = 0) -> None:
    with writing() as session:
        session.execute(
            update(Child).where(col(Child.id) == one.children[child]).values(birth_on=on)
        )


def pay(one: Home, cents: int, on: date = PAID_ON) -> None:
    for regie_code in ("CANTINE", "enfance"):
        accounts.receive(regie(), one.family, cents, on, "Chèque", regie_code)


def told(one: Home) -> list[tuple[int, int]]:
    return [(year.year, year.cents) for year in certificates.years(as_parent(one.account))]


def test_care_that_was_paid_is_certified_once_the_year_is_over(
    zoe: Home, set_clock: SetClock
) -> None:
    assert told(zoe) == []
    pay(zoe, 10_000)
    assert told(zoe) == []
    set_clock("2027-01-01T00:30")
    (year,) = certificates.years(as_parent(zoe.account))
    with reading() as session:
        family = session.get_one(Family, zoe.family)
        (child,) = certificates.children(session, family, 2026)
        assert certificates.children(session, family, 2025) == ()
        assert certificates.children(session, family, 2027) == ()
    assert (year.family_id, year.family_number, year.family_name) == (
        zoe.family,
        family.number,
        "PINCEAU",
    )
    assert (year.year, year.cents) == (2026, 700)
    assert (child.first_name, child.birth_on, child.cents) == ("Nora", date(2022, 5, 1), 700)


def test_what_is_not_paid_or_paid_later_is_not_of_the_year(zoe: Home, set_clock: SetClock) -> None:
    pay(zoe, 300)
    pay(zoe, 100_000, date(2027, 2, 1))
    set_clock("2028-01-02T09:00")
    assert told(zoe) == [(2027, 400), (2026, 300)]


def test_a_child_of_six_is_not_certified(zoe: Home, set_clock: SetClock) -> None:
    pay(zoe, 10_000)
    set_clock("2027-01-02T09:00")
    born(zoe, date(2020, 1, 1))
    assert told(zoe) == []
    born(zoe, date(2020, 1, 2))
    assert told(zoe) == [(2026, 700)]


def test_a_credit_note_lowers_it_and_what_it_pays_for_counts(
    zoe: Home, set_clock: SetClock
) -> None:
    pay(zoe, 700)
    cancel(regie(), zoe.invoices()[-1], "Erreur")
    set_clock("2027-01-05T09:00")
    assert told(zoe) == []
    zoe.book("MATIN", NOVEMBER.replace(day=5))
    issued(NOVEMBER)  # 4 €, out of the 7 € given back
    set_clock("2028-01-05T09:00")
    assert told(zoe) == [(2027, 400)]
    accounts.refund(regie(), zoe.family, 300, date(2027, 3, 1), "Virement")
    assert told(zoe) == [(2027, 400)]


def test_an_absence_found_out_later_lowers_the_year_that_paid(
    zoe: Home, set_clock: SetClock
) -> None:
    late = zoe.book("MATIN", NOVEMBER.replace(day=5))
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    pay(zoe, 10_000, date(2026, 12, 10))
    set_clock("2027-01-05T09:00")
    assert told(zoe) == [(2026, 1_100)]
    zoe.became(late, Held.ABSENT_JUSTIFIED)
    issued(date(2026, 12, 1))
    assert told(zoe) == [(2026, 700)]


def test_a_gesture_is_nobody_s_expense(zoe: Home, set_clock: SetClock) -> None:
    gesture = adjustments.NewLine("Geste de la ville", -300, OCTOBER)
    adjustments.add_line(regie(), zoe.family, gesture)
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)  # a credit note of its own, for the next invoice or this one
    pay(zoe, 10_000, date(2026, 12, 10))
    set_clock("2027-01-05T09:00")
    assert told(zoe) == [(2026, 400)]


def test_each_household_has_its_own_and_agents_none(zoe: Home, set_clock: SetClock) -> None:
    pay(zoe, 10_000)
    other = home()
    factories.share(zoe.children[0], other.family)
    set_clock("2027-01-05T09:00")
    assert told(other) == []
    with pytest.raises(Forbidden):
        certificates.years(Actor(1, agent_id=1))


def test_as_many_statements_for_one_family_as_for_many(zoe: Home, set_clock: SetClock) -> None:
    pay(zoe, 10_000)
    set_clock("2027-01-05T09:00")
    one = _statements(zoe)
    for _ in range(4):
        family = factories.family(members=[zoe.account])
        factories.pay(factories.invoice(family, f"N{family}"), 100)
    assert _statements(zoe) == one <= 7  # BEGIN among them


def _statements(one: Home) -> int:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        certificates.years(as_parent(one.account))
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    return len(seen)
