"""Family files: the household, its adults and children, and who may reach them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from portail.domain.care import Permission
from portail.models.base import Instant, text_enum


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


class FamilyQuotient(SQLModel, table=True):
    """The «quotient familial» of a household over a time; nobody else's business."""

    __tablename__ = "family_quotient"
    __table_args__ = (
        UniqueConstraint("family_id", "valid_from"),
        CheckConstraint("amount_cents >= 0", name="amount_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE", index=True)
    amount_cents: int
    valid_from: date
    valid_until: date


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
    work_phone: str = Field(default="", max_length=30)


class Child(SQLModel, table=True):
    """A child; may belong to two family files (garde alternée)."""

    id: int | None = Field(default=None, primary_key=True)
    last_name: str = Field(max_length=80)
    first_name: str = Field(max_length=80)
    birth_on: date
    school_id: int | None = Field(default=None, foreign_key="school.id", index=True)
    class_level: str = Field(default="", max_length=10)
    insurer: str = Field(default="", max_length=80)
    insurance_contract: str = Field(default="", max_length=40)
    insured_until: date | None = Field(default=None)


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


class MedicalRecord(SQLModel, table=True):
    """The medical information of a child, sealed: the database alone does not give it away."""

    __tablename__ = "medical_record"

    child_id: int = Field(foreign_key="child.id", primary_key=True, ondelete="CASCADE")
    sealed: str
    changed_at: datetime = Field(sa_type=Instant)


class Collector(SQLModel, table=True):
    """A person whom a household allows to collect a child («personne autorisée»)."""

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE", index=True)
    child_id: int = Field(foreign_key="child.id", ondelete="CASCADE", index=True)
    last_name: str = Field(max_length=80)
    first_name: str = Field(max_length=80)
    phone: str = Field(max_length=30)
    link: str = Field(max_length=60)  # to the child: «grand-mère», «voisin»
    procedure_id: int | None = Field(
        default=None, foreign_key="procedure.id", ondelete="SET NULL"
    )  # by which it came, with the proof of identity


class ChildPermission(SQLModel, table=True):
    """What was decided last; the past is in the procedures."""

    __tablename__ = "child_permission"

    child_id: int = Field(foreign_key="child.id", primary_key=True, ondelete="CASCADE")
    permission: Permission = Field(
        sa_column=Column(text_enum(Permission, "permission"), primary_key=True)
    )
    granted: bool
    decided_at: datetime = Field(sa_type=Instant)
    family_id: int | None = Field(default=None, foreign_key="family.id", ondelete="SET NULL")


class Certification(SQLModel, table=True):
    """«Je certifie l'exactitude de ces informations», once a school year."""

    __table_args__ = (
        Index(
            "uq_certification_child",
            "family_id",
            "child_id",
            "school_year",
            unique=True,
            sqlite_where=text("child_id IS NOT NULL"),
            postgresql_where=text("child_id IS NOT NULL"),
        ),
        Index(
            "uq_certification_household",
            "family_id",
            "school_year",
            unique=True,
            sqlite_where=text("child_id IS NULL"),
            postgresql_where=text("child_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE")
    child_id: int | None = Field(default=None, foreign_key="child.id", ondelete="CASCADE")
    school_year: int  # the calendar year it began
    certified_at: datetime = Field(sa_type=Instant)
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
