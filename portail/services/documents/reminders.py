"""Once a day, a mail to each parent about the documents their families still owe."""

from __future__ import annotations

import time
from datetime import date

from sqlmodel import Session, select

from portail import clock
from portail.database import reading, writing
from portail.domain.documents import ASKED_STATES, DocumentState
from portail.domain.identity import Actor
from portail.domain.notifications import Notification
from portail.domain.schooling import school_year
from portail.models import Account, Told
from portail.services.documents.asked import documents_of
from portail.services.documents.tell import DISCREET, is_medical, page_url
from portail.services.documents.views import AskedDocument
from portail.services.notifications import Thing, tell_things
from portail.services.notifications.choices import parents_to_tell
from portail.texts.french import day


def remind(rest: float = 0) -> int:
    """Send what has not been said yet, one mail a parent; returns how many mails.

    Each account and thing once, however many workers do it at the same time.

    Args:
        rest: seconds left to others after each account.
    """
    sent = 0
    for account_id in parents_to_tell(Notification.DOCUMENTS):
        sent += _remind_one(account_id)
        time.sleep(rest)
    return sent


def _remind_one(account_id: int) -> bool:
    actor = Actor(session_id=0, account_id=account_id)
    with reading() as session:
        due = _due(session, actor)
    if not due:
        return False  # most parents, most days: no write, no lock
    with writing() as session:
        query = select(Account).where(Account.id == account_id).with_for_update()
        account = session.exec(query).one_or_none()
        if account is None:
            return False
        context: dict[str, object] = {"first_name": account.first_name, "url": page_url()}
        return tell_things(
            session, account, Notification.DOCUMENTS, "documents_reminder", context, due
        )


def _due(session: Session, actor: Actor) -> list[Thing]:
    said = set(
        session.exec(
            select(Told.about).where(
                Told.account_id == actor.account(), Told.kind == Notification.DOCUMENTS
            )
        ).all()
    )
    today = clock.today()
    found: list[Thing] = []
    for family in documents_of(session, actor).families:
        found += [_one(family.id, asked, today) for asked in family.pressing]
    return [one for one in found if one.about not in said]


def _one(family_id: int, asked: AskedDocument, today: date) -> Thing:
    # what is missing is missing again in the next school year
    until = asked.valid_until or school_year(today)
    about = f"{family_id}:{asked.code}:{asked.child_id or 0}:{asked.state.value}:{until}"
    # asked for a reason of the child's own, its name alone would tell of their health
    name = DISCREET if is_medical(asked.code) and asked.why else asked.name
    return Thing(about, f"{name}{f' ({asked.child})' if asked.child else ''} : {_state(asked)}")


def _state(asked: AskedDocument) -> str:
    assert asked.state in ASKED_STATES  # noqa: S101  (the others press nobody)
    until = day(asked.valid_until).split(" ", 1)[1] if asked.valid_until else ""
    return {
        DocumentState.MISSING: "à fournir",
        DocumentState.REFUSED: "refusé, à déposer de nouveau",
        DocumentState.EXPIRED: f"expiré depuis le {until}",
        DocumentState.EXPIRING: f"valable jusqu’au {until}, à renouveler",
    }[asked.state]
