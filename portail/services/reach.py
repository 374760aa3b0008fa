"""What a parent reaches: the family files of their own subscriptions, and the children in them.

Every query about a family goes through here, or joins `Subscription` itself. What does not exist
and what belongs to somebody else give the same answer: `NotFound`.
"""

from __future__ import annotations

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portail.domain.identity import Actor
from portail.models import Account, Child, Family, FamilyChild, Subscription


class NotFound(Exception):  # noqa: N818  (an answer, not a fault)
    """There is no such thing for this person."""


def my_family_ids(actor: Actor) -> SelectOfScalar[int]:
    """A sub-query: the ids of the actor's families.

    Raises:
        Forbidden: the actor is not a parent.
    """
    return select(Subscription.family_id).where(Subscription.account_id == actor.account())


def my_families(session: Session, actor: Actor) -> tuple[Family, ...]:
    """The actor's families, by number."""
    query = select(Family).where(col(Family.id).in_(my_family_ids(actor)))
    return tuple(session.exec(query.order_by(col(Family.number))))


def my_family(session: Session, actor: Actor, family_id: int, *, lock: bool = False) -> Family:
    """One of the actor's families; `lock` keeps others from writing about it meanwhile.

    Raises:
        NotFound: not one of theirs.
    """
    query = select(Family).where(Family.id == family_id, col(Family.id).in_(my_family_ids(actor)))
    found = session.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound
    return found


def accounts_of(session: Session, family_id: int) -> tuple[Account, ...]:
    """The activated accounts that reach a family: those that are written to, by id."""
    query = (
        select(Account)
        .join(Subscription, col(Subscription.account_id) == col(Account.id))
        .where(Subscription.family_id == family_id, col(Account.activated_at).is_not(None))
        .order_by(col(Account.id))
    )
    return tuple(session.exec(query))


def my_child(session: Session, actor: Actor, child_id: int) -> tuple[Child, Family]:
    """A child and the actor's own family through which they reach it (the first by number).

    Raises:
        NotFound: not a child of theirs.
    """
    query = (
        select(Child, Family)
        .join(FamilyChild, col(FamilyChild.child_id) == col(Child.id))
        .join(Family, col(Family.id) == col(FamilyChild.family_id))
        .where(Child.id == child_id, col(Family.id).in_(my_family_ids(actor)))
        .order_by(col(Family.number))
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound
    return found


def my_children(session: Session, actor: Actor) -> tuple[tuple[Child, int], ...]:
    """Each child of the actor's families with the family's id, eldest first, then by number."""
    query = (
        select(Child, FamilyChild.family_id)
        .join(FamilyChild, col(FamilyChild.child_id) == col(Child.id))
        .join(Family, col(Family.id) == col(FamilyChild.family_id))
        .where(col(FamilyChild.family_id).in_(my_family_ids(actor)))
        .order_by(col(Child.birth_on), col(Child.id), col(Family.number))
    )
    return tuple(session.exec(query))


def shared_children(session: Session, family_ids: set[int]) -> set[int]:
    """Those children of these families who are also in another one (garde alternée)."""
    mine = select(FamilyChild.child_id).where(col(FamilyChild.family_id).in_(family_ids))
    elsewhere = select(FamilyChild.child_id).where(
        col(FamilyChild.child_id).in_(mine), col(FamilyChild.family_id).not_in(family_ids)
    )
    return set(session.exec(elsewhere))
