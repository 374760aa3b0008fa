"""«Se désabonner», by a link of a mail: whoever holds it reads the mailbox, and that is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from portail.database import reading, writing
from portail.domain.notifications import CHOSEN, KINDS, Choice, Notification
from portail.models import Account
from portail.services.notifications.choices import Choices, chosen, put
from portail.services.notifications.tokens import Subscribed, address_hash, read_token

DIGEST_LABEL = "Résumé du jour"
DIGEST_SAYS = "Tout ce que vous avez choisi de recevoir dans le résumé du jour."


@dataclass(frozen=True)
class Look:
    """What a link stops, in words; `stopped` when it is already."""

    label: str
    says: str
    stopped: bool


@dataclass(frozen=True)
class Stopped:
    """What was stopped, and what was chosen before, by kind: what `take_back` takes."""

    before: dict[str, str]


def look(token: str) -> Look | None:
    """What a link would do; nothing when it is unknown or too old. Changes nothing."""
    with reading() as session:
        found = _find(session, token, lock=False)
        if found is None:
            return None
        account, link = found
        kinds = _kinds(link, _of(session, account))
    if link.kind is None:
        return Look(DIGEST_LABEL, DIGEST_SAYS, stopped=not kinds)
    told = KINDS[link.kind]
    return Look(told.label, told.says, stopped=not kinds)


def unsubscribe(token: str) -> Stopped | None:
    """Stop, once or again; nothing when the link is unknown or too old."""
    with writing() as session:
        found = _find(session, token, lock=True)
        if found is None:
            return None
        account, link = found
        before = _of(session, account)
        kinds = _kinds(link, before)
        put(session, account.id or 0, dict.fromkeys(kinds, Choice.NEVER))
        return Stopped({kind.value: before[kind].value for kind in kinds})


def take_back(token: str, before: Mapping[str, str]) -> bool:
    """«Revenir en arrière»: as it was before; without it, as for a new account.

    Only what the link stops can be taken back.

    Returns:
        Whether the link is good.
    """
    with writing() as session:
        found = _find(session, token, lock=True)
        if found is None:
            return False
        account, link = found
        wanted: Choices = {
            kind: Choice(before[kind.value])
            for kind in (CHOSEN if link.kind is None else (link.kind,))
            if before.get(kind.value) in list(Choice)
        }
        if not wanted and link.kind is not None:
            wanted = {link.kind: KINDS[link.kind].default}
        put(session, account.id or 0, wanted)
        return True


def _find(session: Session, token: str, *, lock: bool) -> tuple[Account, Subscribed] | None:
    link = read_token(token)
    if link is None:
        return None
    query = select(Account).where(Account.id == link.account_id)
    account = session.exec(query.with_for_update() if lock else query).one_or_none()
    if account is None or address_hash(account) != link.address:
        return None
    return account, link


def _of(session: Session, account: Account) -> Choices:
    return chosen(session, {account.id or 0})[account.id or 0]


def _kinds(link: Subscribed, choices: Choices) -> list[Notification]:
    """What the link has still to stop."""
    if link.kind is None:
        return [kind for kind in CHOSEN if choices[kind] is Choice.DAILY]
    return [] if choices[link.kind] is Choice.NEVER else [link.kind]
