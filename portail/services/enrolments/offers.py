"""What a family may ask for: activities that fit its children, with price, places and papers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from portail import clock
from portail.database import reading
from portail.domain.catalogue import Activity
from portail.domain.enrolling import (
    EnrolmentAnswer,
    Request,
    enrolment_group,
    entry_day,
    may_enrol,
)
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor
from portail.models import DocumentType, Enrolment
from portail.services.catalogue import Loaded, current
from portail.services.enrolments import places
from portail.services.enrolments.days import usual_days
from portail.services.enrolments.facts import Known, known_child, known_children
from portail.services.enrolments.views import ActivityOffer, ChildOffer, Choices, Paper, SlotPrice
from portail.services.reach import my_children


def choices(actor: Actor) -> Choices:
    """The types of activity that are on or to come, and the actor's children, eldest first."""
    with reading() as session:
        loaded, today = current(session), clock.today()
        there = {one.type for one in loaded.town.activities if one.season.last_day >= today}
        children = {child.id or 0: child.first_name for child, _ in my_children(session, actor)}
        return Choices(
            tuple((one.code, one.label) for one in loaded.town.types if one.code in there),
            tuple(children.items()),
        )


def offers(actor: Actor, type_code: str, child_ids: Sequence[int]) -> tuple[ActivityOffer, ...]:
    """The activities of a type that are offered to at least one of these children.

    Raises:
        NotFound: a child that is not the actor's.
    """
    with reading() as session:
        loaded, now = current(session), clock.now()
        known = known_children(session, actor, loaded)
        chosen = [known_child(known, child_id) for child_id in dict.fromkeys(child_ids)]
        activities = [one for one in loaded.town.activities if one.type == type_code]
        reader = _Offers(session, loaded, activities, now)
        found = (reader.offer(activity, chosen) for activity in activities)
        return tuple(one for one in found if one is not None)


class _Offers:
    """Counts and names, read once for all the activities."""

    def __init__(
        self, session: Session, loaded: Loaded, activities: Collection[Activity], now: datetime
    ) -> None:
        self.loaded, self.now = loaded, now
        ids = [loaded.activity_ids[one.code] for one in activities]
        self.taken = places.taken(session, ids)
        self.rules = {loaded.activity_ids[one.code]: one.capacity for one in activities}
        self.ranks = places.ranks_now(session, self.rules)
        self.queue = _queue(session, ids)
        wanted = {code for one in activities for code in one.eligibility.documents}
        self.papers = dict(
            session.exec(
                select(DocumentType.code, DocumentType.name).where(
                    col(DocumentType.code).in_(wanted)
                )
            ).all()
        )

    def offer(self, activity: Activity, children: Sequence[Known]) -> ActivityOffer | None:
        """The activity for those of these children whom it is offered to; None: for none."""
        shown = [one for one in (self._child(activity, child) for child in children) if one]
        if not shown:
            return None
        site = self.loaded.sites.get(activity.site)
        return ActivityOffer(
            activity.code,
            activity.label,
            activity.description,
            activity.season.first_day,
            activity.season.last_day,
            site.label if site else "",
            site.address if site else "",
            activity.slots,
            entry_day(activity, self.now),
            activity.fixed_entry is not None,
            usual_days(activity),
            tuple(shown),
        )

    def _child(self, activity: Activity, known: Known) -> ChildOffer | None:
        activity_id = self.loaded.activity_ids[activity.code]
        entry = entry_day(activity, self.now)
        group = enrolment_group(activity, known.facts, entry)
        mine = next((one for one in known.enrolments if one.activity_id == activity_id), None)
        answer = ask(
            activity, self.loaded, known, self.taken[activity_id], self.now, current_one=mine
        )
        ours = mine is not None and mine.family_id == known.family.id
        if not answer.offered and not ours:
            return None
        own_line = any(quota.group == group for quota in activity.capacity.quotas)
        return ChildOffer(
            known.child.id or 0,
            known.family.id or 0,
            known.child.first_name,
            answer.allowed,
            answer.reasons,
            answer.state,
            # another household's request is its own business: only that there is one is told
            mine.state if mine and ours else None,
            self.ranks.get(mine.id or 0, 0) if mine and ours else 0,
            answer.places_left,
            sum(
                one_id == activity_id and (not own_line or one_group == group)
                for one_id, one_group in self.queue
            ),
            tuple(
                SlotPrice(
                    slot,
                    self.loaded.tariffs.get(slot.tariff),
                    known.prices.outcome(slot.code, known.child.id or 0, entry),
                )
                for slot in activity.slots
            ),
            tuple(
                Paper(code, self.papers.get(code, code), code in known.facts.documents)
                for code in activity.eligibility.documents
            ),
        )


def ask(
    activity: Activity,
    loaded: Loaded,
    known: Known,
    held: places.Taken,
    now: datetime,
    *,
    current_one: Enrolment | None,
    entry_on: date | None = None,
) -> EnrolmentAnswer:
    """The engine's answer for a child, with the places as they are counted now."""
    entry = entry_on or entry_day(activity, now)
    group = enrolment_group(activity, known.facts, entry)
    request = Request(
        known.facts,
        entry,
        current_one.state if current_one else None,
        held.total,
        held.by_group[group],
    )
    return may_enrol(activity, loaded.rulebook.calendar, request, now)


def _queue(session: Session, activity_ids: Collection[int]) -> list[tuple[int, str]]:
    return list(
        session.exec(
            select(Enrolment.activity_id, Enrolment.group_code).where(
                col(Enrolment.activity_id).in_(activity_ids),
                Enrolment.state == EnrolmentState.WAITING_LIST,
            )
        ).all()
    )
