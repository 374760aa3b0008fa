"""Family files: the household, its adults and children, and who may reach them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from portail.models.base import Instant


class School(SQLModel, table=True):
    """A school of the town."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)


class Family(SQLModel, table=True):
    """The town's file of a household («dossier famille»)."""

    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120, index=True)
    street: str = Field(default="", max_length=160)
    postcode: str = Field(default="", max_length=10)
    city: str = Field(default="", max_length=80)


class Guardian(SQLModel, table=True):
    """An adult of a family file («responsable légal»)."""

    __table_args__ = (UniqueConstraint("family_id", "email_key"),)

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE", index=True)
    last_name: str = Field(max_length=80)
    first_name: str = Field(max_length=80)
    email: str = Field(max_length=254)
    email_key: str = Field(max_length=254)
    phone: str = Field(default="", max_length=30)


class Child(SQLModel, table=True):
    """A child; may belong to two family files (garde alternée)."""

    id: int | None = Field(default=None, primary_key=True)
    last_name: str = Field(max_length=80)
    first_name: str = Field(max_length=80)
    birth_on: date
    school_id: int | None = Field(default=None, foreign_key="school.id", index=True)
    class_level: str = Field(default="", max_length=10)


class FamilyChild(SQLModel, table=True):
    """A child in a family file."""

    __tablename__ = "family_child"

    family_id: int = Field(foreign_key="family.id", primary_key=True, ondelete="CASCADE")
    child_id: int = Field(foreign_key="child.id", primary_key=True, ondelete="CASCADE", index=True)


class Subscription(SQLModel, table=True):
    """An account linked to a family file, as one of its adults («Service enfance»)."""

    __table_args__ = (UniqueConstraint("account_id", "family_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE", index=True)
    # one account for each adult: a second sign-up for the same person is refused by the database
    guardian_id: int = Field(foreign_key="guardian.id", ondelete="CASCADE", unique=True)
    created_at: datetime = Field(sa_type=Instant)
