"""The family file as its own parent reads it: the households and each child.

A child in two files (garde alternée) is seen from both: the child itself and what concerns its
care are shared; the address, the income, the adults and the people allowed by the other household
are not read at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from portail import clock
from portail.adapters.sealing import unseal
from portail.database import reading
from portail.domain.care import Permission
from portail.domain.file_fields import FieldRule, FileField, Scope, of_scope
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureState
from portail.domain.schooling import school_year
from portail.models import (
    Certification,
    ChangeState,
    Child,
    ChildPermission,
    Collector,
    Family,
    FamilyQuotient,
    FieldChange,
    Guardian,
    Procedure,
    School,
    Subscription,
)
from portail.services.family_file.medical import medical_of
from portail.services.family_file.rules import rules
from portail.services.family_file.targets import COLLECTOR, present
from portail.services.family_file.values import Value
from portail.services.reach import (
    my_child,
    my_children,
    my_families,
    my_family_ids,
    shared_children,
)


@dataclass(frozen=True)
class WaitingChange:
    """A new value that waits; `mine`: asked by this household, which may withdraw it."""

    procedure_id: int  # 0: the other household's, which is its own business
    value: Value
    since: datetime
    needs_proof: bool
    mine: bool


@dataclass(frozen=True)
class FieldView:
    """A field: what it holds, what becomes of a change, and what waits."""

    key: str
    value: Value
    rule: FieldRule
    waiting: WaitingChange | None


@dataclass(frozen=True)
class GuardianView:
    """An adult of the file; `me`: the signed-in parent; `locked`: somebody else's to change."""

    id: int
    first_name: str
    last_name: str
    me: bool
    locked: bool
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class QuotientView:
    """The «quotient familial» that counts today, in cents."""

    amount_cents: int
    valid_from: date
    valid_until: date


@dataclass(frozen=True)
class HouseholdView:
    """A family file, without its children."""

    family_id: int
    number: int
    name: str
    fields: tuple[FieldView, ...]
    guardians: tuple[GuardianView, ...]
    quotient: QuotientView | None
    certified_at: datetime | None


@dataclass(frozen=True)
class ChildCard:
    """A child in the list."""

    id: int
    first_name: str
    last_name: str
    birth_on: date
    school: str
    class_level: str
    shared: bool
    allergies: bool
    pai: bool
    certified_at: datetime | None


@dataclass(frozen=True)
class CollectorView:
    """A person this household allows to collect the child; `procedure_id` brought the proof."""

    id: int
    last_name: str
    first_name: str
    phone: str
    link: str
    procedure_id: int | None


@dataclass(frozen=True)
class PermissionView:
    """What was decided last; `granted` None: nothing yet. `here`: by this household."""

    permission: Permission
    granted: bool | None
    decided_at: datetime | None
    here: bool


@dataclass(frozen=True)
class ChildView:
    """All that a parent sees of a child."""

    card: ChildCard
    family_id: int
    fields: tuple[FieldView, ...]
    medical_changed_at: datetime | None
    collectors: tuple[CollectorView, ...]
    collectors_waiting: tuple[WaitingChange, ...]
    permissions: tuple[PermissionView, ...]


def households(actor: Actor) -> tuple[HouseholdView, ...]:
    """The actor's family files, by number."""
    with reading() as session:
        chosen = rules(session)
        return tuple(
            _household(session, actor, family, chosen) for family in my_families(session, actor)
        )


def children(actor: Actor) -> tuple[ChildCard, ...]:
    """The children of the actor's families, eldest first, each once."""
    with reading() as session:
        rows = my_children(session, actor)
        first = {child.id or 0: (child, family_id) for child, family_id in reversed(rows)}
        shared = shared_children(session, {family_id for _, family_id in rows})
        ordered = sorted(first.values(), key=lambda pair: (pair[0].birth_on, pair[0].id or 0))
        return tuple(
            _card(session, child, family_id, shared=child.id in shared)
            for child, family_id in ordered
        )


def child_view(actor: Actor, child_id: int) -> ChildView:
    """One of the actor's children.

    Raises:
        NotFound: not a child of theirs.
    """
    with reading() as session:
        child, family = my_child(session, actor, child_id)
        family_id = family.id or 0
        chosen = rules(session)
        mine = set(session.exec(my_family_ids(actor)))
        shared = child_id in shared_children(session, mine)
        fields = [
            _field(session, field, child, family_id, chosen)
            for scope in (Scope.CHILD, Scope.MEDICAL)
            for field in of_scope(scope)
            if field.key != COLLECTOR
        ]
        return ChildView(
            _card(session, child, family_id, shared=shared),
            family_id,
            tuple(fields),
            medical_of(session, child_id)[1],
            _collectors(session, child_id, family_id),
            tuple(
                one
                for one in _waiting(session, COLLECTOR, child_id, family_id)
                if one.mine  # the other household's people are its own business
            ),
            _permissions(session, child_id, family_id),
        )


def _household(
    session: Session, actor: Actor, family: Family, chosen: dict[str, FieldRule]
) -> HouseholdView:
    family_id = family.id or 0
    today = clock.today()
    owners = dict(
        session.exec(
            select(Subscription.guardian_id, Subscription.account_id).where(
                Subscription.family_id == family_id
            )
        ).all()
    )
    adults = session.exec(
        select(Guardian).where(Guardian.family_id == family_id).order_by(col(Guardian.id))
    ).all()
    quotient = session.exec(
        select(FamilyQuotient)
        .where(
            FamilyQuotient.family_id == family_id,
            col(FamilyQuotient.valid_from) <= today,
            col(FamilyQuotient.valid_until) >= today,
        )
        .order_by(col(FamilyQuotient.valid_from).desc())
    ).first()
    return HouseholdView(
        family_id,
        family.number,
        family.name,
        tuple(
            _field(session, field, family, family_id, chosen) for field in of_scope(Scope.HOUSEHOLD)
        ),
        tuple(
            GuardianView(
                row.id or 0,
                row.first_name,
                row.last_name,
                owners.get(row.id or 0) == actor.account_id,
                owners.get(row.id or 0) not in (None, actor.account_id),
                tuple(
                    _field(session, field, row, family_id, chosen)
                    for field in of_scope(Scope.GUARDIAN)
                ),
            )
            for row in adults
        ),
        QuotientView(quotient.amount_cents, quotient.valid_from, quotient.valid_until)
        if quotient
        else None,
        _certified(session, family_id, None),
    )


def _card(session: Session, child: Child, family_id: int, *, shared: bool) -> ChildCard:
    school = session.get(School, child.school_id) if child.school_id else None
    medical, _ = medical_of(session, child.id or 0)
    return ChildCard(
        child.id or 0,
        child.first_name,
        child.last_name,
        child.birth_on,
        school.name if school else "",
        child.class_level,
        shared,
        bool(medical.allergies),
        medical.pai,
        _certified(session, family_id, child.id),
    )


def _field(
    session: Session,
    field: FileField,
    row: Family | Guardian | Child,
    family_id: int,
    chosen: dict[str, FieldRule],
) -> FieldView:
    waiting = _waiting(session, field.key, row.id or 0, family_id)
    value = present(session, field, row)
    return FieldView(field.key, value, chosen[field.key], waiting[0] if waiting else None)


def _waiting(session: Session, key: str, target_id: int, family_id: int) -> list[WaitingChange]:
    rows = session.exec(
        select(FieldChange, Procedure)
        .join(Procedure, col(Procedure.id) == col(FieldChange.procedure_id))
        .where(
            FieldChange.field == key,
            FieldChange.target_id == target_id,
            FieldChange.state == ChangeState.WAITING,
        )
        .order_by(col(FieldChange.id))
    )
    return [
        WaitingChange(
            (procedure.id or 0) if procedure.family_id == family_id else 0,
            unseal(change.new_value),
            procedure.requested_at,
            procedure.state is ProcedureState.DOCUMENT_ASKED,
            procedure.family_id == family_id,
        )
        for change, procedure in rows
    ]


def _collectors(session: Session, child_id: int, family_id: int) -> tuple[CollectorView, ...]:
    rows = session.exec(
        select(Collector)
        .where(Collector.child_id == child_id, Collector.family_id == family_id)
        .order_by(col(Collector.id))
    )
    return tuple(
        CollectorView(
            row.id or 0, row.last_name, row.first_name, row.phone, row.link, row.procedure_id
        )
        for row in rows
    )


def _permissions(session: Session, child_id: int, family_id: int) -> tuple[PermissionView, ...]:
    rows = {
        row.permission: row
        for row in session.exec(select(ChildPermission).where(ChildPermission.child_id == child_id))
    }
    return tuple(
        PermissionView(
            permission,
            rows[permission].granted if permission in rows else None,
            rows[permission].decided_at if permission in rows else None,
            permission in rows and rows[permission].family_id == family_id,
        )
        for permission in Permission
    )


def _certified(session: Session, family_id: int, child_id: int | None) -> datetime | None:
    about = (
        col(Certification.child_id).is_(None)
        if child_id is None
        else col(Certification.child_id) == child_id
    )
    return session.exec(
        select(Certification.certified_at).where(
            Certification.family_id == family_id,
            about,
            Certification.school_year == school_year(clock.today()),
        )
    ).first()
