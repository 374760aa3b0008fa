"""«Suivi de mes démarches»: the procedures of the actor's own families, and one in detail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from portail.adapters.sealing import unseal
from portail.database import reading
from portail.domain.identity import Actor
from portail.domain.paging import nearest_page
from portail.domain.procedures import (
    ANSWERED_AS_SUCH,
    ProcedureKind,
    ProcedureState,
    is_open,
)
from portail.models import ChangeState, Child, Document, FieldChange, Procedure, ProcedureEvent
from portail.services.reach import NotFound, my_family_ids

PER_PAGE = 10


@dataclass(frozen=True)
class Filter:
    """What to list; None: all."""

    child_id: int | None = None
    state: ProcedureState | None = None


@dataclass(frozen=True)
class ProcedureLine:
    """A line of the list."""

    id: int
    kind: ProcedureKind
    state: ProcedureState
    title: str
    child: str
    requested_at: datetime


@dataclass(frozen=True)
class ProcedurePage:
    """A page of the list, newest first; `children` and `states` are those there are."""

    lines: tuple[ProcedureLine, ...]
    page: int
    pages: int
    total: int
    children: tuple[tuple[int, str], ...]
    states: tuple[ProcedureState, ...]


@dataclass(frozen=True)
class ChangeLine:
    """A field asked to change: the values are those of its parts."""

    field: str
    old: dict[str, Any]
    new: dict[str, Any]
    state: ChangeState


@dataclass(frozen=True)
class HistoryLine:
    """What happened; `by` is «me», «family», «town» or «portal»."""

    at: datetime
    state: ProcedureState
    note: str
    by: str


@dataclass(frozen=True)
class SentFile:
    """A document that came with the request."""

    id: int
    name: str


@dataclass(frozen=True)
class ProcedureDetail:
    """One procedure, with its history, oldest first."""

    line: ProcedureLine
    family_id: int
    changes: tuple[ChangeLine, ...]
    history: tuple[HistoryLine, ...]
    files: tuple[SentFile, ...]
    may_withdraw: bool


def procedures_page(actor: Actor, wanted: Filter, page: int = 1) -> ProcedurePage:
    """A page of the actor's procedures, from 1; a page beyond the last is the last."""
    with reading() as session:
        mine = col(Procedure.family_id).in_(my_family_ids(actor))
        matching: list[ColumnElement[bool]] = [mine]
        if wanted.child_id is not None:
            matching.append(col(Procedure.child_id) == wanted.child_id)
        if wanted.state is not None:
            matching.append(col(Procedure.state) == wanted.state)
        total = session.exec(select(func.count()).select_from(Procedure).where(*matching)).one()
        page, pages = nearest_page(page, total, PER_PAGE)
        rows = session.exec(
            select(Procedure, Child)
            .outerjoin(Child, col(Child.id) == col(Procedure.child_id))
            .where(*matching)
            .order_by(col(Procedure.requested_at).desc(), col(Procedure.id).desc())
            .offset((page - 1) * PER_PAGE)
            .limit(PER_PAGE)
        ).all()
        children = session.exec(
            select(Child.id, Child.first_name)
            .where(col(Child.id).in_(select(Procedure.child_id).where(mine)))
            .order_by(col(Child.birth_on), col(Child.id))
        ).all()
        states = set(session.exec(select(Procedure.state).where(mine).distinct()))
    return ProcedurePage(
        tuple(_line(row, child) for row, child in rows),
        page,
        pages,
        total,
        tuple((child_id or 0, name) for child_id, name in children),
        tuple(state for state in ProcedureState if state in states),
    )


def procedure_detail(actor: Actor, procedure_id: int) -> ProcedureDetail:
    """One of the actor's procedures.

    Raises:
        NotFound: not one of theirs.
    """
    with reading() as session:
        found = session.exec(
            select(Procedure, Child)
            .outerjoin(Child, col(Child.id) == col(Procedure.child_id))
            .where(Procedure.id == procedure_id, col(Procedure.family_id).in_(my_family_ids(actor)))
        ).first()
        if found is None:
            raise NotFound
        row, child = found
        changes = session.exec(
            select(FieldChange)
            .where(FieldChange.procedure_id == row.id)
            .order_by(col(FieldChange.id))
        ).all()
        files = session.exec(
            select(Document.id, Document.name)
            .where(Document.procedure_id == row.id, Document.family_id == row.family_id)
            .order_by(col(Document.id))
        ).all()
        return ProcedureDetail(
            _line(row, child),
            row.family_id,
            tuple(
                ChangeLine(
                    change.field, unseal(change.old_value), unseal(change.new_value), change.state
                )
                for change in changes
            ),
            _history(session, actor, row),
            tuple(SentFile(file_id or 0, name) for file_id, name in files),
            # what has its own way out (an enrolment, a payment) is withdrawn there
            is_open(row.state)
            and (
                row.kind in ANSWERED_AS_SUCH or any(c.state is ChangeState.WAITING for c in changes)
            ),
        )


def _history(session: Session, actor: Actor, row: Procedure) -> tuple[HistoryLine, ...]:
    query = (
        select(ProcedureEvent)
        .where(ProcedureEvent.procedure_id == row.id)
        .order_by(col(ProcedureEvent.id))
    )

    def by(event: ProcedureEvent) -> str:
        if event.account_id is not None:
            return "me" if event.account_id == actor.account_id else "family"
        return "town" if event.agent_id is not None else "portal"

    return tuple(
        HistoryLine(event.at, event.state, event.note, by(event)) for event in session.exec(query)
    )


def _line(row: Procedure, child: Child | None) -> ProcedureLine:
    return ProcedureLine(
        row.id or 0,
        row.kind,
        row.state,
        row.title,
        child.first_name if child else "",
        row.requested_at,
    )
