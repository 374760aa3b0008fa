"""May this child be enrolled in this activity from that day, and what becomes of the request?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from portail.domain.calendars import Calendar
from portail.domain.capacity import group_of, places_on, settle
from portail.domain.catalogue import Activity, Approval
from portail.domain.deadlines import Asked, Deadline, resolve
from portail.domain.eligibility import ChildFacts, eligible
from portail.domain.enrolment_states import LIVE, EnrolmentState
from portail.domain.moments import PARIS, utc
from portail.domain.reasons import Code, Reason
from portail.domain.windows import OPEN, WindowAnswer, openings, refusal, stand


@dataclass(frozen=True)
class Request:
    """What is asked. `current` is the child's live enrolment in this activity, if any; `taken`
    counts those that hold a place (`enrolment_states.HOLDING_A_PLACE`), of them the group's.
    """  # noqa: D205

    child: ChildFacts
    entry_on: date
    current: EnrolmentState | None = None
    taken: int = 0
    taken_by_group: int = 0


@dataclass(frozen=True)
class EnrolmentAnswer:
    """`state` is what the request becomes when it is `allowed`; else every reason why not.

    `offered` is whether the activity is shown to this child at all. `changes_at` is when the
    window closes, or opens.
    """

    allowed: bool
    offered: bool
    reasons: tuple[Reason, ...]
    state: EnrolmentState | None
    places_left: int | None
    changes_at: datetime | None


def entry_day(activity: Activity, now: datetime) -> date:
    """The day of entry proposed: the imposed one, or the first that is still to come."""
    today = now.astimezone(PARIS).date()
    return activity.fixed_entry or max(activity.season.first_day, today)


def enrolment_group(activity: Activity, child: ChildFacts, entry_on: date) -> str:
    """The group whose enrolment places the child takes."""
    return group_of(activity.groups, child.level, child.birth_date, entry_on)


def may_enrol(
    activity: Activity, calendar: Calendar, request: Request, now: datetime
) -> EnrolmentAnswer:
    """Whether the request may be made now, and its state once made."""
    season, entry, child = activity.season, request.entry_on, request.child
    fits = eligible(activity.eligibility, child, entry, season.first_day)
    over = now.astimezone(PARIS).date() > season.last_day
    standing = _window(activity, calendar, request, now)
    group = enrolment_group(activity, child, entry)
    places = settle(
        activity.capacity,
        places_on(activity.capacity),
        group,
        request.taken,
        request.taken_by_group,
    )
    reasons = [*_about_the_day(activity, entry, now), *fits.reasons]
    if request.current in LIVE:
        reasons.insert(0, Reason(Code.ALREADY_ASKED))
    shut = refusal(standing)
    if shut is not None:
        reasons.append(shut)
    if places.reason is not None and not places.waiting_list:
        reasons.append(places.reason)
    state = None
    if not reasons:
        automatic = activity.approval is Approval.AUTOMATIC
        state = EnrolmentState.VALIDATED if automatic else EnrolmentState.REQUESTED
        if places.reason is not None:
            state = EnrolmentState.WAITING_LIST
    return EnrolmentAnswer(
        allowed=not reasons,
        offered=not over and not fits.lasting,
        reasons=tuple(reasons),
        state=state,
        places_left=places.left,
        changes_at=standing.changes_at,
    )


def _about_the_day(activity: Activity, entry: date, now: datetime) -> list[Reason]:
    season, today = activity.season, now.astimezone(PARIS).date()
    bounds = (season.first_day, season.last_day)
    if today > season.last_day:
        return [Reason(Code.ACTIVITY_OVER, days=bounds)]
    if activity.fixed_entry is not None:
        if entry != activity.fixed_entry:
            return [Reason(Code.ENTRY_IMPOSED, days=(activity.fixed_entry,))]
        return []
    if entry not in season:
        return [Reason(Code.ENTRY_OUT_OF_SEASON, days=bounds)]
    return [Reason(Code.ENTRY_PAST)] if entry < today else []


def _window(
    activity: Activity, calendar: Calendar, request: Request, now: datetime
) -> WindowAnswer:
    if not activity.enrolment_windows:
        return OPEN
    asked = Asked(request.entry_on, time(0), calendar, activity.season)

    def counted(deadline: Deadline) -> datetime:
        return resolve(deadline, asked)

    found = openings(activity.enrolment_windows, request.entry_on, counted)
    return stand(found, utc(now), resident=request.child.resident)
