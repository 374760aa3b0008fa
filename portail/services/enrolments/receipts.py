"""The mails of enrolments: received (CRPA L112-11), one for a form; then what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from portail.domain.identity import Actor
from portail.domain.notifications import Notification
from portail.domain.procedures import STATE_LABELS, ProcedureState
from portail.models import Account, Child, Procedure
from portail.services import mails
from portail.services.notifications import Notice, tell
from portail.services.procedures import last_event
from portail.settings import settings
from portail.texts.french import NBSP


@dataclass(frozen=True)
class Received:
    """A request just made; `rank` on the waiting list, 0 elsewhere."""

    procedure: Procedure
    rank: int


def received(session: Session, actor: Actor, made: Sequence[Received]) -> None:
    """Acknowledge a form, in its own transaction."""
    account = session.get_one(Account, actor.account())
    lines = []
    for one in made:
        state = STATE_LABELS[one.procedure.state]
        if one.rank:
            state += f", rang {one.rank}"
        lines.append(
            {
                "number": one.procedure.id,
                "title": one.procedure.title,
                "child": _child(session, one.procedure),
                "state": state,
            }
        )
    states = {one.procedure.state for one in made}
    context: dict[str, object] = {
        "first_name": account.first_name,
        "requests": lines,
        "number": made[0].procedure.id,
        "answered": states == {ProcedureState.VALIDATED},
        "waiting": ProcedureState.WAITING_LIST in states,
        "service": settings().town_service,
        "silence": settings().enrolment_silence,
        "url": f"{settings().base_url}/inscriptions",
    }
    mails.queue(session, "enrolment_received", account.email, context)


def changed(session: Session, procedure: Procedure, note: str, *, place_found: bool) -> None:
    """Tell whoever asked what became of the request."""
    account = session.get(Account, procedure.account_id) if procedure.account_id else None
    if account is None:
        return
    context: dict[str, object] = {
        "first_name": account.first_name,
        "title": procedure.title,
        "child": _child(session, procedure),
        "number": procedure.id,
        "became": [procedure.state.value],
        "place_found": place_found,
        "reason": note,
        "service": settings().town_service,
        "url": f"{settings().base_url}/inscriptions",
    }
    line = f"{procedure.title}{NBSP}: {STATE_LABELS[procedure.state]}"
    about = f"procedure {procedure.id}, {last_event(session, procedure)}"
    tell(session, account, Notice(Notification.ANSWERS, "enrolment_changed", context, line, about))


def _child(session: Session, procedure: Procedure) -> str:
    child = session.get(Child, procedure.child_id) if procedure.child_id else None
    return child.first_name if child else ""
