"""Procedures («démarches»), their history, and the changes that wait for an agent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field, SQLModel

from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models.base import Instant, text_enum


class Procedure(SQLModel, table=True):
    """Something a family asked for."""

    __table_args__ = (
        # the list of a family, newest first
        Index("ix_procedure_family_newest", "family_id", "requested_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    family_id: int = Field(foreign_key="family.id", ondelete="CASCADE")
    child_id: int | None = Field(
        default=None, foreign_key="child.id", ondelete="CASCADE", index=True
    )
    account_id: int | None = Field(
        default=None, foreign_key="account.id", ondelete="SET NULL", index=True
    )
    kind: ProcedureKind = Field(sa_column=Column(text_enum(ProcedureKind, "kind"), nullable=False))
    state: ProcedureState = Field(
        sa_column=Column(text_enum(ProcedureState, "state"), nullable=False, index=True)
    )
    title: str = Field(max_length=200)  # what the list says; never medical data
    requested_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)


class ProcedureEvent(SQLModel, table=True):
    """One line of a procedure's history."""

    __tablename__ = "procedure_event"
    __table_args__ = (CheckConstraint("account_id IS NULL OR agent_id IS NULL", name="one_actor"),)

    id: int | None = Field(default=None, primary_key=True)
    procedure_id: int = Field(foreign_key="procedure.id", ondelete="CASCADE", index=True)
    at: datetime = Field(sa_type=Instant)
    state: ProcedureState = Field(
        sa_column=Column(text_enum(ProcedureState, "state"), nullable=False)
    )
    note: str = Field(default="", max_length=1000)  # a reason, what was asked
    account_id: int | None = Field(default=None, foreign_key="account.id", ondelete="SET NULL")
    agent_id: int | None = Field(default=None, foreign_key="agent.id", ondelete="SET NULL")


class ChangeState(StrEnum):
    """What became of a change."""

    WAITING = "waiting"
    APPLIED = "applied"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class FieldChange(SQLModel, table=True):
    """A change of one field of a file, applied or waiting. Values are sealed: some are medical."""

    __tablename__ = "field_change"
    __table_args__ = (
        # one waiting change for a field, but people to add, which are as many as one likes
        Index(
            "uq_field_change_waiting",
            "field",
            "target_id",
            unique=True,
            sqlite_where=text("state = 'waiting' AND field <> 'child.collector'"),
            postgresql_where=text("state = 'waiting' AND field <> 'child.collector'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    procedure_id: int = Field(foreign_key="procedure.id", ondelete="CASCADE", index=True)
    field: str = Field(max_length=40)
    target_id: int  # of the family, the guardian or the child, as the field says
    old_value: str = Field(default="")
    new_value: str
    state: ChangeState = Field(sa_column=Column(text_enum(ChangeState, "state"), nullable=False))


class FieldRuleChoice(SQLModel, table=True):
    """The rule the town chose for a field, when it is not the default."""

    __tablename__ = "field_rule_choice"

    field: str = Field(max_length=40, primary_key=True)
    rule: str = Field(max_length=20)
