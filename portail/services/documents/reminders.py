"""Once a day, a mail to each parent about the documents their families still owe."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists
from sqlmodel import Session, col, select

from portail import clock
from portail.database import insert_unless_there, reading, writing
from portail.domain.documents import ASKED_STATES, DocumentState
from portail.domain.identity import Actor
from portail.domain.notifications import Notification
from portail.domain.schooling import school_year
from portail.models import Account, MutedNotification, Reminder, Subscription
from portail.services import mails
from portail.services.documents.asked import documents_of
from portail.services.documents.tell import DISCREET, is_medical, page_url
from portail.services.documents.views import AskedDocument
from portail.texts.french import day


@dataclass(frozen=True)
class _Due:
    """Something to remind of: `about` is what makes it once."""

    about: str
    words: str


def remind(rest: float = 0) -> int:
    """Send what has not been said yet, one mail a parent; returns how many mails.

    Each account and thing once, however many workers do it at the same time.

    Args:
        rest: seconds left to others after each account.
    """
    sent = 0
    for account_id in _accounts():
        sent += _remind_one(account_id)
        time.sleep(rest)
    return sent


def _accounts() -> list[int]:
    """The accounts that reach a family and did not turn reminders off."""
    muted = exists().where(
        col(MutedNotification.account_id) == col(Account.id),
        col(MutedNotification.kind) == Notification.REMINDERS,
    )
    query = (
        select(Account.id)
        .where(
            col(Account.activated_at).is_not(None),
            col(Account.id).in_(select(Subscription.account_id)),
            ~muted,
        )
        .order_by(col(Account.id))
    )
    with reading() as session:
        return [account_id or 0 for account_id in session.exec(query)]


def _remind_one(account_id: int) -> bool:
    actor = Actor(session_id=0, account_id=account_id)
    with reading() as session:
        if not _due(session, actor):
            return False  # most parents, most days: no write, no lock
    with writing() as session:
        query = select(Account).where(Account.id == account_id).with_for_update()
        account = session.exec(query).one_or_none()
        if account is None:
            return False
        new = [one for one in _due(session, actor) if _is_first(session, account_id, one.about)]
        if not new:
            return False
        context: dict[str, object] = {
            "first_name": account.first_name,
            "url": page_url(),
            "lines": [one.words for one in new],
        }
        mails.queue(session, "documents_reminder", account.email, context)
        return True


def _due(session: Session, actor: Actor) -> list[_Due]:
    said = set(
        session.exec(select(Reminder.about).where(Reminder.account_id == actor.account())).all()
    )
    today = clock.today()
    found: list[_Due] = []
    for family in documents_of(session, actor).families:
        found += [_one(family.id, asked, today) for asked in family.pressing]
    return [one for one in found if one.about not in said]


def _one(family_id: int, asked: AskedDocument, today: date) -> _Due:
    # what is missing is missing again in the next school year
    until = asked.valid_until or school_year(today)
    about = f"{family_id}:{asked.code}:{asked.child_id or 0}:{asked.state.value}:{until}"
    # asked for a reason of the child's own, its name alone would tell of their health
    name = DISCREET if is_medical(asked.code) and asked.why else asked.name
    return _Due(about, f"{name}{f' ({asked.child})' if asked.child else ''} : {_state(asked)}")


def _state(asked: AskedDocument) -> str:
    assert asked.state in ASKED_STATES  # noqa: S101  (the others press nobody)
    until = day(asked.valid_until).split(" ", 1)[1] if asked.valid_until else ""
    return {
        DocumentState.MISSING: "à fournir",
        DocumentState.REFUSED: "refusé, à déposer de nouveau",
        DocumentState.EXPIRED: f"expiré depuis le {until}",
        DocumentState.EXPIRING: f"valable jusqu’au {until}, à renouveler",
    }[asked.state]


def _is_first(session: Session, account_id: int, about: str) -> bool:
    values = {"account_id": account_id, "about": about[:120], "sent_at": clock.now()}
    insert = insert_unless_there(session, Reminder, "account_id", "about").values(**values)
    # it returns the row only when it made it
    return session.scalar(insert.returning(Reminder.id)) is not None
