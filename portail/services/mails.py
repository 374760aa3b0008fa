"""The outbox: mails are written in the transaction that causes them, then sent by the worker.

A worker *claims* a mail before it sends it: in one statement, the mail's next attempt is pushed
forward by a lease. No other worker sees it meanwhile, and if this one dies the lease runs out and
the mail is due again. `attempts` counts the claims; the outcome of an old claim cannot undo that of
a newer one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, update
from sqlmodel import Session, col, select

from portail import clock
from portail.adapters import mail_templates
from portail.adapters.mail import OutgoingMail
from portail.database import writing
from portail.domain.colours import AA_TEXT, at_least, readable_on
from portail.models import OutboxMail
from portail.settings import settings
from portail.texts.french import moment

LEASE = timedelta(minutes=10)
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),  # and so on every 6 hours
)
GIVE_UP_AFTER = timedelta(hours=48)
MAX_ATTEMPTS = 30  # far above what the backoff uses: a mail that kills its worker each time
# A link that lets one in is not kept once its mail has left.
SECRET_KINDS = frozenset({"reset_password", "activate_account", "confirm_email"})


@dataclass(frozen=True)
class DueMail:
    """A claimed mail; `attempts` counts this claim and tells it from later ones."""

    id: int
    kind: str
    attempts: int
    mail: OutgoingMail


@dataclass(frozen=True)
class Unsubscribe:
    """How one stops such mails: a link that works without signing in, and what it stops."""

    url: str
    label: str


@dataclass(frozen=True)
class Mail:
    """A mail to write; see `queue`."""

    kind: str
    recipient: str
    context: Mapping[str, object]
    unsubscribe: Unsubscribe | None = None


def queue(
    session: Session,
    kind: str,
    recipient: str,
    context: Mapping[str, object],
    unsubscribe: Unsubscribe | None = None,
) -> None:
    """Add a mail to the caller's transaction: it leaves if, and only if, that one is kept.

    `context` holds what the texts of this kind ask, beside the values of the town, `recipient`
    and `at` (now, in words) which are added here. With `unsubscribe`, the foot of the mail and its
    headers carry the link.

    Raises:
        jinja2.TemplateNotFound: no such kind.
        jinja2.UndefinedError: a value is missing.
    """
    session.add(_written(Mail(kind, recipient, context, unsubscribe)))


def queue_all(session: Session, wanted: Sequence[Mail]) -> None:
    """The same for many mails, in one statement."""
    rows = [_written(one).model_dump(exclude={"id"}) for one in wanted]
    if rows:
        session.execute(insert(OutboxMail), rows)


def _written(mail: Mail) -> OutboxMail:
    now = clock.now()
    at = moment(now)
    values = {**mail.context, **town_values(), "recipient": mail.recipient, "at": at}
    if mail.unsubscribe is not None:
        values["unsubscribe"] = mail.unsubscribe
    rendered = mail_templates.render(mail.kind, values)
    return OutboxMail(
        message_id=_message_id(),
        kind=mail.kind,
        recipient=mail.recipient,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        unsubscribe_url=mail.unsubscribe.url if mail.unsubscribe else "",
        created_at=now,
        next_attempt_at=now,
    )


def claim_due(now: datetime, limit: int = 20) -> list[DueMail]:
    """Claim the mails that are due, the longest waiting first; each goes to one caller only.

    Whoever claims has `LEASE` to send and record: claim no more than fits in it.
    """
    due = (
        select(col(OutboxMail.id))
        .where(*_pending(), col(OutboxMail.next_attempt_at) <= now)
        .order_by(col(OutboxMail.next_attempt_at), col(OutboxMail.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        # PostgreSQL evaluates it once, so that it locks `limit` rows and no more
        .cte("due")
    )
    claim = (
        update(OutboxMail)
        .where(col(OutboxMail.id).in_(select(due.c.id)))
        .values(next_attempt_at=now + LEASE, attempts=col(OutboxMail.attempts) + 1)
        .returning(OutboxMail)
        .execution_options(synchronize_session=False)
    )
    with writing() as session:
        _drop_hopeless(session, now)
        rows = session.scalars(claim).all()
        # RETURNING has no order of its own
        return [_due(row) for row in sorted(rows, key=lambda row: (row.created_at, row.id))]


def mark_sent(due: DueMail, now: datetime) -> None:
    """Record that the mail left. Said even by an old claim: it is sent all the same."""
    with writing() as session:
        session.exec(
            update(OutboxMail)
            .where(col(OutboxMail.id) == due.id, col(OutboxMail.sent_at).is_(None))
            .values(sent_at=now, failed_at=None, last_error="", **_without_secrets(due))
        )


def mark_retry(due: DueMail, now: datetime, reason: str) -> bool:
    """Record a failure that may pass: try again later, or give up `GIVE_UP_AFTER` writing it.

    `reason` is short and holds no personal data. Returns whether it will be tried again.
    """
    last_moment = due.mail.date + GIVE_UP_AFTER
    if now >= last_moment:
        mark_failed(due, now, reason)
        return False
    delay = BACKOFF[min(due.attempts, len(BACKOFF)) - 1]
    with writing() as session:
        session.exec(
            update(OutboxMail)
            .where(*_still_claimed(due))
            .values(next_attempt_at=min(now + delay, last_moment), last_error=_short(reason))
        )
    return True


def mark_failed(due: DueMail, now: datetime, reason: str) -> None:
    """Record that the mail will never leave; `reason` as for `mark_retry`."""
    with writing() as session:
        session.exec(
            update(OutboxMail)
            .where(*_still_claimed(due))
            .values(failed_at=now, last_error=_short(reason), **_without_secrets(due))
        )


def purge_sent(before: datetime) -> int:
    """Delete the mails sent before this instant; returns how many."""
    with writing() as session:
        return session.exec(delete(OutboxMail).where(col(OutboxMail.sent_at) < before)).rowcount


def _drop_hopeless(session: Session, now: datetime) -> None:
    session.exec(
        update(OutboxMail)
        .where(
            *_pending(),
            col(OutboxMail.next_attempt_at) <= now,
            col(OutboxMail.attempts) >= MAX_ATTEMPTS,
        )
        .values(failed_at=now, text="", html="", last_error="abandonné : interrompu à chaque essai")
    )


def _pending() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(OutboxMail.sent_at).is_(None), col(OutboxMail.failed_at).is_(None)


def _still_claimed(due: DueMail) -> tuple[ColumnElement[bool], ...]:
    return (
        col(OutboxMail.id) == due.id,
        col(OutboxMail.attempts) == due.attempts,
        *_pending(),
    )


def _without_secrets(due: DueMail) -> dict[str, Any]:
    return {"text": "", "html": ""} if due.kind in SECRET_KINDS else {}


def _short(reason: str) -> str:
    return reason[:300]


def _due(row: OutboxMail) -> DueMail:
    assert row.id is not None  # noqa: S101  (it comes from the database)
    mail = OutgoingMail(
        message_id=row.message_id,
        date=row.created_at,
        recipient=row.recipient,
        subject=row.subject,
        text=row.text,
        html=row.html,
        unsubscribe_url=row.unsubscribe_url,
    )
    return DueMail(row.id, row.kind, row.attempts, mail)


def _message_id() -> str:
    domain = parseaddr(settings().mail_from)[1].rpartition("@")[2]
    # it only has to be unique, and to fit its column
    return f"<{secrets.token_hex(16)}@{domain[-80:].lstrip('.-') or 'localhost'}>"


def town_values() -> dict[str, object]:
    """What every mail says of the town; see `mail_templates.render`."""
    town = settings()
    on_brand = readable_on(town.town_brand)
    return {
        "town": {
            "name": town.town_name,
            "email": town.town_email,
            "phone": town.town_phone.replace(" ", "\u00a0"),
            "address": town.town_address,
            "hours": town.town_hours,
        },
        "portal_name": town.portal_name,
        "portal_url": town.base_url,
        "brand": at_least(town.town_brand, on_brand, AA_TEXT),
        "on_brand": on_brand,
    }
