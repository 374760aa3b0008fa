"""The texts an account has accepted, compared with the texts of today.

A text that changes, or a consent that is withdrawn, is asked for again before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_
from sqlmodel import Session, col, select, update

from portail import clock
from portail.database import reading, writing
from portail.domain.consents import ConsentText
from portail.domain.identity import Actor
from portail.models import Account, Consent
from portail.services.audit import log_action
from portail.texts.loader import PageText, load_page

Texts = tuple[tuple[ConsentText, str], ...]


@dataclass(frozen=True)
class MyConsent:
    """A text that the actor accepted; `current`: it is live, and of the text of today."""

    id: int
    text: ConsentText
    title: str
    version: str
    accepted_at: datetime
    withdrawn_at: datetime | None
    current: bool


@dataclass(frozen=True)
class Withdrawn:
    """The consent is withdrawn: the portal asks for it again before anything else."""

    text: ConsentText


@dataclass(frozen=True)
class NothingToWithdraw:
    """There is no such live consent of the actor's."""


@lru_cache(maxsize=1)
def current() -> dict[ConsentText, PageText]:
    """The texts of today, read once: they change with a new version of the portal."""
    return {text: load_page(text.value) for text in ConsentText}


def my_consents(actor: Actor) -> tuple[MyConsent, ...]:
    """Everything the actor accepted, the newest first, withdrawn or not."""
    texts = current()
    with reading() as session:
        rows = session.exec(
            select(Consent)
            .where(Consent.account_id == actor.account())
            .order_by(col(Consent.accepted_at).desc(), col(Consent.id).desc())
        ).all()
    return tuple(
        MyConsent(
            row.id or 0,
            row.text,
            texts[row.text].title,
            row.version,
            row.accepted_at,
            row.withdrawn_at,
            current=row.withdrawn_at is None and row.text_hash == texts[row.text].digest,
        )
        for row in rows
    )


def withdraw(actor: Actor, consent_id: int) -> Withdrawn | NothingToWithdraw:
    """Withdraw one of the actor's own consents. It is kept, as the proof of what was accepted."""
    account_id = actor.account()
    with writing() as session:
        withdrawn = session.execute(
            update(Consent)
            .where(
                col(Consent.id) == consent_id,
                col(Consent.account_id) == account_id,
                col(Consent.withdrawn_at).is_(None),
            )
            .values(withdrawn_at=clock.now())
            .returning(col(Consent.text))
        ).one_or_none()
        if withdrawn is None:
            return NothingToWithdraw()
        log_action(
            session, "consent_withdrawn", account_id=account_id, subject=f"consent {consent_id}"
        )
        return Withdrawn(withdrawn[0])


def missing(account_id: int) -> tuple[ConsentText, ...]:
    """The texts of today that this account has yet to accept."""
    with reading() as session:
        return _missing(session, account_id)


def accept(actor: Actor, text: ConsentText) -> None:
    """The actor accepts this text as it is today; accepting twice changes nothing."""
    account_id = actor.account()
    with writing() as session:
        # two tabs at once: the second finds the consent of the first
        session.exec(select(Account.id).where(Account.id == account_id).with_for_update()).one()
        if text not in _missing(session, account_id):
            return
        record(session, account_id, text)
        log_action(session, "consent_accepted", account_id=account_id, subject=f"text {text.value}")


def record(session: Session, account_id: int, *texts: ConsentText) -> None:
    """Write down, in the caller's transaction, that these texts of today are accepted."""
    for text in texts:
        page = current()[text]
        session.add(
            Consent(
                account_id=account_id,
                text=text,
                version=page.version,
                text_hash=page.digest,
                accepted_at=clock.now(),
            )
        )


def texts_of_today() -> Texts:
    """The texts to accept, and the digest of each."""
    return tuple((text, page.digest) for text, page in current().items())


def accepted_count(texts: Texts) -> ScalarSelect[int]:
    """How many of these texts the `Account` of a query has accepted, within that same query."""
    return (
        select(func.count())
        .select_from(Consent)
        .where(col(Consent.account_id) == col(Account.id), *_live(texts))
        .correlate(Account)
        .scalar_subquery()
    )


def _missing(session: Session, account_id: int) -> tuple[ConsentText, ...]:
    query = select(Consent.text).where(Consent.account_id == account_id, *_live(texts_of_today()))
    accepted = set(session.exec(query))
    return tuple(text for text in ConsentText if text not in accepted)


def _live(texts: Texts) -> tuple[ColumnElement[bool], ...]:
    today = [
        and_(col(Consent.text) == text, col(Consent.text_hash) == digest) for text, digest in texts
    ]
    return col(Consent.withdrawn_at).is_(None), or_(*today)
