"""«Mes souscriptions»: the family files an account reaches, one more, one less."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from portail import clock
from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.models import Child, Family, FamilyChild, Guardian, Subscription
from portail.services import my_data, references
from portail.services.audit import log_action
from portail.services.references import AlreadyRegistered, NotRecognised, Recognised


@dataclass(frozen=True)
class MySubscription:
    """A family file that the actor reaches, as one of its adults."""

    id: int
    number: int
    family_name: str
    guardian_name: str
    children: tuple[str, ...]
    since: datetime


@dataclass(frozen=True)
class Added:
    """The family file is linked to the account."""

    number: int
    family_name: str


@dataclass(frozen=True)
class AlreadyMine:
    """The account reaches this family file already."""


@dataclass(frozen=True)
class TakenByAnother:
    """Another account has this adult."""


@dataclass(frozen=True)
class Blocked:
    """Too many tries."""

    wait: timedelta


@dataclass(frozen=True)
class Removed:
    """The family file is no longer linked; its adult is free again."""

    number: int
    family_name: str


@dataclass(frozen=True)
class NothingToRemove:
    """The actor has no such subscription."""


AddOutcome = Added | AlreadyMine | TakenByAnother | NotRecognised | Blocked


def my_subscriptions(actor: Actor) -> tuple[MySubscription, ...]:
    """The actor's own subscriptions, by number of the family file."""
    with reading() as session:
        rows = session.exec(
            select(Subscription, Family, Guardian)
            .join(Family, col(Family.id) == col(Subscription.family_id))
            .join(Guardian, col(Guardian.id) == col(Subscription.guardian_id))
            .where(Subscription.account_id == actor.account())
            .order_by(col(Family.number))
        ).all()
        children = session.exec(
            select(FamilyChild.family_id, Child.first_name)
            .join(Child, col(Child.id) == col(FamilyChild.child_id))
            .where(col(FamilyChild.family_id).in_([family.id for _, family, _ in rows]))
            .order_by(col(Child.birth_on), col(Child.id))
        ).all()
    return tuple(
        MySubscription(
            row.id or 0,
            family.number,
            family.name,
            f"{guardian.first_name} {guardian.last_name}".strip(),
            tuple(name for family_id, name in children if family_id == family.id),
            row.created_at,
        )
        for row, family, guardian in rows
    )


def add_subscription(
    actor: Actor, number: str, name: str, email: str, *, address: str
) -> AddOutcome:
    """Link the family file of these references to the actor's account.

    Args:
        actor: a parent.
        number: of the family file, as typed.
        name: of the family file, as typed.
        email: that the town has for this adult, as typed.
        address: network address of the client, for the throttle.
    """
    account_id = actor.account()
    try:
        with writing() as session:
            return _add(session, account_id, number, name, email, address)
    except IntegrityError:
        # somebody was faster: the index on guardians, or on the account's own files, has spoken
        with reading() as session:
            again = references.match(session, number, name, email)
        taken = isinstance(again, AlreadyRegistered) and again.account_id != account_id
        return TakenByAnother() if taken else AlreadyMine()


def _add(
    session: Session, account_id: int, number: str, name: str, email: str, address: str
) -> AddOutcome:
    browser_key, now = f"account {account_id}", clock.now()
    wait = references.references_attempt(session, browser_key, address, now)
    if wait:
        return Blocked(wait)
    found = references.match(session, number, name, email)
    if isinstance(found, NotRecognised):
        return found
    references.forgive(session, browser_key, address)
    if isinstance(found, AlreadyRegistered):
        return AlreadyMine() if found.account_id == account_id else TakenByAnother()
    return _link(session, account_id, found)


def _link(session: Session, account_id: int, found: Recognised) -> Added | AlreadyMine:
    if _has(session, account_id, found.family_id):
        return AlreadyMine()
    family = session.get_one(Family, found.family_id)
    session.add(
        Subscription(
            account_id=account_id,
            family_id=found.family_id,
            guardian_id=found.guardian_id,
            created_at=clock.now(),
        )
    )
    log_action(
        session, "subscription_added", account_id=account_id, subject=f"family {family.number}"
    )
    return Added(family.number, family.name)


def _has(session: Session, account_id: int, family_id: int) -> bool:
    query = select(Subscription.id).where(
        Subscription.account_id == account_id, Subscription.family_id == family_id
    )
    return session.exec(query).first() is not None


def remove_subscription(actor: Actor, subscription_id: int) -> Removed | NothingToRemove:
    """Unlink one of the actor's family files; the account remains, even with none left."""
    account_id = actor.account()
    with writing() as session:
        removed = session.execute(
            delete(Subscription)
            .where(
                col(Subscription.id) == subscription_id,
                col(Subscription.account_id) == account_id,
            )
            .returning(col(Subscription.family_id))
        ).one_or_none()
        if removed is None:
            return NothingToRemove()
        family = session.get_one(Family, removed[0])
        my_data.forget(session, account_id)
        log_action(
            session,
            "subscription_removed",
            account_id=account_id,
            subject=f"family {family.number}",
        )
        return Removed(family.number, family.name)
