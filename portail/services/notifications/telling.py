"""Telling an account, in the transaction of what is told: never the same thing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert
from sqlmodel import Session, col, select

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
    sent = []
    for key, (account, notice, choice) in zip(keys, wanted, strict=True):
        if key in new:
            new.remove(key)  # the same thing twice in one call
            sent.append(_Sent(account, notice, choice, [notice.line]))
    _send(session, sent)


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
    return bool(tell_things_to_all(session, kind, template, [(account, context, things)]))


def tell_things_to_all(
    session: Session,
    kind: Notification,
    template: str,
    told: Sequence[tuple[Account, Mapping[str, object], Sequence[Thing]]],
    now: Collection[int] = (),
) -> int:
    """The same for each of these accounts, with few queries.

    With each account, the context of the mail, to which its `lines` are added. `now`: the ids of
    those for whom the next digest would be too late.

    Returns:
        How many accounts there was anything to tell.
    """
    choices = chosen(session, {account.id or 0 for account, _, _ in told})
    wanted = [one for one in told if choices[one[0].id or 0][kind] is not Choice.NEVER]
    new = _first(
        session,
        [
            (account.id or 0, kind, _key(one.about))
            for account, _, things in wanted
            for one in things
        ],
    )
    sent = []
    for account, context, things in wanted:
        ident = account.id or 0
        lines = [one.line for one in things if (ident, kind, _key(one.about)) in new]
        if lines:
            notice = Notice(kind, template, {**context, "lines": lines}, "", "")
            choice = Choice.NOW if ident in now else choices[ident][kind]
            sent.append(_Sent(account, notice, choice, lines))
    _send(session, sent)
    return len(sent)


def told_of(
    session: Session, account_ids: Collection[int], kind: Notification
) -> set[tuple[int, str]]:
    """What of this kind these accounts were told, as it was named (see `Thing`)."""
    query = select(Told.account_id, Told.about).where(
        col(Told.account_id).in_(account_ids), Told.kind == kind
    )
    return set(session.exec(query))


@dataclass(frozen=True)
class _Sent:
    """A notice that is told to an account, now or in these lines of its digest."""

    account: Account
    notice: Notice
    choice: Choice
    lines: Sequence[str]


def _send(session: Session, sent: Sequence[_Sent]) -> None:
    """Each as its account chose: the lines are one statement, the mails another."""
    now = clock.now()
    lines = [
        {
            "account_id": one.account.id,
            "kind": one.notice.kind,
            "line": line,
            "url": str(one.notice.context["url"]),
            "created_at": now,
        }
        for one in sent
        if one.choice is Choice.DAILY
        for line in one.lines
    ]
    if lines:
        session.execute(insert(DigestLine), lines)
    mails.queue_all(session, [_mail(one) for one in sent if one.choice is Choice.NOW])


def _mail(one: _Sent) -> mails.Mail:
    kind = one.notice.kind
    stop = None
    if not KINDS[kind].always:
        stop = mails.Unsubscribe(unsubscribe_url(one.account, kind), KINDS[kind].label)
    return mails.Mail(one.notice.template, one.account.email, one.notice.context, stop)


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
