"""Which children an activity is for: age, class, school, residence, documents, payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portail.domain.reasons import Code, Reason


class AgeOn(StrEnum):
    """The day at which a child's age is counted."""

    ENTRY = "entry"  # the day the child enters the activity
    SEASON_START = "season_start"
    FIXED = "fixed"  # a date that the town publishes


class Residence(StrEnum):
    """Who an activity is open to."""

    ANYONE = "anyone"
    RESIDENTS = "residents"


@dataclass(frozen=True)
class Age:
    """An age in completed years, and months when they matter («2 ans et demi»)."""

    years: int
    months: int | None = None

    def reached(self, completed: int) -> bool:
        """Whether a child of so many completed months has this age or more."""
        return completed >= self.in_months()

    def passed(self, completed: int) -> bool:
        """Whether a child is older: «5 ans» lasts until the sixth birthday."""
        if self.months is None:
            return completed >= (self.years + 1) * 12
        return completed > self.in_months()

    def in_months(self) -> int:
        """The age in months."""
        return self.years * 12 + (self.months or 0)


@dataclass(frozen=True)
class Eligibility:
    """What an activity asks. Empty tuples ask nothing; `documents` are codes."""

    min_age: Age | None = None
    max_age: Age | None = None
    age_on: AgeOn = AgeOn.ENTRY
    age_date: date | None = None
    levels: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    residence: Residence = Residence.ANYONE
    documents: tuple[str, ...] = ()
    payments_up_to_date: bool = False
    excludes: tuple[str, ...] = ()  # twin activities, by code


ANY_CHILD = Eligibility()


@dataclass(frozen=True)
class ChildFacts:
    """What is known of a child and of its family."""

    birth_date: date
    school: str = ""
    level: str = ""
    resident: bool = True
    documents: frozenset[str] = frozenset()  # those accepted and still valid
    payments_up_to_date: bool = True
    activities: frozenset[str] = frozenset()  # where the child has a live enrolment


@dataclass(frozen=True)
class EligibilityAnswer:
    """Whether the child may be enrolled; else every reason why not, in the order of the rules."""

    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons

    @property
    def lasting(self) -> tuple[Reason, ...]:
        """The reasons that nothing the family does will lift: the activity is not offered."""
        return tuple(reason for reason in self.reasons if reason.code not in _LIFTED)


_LIFTED = frozenset({Code.MISSING_DOCUMENTS, Code.PAYMENTS_DUE, Code.TWIN_ACTIVITY})


def completed_months(birth_date: date, on: date) -> int:
    """The age in completed months; a child born on 29 February is older from 1 March."""
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month
    return months - (on.day < birth_date.day)


def age_day(rule: Eligibility, entry: date, season_start: date | None) -> date:
    """The day at which the age counts, for a child who enters on `entry`."""
    if rule.age_on is AgeOn.FIXED and rule.age_date is not None:
        return rule.age_date
    if rule.age_on is AgeOn.SEASON_START and season_start is not None:
        return season_start
    return entry


def eligible(
    rule: Eligibility, child: ChildFacts, entry: date, season_start: date | None = None
) -> EligibilityAnswer:
    """Whether this child may enter on that day."""
    on = age_day(rule, entry, season_start)
    months = completed_months(child.birth_date, on)
    missing = tuple(code for code in rule.documents if code not in child.documents)
    twins = tuple(code for code in rule.excludes if code in child.activities)
    found: list[Reason] = []
    if rule.min_age and not rule.min_age.reached(months):
        found.append(Reason(Code.TOO_YOUNG, days=(on,), number=rule.min_age.in_months()))
    if rule.max_age and rule.max_age.passed(months):
        found.append(Reason(Code.TOO_OLD, days=(on,), number=rule.max_age.in_months()))
    if rule.levels and child.level not in rule.levels:
        found.append(Reason(Code.WRONG_LEVEL, words=rule.levels))
    if rule.schools and child.school not in rule.schools:
        found.append(Reason(Code.WRONG_SCHOOL, words=rule.schools))
    if rule.residence is Residence.RESIDENTS and not child.resident:
        found.append(Reason(Code.RESIDENTS_ONLY))
    if missing:
        found.append(Reason(Code.MISSING_DOCUMENTS, words=missing))
    if rule.payments_up_to_date and not child.payments_up_to_date:
        found.append(Reason(Code.PAYMENTS_DUE))
    if twins:
        found.append(Reason(Code.TWIN_ACTIVITY, words=twins))
    return EligibilityAnswer(tuple(found))
