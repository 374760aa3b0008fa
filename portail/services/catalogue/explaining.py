"""One cell of a child's planning explained, for agents and for us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import col, select

from portail.database import reading
from portail.domain.explanations import Step, explain
from portail.domain.pricing import Outcome
from portail.models import Family, FamilyChild
from portail.services.catalogue.facts import family_facts
from portail.services.catalogue.loading import Loaded, current
from portail.services.catalogue.plans import Prices, plan_for


class Unknown(StrEnum):
    """What was asked about and does not exist."""

    CHILD = "child"
    SLOT = "slot"


@dataclass(frozen=True)
class Explained:
    """Each rule applied, and the price with its steps (None: the slot has no tariff)."""

    child: str
    family_number: int
    slot: str
    steps: tuple[Step, ...]
    price: Outcome | None
    loaded: Loaded


def explain_cell(
    child_id: int, slot: str, day: date, now: datetime, family_number: int | None = None
) -> Explained | Unknown:
    """The decision on this cell, rule by rule, with changes that are not confirmed left out.

    Args:
        child_id: of the child.
        slot: its code.
        day: of the cell.
        now: the instant of the question.
        family_number: whose prices, for a child of two households; else the first one's.
    """
    with reading() as session:
        loaded = current(session)
        if slot not in loaded.rulebook.slots:
            return Unknown.SLOT
        query = (
            select(Family)
            .join(FamilyChild, col(FamilyChild.family_id) == col(Family.id))
            .where(FamilyChild.child_id == child_id)
            .order_by(col(Family.number))
        )
        if family_number is not None:
            query = query.where(Family.number == family_number)
        family = session.exec(query.limit(1)).first()
        if family is None:
            return Unknown.CHILD
        plan = plan_for(session, family.id or 0, [day], now, loaded=loaded)
        names = family_facts(session, loaded, family.id or 0, day).names
    prices = plan.price_of
    return Explained(
        names[child_id],
        family.number,
        loaded.slot_labels[slot],
        explain(plan, child_id, slot, day),
        prices.outcome(slot, child_id, day) if isinstance(prices, Prices) else None,
        loaded,
    )
