"""Lines that agents write for the next invoice of a family: a fee, a gesture, a late pick-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, delete

from portail import clock
from portail.database import writing
from portail.domain.billing.books import DEFAULT_REGIE
from portail.domain.identity import Actor
from portail.models import Adjustment
from portail.services.audit import log_action
from portail.services.billing.accounts import hold
from portail.services.billing.runs import check


@dataclass(frozen=True)
class NewLine:
    """A line to bill from the run of a month on; `cents` below zero are in the family's favour."""

    label: str
    cents: int
    period_on: date
    child_id: int | None = None
    regie: str = DEFAULT_REGIE
    childcare: bool = False
    reason: str = ""  # for the town


def add_line(actor: Actor, family_id: int, line: NewLine) -> int:
    """Write a line; its id.

    Raises:
        Forbidden: the actor is not an agent of the régie.
        NotFound: no such family.
        ValueError: no label, or no amount.
    """
    check(actor)
    if not line.label.strip() or line.cents == 0:
        raise ValueError("A line has a label and an amount")
    with writing() as session:
        hold(session, family_id)
        row = Adjustment(
            family_id=family_id,
            child_id=line.child_id,
            regie=line.regie,
            period_on=line.period_on.replace(day=1),
            label=line.label.strip()[:200],
            cents=line.cents,
            childcare=line.childcare,
            reason=line.reason[:300],
            agent_id=actor.agent_id,
            made_at=clock.now(),
        )
        session.add(row)
        session.flush()
        log_action(session, "line_added", agent_id=actor.agent_id, subject=f"adjustment {row.id}")
        return row.id or 0


def remove_line(actor: Actor, line_id: int) -> bool:
    """Take back a line that is on no invoice yet; False: it is, or there is none.

    Raises:
        Forbidden: the actor is not an agent of the régie.
    """
    check(actor)
    with writing() as session:
        gone = session.exec(
            delete(Adjustment).where(
                col(Adjustment.id) == line_id, col(Adjustment.line_id).is_(None)
            )
        ).rowcount
        if gone:
            log_action(
                session, "line_removed", agent_id=actor.agent_id, subject=f"adjustment {line_id}"
            )
        return bool(gone)
