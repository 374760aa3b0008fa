"""While an invoice is being paid at the bank, what is asked there does not change."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import col, update

from portail import clock
from portail.database import writing
from portail.domain.bookings import Held
from portail.domain.payments import PaymentState
from portail.models import Payment, PaymentInvoice
from portail.services.billing import accounts
from portail.services.billing import credits as notes
from tests.billing import NOVEMBER, OCTOBER, Home, home, issued, regie, town
from tests.conftest import SetClock

pytestmark = pytest.mark.usefixtures("db")
DAY = date(2026, 10, 6)


def at_the_bank(zoe: Home, invoice: int, cents: int) -> int:
    """An attempt whose page is open; its id."""
    with writing() as session:
        row = Payment(
            account_id=zoe.account,
            family_id=zoe.family,
            reference="20261123010001AAAAAAAA",
            provider="payfip_ws",
            amount_cents=cents,
            state=PaymentState.SENT,
            operation="op",
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        line = PaymentInvoice(payment_id=row.id or 0, invoice_id=invoice, cents=cents, live=True)
        session.add(line)
    return row.id or 0


def abandoned(payment: int) -> None:
    with writing() as session:
        session.execute(
            update(PaymentInvoice)
            .where(col(PaymentInvoice.payment_id) == payment)
            .values(live=False)
        )
        session.execute(
            update(Payment)
            .where(col(Payment.id) == payment)
            .values(state=PaymentState.ABANDONED, settled_at=clock.now())
        )


@pytest.fixture
def zoe(db: None) -> tuple[Home, int]:
    """Who pays October; the reservation that will change."""
    town()
    found = home()
    booked = found.book("MATIN", DAY)
    found.book("MATIN", date(2026, 10, 8))
    issued(OCTOBER)
    return found, booked


def test_an_agent_waits(zoe: tuple[Home, int]) -> None:
    family, _ = zoe
    (invoice,) = family.invoices()
    payment = at_the_bank(family, invoice, 700)
    assert notes.credit(regie(), invoice, "Geste", 100, "x") == notes.BeingPaid()
    assert notes.cancel(regie(), invoice, "x") == notes.BeingPaid()
    assert len(family.papers()) == 1
    abandoned(payment)
    assert isinstance(notes.credit(regie(), invoice, "Geste", 100, "x"), notes.Credited)


def test_the_credit_of_a_run_stays_at_the_family_s_disposal(
    zoe: tuple[Home, int], set_clock: SetClock
) -> None:
    family, booked = zoe
    (invoice,) = family.invoices()
    at_the_bank(family, invoice, 700)
    family.became(booked, Held.ABSENT_UNJUSTIFIED)
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert (family.due(), family.balance()) == (700, 525)


def test_it_goes_to_what_is_due_next(zoe: tuple[Home, int], set_clock: SetClock) -> None:
    family, booked = zoe
    (invoice,) = family.invoices()
    payment = at_the_bank(family, invoice, 700)
    family.became(booked, Held.ABSENT_UNJUSTIFIED)
    family.book("MATIN", date(2026, 11, 5))
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert (family.due(), family.balance()) == (700 + 400 - 175, 925)
    abandoned(payment)
    received = accounts.receive(regie(), family.family, 925, clock.today(), "Chèque")
    assert (received.left_cents, family.due(), family.balance()) == (0, 0, 0)


def test_money_received_otherwise_leaves_it_alone(zoe: tuple[Home, int]) -> None:
    family, _ = zoe
    (invoice,) = family.invoices()
    at_the_bank(family, invoice, 700)
    received = accounts.receive(regie(), family.family, 700, clock.today(), "Chèque")
    assert received == accounts.Received((), 700)
    assert (family.due(), family.balance()) == (700, 0)
