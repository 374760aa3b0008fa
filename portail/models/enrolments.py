"""Enrolments («inscriptions») of children in activities, and their reservations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from portail.domain.bookings import Held
from portail.domain.enrolment_states import EnrolmentState
from portail.models.base import Instant, text_enum

QUEUE = "state IN ('waiting', 'offered') AND cancelled_at IS NULL"
LIVE = "state IN ('requested', 'document_asked', 'waiting_list', 'validated')"


class Enrolment(SQLModel, table=True):
    """A child in an activity, asked by one of its households."""

    __table_args__ = (
        # a request twice for the same child and activity is refused here, whatever the load
        Index(
            "uq_enrolment_live",
            "child_id",
            "activity_id",
            unique=True,
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index("ix_enrolment_places", "activity_id", "state", "group_code"),
        CheckConstraint("ended_on IS NULL OR ended_on >= entry_on", name="end_after_entry"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE", index=True)
    child_id: int = Field(foreign_key="child.id", ondelete="CASCADE", index=True)
    activity_id: int = Field(foreign_key="activity.id")
    procedure_id: int | None = Field(
        default=None, foreign_key="procedure.id", ondelete="SET NULL", index=True
    )
    state: EnrolmentState = Field(
        sa_column=Column(text_enum(EnrolmentState, "state"), nullable=False)
    )
    group_code: str = Field(default="", max_length=60)  # whose places it takes
    entry_on: date
    ended_on: date | None = Field(default=None)
    usual_days: str = Field(default="", max_length=40)  # «1,2,4,5», Monday is 1
    requested_at: datetime = Field(sa_type=Instant)
    # the order on the waiting list: a rank is counted, so that it never has a gap
    waiting_since: datetime | None = Field(default=None, sa_type=Instant)


class Reservation(SQLModel, table=True):
    """A child, a slot, a date («réservation»), at the price shown when it was booked.

    `price_cents` unset: the price was not known then (no quotient on file, a price by month).
    """

    __table_args__ = (
        Index(
            "uq_reservation_live",
            "child_id",
            "slot_id",
            "day",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        # counted without reading the rows (SQLite would read them for the condition)
        Index(
            "ix_reservation_places",
            "slot_id",
            "day",
            "group_code",
            "state",
            "cancelled_at",
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        Index("ix_reservation_family_day", "family_id", "day"),
        Index("ix_reservation_child_day", "child_id", "day"),
        # those who wait, first come first: few among many. With what its condition asks, else
        # SQLite takes the index of the places, which is whole
        Index(
            "ix_reservation_queue",
            "slot_id",
            "day",
            "booked_at",
            "state",
            "cancelled_at",
            sqlite_where=text(QUEUE),
            postgresql_where=text(QUEUE),
        ),
        CheckConstraint("price_cents >= 0", name="price_positive"),
        CheckConstraint("surcharge_cents >= 0", name="surcharge_positive"),
        CheckConstraint("kept_cents >= 0", name="kept_positive"),
        CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="offer_ends"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE")
    child_id: int = Field(foreign_key="child.id", ondelete="CASCADE")
    slot_id: int = Field(foreign_key="slot.id")
    day: date
    state: Held = Field(sa_column=Column(text_enum(Held, "state"), nullable=False))
    group_code: str = Field(default="", max_length=60)
    price_cents: int | None = Field(default=None)
    surcharge_cents: int = Field(default=0)  # booked late
    kept_cents: int = Field(default=0)  # cancelled late: what stays due
    booked_at: datetime = Field(sa_type=Instant)  # or the day one began to wait
    offered_until: datetime | None = Field(default=None, sa_type=Instant)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    # who asked: told of an offer
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
