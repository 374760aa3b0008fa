"""Upgrades keep what is there: tried on a database of the version before, of each kind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlmodel import col, select

from portail import database, migrations
from portail.domain.billing.books import EntryKind
from portail.domain.notifications import Choice, Notification
from portail.models import Invoice, InvoiceLine, LedgerEntry, NotificationChoice, Told
from portail.services.billing import ledger
from portail.settings import settings
from tests import databases, postgres

NOW = "2026-11-12T10:00:00+00:00"
# paid online, paid otherwise, due, and one of the year before
INVOICES = (
    (1, "2026-10-00001", "2026-10-01", 4_120, "2026-10-13"),
    (2, "2026-10-00090", "2026-10-01", 2_885, "2026-10-20"),
    (3, "2026-11-00001", "2026-11-01", 3_694, None),
    (4, "2025-12-00007", "2025-12-31", 1_000, "2026-01-05"),
)


@pytest.fixture(params=databases.KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """A database without a table."""
    database.close()  # that of the other tests comes back by itself
    kept = os.environ.get("PORTAIL_DATABASE_URL", ""), os.environ.get("PORTAIL_DATA_DIR", "")
    os.environ["PORTAIL_DATA_DIR"] = str(tmp_path)
    with ExitStack() as stack:
        url = stack.enter_context(postgres.temporary_server()) if request.param != "sqlite" else ""
        os.environ["PORTAIL_DATABASE_URL"] = url
        settings.cache_clear()
        yield
        database.close()
    os.environ["PORTAIL_DATABASE_URL"], os.environ["PORTAIL_DATA_DIR"] = kept
    settings.cache_clear()


@pytest.fixture
def before(empty: None) -> None:
    """A database at 0006 with a family and its invoices."""
    command.upgrade(migrations.alembic_config(), "0006")
    with database.engine().begin() as connection:
        _fill(connection)


def _fill(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO family (id, number, name, name_key, street, postcode, city)"
            " VALUES (1, 10001, 'PINCEAU', 'pinceau', '12 rue des Lilas', '94800', 'Villejuif')"
        )
    )
    for ident, number, on, cents, paid in INVOICES:
        connection.execute(
            text(
                "INSERT INTO invoice (id, family_id, number, period_on, issued_on, due_on,"
                " total_cents, paid_on) VALUES (:id, 1, :number, :on, :on, :on, :cents, :paid)"
            ),
            {"id": ident, "number": number, "on": on, "cents": cents, "paid": paid},
        )
    connection.execute(
        text(
            "INSERT INTO payment (id, family_id, reference, provider, amount_cents, state,"
            " created_at) VALUES (5, 1, 'REF000001', 'payfip_ws', 4120, 'paid', :now)"
        ),
        {"now": NOW},
    )
    connection.execute(
        text(
            "INSERT INTO payment_invoice (payment_id, invoice_id, cents, live)"
            " VALUES (5, 1, 4120, :yes)"
        ),
        {"yes": True},
    )


@pytest.mark.usefixtures("before")
def test_invoices_of_before_become_entries_of_the_statement() -> None:
    migrations.upgrade()
    with database.reading() as session:
        assert ledger.remaining(session, [1, 2, 3, 4]) == {1: 0, 2: 0, 3: 3_694, 4: 0}
        assert ledger.balance(session, 1) == 3_694
        rows = session.exec(select(Invoice).order_by(col(Invoice.id))).all()
        assert [(row.number, row.year, row.rank) for row in rows] == [
            ("2026-10-00001", 2026, 1),
            ("2026-10-00090", 2026, 2),
            ("2026-11-00001", 2026, 3),
            ("2025-12-00007", 2025, 1),
        ]
        assert {(row.debtor_name, row.debtor_address) for row in rows} == {
            ("PINCEAU", "12 rue des Lilas\n94800 Villejuif")
        }
        lines = session.exec(select(InvoiceLine).order_by(col(InvoiceLine.invoice_id))).all()
        assert [line.total_cents for line in lines] == [row.total_cents for row in rows]
        paid = session.exec(
            select(LedgerEntry)
            .where(LedgerEntry.kind == EntryKind.PAYMENT)
            .order_by(col(LedgerEntry.invoice_id))
        ).all()
        assert [(one.payment_id, one.entry_on.isoformat(), one.credit_cents) for one in paid] == [
            (5, "2026-10-13", 4_120),
            (None, "2026-10-20", 2_885),
            (None, "2026-01-05", 1_000),
        ]


@pytest.mark.usefixtures("empty")
def test_mails_that_were_not_wanted_and_reminders_sent_are_remembered() -> None:
    command.upgrade(migrations.alembic_config(), "0008")
    with database.engine().begin() as connection:
        for ident in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO account (id, user_name, user_name_key, email, email_key,"
                    " last_name, first_name, password_hash, created_at, password_changed_at,"
                    " large_targets) VALUES (:id, :name, :name, :mail, :mail, 'P', 'Z', 'x',"
                    " :now, :now, :no)"
                ),
                {
                    "id": ident,
                    "name": f"p{ident}",
                    "mail": f"p{ident}@e.org",
                    "now": NOW,
                    "no": False,
                },
            )
        for account, kind in ((1, "reminders"), (1, "news"), (2, "invoices")):
            connection.execute(
                text("INSERT INTO muted_notification (account_id, kind) VALUES (:a, :k)"),
                {"a": account, "k": kind},
            )
        connection.execute(
            text(
                "INSERT INTO reminder (account_id, about, sent_at) VALUES (2, '1:assurance', :now)"
            ),
            {"now": NOW},
        )
    migrations.upgrade()
    with database.reading() as session:
        rows = session.exec(select(NotificationChoice)).all()
        assert {(row.account_id, row.kind, row.choice) for row in rows} == {
            (1, Notification.DEADLINES, Choice.NEVER),
            (1, Notification.DOCUMENTS, Choice.NEVER),
            (1, Notification.NEWS, Choice.NEVER),
            (2, Notification.INVOICES, Choice.NEVER),
        }
        (told,) = session.exec(select(Told)).all()
        assert (told.account_id, told.kind, told.about) == (
            2,
            Notification.DOCUMENTS,
            "1:assurance",
        )
