"""Places: by slot, group and date. Counts come in, a decision goes out; nothing is decremented.

The same rule serves the places of an enrolment, where there is no day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portail.domain.eligibility import Age, completed_months
from portail.domain.reasons import Code, Reason


@dataclass(frozen=True)
class Group:
    """Children who share places: maternelle / élémentaire, or by age. Empty bounds ask nothing."""

    code: str
    label: str
    levels: tuple[str, ...] = ()
    min_age: Age | None = None
    max_age: Age | None = None

    def admits(self, level: str, birth_date: date, on: date) -> bool:
        """Whether a child of this class level and birth date is in the group, that day."""
        months = completed_months(birth_date, on)
        return (
            (not self.levels or level in self.levels)
            and (self.min_age is None or self.min_age.reached(months))
            and (self.max_age is None or not self.max_age.passed(months))
        )


@dataclass(frozen=True)
class Quota:
    """The most places a group may take. A group without quota is bound by the whole alone."""

    group: str
    places: int


@dataclass(frozen=True)
class PlacesException:
    """Other places on these days: of the whole slot, or of one group."""

    first_day: date
    last_day: date
    places: int
    group: str = ""


@dataclass(frozen=True)
class Capacity:
    """`places` a day for everyone (unlimited when unset), within them `quotas` by group.

    `groups_only`: a child in none of the groups with a quota has no place.
    `units_per_week` limits what one child has of the slot in a week, Monday to Sunday.
    `offer_hours`: how long a freed place is kept for the first who waits (never past the deadline).
    """

    places: int | None = None
    quotas: tuple[Quota, ...] = ()
    exceptions: tuple[PlacesException, ...] = ()
    groups_only: bool = False
    units_per_week: int | None = None
    waiting_list: bool = True
    offer_hours: int = 24

    @property
    def limits(self) -> bool:
        """Whether anything has to be counted by day."""
        return self.places is not None or bool(self.quotas) or bool(self.exceptions)


ANY_NUMBER = Capacity()
FEW = 5  # places left that are worth telling: below, each one counts


@dataclass(frozen=True, slots=True)
class Places:
    """What is open on one day: of the slot, and of each group that has its own."""

    total: int | None
    by_group: dict[str, int]


@dataclass(frozen=True, slots=True)
class CapacityAnswer:
    """`left` places for this child (unset: unlimited); when none, why, and whether to wait."""

    left: int | None
    reason: Reason | None = None
    waiting_list: bool = False


UNLIMITED = CapacityAnswer(None)


def places_on(rule: Capacity, day: date | None = None) -> Places:
    """The places of a day, exceptions applied (the last one written wins)."""
    total = rule.places
    by_group = {quota.group: quota.places for quota in rule.quotas}
    for exception in rule.exceptions:
        if day is None or not exception.first_day <= day <= exception.last_day:
            continue
        if exception.group:
            by_group[exception.group] = exception.places
        else:
            total = exception.places
    return Places(total, by_group)


def settle(
    rule: Capacity, places: Places, group: str, taken: int, taken_by_group: int
) -> CapacityAnswer:
    """What is left for a child of this group once `taken` places (of them, `taken_by_group` by
    the group) are held.
    """  # noqa: D205
    own = places.by_group.get(group)
    if own is None and rule.groups_only:
        return CapacityAnswer(0, Reason(Code.NO_GROUP), waiting_list=False)
    left = None if places.total is None else max(0, places.total - taken)
    if own is not None:
        own_left = max(0, own - taken_by_group)
        if own_left == 0 and left != 0:
            reason = Reason(Code.GROUP_FULL, words=(group,))
            return CapacityAnswer(0, reason, rule.waiting_list)
        left = own_left if left is None else min(left, own_left)
    if left == 0:
        return CapacityAnswer(0, Reason(Code.FULL), rule.waiting_list)
    return UNLIMITED if left is None else CapacityAnswer(left)


def line_of(rule: Capacity, group: str) -> str:
    """The line a group waits in: its own when it has places of its own, else everybody's ("")."""
    return group if any(quota.group == group for quota in rule.quotas) else ""


def group_of(groups: tuple[Group, ...], level: str, birth_date: date, on: date) -> str:
    """The first group that admits the child that day; empty when none does."""
    return next((g.code for g in groups if g.admits(level, birth_date, on)), "")


def serve(
    rule: Capacity, places: Places, queue: Sequence[str], taken: int, by_group: Mapping[str, int]
) -> tuple[int, ...]:
    """Who of those who wait would get a place now: their positions in `queue`, from 0.

    First come, first served; one whose group is full lets the next of another group pass. Whoever
    asks anew comes after them.

    Args:
        rule: the places of the slot.
        places: those of the day.
        queue: the group of each who waits, first come first.
        taken: how many hold a place.
        by_group: of them, those of each group.
    """
    served: list[int] = []
    groups = Counter(by_group)
    for place, group in enumerate(queue):
        if settle(rule, places, group, taken + len(served), groups[group]).reason is None:
            served.append(place)
            groups[group] += 1
    return tuple(served)
