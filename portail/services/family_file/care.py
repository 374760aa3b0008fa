"""What a parent decides at once for a child: permissions, people no longer allowed, certification.

The certification is the yearly «Je certifie l'exactitude de ces informations».
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from portail import clock
from portail.database import writing
from portail.domain.care import Permission
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.domain.schooling import school_year
from portail.models import Certification, Child, ChildPermission, Collector, FamilyChild
from portail.services import procedures
from portail.services.audit import log_action
from portail.services.family_file import acknowledgements
from portail.services.reach import NotFound, my_child, my_family, my_family_ids

NAMES = {
    Permission.PHOTO: "photos",
    Permission.OUTINGS: "sorties",
    Permission.ALONE: "retour seul",
}


def decide(actor: Actor, child_id: int, wanted: Mapping[Permission, bool]) -> bool:
    """Allow or refuse; kept with its date, in a procedure too. False when nothing changes.

    Raises:
        NotFound: not a child of theirs.
    """
    with writing() as session:
        child, family = my_child(session, actor, child_id)
        session.get(Child, child_id, with_for_update=True)  # two parents decide one after the other
        known = {
            row.permission: row
            for row in session.exec(
                select(ChildPermission).where(ChildPermission.child_id == child_id)
            )
        }
        changed = {
            permission: granted
            for permission, granted in wanted.items()
            if permission not in known or known[permission].granted != granted
        }
        if not changed:
            return False
        now = clock.now()
        for permission, granted in changed.items():
            row = known.get(permission) or ChildPermission(
                child_id=child_id, permission=permission, granted=granted, decided_at=now
            )
            row.granted, row.decided_at, row.family_id = granted, now, family.id
            session.add(row)
            log_action(
                session,
                f"permission_{permission.value}_{'granted' if granted else 'refused'}",
                account_id=actor.account_id,
                subject=f"child {child_id}",
            )
        words = ", ".join(
            f"{NAMES[one]}\u00a0: {'oui' if granted else 'non'}" for one, granted in changed.items()
        )
        procedure = procedures.open_procedure(
            session,
            actor,
            ProcedureKind.PERMISSIONS,
            f"Autorisations ({words})",
            family_id=family.id or 0,
            child_id=child.id,
            state=ProcedureState.DONE,
        )
        acknowledgements.received(session, actor, procedure)
        return True


def remove_collector(actor: Actor, collector_id: int) -> bool:
    """This person may no longer collect the child, as of now. False when there is no such one."""
    with writing() as session:
        row = session.exec(
            select(Collector)
            .where(Collector.id == collector_id, col(Collector.family_id).in_(my_family_ids(actor)))
            .with_for_update()
        ).first()
        if row is None:
            return False
        procedure = procedures.open_procedure(
            session,
            actor,
            ProcedureKind.COLLECTION,
            "Retrait d’une personne autorisée à venir chercher l’enfant",
            family_id=row.family_id,
            child_id=row.child_id,
            state=ProcedureState.DONE,
            note=f"{row.first_name} {row.last_name}",
        )
        acknowledgements.received(session, actor, procedure)
        log_action(
            session,
            "collector_removed",
            account_id=actor.account_id,
            subject=f"child {row.child_id}",
        )
        session.delete(row)
        return True


def certify(actor: Actor, family_id: int, child_id: int | None) -> datetime:
    """«Je certifie l'exactitude de ces informations», for a child or, without one, the household.

    Once a school year: certifying again changes nothing.

    Returns:
        When it was certified.

    Raises:
        NotFound: not theirs.
    """
    try:
        return _certify(actor, family_id, child_id)
    except IntegrityError:
        return _certify(actor, family_id, child_id)  # the other parent did, at the same moment


def _certify(actor: Actor, family_id: int, child_id: int | None) -> datetime:
    with writing() as session:
        family = my_family(session, actor, family_id)
        if child_id is not None and session.get(FamilyChild, (family_id, child_id)) is None:
            raise NotFound
        year = school_year(clock.today())
        about = (
            col(Certification.child_id).is_(None)
            if child_id is None
            else col(Certification.child_id) == child_id
        )
        known = session.exec(
            select(Certification).where(
                Certification.family_id == family_id, about, Certification.school_year == year
            )
        ).first()
        if known is not None:
            return known.certified_at
        now = clock.now()
        session.add(
            Certification(
                family_id=family_id,
                child_id=child_id,
                school_year=year,
                certified_at=now,
                account_id=actor.account_id,
            )
        )
        session.flush()
        procedures.open_procedure(
            session,
            actor,
            ProcedureKind.CERTIFICATION,
            f"Exactitude des informations certifiée, année {year}-{year + 1}",
            family_id=family.id or 0,
            child_id=child_id,
            state=ProcedureState.DONE,
        )
        log_action(
            session,
            "file_certified",
            account_id=actor.account_id,
            subject=f"child {child_id}" if child_id else f"family {family_id}",
        )
        return now
