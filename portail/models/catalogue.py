"""The catalogue of the town. A row is what other rows point to; its rules are a definition.

A definition is the plain (JSON) form of a dataclass of `domain/catalogue` or `domain/pricing`, as
a town's TOML file says it: what a rule may express is decided there, not by columns.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from portail.models.base import Instant


class ActivityTypeRow(SQLModel, table=True):
    """«Activités périscolaires», «Centre de loisirs», «Restauration scolaire»."""

    __tablename__ = "activity_type"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    definition: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class SiteRow(SQLModel, table=True):
    """Where activities take place."""

    __tablename__ = "site"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    definition: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class ActivityRow(SQLModel, table=True):
    """An activity over its season; its slots are rows of their own.

    `withdrawn_at`: no longer in the town's file, kept because enrolments point to it.
    """

    __tablename__ = "activity"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="season_order"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    type_code: str = Field(max_length=60, index=True)
    label: str = Field(max_length=120)
    first_day: date
    last_day: date = Field(index=True)
    definition: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class SlotRow(SQLModel, table=True):
    """A slot («prestation») of an activity. A withdrawn one keeps a label used again."""

    __tablename__ = "slot"

    id: int | None = Field(default=None, primary_key=True)
    activity_id: int = Field(foreign_key="activity.id", ondelete="CASCADE", index=True)
    code: str = Field(max_length=60, unique=True)
    label: str = Field(max_length=120)
    rank: int = Field(default=0)
    definition: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)


class TariffRow(SQLModel, table=True):
    """A tariff («tarif»), with all its versions."""

    __tablename__ = "tariff"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    definition: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class CatalogueState(SQLModel, table=True):
    """One row: the town's own rules, and a number that grows at each import."""

    __tablename__ = "catalogue_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    town: str = Field(max_length=80)
    calendar: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    residents: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    version: int = Field(default=1)
    # of one import alone: a database begun again counts its versions from 1 again
    stamp: str = Field(max_length=32)
    imported_at: datetime = Field(sa_type=Instant)
