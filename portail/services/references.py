"""Recognising a family file by its references: number, name, e-mail address of one of its adults.

Sign-up and «Mes souscriptions» ask the same three; which one was wrong is never said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from portail.domain.names import fold, sign_in_key
from portail.domain.throttling import REFERENCES, REFERENCES_ADDRESS
from portail.models import Family, Guardian, Subscription
from portail.services import throttles

NUMBER = re.compile(r"[0-9]{1,9}")  # fits the column, and no other script's digits


@dataclass(frozen=True)
class Recognised:
    """The three agree: this adult of this family file, whom no account has yet."""

    family_id: int
    guardian_id: int


@dataclass(frozen=True)
class NotRecognised:
    """One of the three is wrong, or all are."""


@dataclass(frozen=True)
class AlreadyRegistered:
    """The three agree, and an account has this adult already."""

    account_id: int


Match = Recognised | NotRecognised | AlreadyRegistered


def match(session: Session, number: str, name: str, email: str) -> Match:
    """The adult these references name, in the caller's transaction.

    Two callers may be told of the same free adult at once: the unique index of subscriptions lets
    one of them in.

    Args:
        session: of the caller.
        number: of the family file, as typed; spaces do not count.
        name: of the family file or of the adult, as typed; case, accents, hyphens do not count.
        email: that the town has for the adult, as typed.
    """
    digits = re.sub(r"\s", "", number)
    wanted = fold(name)
    if not NUMBER.fullmatch(digits) or not wanted:
        return NotRecognised()
    query = (
        select(Family, Guardian, Subscription.account_id)
        .join(Guardian, col(Guardian.family_id) == col(Family.id))
        .outerjoin(Subscription, col(Subscription.guardian_id) == col(Guardian.id))
        .where(Family.number == int(digits), Guardian.email_key == sign_in_key(email)[:254])
    )
    found = session.exec(query).one_or_none()
    if found is None:
        return NotRecognised()
    family, guardian, account_id = found
    if wanted not in (family.name_key, fold(guardian.last_name)):
        return NotRecognised()
    if account_id is not None:
        return AlreadyRegistered(account_id)
    return Recognised(family.id or 0, guardian.id or 0)


def references_attempt(
    session: Session, browser_key: str, address: str, now: datetime
) -> timedelta:
    """Count a try, before its outcome is known.

    Args:
        session: of the caller; the count is kept if its transaction is.
        browser_key: what names the sign-up or the account that tries.
        address: network address of the client.
        now: the instant of the try.

    Returns:
        How long tries are still refused; zero: go on.
    """
    wait, _ = throttles.count_attempt(
        session, "references/address", address, REFERENCES_ADDRESS, now
    )
    if not wait:
        wait, _ = throttles.count_attempt(
            session, "references/browser", browser_key, REFERENCES, now
        )
    return wait


def forgive(session: Session, browser_key: str, address: str) -> None:
    """Forget the tries of whoever got it right."""
    throttles.forgive(session, "references/browser", browser_key)
    throttles.take_back(session, "references/address", address)
