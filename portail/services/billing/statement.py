"""The statement of account of a parent's families: what was owed, what was paid, what is left.

The balance after each line is a sum made by the database, over the whole account: a filter changes
the lines that are shown, never what they say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Subquery, bindparam, extract, func
from sqlalchemy import select as sql_select
from sqlmodel import col

from portail.database import ask, reading
from portail.domain.billing.books import EntryKind
from portail.domain.identity import Actor
from portail.models import Family, Invoice, LedgerEntry, Subscription
from portail.services.reach import NotFound

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
        rows = ask(session, _accounts(), {"account": actor.account()})
        accounts = tuple(
            Books(ident, number, name, regie, int(cents))
            for ident, number, name, regie, cents in rows
        )
        if not 0 <= account < max(len(accounts), 1):
            raise NotFound
        if not accounts:
            return Statement((), 0, (), (), 0, 1, 1, 0, 0)
        books = accounts[account]
        asked = {"family": books.family_id, "regie": books.regie, "year": year}
        years = tuple(int(one) for one in ask(session, _years(), asked).scalars())
        of_year = year is not None
        sums = ask(session, _sums(of_year, shown), asked).one()
        pages = max(-(-sums.total // PAGE_LINES), 1)
        page = min(max(page, 1), pages)
        first = {"first": (page - 1) * PAGE_LINES}
        found = ask(session, _page(of_year, shown), asked | first).all()
    lines = tuple(_line(row) for row in found)
    return Statement(
        accounts, account, years, lines, sums.total, page, pages, sums.debit, sums.credit
    )


# The statements are made once: making them anew would cost more than running them.


@lru_cache(maxsize=1)
def _accounts() -> Select[*tuple[Any, ...]]:
    """Every account of an account's families, with its balance."""
    balance = func.sum(col(LedgerEntry.debit_cents) - col(LedgerEntry.credit_cents))
    regie = col(LedgerEntry.regie)
    return (
        sql_select(col(Family.id), col(Family.number), col(Family.name), regie, balance)
        .select_from(Subscription)
        .join(Family, col(Family.id) == col(Subscription.family_id))
        .join(LedgerEntry, col(LedgerEntry.family_id) == col(Family.id))
        .where(col(Subscription.account_id) == bindparam("account"))
        .group_by(col(Family.id), regie)
        .order_by(col(Family.number), regie)
    )


@lru_cache(maxsize=1)
def _years() -> Select[*tuple[Any, ...]]:
    year = extract("year", col(LedgerEntry.entry_on))
    return sql_select(year).where(*_of_the_account()).distinct().order_by(year.desc())


@lru_cache(maxsize=2 * len(Shown))
def _sums(of_year: bool, shown: Shown) -> Select[*tuple[Any, ...]]:
    wanted = _wanted(of_year, shown)
    return sql_select(
        func.count().label("total"),
        func.coalesce(func.sum(wanted.c.debit_cents), 0).label("debit"),
        func.coalesce(func.sum(wanted.c.credit_cents), 0).label("credit"),
    ).select_from(wanted)


@lru_cache(maxsize=2 * len(Shown))
def _page(of_year: bool, shown: Shown) -> Select[*tuple[Any, ...]]:
    wanted = _wanted(of_year, shown)
    return (
        sql_select(wanted, col(Invoice.number).label("number"))
        .outerjoin(Invoice, col(Invoice.id) == wanted.c.document_id)
        .order_by(wanted.c.entry_on.desc(), wanted.c.id.desc())
        .limit(PAGE_LINES)
        .offset(bindparam("first"))
    )


def _of_the_account() -> tuple[Any, ...]:
    return (
        col(LedgerEntry.family_id) == bindparam("family"),
        col(LedgerEntry.regie) == bindparam("regie"),
    )


def _wanted(of_year: bool, shown: Shown) -> Subquery:
    """The lines asked, each with the balance of the whole account after it."""
    moved = col(LedgerEntry.debit_cents) - col(LedgerEntry.credit_cents)
    order = (col(LedgerEntry.entry_on), col(LedgerEntry.id))
    every = (
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
        .where(*_of_the_account())
        .subquery()
    )
    query = sql_select(every)
    if of_year:
        query = query.where(extract("year", every.c.entry_on) == bindparam("year"))
    if shown is Shown.BILLED:
        query = query.where(every.c.debit_cents > 0)
    elif shown is Shown.PAID:
        query = query.where(every.c.credit_cents > 0)
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
