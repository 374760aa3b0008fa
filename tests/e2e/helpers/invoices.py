"""Invoices and their payment as a parent sees them, and the demo's bank."""

from __future__ import annotations

import re
from itertools import count

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.helpers.browser import visit
from tests.e2e.helpers.people import Person
from tests.e2e.helpers.server import Server

PINCEAU = 10001
CONTROL = "/demo/payfip/reglages"
BACKGROUND_MS = 45_000  # the portal asks about open attempts every 20 seconds
_ranks = count(900_001)


def new_invoice(server: Server, cents: int = 3_694, family: int = PINCEAU) -> int:
    """One more invoice of last month, due, as if it had been issued."""
    rank = next(_ranks)
    number = f"2026-{rank}"
    (family_id,) = server.sql("SELECT id FROM family WHERE number = ?", family)[0]
    server.sql(
        "INSERT INTO invoice (family_id, number, period_on, issued_on, due_on, total_cents, kind,"
        " regie, year, rank, line_count, reason, quotient, debtor_name, debtor_address)"
        " SELECT family_id, ?, period_on, issued_on, due_on, ?, kind, regie, year, ?, 1, '', '',"
        " debtor_name, debtor_address FROM invoice WHERE family_id = ? AND kind = 'invoice'"
        " ORDER BY period_on DESC LIMIT 1",
        number,
        cents,
        rank,
        family_id,
    )
    ((invoice,),) = server.sql("SELECT id FROM invoice WHERE number = ?", number)
    server.sql(
        "INSERT INTO invoice_line (invoice_id, position, child_name, activity, label, quantity,"
        " unit_cents, total_cents, childcare) VALUES (?, 1, '', '', 'Prestations', 1, ?, ?, 0)",
        invoice,
        cents,
        cents,
    )
    server.sql(
        "INSERT INTO ledger_entry (family_id, regie, entry_on, kind, debit_cents, credit_cents,"
        " label, invoice_id, recorded_at) SELECT family_id, regie, issued_on, kind, total_cents, 0,"
        " 'Facture ' || number, id, '2026-01-01 00:00:00.000000' FROM invoice WHERE id = ?",
        invoice,
    )
    return int(invoice)


def owed(server: Server, family: int = PINCEAU) -> int:
    """What the family owes in the books, in cents: their sum."""
    ((cents,),) = server.sql(
        "SELECT coalesce(sum(debit_cents - credit_cents), 0) FROM ledger_entry e"
        " JOIN family f ON f.id = e.family_id WHERE f.number = ?",
        family,
    )
    return int(cents)


def left(server: Server, invoice: int) -> int:
    """What is left to pay of an invoice, in cents."""
    ((cents,),) = server.sql(
        "SELECT coalesce(sum(debit_cents - credit_cents), 0) FROM ledger_entry"
        " WHERE invoice_id = ?",
        invoice,
    )
    return int(cents)


def states(server: Server, invoice: int) -> list[str]:
    """The states of the attempts on an invoice, oldest first."""
    rows = server.sql(
        "SELECT p.state FROM payment p JOIN payment_invoice i ON i.payment_id = p.id"
        " WHERE i.invoice_id = ? ORDER BY p.id",
        invoice,
    )
    return [state for (state,) in rows]


def last_payment(server: Server, invoice: int) -> int:
    """The newest attempt on an invoice."""
    ((found,),) = server.sql(
        "SELECT max(payment_id) FROM payment_invoice WHERE invoice_id = ?", invoice
    )
    return int(found)


def make_parent_of(server: Server, person: Person, family: int = PINCEAU) -> None:
    """This person is an adult of that family file too."""
    server.sql(
        "INSERT INTO guardian"
        " (family_id, last_name, first_name, email, email_key, phone, work_phone)"
        " SELECT f.id, a.last_name, a.first_name, a.email, a.email_key, '', ''"
        " FROM family f, account a WHERE f.number = ? AND a.user_name = ?",
        family,
        person.name,
    )
    server.sql(
        "INSERT INTO subscription (account_id, family_id, guardian_id, created_at)"
        " SELECT a.id, g.family_id, g.id, a.created_at FROM guardian g JOIN account a"
        " ON a.email_key = g.email_key JOIN family f ON f.id = g.family_id"
        " WHERE f.number = ? AND a.user_name = ?",
        family,
        person.name,
    )


def set_bank(context: BrowserContext, server: Server, **switches: str) -> None:
    """How the bank behaves from now on: `notices`, `amount`, `answer`."""
    usual = {"notices": "at_once", "amount": "right", "answer": "known"}
    form: dict[str, str | float | bool] = {**usual, **switches}
    answer = context.request.post(
        f"{server.url}{CONTROL}", form=form, headers={"Origin": server.url}, max_redirects=0
    )
    assert answer.status == 303, answer.status


def open_invoices(page: Page, *invoices: int) -> None:
    """«Mes factures», with these ticked (none named: as the page does)."""
    wanted = f"?factures={','.join(map(str, invoices))}" if invoices else ""
    visit(page, f"/facturation/payer{wanted}")
    expect(page.locator("[aria-current=step]")).to_contain_text("Mes factures")


def box(page: Page, amount: str) -> Locator:
    """The box of the invoice of this amount."""
    return page.get_by_role("checkbox", name=re.compile(re.escape(amount)))


def to_recap(page: Page) -> None:
    """«Étape suivante»."""
    page.get_by_role("button", name="Étape suivante").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("Mon récapitulatif")


def to_bank(page: Page) -> None:
    """«Payer», then the bank's page, without waiting for it to open by itself."""
    pay(page)
    page.get_by_role("button", name="Effectuer le paiement").click()
    at_bank(page)


def pay(page: Page) -> None:
    """«Payer», up to the preparation page."""
    page.get_by_role("button", name="Payer", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Préparation du paiement")
    expect(page.get_by_role("button", name="Effectuer le paiement")).to_be_visible()


def at_bank(page: Page) -> None:
    """The bank's own page is there."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Paiement en ligne")


def choose(page: Page, what: str) -> None:
    """«Payer», «Refuser» or «Abandonner» at the bank."""
    page.get_by_role("button", name=what, exact=True).click()
    expect(page.get_by_role("link", name="Retourner sur le portail")).to_be_visible()


def come_back(page: Page) -> None:
    """From the bank's page to the portal's."""
    page.get_by_role("link", name="Retourner sur le portail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre paiement")


def outcome(page: Page, kind: str, *, within: float = 10_000) -> None:
    """The page tells this, in so many milliseconds: paid, again, waiting or checked."""
    told = page.locator("[data-outcome]")
    expect(told).to_have_attribute("data-outcome", kind, timeout=within)


def begin(page: Page, server: Server) -> int:
    """A new invoice, brought to the bank's page; returns its id."""
    invoice = new_invoice(server)
    open_invoices(page, invoice)
    to_recap(page)
    to_bank(page)
    return invoice


def settled(server: Server, invoice: int, before: int, *, paid: bool) -> None:
    """The books say the same as the screen, to the cent."""
    due = 0 if paid else 3_694
    assert left(server, invoice) == due
    assert owed(server) == before + due
