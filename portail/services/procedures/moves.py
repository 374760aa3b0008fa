"""A procedure begins, and passes from one state to the next, with its history."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session

from portail import clock
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureKind, ProcedureState, may_become
from portail.models import Procedure, ProcedureEvent

# what stands behind a procedure and keeps its state in step; each feature adds its own
FOLLOWERS: list[Callable[[Session, Procedure], None]] = []


def open_procedure(
    session: Session,
    actor: Actor | None,
    kind: ProcedureKind,
    title: str,
    *,
    family_id: int,
    child_id: int | None = None,
    state: ProcedureState = ProcedureState.REQUESTED,
    note: str = "",
) -> Procedure:
    """Write down a request of a family in the caller's transaction; no actor: the portal itself.

    `title` is what the list says: never medical data.
    """
    now = clock.now()
    procedure = Procedure(
        family_id=family_id,
        child_id=child_id,
        account_id=actor.account_id if actor else None,
        kind=kind,
        state=state,
        title=title[:200],
        requested_at=now,
        changed_at=now,
    )
    session.add(procedure)
    session.flush()
    _write(session, actor, procedure, note)
    return procedure


def move(
    session: Session,
    actor: Actor | None,
    procedure: Procedure,
    state: ProcedureState,
    note: str = "",
) -> bool:
    """Change the state of a procedure the caller has locked; False when it may not become that."""
    if not may_become(procedure.state, state, procedure.kind):
        return False
    procedure.state = state
    procedure.changed_at = clock.now()
    session.add(procedure)
    _write(session, actor, procedure, note)
    for follow in FOLLOWERS:
        follow(session, procedure)
    return True


def _write(session: Session, actor: Actor | None, procedure: Procedure, note: str) -> None:
    session.add(
        ProcedureEvent(
            procedure_id=procedure.id or 0,
            at=procedure.changed_at,
            state=procedure.state,
            note=note[:1000],
            account_id=actor.account_id if actor else None,
            agent_id=actor.agent_id if actor else None,
        )
    )
    session.flush()
