"""The mails of a procedure: received (CRPA L112-11), then answered."""

from __future__ import annotations

from sqlmodel import Session

from portail.domain.identity import Actor
from portail.domain.procedures import STATE_LABELS, ProcedureKind, ProcedureState
from portail.models import Account, Child, Procedure
from portail.services import mails
from portail.settings import settings


def received(session: Session, actor: Actor, procedure: Procedure) -> None:
    """Acknowledge what the actor has just asked, in the transaction of the request itself."""
    account = session.get_one(Account, actor.account())
    _queue(session, "procedure_received", account, procedure, "")


def answered(session: Session, procedure: Procedure, reason: str) -> None:
    """Tell whoever asked what the town decided, or which document it wants."""
    account = session.get(Account, procedure.account_id) if procedure.account_id else None
    if account is not None:
        _queue(session, "procedure_answered", account, procedure, reason)


def _queue(
    session: Session, kind: str, account: Account, procedure: Procedure, reason: str
) -> None:
    child = session.get(Child, procedure.child_id) if procedure.child_id else None
    context: dict[str, object] = {
        "first_name": account.first_name,
        "title": procedure.title,
        "child": child.first_name if child else "",
        "number": procedure.id,
        "state": STATE_LABELS[procedure.state],
        "done": procedure.state is ProcedureState.DONE,
        "document_asked": procedure.state is ProcedureState.DOCUMENT_ASKED,
        "accepted": procedure.state is ProcedureState.VALIDATED,
        "refused": procedure.state is ProcedureState.REFUSED,
        "absence": procedure.kind is ProcedureKind.ABSENCE,
        "reason": reason,
        "service": settings().town_service,
        "silence": settings().change_silence,
        "url": f"{settings().base_url}/dossier/demarche?n={procedure.id}",
    }
    mails.queue(session, kind, account.email, context)
