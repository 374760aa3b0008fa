"""Why something is possible or not, as data. `portail.texts.reasons` says it in French."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Code(StrEnum):
    """Every answer the engine gives. What a code carries beside is in its comment."""

    # possible; `at` is the last instant, when there is one
    BOOKABLE = "bookable"
    CANCELLABLE = "cancellable"
    LATE_BOOKING = "late_booking"  # `since` is the deadline that passed
    LATE_CANCELLATION = "late_cancellation"  # likewise
    FORCED = "forced"  # an agent's force majeure: deadlines and windows are ignored

    # closed
    NOT_A_DAY_OF_THE_SLOT = "not_a_day_of_the_slot"
    SLOT_CLOSED = "slot_closed"  # exceptionally, that day
    TOWN_CLOSED = "town_closed"  # words: why; days
    PUBLIC_HOLIDAY = "public_holiday"  # words: its name
    SCHOOL_HOLIDAYS = "school_holidays"  # words: their name; days
    NO_SCHOOL = "no_school"  # a day without class outside holidays
    NOT_IN_HOLIDAYS = "not_in_holidays"  # the slot is only open in school holidays
    OUT_OF_SEASON = "out_of_season"  # days: the season
    UNKNOWN_CALENDAR = "unknown_calendar"  # days: what is known
    NO_LONGER_OFFERED = "no_longer_offered"  # withdrawn from the town's catalogue

    # the enrolment
    NOT_ENROLLED = "not_enrolled"
    ENROLMENT_PENDING = "enrolment_pending"
    BEFORE_ENTRY = "before_entry"  # days: entry
    AFTER_END = "after_end"  # days: end

    # who may
    TOO_YOUNG = "too_young"  # number: months asked; days: the day the age is counted
    TOO_OLD = "too_old"  # likewise
    WRONG_LEVEL = "wrong_level"  # words: the levels admitted
    WRONG_SCHOOL = "wrong_school"  # words: the schools admitted
    RESIDENTS_ONLY = "residents_only"
    MISSING_DOCUMENTS = "missing_documents"  # words: their codes
    PAYMENTS_DUE = "payments_due"
    TWIN_ACTIVITY = "twin_activity"  # words: the activities in the way

    # asking for an enrolment
    ALREADY_ASKED = "already_asked"
    ACTIVITY_OVER = "activity_over"  # days: the season
    ENTRY_OUT_OF_SEASON = "entry_out_of_season"  # days: the season
    ENTRY_IMPOSED = "entry_imposed"  # days: the day imposed
    ENTRY_PAST = "entry_past"

    # when
    BOOKING_TOO_LATE = "booking_too_late"  # `at`; `since` when late was accepted until `at`
    CANCELLING_TOO_LATE = "cancelling_too_late"  # likewise
    NEVER_BOOKABLE = "never_bookable"
    NEVER_CANCELLABLE = "never_cancellable"
    WINDOW_NOT_OPEN = "window_not_open"  # `at`
    WINDOW_RESIDENTS_FIRST = "window_residents_first"  # `at`
    WINDOW_OVER = "window_over"  # `at`
    NO_WINDOW = "no_window"

    # how many
    FULL = "full"
    GROUP_FULL = "group_full"  # words: the group
    NO_GROUP = "no_group"  # every place is kept for groups this child is not in
    WEEK_LIMIT = "week_limit"  # number
    NEEDS_SLOT = "needs_slot"  # words: slots
    REPLACES_LOCKED = "replaces_locked"  # words: slots it would replace, too late to cancel
    NEEDED_LOCKED = "needed_locked"  # words: slots that need it, too late to cancel

    # what was
    WAITING = "waiting"  # on the waiting list
    OFFERED = "offered"  # a place is kept for the child
    OTHER_HOUSEHOLD = "other_household"  # held by the child's other household
    ATTENDED = "attended"
    ABSENT = "absent"
    ABSENT_JUSTIFIED = "absent_justified"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and what it is about. `at` and `since` are instants in Europe/Paris."""

    code: Code
    at: datetime | None = None
    since: datetime | None = None
    days: tuple[date, ...] = ()
    words: tuple[str, ...] = ()
    number: int | None = None
