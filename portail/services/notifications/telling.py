"""Telling an account, in the transaction of what is told: never the same thing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from portail import clock
from portail.database import insert_unless_there
from portail.domain.notifications import KINDS, Choice, Notification
from portail.models import Account, DigestLine, Told
from portail.services import mails
from portail.services.notifications.choices import chosen
from portail.services.notifications.tokens import unsubscribe_url

ABOUT = 120  # characters, as the column


@dataclass(frozen=True)
class Notice:
    """Something to tell.

    `template` is a kind of mail and `context` what its texts ask, `url` among it; `line` says it
    in one sentence; `about` names what it is about, such as «message 12».
    """

    kind: Notification
    template: str
    context: Mapping[str, object]
    line: str
    about: str


@dataclass(frozen=True)
class Thing:
    """One of several things told in one mail; see `Notice`."""

    about: str
    line: str


def tell(session: Session, account: Account, notice: Notice) -> None:
    """Tell an account, in the caller's transaction, as it chose."""
    tell_all(session, [(account, notice)])


def tell_all(session: Session, told: Sequence[tuple[Account, Notice]]) -> None:
    """Tell many accounts at once: as `tell` for each, with few queries."""
    choices = chosen(session, {account.id or 0 for account, _ in told})
    wanted = [
        (account, notice, choice)
        for account, notice in told
        if (choice := choices[account.id or 0][notice.kind]) is not Choice.NEVER
    ]
    keys = [(account.id or 0, notice.kind, _key(notice.about)) for account, notice, _ in wanted]
    new = _first(session, keys)
    for key, (account, notice, choice) in zip(keys, wanted, strict=True):
        if key in new:
            new.remove(key)  # the same thing twice in one call
            _send(session, account, notice, choice, [notice.line])


def tell_things(
    session: Session,
    account: Account,
    kind: Notification,
    template: str,
    context: Mapping[str, object],
    things: Sequence[Thing],
) -> bool:
    """Tell of those of these things that were not told yet, in one mail: its `lines`.

    Returns:
        Whether there was anything to tell.
    """
    account_id = account.id or 0
    choice = chosen(session, {account_id})[account_id][kind]
    if choice is Choice.NEVER:
        return False
    new = _first(session, [(account_id, kind, _key(one.about)) for one in things])
    lines = [one.line for one in things if (account_id, kind, _key(one.about)) in new]
    if lines:
        notice = Notice(kind, template, {**context, "lines": lines}, "", "")
        _send(session, account, notice, choice, lines)
    return bool(lines)


def _send(
    session: Session, account: Account, notice: Notice, choice: Choice, lines: Sequence[str]
) -> None:
    account_id, kind = account.id or 0, notice.kind
    if choice is Choice.DAILY:
        session.add_all(
            DigestLine(
                account_id=account_id,
                kind=kind,
                line=line,
                url=str(notice.context["url"]),
                created_at=clock.now(),
            )
            for line in lines
        )
        return
    stop = mails.Unsubscribe(unsubscribe_url(account, kind), KINDS[kind].label)
    leave = None if KINDS[kind].always else stop
    mails.queue(session, notice.template, account.email, notice.context, leave)


Key = tuple[int, Notification, str]


def _first(session: Session, keys: Sequence[Key]) -> set[Key]:
    """Those that are told for the first time, now written down: the database decides."""
    if not keys:
        return set()
    now = clock.now()
    rows = [
        {"account_id": account_id, "kind": kind, "about": about, "told_at": now}
        # one order for everybody: two of us may be telling the same things
        for account_id, kind, about in sorted(set(keys))
    ]
    insert = insert_unless_there(session, Told, "account_id", "kind", "about").values(rows)
    made = session.execute(insert.returning(Told.account_id, Told.kind, Told.about))
    return {(account_id, Notification(kind), about) for account_id, kind, about in made}


def _key(about: str) -> str:
    return about if len(about) <= ABOUT else hashlib.sha256(about.encode()).hexdigest()
