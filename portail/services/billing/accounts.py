"""What agents of the régie write in a family's books by hand: receipts, refunds, opening balance.

Each is one entry or several, signed by the agent, and never changed: a mistake is written back the
other way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from portail import clock
from portail.database import writing
from portail.domain.billing.books import DEFAULT_REGIE, EntryKind, share_out
from portail.domain.identity import Actor
from portail.models import Family, LedgerEntry
from portail.services.audit import log_action
from portail.services.billing import ledger
from portail.services.billing.runs import check
from portail.services.reach import NotFound


@dataclass(frozen=True)
class Received:
    """What was received, and how it was applied: (invoice, cents); `left_cents` stays a credit."""

    applied: tuple[tuple[int, int], ...]
    left_cents: int


@dataclass(frozen=True)
class NotEnough:
    """There is less than that at the family's disposal."""

    free_cents: int


@dataclass(frozen=True)
class Written:
    """The entry is in the books."""

    entry_id: int


@dataclass(frozen=True)
class AlreadyOpened:
    """The opening balance of this family was written before."""


def receive(
    actor: Actor, family_id: int, cents: int, on: date, label: str, regie: str = DEFAULT_REGIE
) -> Received:
    """A payment received otherwise than online (cheque, cash, CESU), for the first due first.

    Invoices that are being paid online are left alone; what is too much stays at the family's
    disposal.

    Raises:
        Forbidden: the actor is not an agent of the régie.
        NotFound: no such family.
        ValueError: nothing was received.
    """
    check(actor)
    _positive(cents)
    with writing() as session:
        hold(session, family_id)
        due = ledger.settleable_of(session, family_id, regie)
        applied = tuple(share_out(cents, due.items()))
        ledger.record_payment(session, None, on, applied, label, agent_id=actor.agent_id)
        left = cents - sum(part for _, part in applied)
        if left:
            entry = _entry(actor, family_id, regie, EntryKind.PAYMENT, on, label)
            entry.credit_cents = left
            session.add(entry)
            session.flush()
            ledger.use_credits(session, {(family_id, regie)})
        _log(session, actor, "payment_received", family_id)
        return Received(applied, left)


def refund(
    actor: Actor, family_id: int, cents: int, on: date, label: str, regie: str = DEFAULT_REGIE
) -> Written | NotEnough:
    """Money given back, out of what is at the family's disposal.

    Raises:
        Forbidden: the actor is not an agent of the régie.
        NotFound: no such family.
        ValueError: nothing is given back.
    """
    check(actor)
    _positive(cents)
    with writing() as session:
        hold(session, family_id)
        entry = _entry(actor, family_id, regie, EntryKind.REFUND, on, label)
        entry.debit_cents = cents
        if not ledger.spend(session, entry):
            free = ledger.free_credits(session, {family_id}).get((family_id, regie), [])
            return NotEnough(sum(left for _, left in free))
        _log(session, actor, "refunded", family_id)
        return Written(entry.id or 0)


def open_balance(
    actor: Actor, family_id: int, cents: int, on: date, label: str, regie: str = DEFAULT_REGIE
) -> Written | AlreadyOpened:
    """What the family owed before the portal; below zero: what was owed to it. Once a régie.

    Raises:
        Forbidden: the actor is not an agent of the régie.
        NotFound: no such family.
        ValueError: the balance is zero.
    """
    check(actor)
    _positive(abs(cents))
    with writing() as session:
        hold(session, family_id)
        there = select(LedgerEntry.id).where(
            LedgerEntry.family_id == family_id,
            LedgerEntry.regie == regie,
            LedgerEntry.kind == EntryKind.OPENING,
        )
        if session.exec(there).first() is not None:
            return AlreadyOpened()
        entry = _entry(actor, family_id, regie, EntryKind.OPENING, on, label)
        entry.debit_cents, entry.credit_cents = max(cents, 0), max(-cents, 0)
        session.add(entry)
        session.flush()
        ledger.use_credits(session, {(family_id, regie)})
        _log(session, actor, "balance_opened", family_id)
        return Written(entry.id or 0)


def hold(session: Session, family_id: int) -> Family:
    """The family's row, held until the transaction ends.

    Raises:
        NotFound: no such family.
    """
    query = select(Family).where(col(Family.id) == family_id).with_for_update()
    found = session.exec(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def _entry(
    actor: Actor, family_id: int, regie: str, kind: EntryKind, on: date, label: str
) -> LedgerEntry:
    return LedgerEntry(
        family_id=family_id,
        regie=regie,
        entry_on=on,
        kind=kind,
        label=label[:200],
        recorded_at=clock.now(),
        agent_id=actor.agent_id,
    )


def _positive(cents: int) -> None:
    if cents <= 0:
        raise ValueError("An entry has an amount")


def _log(session: Session, actor: Actor, action: str, family_id: int) -> None:
    log_action(session, action, agent_id=actor.agent_id, subject=f"family {family_id}")
