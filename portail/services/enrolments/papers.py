"""The documents that live enrolments ask for, told to «Mes documents»; and the file that came."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from portail import clock
from portail.domain.care import HEALTH_FORM
from portail.domain.enrolment_states import LIVE
from portail.domain.schooling import school_year
from portail.models import Certification, Enrolment
from portail.services.catalogue import current
from portail.services.documents import required
from portail.services.documents.required import Required
from portail.services.enrolments.moving import follow
from portail.services.procedures import moves


def asked_by_enrolments(session: Session, family_ids: Collection[int]) -> Required:
    """What the activities of these families' children ask for, and why.

    A health form certified this school year is there: it is not asked for.
    """
    loaded = current(session)
    activities = {loaded.activity_ids[one.code]: one for one in loaded.town.activities}
    rows = session.exec(
        select(Enrolment.family_id, Enrolment.child_id, Enrolment.activity_id)
        .where(col(Enrolment.family_id).in_(family_ids), col(Enrolment.state).in_(LIVE))
        .order_by(col(Enrolment.id))
    ).all()
    certified = set(
        session.exec(
            select(Certification.family_id, Certification.child_id).where(
                col(Certification.family_id).in_(family_ids),
                col(Certification.child_id).is_not(None),
                Certification.school_year == school_year(clock.today()),
            )
        )
    )
    found: Required = {}
    for family_id, child_id, activity_id in rows:
        activity = activities.get(activity_id)
        if activity is None or activity.season.last_day < clock.today():
            continue
        for code in activity.eligibility.documents:
            if code == HEALTH_FORM and (family_id, child_id) in certified:
                continue
            found.setdefault((family_id, child_id), {}).setdefault(code, f"pour {activity.label}")
    return found


def register() -> None:
    """Have «Mes documents» ask, and enrolments follow their procedures; once a process."""
    if follow not in moves.FOLLOWERS:
        moves.FOLLOWERS.append(follow)
    if asked_by_enrolments not in required.SOURCES:
        required.SOURCES.append(asked_by_enrolments)
