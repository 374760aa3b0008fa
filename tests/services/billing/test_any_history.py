"""Whatever is booked, missed, issued, credited and paid: the balance is services minus payments.

What is owed is worked out here once more, from the reservations as they are in the end, with exact
fractions: no cent may be lost or found on the way, and every credit ends where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, func, select

from portail import clock
from portail.database import reading
from portail.domain.bookings import Held
from portail.domain.documents import add_months
from portail.domain.identity import Actor
from portail.domain.pricing import Tariff, Version
from portail.domain.pricing.forms import Among, Flat
from portail.domain.pricing.tariff import Absence, Grid, PercentOff, Rung, Siblings
from portail.models import CreditUse, Invoice, InvoiceLine, LedgerEntry, Reservation
from portail.services.billing import accounts, adjustments, ledger, runs
from portail.services.billing import credits as notes
from portail.services.billing.adjustments import NewLine
from portail.services.billing.credits import Credited
from tests import databases
from tests.billing import TARIFFS, TOWN, Home, home, regie, town

PRICE, OFF, DUE = 333, 1_050, 3_333  # −10,5 % for the second child; 33,33 % of a missed morning
PRICES = TARIFFS | {
    "matin": Tariff(
        "matin",
        "Matin",
        (
            Version(
                date(2020, 9, 1),
                Grid(Flat(PRICE)),
                siblings=Siblings((Rung(2, PercentOff(OFF)),), among=Among.FAMILY),
                absence=Absence(unjustified=DUE),
            ),
        ),
    )
}
DAYS = [date(2026, month, day) for month in (9, 10, 11, 12) for day in (1, 3, 8, 10, 15)]
HELD = (
    Held.BOOKED,
    Held.ATTENDED,
    Held.ABSENT_JUSTIFIED,
    Held.ABSENT_UNJUSTIFIED,
    Held.REQUESTED,
    Held.WAITING,
)


@dataclass
class Story:
    """A family, what the régie does, and what should come of it."""

    home: Home
    agent: Actor
    cells: dict[tuple[int, date], int] = field(default_factory=dict)  # live reservations
    months: int = 0  # issued
    other: int = 0  # cents owed for anything but reservations
    paid: int = 0

    def book(self, child: int, day: date, held: Held, late: int) -> None:
        known = self.cells.get((child, day))
        if known is None:
            made = self.home.book("MATIN", day, held, child=child, late=late)
            self.cells[child, day] = made
        else:
            self.home.became(known, held)

    def cancel(self, child: int, day: date, kept: int) -> None:
        if (known := self.cells.pop((child, day), None)) is not None:
            self.home.cancel(known, kept)

    def issue(self) -> None:
        runs.issue_month(self.agent, add_months(DAYS[0], self.months), before_end=True)
        self.months += 1

    def line(self, cents: int) -> None:
        adjustments.add_line(self.agent, self.home.family, NewLine("Ligne", cents, DAYS[0]))
        self.other += cents

    def give_back(self, place: int, cents: int) -> None:
        invoices = self.home.invoices()
        if invoices:
            chosen = invoices[place % len(invoices)]
            made = notes.credit(self.agent, chosen, "Geste", cents, "geste")
            self.other -= cents if isinstance(made, Credited) else 0

    def cancel_invoice(self, place: int) -> None:
        """Only without lines by hand, which are billed once."""
        with reading() as session:
            by_hand = select(InvoiceLine.invoice_id).where(InvoiceLine.label == "Ligne")
            left_out = set(session.exec(by_hand))
        invoices = [one for one in self.home.invoices() if one not in left_out]
        if invoices:
            notes.cancel(self.agent, invoices[place % len(invoices)], "erreur", bill_again=True)

    def receive(self, cents: int) -> None:
        accounts.receive(self.agent, self.home.family, cents, clock.today(), "Chèque")
        self.paid += cents

    def refund(self, cents: int) -> None:
        made = accounts.refund(self.agent, self.home.family, cents, clock.today(), "Virement")
        self.paid -= cents if isinstance(made, accounts.Written) else 0


Step = Callable[[Story], None]
cents = st.integers(1, 2_000)
cell = st.tuples(st.integers(0, 1), st.sampled_from(DAYS))
steps = st.lists(
    st.one_of(
        st.builds(
            lambda at, held, late: lambda story: story.book(*at, held, late),
            cell,
            st.sampled_from(HELD),
            st.sampled_from((0, 0, 101)),
        ),
        st.builds(
            lambda at, held: lambda story: story.book(*at, held, 0), cell, st.sampled_from(HELD)
        ),
        st.builds(
            lambda at, kept: lambda story: story.cancel(*at, kept),
            cell,
            st.sampled_from((0, 0, 149)),
        ),
        st.just(lambda story: story.issue()),
        st.just(lambda story: story.issue()),
        st.builds(lambda n: lambda story: story.line(n), cents),
        st.builds(lambda n: lambda story: story.line(-n), cents),
        st.builds(lambda at, n: lambda story: story.give_back(at, n), st.integers(0, 9), cents),
        st.builds(lambda at: lambda story: story.cancel_invoice(at), st.integers(0, 9)),
        st.builds(lambda n: lambda story: story.receive(n), cents),
        st.builds(lambda n: lambda story: story.refund(n), cents),
    ),
    max_size=25,
)


def rounded(exact: Fraction) -> int:
    """Half a cent goes up."""
    return int(exact + Fraction(1, 2))


def services(story: Story) -> int:
    """What is owed for reservations, as they are, of the months issued."""
    end = add_months(DAYS[0], story.months)
    with reading() as session:
        rows = session.exec(
            select(Reservation).where(
                Reservation.family_id == story.home.family, Reservation.day < end
            )
        ).all()
    total = 0
    for row in rows:
        if row.cancelled_at is not None:
            total += row.kept_cents
            continue
        second = row.child_id == story.home.children[1]
        price = rounded(PRICE * Fraction(10_000 - OFF, 10_000)) if second else PRICE
        if row.state in (Held.BOOKED, Held.ATTENDED):
            total += price + row.surcharge_cents
        elif row.state is Held.ABSENT_UNJUSTIFIED:
            share = Fraction(DUE, 10_000)
            total += rounded(price * share) + rounded(row.surcharge_cents * share)
    return total


def check_books(story: Story) -> None:
    """What must hold at every moment."""
    family = story.home.family
    with reading() as session:
        invoices = session.exec(select(Invoice).where(Invoice.family_id == family)).all()
        left = ledger.remaining(session, [one.id or 0 for one in invoices])
        sums = dict(
            session.exec(
                select(InvoiceLine.invoice_id, func.sum(InvoiceLine.total_cents)).group_by(
                    col(InvoiceLine.invoice_id)
                )
            ).all()
        )
        free = ledger.free_credits(session, {family}).get((family, "enfance"), [])
        balance = ledger.balance(session, family)
        used = dict(
            session.exec(
                select(CreditUse.credit_id, func.sum(CreditUse.cents)).group_by(
                    col(CreditUse.credit_id)
                )
            ).all()
        )
        entries = session.exec(select(LedgerEntry).where(LedgerEntry.family_id == family)).all()
    assert all(sums[one.id or 0] == one.total_cents > 0 for one in invoices)
    assert all(0 <= left[one.id or 0] <= one.total_cents for one in invoices)
    assert sorted(one.rank for one in invoices) == list(range(1, len(invoices) + 1))
    assert all(used.get(one.id or 0, 0) <= one.credit_cents for one in entries if one.credit_cents)
    disposal = sum(part for _, part in free)
    assert balance == sum(left.values()) - disposal
    # nothing is asked while something is at the family's disposal
    assert not (disposal and sum(left.values()))


@pytest.mark.usefixtures("db")
@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(steps=steps)
def test_the_balance_is_services_minus_payments(steps: list[Step]) -> None:
    databases.emptied()
    town(TOWN, PRICES)
    story = Story(home(2), regie())
    for step in steps:
        step(story)
        check_books(story)
    # the next run brings everything up to date
    story.issue()
    check_books(story)
    assert story.home.balance() == services(story) + story.other - story.paid
    # and once more, for nothing
    before = len(story.home.papers())
    runs.issue_month(story.agent, add_months(DAYS[0], story.months), before_end=True)
    later = [day for day in DAYS if day >= add_months(DAYS[0], story.months)]
    if not later:
        assert len(story.home.papers()) == before
