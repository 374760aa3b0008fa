"""«Suivre dans mon agenda»: a private address for each family of an account; made, renewed, ended.

Whoever holds an address reads the family's bookings without signing in. It is an account's own: a
parent who renews theirs does not stop the telephone of the other one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from portail import clock
from portail.adapters.sealing import SealBrokenError, seal, unseal
from portail.database import insert_unless_there, reading, writing
from portail.domain.identity import Actor
from portail.models import CalendarAddress, Child, Family, FamilyChild, Subscription
from portail.services.audit import log_action
from portail.services.reach import NotFound
from portail.services.resealing import reseal_rows
from portail.services.secrets import new_secret, secret_hash
from portail.settings import settings

ADDRESS = "/agenda/{secret}.ics"


@dataclass(frozen=True)
class MyCalendar:
    """The calendar of one of the actor's families; `secret` unset: no address is open.

    `unreadable`: there is an address, and the key that sealed it is lost. It works, and cannot be
    shown again.
    """

    family_id: int
    number: int
    family_name: str
    children: tuple[str, ...]
    secret: str = ""
    unreadable: bool = False
    created_at: datetime | None = None
    renewed_at: datetime | None = None

    @property
    def address(self) -> str:
        """Whole, of the portal as the outside knows it; unset without a secret."""
        return settings().base_url + ADDRESS.format(secret=self.secret) if self.secret else ""


def my_calendars(actor: Actor) -> tuple[MyCalendar, ...]:
    """One a family of the actor's, by its number.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        rows = session.exec(
            select(Family, CalendarAddress)
            .join(Subscription, col(Subscription.family_id) == col(Family.id))
            .outerjoin(
                CalendarAddress, col(CalendarAddress.subscription_id) == col(Subscription.id)
            )
            .where(Subscription.account_id == actor.account())
            .order_by(col(Family.number))
        ).all()
        children = session.exec(
            select(FamilyChild.family_id, Child.first_name)
            .join(Child, col(Child.id) == col(FamilyChild.child_id))
            .where(col(FamilyChild.family_id).in_([family.id for family, _ in rows]))
            .order_by(col(Child.birth_on), col(Child.id))
        ).all()
    return tuple(
        _calendar(family, found, [name for family_id, name in children if family_id == family.id])
        for family, found in rows
    )


def open_calendar(actor: Actor, family_id: int) -> None:
    """Make the address of a family; one that is there stays.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not one of their families.
    """
    secret, now = new_secret(), clock.now()
    with writing() as session:
        subscription, number = _mine(session, actor, family_id)
        made = session.execute(
            insert_unless_there(session, CalendarAddress, "subscription_id")
            .values(
                subscription_id=subscription,
                secret_hash=secret_hash(secret),
                sealed=seal(secret),
                created_at=now,
            )
            .returning(col(CalendarAddress.subscription_id))
        ).first()
        if made:
            _log(session, actor, "calendar_opened", number)


def renew_calendar(actor: Actor, family_id: int) -> None:
    """Another address in place of the one there was, which leads nowhere from now on.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not one of their families, or it has no address.
    """
    secret = new_secret()
    with writing() as session:
        subscription, number = _mine(session, actor, family_id)
        found = session.get(CalendarAddress, subscription, with_for_update=True)
        if found is None:
            raise NotFound
        found.secret_hash, found.sealed = secret_hash(secret), seal(secret)
        found.renewed_at = clock.now()
        _log(session, actor, "calendar_renewed", number)


def close_calendar(actor: Actor, family_id: int) -> None:
    """No address any more; closing what is closed changes nothing.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not one of their families.
    """
    with writing() as session:
        subscription, number = _mine(session, actor, family_id)
        closed = session.execute(
            delete(CalendarAddress)
            .where(col(CalendarAddress.subscription_id) == subscription)
            .returning(col(CalendarAddress.subscription_id))
        ).first()
        if closed:
            _log(session, actor, "calendar_closed", number)


def exported_calendars(session: Session, subscription_ids: Collection[int]) -> dict[int, Any]:
    """For the copy of one's data, by subscription: since when there is an address, never which."""
    rows = session.exec(
        select(CalendarAddress).where(col(CalendarAddress.subscription_id).in_(subscription_ids))
    )
    return {
        row.subscription_id: {
            "adresse_ouverte_le": clock.written(row.created_at),
            "renouvelee_le": clock.written(row.renewed_at),
        }
        for row in rows
    }


def reseal_calendars() -> int:
    """Seal the addresses again with the newest key, in batches; how many. Safe to run again.

    Raises:
        SealBrokenError: one that no key opens; nothing of its batch is changed.
    """
    return reseal_rows(CalendarAddress, "subscription_id", "sealed")


def _mine(session: Session, actor: Actor, family_id: int) -> tuple[int, int]:
    """The subscription that joins the actor to a family, and the family's number."""
    found = session.exec(
        select(col(Subscription.id), Family.number)
        .join(Family, col(Family.id) == col(Subscription.family_id))
        .where(Subscription.account_id == actor.account(), Subscription.family_id == family_id)
        .with_for_update(of=Subscription)  # it does not end meanwhile
    ).first()
    if found is None:
        raise NotFound
    return found[0] or 0, found[1]


def _log(session: Session, actor: Actor, action: str, number: int) -> None:
    log_action(session, action, account_id=actor.account_id, subject=f"family {number}")


def _calendar(
    family: Family, found: CalendarAddress | None, children: Collection[str]
) -> MyCalendar:
    ident, number, name, names = family.id or 0, family.number, family.name, tuple(children)
    if found is None:
        return MyCalendar(ident, number, name, names)
    try:
        secret = str(unseal(found.sealed))
    except SealBrokenError:
        secret = ""
    return MyCalendar(
        ident, number, name, names, secret, not secret, found.created_at, found.renewed_at
    )
