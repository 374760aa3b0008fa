"""How long conversations are kept, and the copy of one's own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from portail import clock
from portail.domain.messages import STATE_LABELS
from portail.models import ContactService, Message, MessageDraft, Thread
from portail.services.messages import drafts
from portail.services.messages.rows import files_of

KEPT = timedelta(days=730)  # after the last message, as «Données personnelles» says


def purge(session: Session, now: datetime) -> None:
    """Forget conversations that ended long ago, and drafts that nobody took up again."""
    session.execute(delete(Thread).where(col(Thread.last_at) < now - KEPT))
    drafts.purge(session, now - drafts.KEPT)


def exported_messages(session: Session, family_id: int) -> list[dict[str, Any]]:
    """The conversations of a family, oldest first."""
    rows = session.exec(
        select(Thread, ContactService.label)
        .join(ContactService, col(ContactService.id) == col(Thread.service_id))
        .where(Thread.family_id == family_id)
        .order_by(col(Thread.created_at), col(Thread.id))
    ).all()
    return [
        {
            "service": label,
            "objet": thread.subject,
            "etat": STATE_LABELS[thread.state],
            "commencee_le": clock.written(thread.created_at),
            "messages": _messages(session, thread.id or 0),
        }
        for thread, label in rows
    ]


def _messages(session: Session, thread_id: int) -> list[dict[str, Any]]:
    rows = session.exec(
        select(Message).where(Message.thread_id == thread_id).order_by(col(Message.rank))
    ).all()
    files = files_of(session, [row.id or 0 for row in rows])
    return [
        {
            "le": clock.written(row.sent_at),
            "de": row.author,
            "de_la_mairie": row.from_town,
            "texte": row.body,
            "pieces_jointes": [one.name for one in files.get(row.id or 0, ())],
        }
        for row in rows
    ]


def exported_drafts(session: Session, account_id: int) -> list[dict[str, Any]]:
    """What an account was writing."""
    query = select(MessageDraft).where(MessageDraft.account_id == account_id)
    return [
        {"le": clock.written(row.saved_at), "objet": row.subject, "texte": row.body}
        for row in session.exec(query.order_by(col(MessageDraft.id)))
    ]
