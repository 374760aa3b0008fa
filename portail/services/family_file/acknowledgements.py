"""The mails of a procedure: received (CRPA L112-11), then answered."""

from __future__ import annotations

from sqlmodel import Session

from portail.domain.identity import Actor
from portail.domain.notifications import Notification
from portail.domain.procedures import STATE_LABELS, ProcedureKind, ProcedureState
from portail.models import Account, Child, Procedure
from portail.services import mails
from portail.services.notifications import Notice, tell
from portail.services.procedures import last_event
from portail.settings import settings
from portail.texts.french import NBSP


def received(session: Session, actor: Actor, procedure: Procedure) -> None:
    """Acknowledge what the actor has just asked, in the transaction of the request itself."""
    account = session.get_one(Account, actor.account())
    context = _context(session, account, procedure, "")
    mails.queue(session, "procedure_received", account.email, context)


def answered(session: Session, procedure: Procedure, reason: str) -> None:
    """Tell whoever asked what the town decided, or which document it wants."""
    account = session.get(Account, procedure.account_id) if procedure.account_id else None
    if account is not None:
        context = _context(session, account, procedure, reason)
        line = f"{procedure.title}{NBSP}: {context['state']}"
        about = f"procedure {procedure.id}, {last_event(session, procedure)}"
        notice = Notice(Notification.ANSWERS, "procedure_answered", context, line, about)
        tell(session, account, notice)


def _context(
    session: Session, account: Account, procedure: Procedure, reason: str
) -> dict[str, object]:
    child = session.get(Child, procedure.child_id) if procedure.child_id else None
    return {
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
