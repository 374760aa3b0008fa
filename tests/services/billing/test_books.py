"""The books as the database keeps them: no figure of what was issued changes, whoever asks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from portail import clock
from portail.database import reading, writing
from portail.domain.billing.books import EntryKind, InvoiceKind, number_of, share_out
from portail.models import Invoice, InvoiceCounter, LedgerEntry
from portail.services.billing.issuing import Terms, issue
from tests import factories
from tests.billing import NOVEMBER, OCTOBER, Home, home, issued, regie, town
from tests.conftest import SetClock
from tests.services.billing.drafts import one_line
from tests.services.billing.test_runs import MON, TUE

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def zoe(db: None) -> Home:
    """Who has an invoice of two lines, one of which was then credited, and a fee."""
    town()
    found = home()
    found.book("MATIN", MON)
    found.book("MATIN", TUE, late=100)
    found.book("MOIS", MON)
    issued(OCTOBER)
    return found


# each statement alone would be accepted but for what keeps the books
CHANGES = (
    "UPDATE invoice SET total_cents = total_cents + 1",
    "UPDATE invoice SET number = 'x', rank = rank + 1",
    "UPDATE invoice SET due_on = '2027-01-01'",
    "UPDATE invoice SET debtor_address = 'ailleurs'",
    "UPDATE invoice SET family_id = family_id",
    "UPDATE invoice_line SET unit_cents = 1, total_cents = quantity",
    "UPDATE invoice_line SET label = 'autre'",
    "UPDATE ledger_entry SET debit_cents = debit_cents + 1",
    "UPDATE ledger_entry SET entry_on = '2020-01-01'",
    "UPDATE billed_reservation SET cents = 0",
    "UPDATE billed_fee SET cents = 0",
    "UPDATE invoice_counter SET last = last - 1",
    "DELETE FROM ledger_entry",
    "DELETE FROM billed_reservation",
    "DELETE FROM billed_fee",
    "DELETE FROM invoice_line WHERE label = 'Prestations du mois'",
    "DELETE FROM invoice_counter",
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_issued_is_never_changed_nor_deleted(zoe: Home, change: str) -> None:
    if "Prestations" in change:  # a line that nothing points to
        factories.invoice(zoe.family, "2026-00099")
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text(change))


def test_an_invoice_is_not_deleted(db: None) -> None:
    family = factories.family()
    with writing() as session:
        session.add(
            Invoice(
                family_id=family,
                number="1",
                period_on=OCTOBER,
                issued_on=NOVEMBER,
                due_on=NOVEMBER,
                total_cents=1,
                kind=InvoiceKind.INVOICE,
                year=2026,
                rank=1,
            )
        )
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text("DELETE FROM invoice"))


def test_no_line_is_added_later(zoe: Home) -> None:
    statement = text(
        "INSERT INTO invoice_line (invoice_id, position, child_name, activity, label, quantity,"
        " unit_cents, total_cents, childcare)"
        " SELECT id, line_count + 1, '', '', 'x', 1, 1, 1, :no FROM invoice"
    )
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(statement, {"no": False})


def test_a_document_is_made_once_and_an_agent_may_go(zoe: Home) -> None:
    filled = text("UPDATE invoice SET pdf_key = 'k', pdf_sha256 = 's', pdf_bytes = 1")
    with writing() as session:
        session.execute(filled)
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text("UPDATE invoice SET pdf_sha256 = 't'"))
    with writing() as session:
        session.execute(text("UPDATE ledger_entry SET agent_id = NULL"))


def test_an_invoice_is_owed_once(zoe: Home) -> None:
    with reading() as session:
        (entry,) = session.exec(select(LedgerEntry)).all()
    with pytest.raises(IntegrityError), writing() as session:
        session.add(LedgerEntry(**{**entry.model_dump(), "id": None}))


def test_a_failure_leaves_no_gap(zoe: Home, set_clock: SetClock) -> None:
    with pytest.raises(RuntimeError), writing() as session:
        issue(session, [one_line(zoe.family)] * 3, Terms(NOVEMBER, NOVEMBER))
        raise RuntimeError
    zoe.book("MATIN", NOVEMBER.replace(day=5))
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert ranks() == [1, 2]


def test_each_year_and_regie_begins_at_one(zoe: Home, set_clock: SetClock) -> None:
    zoe.book("REPAS", MON.replace(month=12, day=1))
    zoe.book("MATIN", MON.replace(month=12, day=1))
    set_clock("2027-01-04T09:00")
    issued(OCTOBER.replace(month=12), regie())
    with reading() as session:
        numbers = session.exec(select(Invoice.number).order_by(col(Invoice.number))).all()
        counters = session.exec(select(InvoiceCounter)).all()
    assert numbers == ["2026-000001", "2027-000001", "CANTINE-2027-000001"]
    assert {(one.regie, one.year, one.last) for one in counters} == {
        ("enfance", 2026, 1),
        ("enfance", 2027, 1),
        ("CANTINE", 2027, 1),
    }


def test_an_entry_has_one_side_and_an_amount(zoe: Home) -> None:
    for debit, credit in ((0, 0), (1, 1), (-1, 0), (0, -1)):
        with pytest.raises(IntegrityError), writing() as session:
            session.add(
                LedgerEntry(
                    family_id=zoe.family,
                    entry_on=MON,
                    kind=EntryKind.MANUAL,
                    debit_cents=debit,
                    credit_cents=credit,
                    label="x",
                    recorded_at=clock.now(),
                )
            )


def ranks() -> Sequence[int]:
    with reading() as session:
        return session.exec(select(Invoice.rank).order_by(col(Invoice.rank))).all()


def test_numbers_read_well_and_cents_are_shared_out() -> None:
    assert number_of("enfance", 2026, 12) == "2026-000012"
    assert number_of("cantine", 2026, 1_234_567) == "CANTINE-2026-1234567"
    assert share_out(100, [(1, 30), (2, 0), (3, 90), (4, 5)]) == [(1, 30), (3, 70)]
