"""What the invoices of many families depend on, read in a fixed number of queries a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from portail.domain.billing.drafts import Debtor
from portail.domain.pricing import Context, Sibling
from portail.domain.quotients import Quotient
from portail.models import Child, Family, FamilyChild, FamilyQuotient, Guardian
from portail.services.catalogue import Loaded
from portail.services.catalogue.facts import (
    FamilyFacts,
    is_enrolled,
    read_enrolments,
    read_own_meals,
)
from portail.texts.french import listed


@dataclass(frozen=True, slots=True)
class Household:
    """A family to bill: who owes, and what its prices depend on."""

    debtor: Debtor
    number: int
    name: str
    facts: FamilyFacts


def households(
    session: Session, loaded: Loaded, family_ids: Sequence[int], on: date
) -> dict[int, Household]:
    """These families by id; `on` is the day whose enrolments count for a sibling reduction."""
    families = session.exec(select(Family).where(col(Family.id).in_(family_ids))).all()
    children = _children(session, family_ids)
    ids = {child_id for of in children.values() for child_id, _, _ in of}
    enrolled = {
        child_id
        for child_id, known in read_enrolments(session, loaded, ids).items()
        if is_enrolled(known, on)
    }
    own_meals = read_own_meals(session, ids)
    quotients = _quotients(session, family_ids)
    debtors = _guardians(session, family_ids)
    return {
        family.id or 0: Household(
            Debtor(family.id or 0, debtors.get(family.id or 0) or family.name, address(family)),
            family.number,
            family.name,
            _facts(loaded, family, children[family.id or 0], quotients, enrolled, own_meals),
        )
        for family in families
    }


def debtor(session: Session, family: Family) -> Debtor:
    """Who owes what is billed to one family."""
    ident = family.id or 0
    return Debtor(ident, _guardians(session, [ident]).get(ident) or family.name, address(family))


def address(family: Family) -> str:
    """The postal address of a family, its lines; empty when the town does not know it."""
    town = f"{family.postcode} {family.city}".strip()
    return "\n".join(part for part in (family.street, town) if part)


def _facts(
    loaded: Loaded,
    family: Family,
    children: Sequence[tuple[int, str, date]],
    quotients: Mapping[int, tuple[Quotient, ...]],
    enrolled: Collection[int],
    own_meals: Collection[int],
) -> FamilyFacts:
    ident = family.id or 0
    resident = loaded.town.residents.admits(family.postcode, family.city)
    siblings = tuple(Sibling(key, born, enrolled=key in enrolled) for key, _, born in children)
    pricing = {
        key: Context(quotients.get(ident, ()), resident, key, siblings, own_meal=key in own_meals)
        for key, _, _ in children
    }
    return FamilyFacts(ident, (), pricing, {key: name for key, name, _ in children})


def _children(
    session: Session, family_ids: Sequence[int]
) -> defaultdict[int, list[tuple[int, str, date]]]:
    """By family, the eldest first: id, first name, birth date."""
    found: defaultdict[int, list[tuple[int, str, date]]] = defaultdict(list)
    rows = session.exec(
        select(FamilyChild.family_id, Child)
        .join(Child, col(Child.id) == col(FamilyChild.child_id))
        .where(col(FamilyChild.family_id).in_(family_ids))
        .order_by(col(Child.birth_on), col(Child.id))
    )
    for family_id, child in rows:
        found[family_id].append((child.id or 0, child.first_name, child.birth_on))
    return found


def _quotients(session: Session, family_ids: Sequence[int]) -> dict[int, tuple[Quotient, ...]]:
    rows = session.exec(
        select(FamilyQuotient)
        .where(col(FamilyQuotient.family_id).in_(family_ids))
        .order_by(col(FamilyQuotient.valid_from), col(FamilyQuotient.id))
    )
    found: dict[int, tuple[Quotient, ...]] = {}
    for row in rows:
        quotient = Quotient(row.amount_cents, row.valid_from, row.valid_until)
        found[row.family_id] = (*found.get(row.family_id, ()), quotient)
    return found


def _guardians(session: Session, family_ids: Sequence[int]) -> dict[int, str]:
    """The adults of each file, in words: «Zoé Pinceau et Marc Pinceau»."""
    names: dict[int, list[str]] = defaultdict(list)
    rows = session.exec(
        select(Guardian.family_id, Guardian.first_name, Guardian.last_name)
        .where(col(Guardian.family_id).in_(family_ids))
        .order_by(col(Guardian.id))
    )
    for family_id, first_name, last_name in rows:
        names[family_id].append(f"{first_name} {last_name}".strip())
    return {family_id: listed(adults)[:300] for family_id, adults in names.items()}
