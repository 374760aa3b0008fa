"""The documents that a child's health asks for, told to «Mes documents»."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from portail.domain.file_fields import FIELDS
from portail.models import FamilyChild, MedicalRecord
from portail.services.documents import required
from portail.services.documents.required import Required
from portail.services.family_file.medical import opened

PAI = FIELDS["medical.pai"].proof


def asked_by_health(session: Session, family_ids: Collection[int]) -> Required:
    """The signed plan of each child of these families who has one: it is renewed every year."""
    rows = session.exec(
        select(FamilyChild.family_id, MedicalRecord)
        .join(MedicalRecord, col(MedicalRecord.child_id) == col(FamilyChild.child_id))
        .where(col(FamilyChild.family_id).in_(family_ids))
    )
    return {
        (family_id, record.child_id): {PAI: "pour son accueil individualisé"}
        for family_id, record in rows
        if opened(record).pai
    }


def register() -> None:
    """Have «Mes documents» ask; once a process."""
    if asked_by_health not in required.SOURCES:
        required.SOURCES.append(asked_by_health)
