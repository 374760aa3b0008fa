"""Medical information at rest is sealed; every reading by an agent is written down."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from portail import clock
from portail.adapters.sealing import seal, unseal
from portail.database import writing
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.medical import Diet, MedicalInformation
from portail.models import Child, FieldChange, MedicalRecord
from portail.services.audit import log_action
from portail.services.reach import NotFound
from portail.services.resealing import reseal_rows


def medical_of(session: Session, child_id: int) -> tuple[MedicalInformation, datetime | None]:
    """What is known of a child's health, and since when. The caller has checked who asks."""
    row = session.get(MedicalRecord, child_id)
    if row is None:
        return MedicalInformation(), None
    return opened(row), row.changed_at


def opened(row: MedicalRecord) -> MedicalInformation:
    """What a record says. The caller has checked who asks, or tells nobody of it."""
    return unsealed(row.sealed)


def unsealed(sealed: str) -> MedicalInformation:
    """The same of the sealed text of a record."""
    values = unseal(sealed)
    return MedicalInformation(**{**values, "diet": Diet(values["diet"])})


def change_medical(session: Session, child_id: int, parts: dict[str, Any]) -> None:
    """Replace some entries of a child's record, which the caller has locked (by its child)."""
    known, _ = medical_of(session, child_id)
    changed = replace(known, **parts)
    row = session.get(MedicalRecord, child_id)
    sealed, now = seal(asdict(changed)), clock.now()
    if row is None:
        session.add(MedicalRecord(child_id=child_id, sealed=sealed, changed_at=now))
    else:
        row.sealed, row.changed_at = sealed, now
    session.flush()


def read_as_agent(actor: Actor, child_id: int) -> MedicalInformation:
    """The record of a child, for an agent of childcare; the reading is logged before it is given.

    Raises:
        Forbidden: not an agent with this role.
        NotFound: no such child.
    """
    if not actor.is_agent or Role.ENFANCE not in actor.roles:
        raise Forbidden
    with writing() as session:
        if session.get(Child, child_id) is None:
            raise NotFound
        log_action(session, "medical_read", agent_id=actor.agent_id, subject=f"child {child_id}")
        return medical_of(session, child_id)[0]


def reseal_everything() -> int:
    """Seal again with the newest key, in batches; returns how many texts. Safe to run again.

    Raises:
        SealBrokenError: a text that no key opens; nothing of its batch is changed.
    """
    sealed = reseal_rows(MedicalRecord, "child_id", "sealed")
    return sealed + reseal_rows(FieldChange, "id", "old_value", "new_value")
