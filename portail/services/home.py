"""What a parent sees first: their families and children. More comes with each feature."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from portail.database import reading
from portail.domain.identity import Actor, Forbidden
from portail.models import Account, Child, Family, FamilyChild, School, Subscription


@dataclass(frozen=True)
class HomeChild:
    """A child of one of the parent's families."""

    id: int
    first_name: str
    school: str
    class_level: str


@dataclass(frozen=True)
class HomeFamily:
    """A family file the account reaches."""

    id: int
    number: int
    name: str
    children: tuple[HomeChild, ...]


@dataclass(frozen=True)
class Home:
    """The signed-in parent's own."""

    first_name: str
    families: tuple[HomeFamily, ...]


def home(actor: Actor) -> Home:
    """The families of the actor's own subscriptions, children by age.

    Raises:
        Forbidden: the actor is not a parent.
    """
    if actor.account_id is None:
        raise Forbidden
    with reading() as session:
        account = session.get_one(Account, actor.account_id)
        families = session.exec(
            select(Family)
            .join(Subscription, col(Subscription.family_id) == col(Family.id))
            .where(Subscription.account_id == actor.account_id)
            .order_by(col(Family.number))
        ).all()
        children = session.exec(
            select(FamilyChild.family_id, Child, School)
            .join(Child, col(Child.id) == col(FamilyChild.child_id))
            .outerjoin(School, col(School.id) == col(Child.school_id))
            .where(col(FamilyChild.family_id).in_([family.id for family in families]))
            .order_by(col(Child.birth_on), col(Child.id))
        ).all()
    by_family: dict[int, list[HomeChild]] = {}
    for family_id, child, school in children:
        view = HomeChild(
            child.id or 0, child.first_name, school.name if school else "", child.class_level
        )
        by_family.setdefault(family_id, []).append(view)
    return Home(
        account.first_name,
        tuple(
            HomeFamily(
                family.id or 0, family.number, family.name, tuple(by_family.get(family.id or 0, []))
            )
            for family in families
        ),
    )
