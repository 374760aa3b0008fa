"""The demo's invoices: 36,94 € to pay whatever the day, made of what the family booked."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlmodel import col, select

from portail import clock
from portail.database import reading
from portail.demo import build
from portail.domain.billing.usage import HOW, How
from portail.domain.documents import add_months
from portail.models import (
    BilledReservation,
    Family,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentInvoice,
    Reservation,
)
from portail.services.billing import ledger
from portail.settings import settings

pytestmark = pytest.mark.usefixtures("db")
DAYS = ("2026-11-23", "2026-09-01", "2026-08-20", "2023-03-16", "2027-01-15", "2026-07-10")


@pytest.mark.parametrize("day", DAYS)
def test_zoe_owes_one_invoice_of_36_94(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAIL_NOW", f"{day}T09:00")
    settings.cache_clear()
    build.build()
    with reading() as session:
        zoe = session.exec(select(Family.id).where(Family.number == 10001)).one() or 0
        invoices = session.exec(
            select(Invoice).where(Invoice.family_id == zoe).order_by(col(Invoice.issued_on))
        ).all()
        left = ledger.remaining(session, [one.id or 0 for one in invoices])
        (due,) = [one for one in invoices if left[one.id or 0]]
        assert (due.total_cents, left[due.id or 0]) == (3_694, 3_694)
        assert due.period_on == add_months(clock.today().replace(day=1), -1)
        assert len(invoices) >= 4
        assert ledger.balance(session, zoe) == 3_694
        for one in invoices:
            lines = session.exec(select(InvoiceLine).where(InvoiceLine.invoice_id == one.id)).all()
            assert sum(line.total_cents for line in lines) == one.total_cents
            assert len(lines) == one.line_count > 0
        # each of the past was paid online, by an attempt that is there
        paid = select(PaymentInvoice.invoice_id).join(
            Payment, col(Payment.id) == col(PaymentInvoice.payment_id)
        )
        assert set(session.exec(paid.where(Payment.family_id == zoe))) == {
            one.id for one in invoices if one.id != due.id
        }
        # what was booked last month is billed once, and nothing else
        billed = Counter(
            session.exec(
                select(BilledReservation.reservation_id)
                .join(Reservation, col(Reservation.id) == col(BilledReservation.reservation_id))
                .where(Reservation.family_id == zoe, Reservation.day >= due.period_on)
            )
        )
        booked = session.exec(
            select(Reservation).where(
                Reservation.family_id == zoe,
                col(Reservation.day).between(due.period_on, due.issued_on),
                Reservation.day < due.issued_on,
            )
        )
        owed = {row.id for row in booked if HOW[row.state] in (How.PRESENT, How.UNJUSTIFIED)}
        assert set(billed) == owed
        assert set(billed.values()) <= {1}
    settings.cache_clear()
