"""What the yearly tax certificates («attestations fiscales») of families say, out of the books.

Payments count on their day, what was at the family's disposal on the day it went to an invoice. A
certificate is of a year that is over.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select as sql_select
from sqlmodel import Session, col, func, select

from portail import clock
from portail.database import ask, reading
from portail.domain.attestation import (
    Amounts,
    Bill,
    Lowering,
    Paid,
    certified,
    paid_for_care,
)
from portail.domain.billing.books import EntryKind, InvoiceKind
from portail.domain.identity import Actor
from portail.models import Child, CreditUse, Family, Invoice, InvoiceLine, LedgerEntry
from portail.services.reach import my_families


@dataclass(frozen=True)
class CertificateYear:
    """A year of a family with something to certify, in cents."""

    family_id: int
    family_number: int
    family_name: str
    year: int
    cents: int


@dataclass(frozen=True)
class ChildPaid:
    """What was paid for the care of a child in the year, in cents."""

    child_id: int
    first_name: str
    last_name: str
    birth_on: date
    cents: int


def years(actor: Actor) -> tuple[CertificateYear, ...]:
    """The certificates that there are for the actor's families, the newest year first.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        families = my_families(session, actor)
        books = _Books(session, [family.id or 0 for family in families])
    found = [
        CertificateYear(family.id or 0, family.number, family.name, year, cents)
        for family in families
        for year in books.years(family.id or 0)
        if (cents := sum(books.certified(family.id or 0, year).values()))
    ]
    return tuple(sorted(found, key=lambda one: (-one.year, one.family_number)))


def children(session: Session, family: Family, year: int) -> tuple[ChildPaid, ...]:
    """What the certificate of a family's year says, the eldest first; nothing: there is none."""
    if year >= clock.today().year:
        return ()
    books = _Books(session, [family.id or 0])
    known = books.children
    return tuple(
        ChildPaid(child, known[child].first_name, known[child].last_name, birth, cents)
        for child, cents in books.certified(family.id or 0, year).items()
        if (birth := known[child].birth_on)
    )


@dataclass
class _Credits:
    """What the books say of an invoice or of a credit note."""

    paid: list[tuple[date, int]] = field(default_factory=list)
    free: int = 0  # of a credit note: what was paid before it


class _Books:
    """What families paid for care, in a fixed number of queries."""

    def __init__(self, session: Session, family_ids: Collection[int]) -> None:
        documents = list(
            session.exec(
                select(Invoice)
                .where(col(Invoice.family_id).in_(family_ids))
                .order_by(col(Invoice.id))
            )
        )
        self._amounts = _amounts(session, family_ids)
        self._credits = _credits(session, family_ids, self._care_of_loose(documents))
        ids = {child for amounts in self._amounts.values() for child in amounts.care}
        self.children = {
            row.id or 0: row for row in session.exec(select(Child).where(col(Child.id).in_(ids)))
        }
        self._paid = self._by_family(documents)

    def years(self, family_id: int) -> Iterable[int]:
        """The years that are over in which something was paid."""
        this_year = clock.today().year
        return sorted({year for _, year in self._paid.get(family_id, ()) if year < this_year})

    def certified(self, family_id: int, year: int) -> dict[int, int]:
        """Cents by child young enough, the eldest first."""
        births = {ident: child.birth_on for ident, child in self.children.items()}
        return certified(self._paid.get(family_id, {}), births, year)

    def _care_of_loose(self, documents: Iterable[Invoice]) -> dict[int, tuple[int, int]]:
        """Of each credit note on no invoice: how much of it is care, of how much."""
        return {
            one.id or 0: (sum(self._amounts[one.id or 0].care.values()), one.total_cents)
            for one in documents
            if _is_loose(one)
        }

    def _by_family(self, documents: Sequence[Invoice]) -> dict[int, Paid]:
        notes: defaultdict[int, list[int]] = defaultdict(list)
        lowered: defaultdict[int, list[Lowering]] = defaultdict(list)
        for one in documents:
            if one.credits_invoice_id is not None:
                notes[one.credits_invoice_id].append(one.id or 0)
            elif _is_loose(one):
                lowered[one.family_id] += [
                    Lowering(child, one.issued_on, cents)
                    for child, cents in self._amounts[one.id or 0].care.items()
                ]
        bills: defaultdict[int, list[Bill]] = defaultdict(list)
        for one in documents:
            if one.kind is InvoiceKind.INVOICE:
                ident = one.id or 0
                bill = Bill(
                    one.issued_on,
                    self._amounts[ident],
                    [self._amounts[note] for note in notes[ident]],
                    self._credits[ident].paid,
                    sum(self._credits[note].free for note in notes[ident]),
                )
                bills[one.family_id].append(bill)
        return {key: paid_for_care(found, lowered[key]) for key, found in bills.items()}


def _is_loose(one: Invoice) -> bool:
    return one.kind is InvoiceKind.CREDIT_NOTE and one.credits_invoice_id is None


def _amounts(session: Session, family_ids: Collection[int]) -> defaultdict[int, Amounts]:
    """Each document by what it is for."""
    care: defaultdict[int, Counter[int]] = defaultdict(Counter)
    rest: defaultdict[int, Counter[bool]] = defaultdict(Counter)
    names_nothing = (col(InvoiceLine.child_name) == "") & (col(InvoiceLine.activity) == "")
    vague = names_nothing.label("vague")
    # care of a child whose file is gone is certified no more
    counts = (col(InvoiceLine.childcare) & col(InvoiceLine.child_id).is_not(None)).label("counts")
    statement = (
        sql_select(
            col(InvoiceLine.invoice_id),
            col(InvoiceLine.child_id),
            counts,
            vague,
            func.sum(col(InvoiceLine.total_cents)),
        )
        .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
        .where(col(Invoice.family_id).in_(family_ids))
        .group_by(col(InvoiceLine.invoice_id), col(InvoiceLine.child_id), counts, vague)
    )
    for invoice_id, child_id, is_care, is_vague, cents in ask(session, statement):
        if is_care:
            care[invoice_id][child_id] += int(cents)
        else:
            rest[invoice_id][bool(is_vague)] += int(cents)
    found: defaultdict[int, Amounts] = defaultdict(Amounts)
    for ident in care.keys() | rest.keys():
        found[ident] = Amounts(care[ident], rest[ident][False], rest[ident][True])
    return found


def _credits(
    session: Session, family_ids: Collection[int], loose: dict[int, tuple[int, int]]
) -> defaultdict[int, _Credits]:
    """What was paid for each invoice, and what each credit note gave back of it.

    What a credit note on no invoice pays for is paid as far as it gives back what was paid for
    care; a gesture of the town is nobody's expense.
    """
    found: defaultdict[int, _Credits] = defaultdict(_Credits)
    entries = session.exec(
        select(LedgerEntry).where(
            col(LedgerEntry.family_id).in_(family_ids), LedgerEntry.credit_cents > 0
        )
    )
    for entry in entries:
        if entry.kind is EntryKind.PAYMENT and entry.invoice_id is not None:
            found[entry.invoice_id].paid.append((entry.entry_on, entry.credit_cents))
        elif entry.credit_note_id is not None and entry.invoice_id is None:
            found[entry.credit_note_id].free += entry.credit_cents
    uses = session.exec(
        select(CreditUse.invoice_id, CreditUse.used_at, CreditUse.cents, LedgerEntry.credit_note_id)
        .join(LedgerEntry, col(LedgerEntry.id) == col(CreditUse.credit_id))
        .where(
            col(LedgerEntry.family_id).in_(family_ids),
            col(LedgerEntry.kind).in_(
                [EntryKind.PAYMENT, EntryKind.OPENING, EntryKind.CREDIT_NOTE]
            ),
            col(CreditUse.invoice_id).is_not(None),
        )
        .order_by(col(CreditUse.id))
    )
    for invoice_id, used_at, cents, note_id in uses:
        part, whole = loose.get(note_id or 0, (1, 1))
        paid = cents * part // whole
        found[invoice_id or 0].paid.append((clock.paris(used_at).date(), paid))
    return found
