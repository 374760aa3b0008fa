"""The planning: changes not confirmed yet, confirmations, absences, and what moved on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from portail.domain.absences import AbsenceState
from portail.domain.bookings import Pending
from portail.domain.confirmations import LineOutcome
from portail.models.base import Instant, text_enum


class PlanningDraft(SQLModel, table=True):
    """One row an account, locked by whoever changes what it has pending.

    `version` grows at each change and at each confirmation: a confirmation names the version that
    its parent saw. `undo` holds what the last change replaced.
    """

    __tablename__ = "planning_draft"

    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", primary_key=True)
    version: int = Field(default=1)
    undo: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class PendingChange(SQLModel, table=True):
    """A booking or a cancellation chosen on the grid and not yet confirmed («en attente»).

    `because_slot_id`: it is the other side of a booking (Journée replaces Matin) and goes with it.
    """

    __tablename__ = "pending_change"
    __table_args__ = (
        UniqueConstraint("account_id", "child_id", "slot_id", "day"),
        Index("ix_pending_change_child", "child_id", "day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE", index=True)
    child_id: int = Field(foreign_key="child.id", ondelete="CASCADE")
    slot_id: int = Field(foreign_key="slot.id", ondelete="CASCADE")
    day: date
    kind: Pending = Field(sa_column=Column(text_enum(Pending, "kind"), nullable=False))
    because_slot_id: int | None = Field(default=None, foreign_key="slot.id", ondelete="CASCADE")
    made_at: datetime = Field(sa_type=Instant)


class Confirmation(SQLModel, table=True):
    """What an account confirmed at once («Terminer»). The same version again is the same one.

    A freed place that was accepted is one too: no draft showed it, so its `version` is the id of
    its (first) reservation, below zero.
    """

    __table_args__ = (UniqueConstraint("account_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    version: int
    confirmed_at: datetime = Field(sa_type=Instant)


class ConfirmationLine(SQLModel, table=True):
    """What became of one change, and what was told of it."""

    __tablename__ = "confirmation_line"
    __table_args__ = (CheckConstraint("rank >= 0", name="rank_positive"),)

    id: int | None = Field(default=None, primary_key=True)
    confirmation_id: int = Field(foreign_key="confirmation.id", ondelete="CASCADE", index=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE", index=True)
    procedure_id: int | None = Field(
        default=None, foreign_key="procedure.id", ondelete="SET NULL", index=True
    )
    child_id: int = Field(foreign_key="child.id", ondelete="CASCADE")
    slot_id: int = Field(foreign_key="slot.id")
    day: date
    kind: Pending = Field(sa_column=Column(text_enum(Pending, "kind"), nullable=False))
    outcome: LineOutcome = Field(
        sa_column=Column(text_enum(LineOutcome, "outcome"), nullable=False)
    )
    # booked: the price, surcharge included; cancelled: what is due no more; unset: not known
    cents: int | None = Field(default=None)
    kept_cents: int = Field(default=0)  # cancelled late: what stays due
    rank: int = Field(default=0)  # on the waiting list
    told: str = Field(default="", max_length=300)  # why not, in French


class Absence(SQLModel, table=True):
    """Days of absence told by a family («Signaler une absence»); no reason is asked."""

    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="days_order"),
        Index("ix_absence_child", "child_id", "first_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE", index=True)
    child_id: int = Field(foreign_key="child.id", ondelete="CASCADE")
    first_on: date
    last_on: date
    state: AbsenceState = Field(sa_column=Column(text_enum(AbsenceState, "state"), nullable=False))
    told_at: datetime = Field(sa_type=Instant)
    procedure_id: int | None = Field(
        default=None, foreign_key="procedure.id", ondelete="SET NULL", index=True
    )


class PlaceChange(SQLModel, table=True):
    """Places of a slot were taken or freed on a day: open grids are told. Kept a few minutes."""

    __tablename__ = "place_change"
    __table_args__ = (Index("ix_place_change_place", "slot_id", "day", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    slot_id: int = Field(foreign_key="slot.id", ondelete="CASCADE")
    day: date
    changed_at: datetime = Field(sa_type=Instant, index=True)
