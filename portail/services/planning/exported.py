"""Enrolments, reservations, absences and pending changes, for the copy of one's data."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, select

from portail import clock
from portail.domain.bookings import QUEUED
from portail.models import (
    Absence,
    ActivityRow,
    Child,
    Enrolment,
    PendingChange,
    Reservation,
    SlotRow,
)


def exported_enrolments(session: Session, family_id: int) -> list[dict[str, Any]]:
    """What this household asked for, oldest first."""
    rows = session.exec(
        select(Enrolment, Child.first_name, ActivityRow.label)
        .join(Child, col(Child.id) == col(Enrolment.child_id))
        .join(ActivityRow, col(ActivityRow.id) == col(Enrolment.activity_id))
        .where(Enrolment.family_id == family_id)
        .order_by(col(Enrolment.id))
    )
    return [
        {
            "enfant": child,
            "activite": activity,
            "etat": row.state.value,
            "demandee_le": clock.written(row.requested_at),
            "a_partir_du": row.entry_on.isoformat(),
            "jusqu_au": row.ended_on.isoformat() if row.ended_on else None,
        }
        for row, child, activity in rows
    ]


def exported_reservations(session: Session, family_id: int) -> list[dict[str, Any]]:
    """What this household booked, cancelled ones included, by day."""
    rows = session.exec(
        select(Reservation, Child.first_name, SlotRow.label, ActivityRow.label)
        .join(Child, col(Child.id) == col(Reservation.child_id))
        .join(SlotRow, col(SlotRow.id) == col(Reservation.slot_id))
        .join(ActivityRow, col(ActivityRow.id) == col(SlotRow.activity_id))
        .where(Reservation.family_id == family_id)
        .order_by(col(Reservation.day), col(Reservation.id))
    )
    return [
        {
            "enfant": child,
            "activite": activity,
            "prestation": slot,
            "jour": row.day.isoformat(),
            "etat": row.state.value,
            "liste_d_attente": row.state in QUEUED,
            "prix_centimes": row.price_cents,
            "supplement_centimes": row.surcharge_cents,
            "du_malgre_annulation_centimes": row.kept_cents,
            "reservee_le": clock.written(row.booked_at),
            "annulee_le": clock.written(row.cancelled_at),
        }
        for row, child, slot, activity in rows
    ]


def exported_absences(session: Session, family_id: int) -> list[dict[str, Any]]:
    """The absences this household told."""
    rows = session.exec(
        select(Absence, Child.first_name)
        .join(Child, col(Child.id) == col(Absence.child_id))
        .where(Absence.family_id == family_id)
        .order_by(col(Absence.id))
    )
    return [
        {
            "enfant": child,
            "du": row.first_on.isoformat(),
            "au": row.last_on.isoformat(),
            "etat": row.state.value,
            "signalee_le": clock.written(row.told_at),
        }
        for row, child in rows
    ]


def exported_pending(
    session: Session, account_id: int, family_ids: Collection[int]
) -> list[dict[str, Any]]:
    """What the account has pending, of the families it still reaches."""
    rows = session.exec(
        select(PendingChange, Child.first_name, SlotRow.label)
        .join(Child, col(Child.id) == col(PendingChange.child_id))
        .join(SlotRow, col(SlotRow.id) == col(PendingChange.slot_id))
        .where(PendingChange.account_id == account_id, col(PendingChange.family_id).in_(family_ids))
        .order_by(col(PendingChange.id))
    )
    return [
        {
            "enfant": child,
            "prestation": slot,
            "jour": row.day.isoformat(),
            "demande": row.kind.value,
            "choisie_le": clock.written(row.made_at),
        }
        for row, child, slot in rows
    ]
