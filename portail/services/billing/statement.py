"""The statement of account of a parent's families: what was owed, what was paid, what is left.

The balance after each line is a sum made by the database, over the whole account: a filter changes
the lines that are shown, never what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, extract, func
from sqlalchemy import select as sql_select
from sqlmodel import Session, col

from portail.database import reading
from portail.domain.billing.books import EntryKind
from portail.domain.identity import Actor
from portail.models import Family, Invoice, LedgerEntry
from portail.services.reach import NotFound, my_family_ids

PAGE_LINES = 20


class Shown(StrEnum):
    """Which lines are wanted."""

    ALL = "all"
    BILLED = "billed"  # invoices and whatever else is owed
    PAID = "paid"  # payments, credit notes and whatever else lowers it


@dataclass(frozen=True)
class Books:
    """The account of a family file with one régie; `balance_cents` above zero is owed by it."""

    family_id: int
    family_number: int
    family_name: str
    regie: str
    balance_cents: int


@dataclass(frozen=True)
class Line:
    """A line of the statement, and the balance once it is counted.

    `invoice_id` is the invoice it is about, `document_id` the credit note or invoice that it is.
    """

    id: int
    on: date
    kind: EntryKind
    label: str
    debit_cents: int
    credit_cents: int
    balance_cents: int
    number: str | None
    document_id: int | None
    payment_id: int | None


@dataclass(frozen=True)
class Statement:
    """A page of the account asked, newest first; `debit_cents` and `credit_cents` are of the year.

    `accounts` are all those of the actor; `chosen` is the place in it of the one shown.
    """

    accounts: tuple[Books, ...]
    chosen: int
    years: tuple[int, ...]
    lines: tuple[Line, ...]
    total: int
    page: int
    pages: int
    debit_cents: int
    credit_cents: int


def statement(
    actor: Actor,
    account: int = 0,
    year: int | None = None,
    shown: Shown = Shown.ALL,
    page: int = 1,
) -> Statement:
    """A page of an account of the actor's families.

    Args:
        actor: the parent.
        account: its place among the actor's accounts, from 0.
        year: only the lines of this year.
        shown: only these lines.
        page: from 1; the last one when there are fewer.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: the actor has no account there.
    """
    with reading() as session:
        accounts = _accounts(session, actor)
        if not 0 <= account < max(len(accounts), 1):
            raise NotFound
        if not accounts:
            return Statement((), 0, (), (), 0, 1, 1, 0, 0)
        books = accounts[account]
        years = tuple(int(one) for one in session.execute(_years(books)).scalars())
        wanted = _wanted(_numbered(books), year, shown)
        total, debit, credit = session.execute(
            sql_select(
                func.count(),
                func.coalesce(func.sum(wanted.c.debit_cents), 0),
                func.coalesce(func.sum(wanted.c.credit_cents), 0),
            ).select_from(wanted)
        ).one()
        pages = max(-(-total // PAGE_LINES), 1)
        page = min(max(page, 1), pages)
        rows = session.execute(
            sql_select(wanted, col(Invoice.number).label("number"))
            .outerjoin(Invoice, col(Invoice.id) == wanted.c.document_id)
            .order_by(wanted.c.entry_on.desc(), wanted.c.id.desc())
            .limit(PAGE_LINES)
            .offset((page - 1) * PAGE_LINES)
        ).all()
    lines = tuple(_line(row) for row in rows)
    return Statement(accounts, account, years, lines, total, page, pages, debit, credit)


def _accounts(session: Session, actor: Actor) -> tuple[Books, ...]:
    balance = func.sum(col(LedgerEntry.debit_cents) - col(LedgerEntry.credit_cents))
    regie = col(LedgerEntry.regie)
    query = (
        sql_select(col(Family.id), col(Family.number), col(Family.name), regie, balance)
        .join(LedgerEntry, col(LedgerEntry.family_id) == col(Family.id))
        .where(col(Family.id).in_(my_family_ids(actor)))
        .group_by(col(Family.id), regie)
        .order_by(col(Family.number), regie)
    )
    return tuple(
        Books(ident or 0, number, name, of, int(cents))
        for ident, number, name, of, cents in session.execute(query)
    )


def _years(books: Books) -> Select[Any]:
    year = extract("year", col(LedgerEntry.entry_on))
    return sql_select(year).where(*_of(books)).distinct().order_by(year.desc())


def _of(books: Books) -> tuple[Any, ...]:
    return (
        col(LedgerEntry.family_id) == books.family_id,
        col(LedgerEntry.regie) == books.regie,
    )


def _numbered(books: Books) -> Any:
    """Every line of the account with the balance after it."""
    moved = col(LedgerEntry.debit_cents) - col(LedgerEntry.credit_cents)
    order = (col(LedgerEntry.entry_on), col(LedgerEntry.id))
    return (
        sql_select(
            col(LedgerEntry.id),
            col(LedgerEntry.entry_on),
            col(LedgerEntry.kind),
            col(LedgerEntry.label),
            col(LedgerEntry.debit_cents),
            col(LedgerEntry.credit_cents),
            func.sum(moved).over(order_by=order).label("balance_cents"),
            func.coalesce(LedgerEntry.credit_note_id, LedgerEntry.invoice_id).label("document_id"),
            col(LedgerEntry.payment_id),
        )
        .where(*_of(books))
        .subquery()
    )


def _wanted(numbered: Any, year: int | None, shown: Shown) -> Any:
    query = sql_select(numbered)
    if year is not None:
        query = query.where(extract("year", numbered.c.entry_on) == year)
    if shown is Shown.BILLED:
        query = query.where(numbered.c.debit_cents > 0)
    elif shown is Shown.PAID:
        query = query.where(numbered.c.credit_cents > 0)
    return query.subquery()


def _line(row: Any) -> Line:
    return Line(
        row.id,
        row.entry_on,
        row.kind,
        row.label,
        row.debit_cents,
        row.credit_cents,
        row.balance_cents,
        row.number,
        row.document_id,
        row.payment_id,
    )
