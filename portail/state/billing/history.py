"""/facturation/historique: the statement of account, the online payments, the certificates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.clock import paris
from portail.domain.billing.books import EntryKind
from portail.domain.payments import OPEN, PaymentState
from portail.services import payments
from portail.services.billing import certificates
from portail.services.billing.certificates import CertificateYear
from portail.services.billing.statement import Books, Shown, Statement, statement
from portail.services.billing.statement import Line as BooksLine
from portail.services.payments import PaymentView
from portail.services.reach import NotFound
from portail.state.billing.address import HISTORY, result_address
from portail.state.billing.documents import certificate_pdf, invoice_pdf, receipt_pdf
from portail.state.requests import number_in_query, query
from portail.texts.french import NBSP, counted, euros, listed, numeric_day

SHOWN = {"": Shown.ALL, "factures": Shown.BILLED, "paiements": Shown.PAID}
WORDS = {
    EntryKind.OPENING: "Solde repris",
    EntryKind.INVOICE: "Facture",
    EntryKind.CREDIT_NOTE: "Avoir",
    EntryKind.PAYMENT: "Paiement",
    EntryKind.REFUND: "Remboursement",
    EntryKind.MANUAL: "Régularisation",
}
STATES = {
    PaymentState.PAID: ("Payé", "ok"),
    PaymentState.REFUSED: ("Refusé", "alert"),
    PaymentState.ABANDONED: ("Abandonné", "neutral"),
    PaymentState.EXPIRED: ("Non abouti", "neutral"),
    PaymentState.FAILED: ("Non abouti", "neutral"),
    PaymentState.MISMATCH: ("À vérifier", "accent"),
    PaymentState.CLEARED: ("Vérifié", "brand"),
}
LAST_PAYMENTS = 5  # the statement of account has them all


@dataclass(frozen=True)
class Entry:
    """A line of the statement."""

    id: int
    on: str
    what: str
    label: str
    debit: str
    credit: str
    balance: str
    document: str
    named: str
    receipt: str
    invoice: int  # that one may ask about; 0: none


@dataclass(frozen=True)
class Choice:
    """An entry of a filter."""

    value: str
    label: str


@dataclass(frozen=True)
class Attempt:
    """A payment online."""

    id: int
    on: str
    amount: str
    invoices: str
    state: str
    tone: str
    address: str
    receipt: str


@dataclass(frozen=True)
class Certificate:
    """An «attestation fiscale»."""

    key: str
    title: str
    amount: str
    address: str


class HistoryState(PortalState, rx.State):
    """What is shown is in the address: account, year, kind, page."""

    loaded: bool = False
    balance_title: str = ""
    balance: str = ""
    balance_words: str = ""
    owes: bool = False
    accounts: list[Choice] = []  # noqa: RUF012  (a Reflex variable)
    account: str = "0"
    years: list[Choice] = []  # noqa: RUF012
    year: str = ""
    kind: str = ""
    lines: list[Entry] = []  # noqa: RUF012
    any_line: bool = False
    sums: str = ""
    page: int = 1
    pages: int = 1
    attempts: list[Attempt] = []  # noqa: RUF012
    certificates: list[Certificate] = []  # noqa: RUF012

    @allow(FAMILY)
    async def load(self) -> Any:
        """Read what the address asks."""
        actor = identity.actor()
        year, kind = number_in_query(self, "annee"), query(self).get("type", "")
        account, page = number_in_query(self, "compte"), number_in_query(self, "page")
        shown = SHOWN.get(kind, Shown.ALL)
        try:
            found = await run_in_thread(
                lambda: statement(actor, account, year or None, shown, page)
            )
        except NotFound:
            return rx.redirect(HISTORY, replace=True)
        attempts = await run_in_thread(lambda: payments.mine(actor, LAST_PAYMENTS))
        years = await run_in_thread(lambda: certificates.years(actor))
        self.certificates = [_certificate(one, len(found.accounts) > 1) for one in years]
        self.kind = kind if kind in SHOWN else ""
        self.year = str(year) if year in found.years else ""
        self._show(found)
        self.attempts = [_attempt(one) for one in attempts]
        self.loaded = True
        return None

    @allow(FAMILY)
    def choose_account(self, account: str) -> Any:
        """Another account."""
        known = account if account in {one.value for one in self.accounts} else "0"
        return rx.redirect(_address(known, "", "", 1))

    @allow(FAMILY)
    def choose_year(self, year: str) -> Any:
        """Only this year; empty: all."""
        known = year if year in {one.value for one in self.years} else ""
        return rx.redirect(_address(self.account, known, self.kind, 1))

    @allow(FAMILY)
    def choose_kind(self, kind: str) -> Any:
        """Only these lines."""
        return rx.redirect(_address(self.account, self.year, kind if kind in SHOWN else "", 1))

    @allow(FAMILY)
    def turn(self, page: int) -> Any:
        """Go to a page."""
        return rx.redirect(_address(self.account, self.year, self.kind, page))

    def _show(self, found: Statement) -> None:
        self.accounts = [
            Choice(str(place), _account(one, found.accounts))
            for place, one in enumerate(found.accounts)
        ]
        several = len(self.accounts) > 1
        self.balance_title = self.accounts[found.chosen].label if several else "Mon compte"
        self.account = str(found.chosen)
        self.years = [Choice(str(one), str(one)) for one in found.years]
        balance = found.accounts[found.chosen].balance_cents if found.accounts else 0
        self.balance, self.owes = euros(abs(balance)), balance > 0
        self.balance_words = _balance_words(balance)
        self.any_line = bool(found.years)
        self.lines = [_entry(one) for one in found.lines]
        self.sums = (
            f"{counted(found.total, 'ligne')}{NBSP}: {euros(found.debit_cents)} facturés, "
            f"{euros(found.credit_cents)} payés."
        )
        self.page, self.pages = found.page, found.pages


def _account(one: Books, among: Collection[Books]) -> str:
    """The family file, and its régie where it has several."""
    name = f"Dossier n°{NBSP}{one.family_number}"
    regies = sum(other.family_id == one.family_id for other in among)
    return f"{name}, {one.regie}" if regies > 1 else name


def _address(account: str, year: str, kind: str, page: int) -> str:
    asked = {
        "compte": account if account != "0" else "",
        "annee": year,
        "type": kind,
        "page": str(page) if page > 1 else "",
    }
    query_words = urlencode({name: value for name, value in asked.items() if value})
    return f"{HISTORY}?{query_words}" if query_words else HISTORY


def _balance_words(balance: int) -> str:
    if balance > 0:
        return f"Vous devez {euros(balance)} à la mairie."
    if balance < 0:
        return (
            f"La mairie vous doit {euros(-balance)}{NBSP}: cette somme sera déduite de vos "
            "prochaines factures."
        )
    return "Votre compte est à jour."


def _signed(balance: int) -> str:
    """What is owed to the family has a minus sign: «−12,00 €»."""
    return euros(balance) if balance >= 0 else f"−{euros(-balance)}"


def _entry(one: BooksLine) -> Entry:
    own = one.kind in (EntryKind.INVOICE, EntryKind.CREDIT_NOTE)
    what = WORDS[one.kind]
    if own and one.number:
        what = f"{what} n°{NBSP}{one.number}"
    elif one.payment_id:
        what = "Paiement en ligne"
    return Entry(
        one.id,
        numeric_day(one.on),
        what,
        _detail(one, own=own),
        euros(one.debit_cents) if one.debit_cents else "",
        euros(one.credit_cents) if one.credit_cents else "",
        _signed(one.balance_cents),
        invoice_pdf(one.document_id) if own and one.document_id else "",
        what.lower(),
        receipt_pdf(one.payment_id) if one.payment_id else "",
        (one.document_id or 0) if one.kind is EntryKind.INVOICE else 0,
    )


def _detail(one: BooksLine, *, own: bool) -> str:
    """What the name of the line does not say: the invoice that is paid, how, why."""
    about = f"Facture n°{NBSP}{one.number}" if one.number and not own else ""
    told = one.payment_id or one.label in (WORDS[one.kind], f"{WORDS[one.kind]} {one.number}")
    return " · ".join(part for part in ("" if told else one.label, about) if part)


def _certificate(one: CertificateYear, several: bool) -> Certificate:
    of = f", dossier n°{NBSP}{one.family_number}" if several else ""
    return Certificate(
        f"{one.family_id}-{one.year}",
        f"Année {one.year}{of}",
        f"{euros(one.cents)} payés pour la garde",
        certificate_pdf(one.family_id, one.year),
    )


def _attempt(one: PaymentView) -> Attempt:
    state, tone = ("En cours", "accent") if one.state in OPEN else STATES[one.state]
    return Attempt(
        one.id,
        numeric_day(paris(one.created_at).date()),
        euros(one.cents),
        listed([invoice.number for invoice in one.invoices]),
        state,
        tone,
        result_address(one.id),
        receipt_pdf(one.id) if one.state is PaymentState.PAID else "",
    )
