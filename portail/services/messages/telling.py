"""The mails of messages: the acknowledgement that the law asks for, then the answer.

Neither says what was written, which may be about somebody's health: that stays behind the sign-in.
"""

from __future__ import annotations

from sqlmodel import Session

from portail.domain.notifications import Notification
from portail.models import Account, ContactService, Message, Thread
from portail.services import mails, notifications
from portail.services.reach import accounts_of
from portail.settings import settings
from portail.texts.french import counted, moment

CONVERSATION = "/messagerie/fil"


def address(thread_id: int) -> str:
    """Where a conversation is read."""
    return f"{CONVERSATION}?n={thread_id}"


def acknowledge(session: Session, account: Account, thread: Thread) -> None:
    """Say that a new message was received (CRPA L112-11), to whoever wrote it."""
    service = session.get_one(ContactService, thread.service_id)
    mails.queue(
        session,
        "message_received",
        account.email,
        {
            "first_name": account.first_name,
            "number": thread.procedure_id,
            "service": service.label,
            "delay": usual_delay(service.answer_days),
            "url": f"{settings().base_url}{address(thread.id or 0)}",
        },
    )


def tell_answer(session: Session, thread: Thread, message: Message) -> None:
    """Tell every adult of the family that the town has answered, as each chose."""
    service = session.get_one(ContactService, thread.service_id)
    for account in accounts_of(session, thread.family_id):
        context: dict[str, object] = {
            "first_name": account.first_name,
            "service": service.label,
            "since": moment(thread.created_at),
            "number": thread.procedure_id,
            "url": f"{settings().base_url}{address(thread.id or 0)}",
        }
        notice = notifications.Notice(
            Notification.MESSAGES,
            "message_answered",
            context,
            f"{service.label} a répondu à votre message.",
            f"message {message.id}",
        )
        notifications.tell(session, account, notice)


def usual_delay(days: int) -> str:
    """«3 jours ouvrés»."""
    return counted(days, "jour ouvré", "jours ouvrés")
