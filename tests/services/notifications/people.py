"""Accounts, and things to tell them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col, select

from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.domain.notifications import Choice, Notification
from portail.models import Account, DigestLine, OutboxMail
from portail.services.notifications import Notice, tell
from portail.services.notifications.choices import choose
from portail.services.notifications.tokens import unsubscribe_url
from tests import factories


def notice(
    kind: Notification = Notification.DOCUMENTS, about: str = "chose 1", line: str = "Une chose."
) -> Notice:
    """Something that the template of the documents tells."""
    context = {"first_name": "Zoé", "url": "https://familles.example/ici", "lines": [line]}
    return Notice(kind, "documents_reminder", context, line, about)


def tell_one(account_id: int, one: Notice) -> None:
    """Tell it, in a transaction of its own."""
    with writing() as session:
        tell(session, session.get_one(Account, account_id), one)


def wants(account_id: int, choices: Mapping[Notification, Choice]) -> None:
    """The account chooses."""
    choose(Actor(session_id=1, account_id=account_id), choices)


def parent(email: str = "", **choices: Choice) -> int:
    """An account that chose this, by the names of kinds."""
    account_id = factories.account(email=email)
    wants(account_id, {Notification[name.upper()]: when for name, when in choices.items()})
    return account_id


def mails(kind: str = "") -> list[OutboxMail]:
    """What waits in the outbox, or was sent."""
    with reading() as session:
        found = session.exec(select(OutboxMail).order_by(col(OutboxMail.id))).all()
    return [one for one in found if kind in ("", one.kind)]


def waiting() -> list[DigestLine]:
    """The lines that no digest has told yet."""
    with reading() as session:
        query = select(DigestLine).where(col(DigestLine.digest_id).is_(None))
        return list(session.exec(query.order_by(col(DigestLine.id))).all())


def token(account_id: int, kind: Notification | None) -> str:
    """What the link of a mail ends with."""
    with reading() as session:
        url = unsubscribe_url(session.get_one(Account, account_id), kind)
    return url.rsplit("/", 1)[1]
