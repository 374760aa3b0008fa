"""The decision of one cell told rule by rule, for `portail explain`.

Each step asks the plan the very question that the decision asks; the last one is the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portail.domain.bookings import Act, Child, Decision
from portail.domain.decisions import Plan
from portail.domain.reasons import Reason
from portail.domain.slot_days import SlotDay

Value = str | int | date | datetime | None


class Rule(StrEnum):
    """The rules, in the order they are asked."""

    CALENDAR = "calendar"
    ENROLMENT = "enrolment"
    DEADLINE = "deadline"  # and windows, for a booking
    LINKS = "links"  # exclusions and needs
    WEEK = "week"
    CAPACITY = "capacity"
    PRICE = "price"
    DECISION = "decision"


class Outcome(StrEnum):
    """What a rule said."""

    PASSED = "passed"
    REFUSED = "refused"
    NOTED = "noted"  # it says something and decides nothing


@dataclass(frozen=True)
class Step:
    """One rule, what it said, and the values it went by, named."""

    rule: Rule
    outcome: Outcome
    reason: Reason | None = None
    values: tuple[tuple[str, Value], ...] = ()


def explain(plan: Plan, child: int, slot: str, day: date) -> tuple[Step, ...]:
    """Every rule applied to this cell, even after one that refused.

    Raises:
        KeyError: a child or a slot that is not of the plan.
    """
    view, who = plan.rules.slot_day(slot, day), plan.children[child]
    decision = plan.decide(child, slot, day)
    middle = _cancelling if decision.act is Act.CANCEL else _booking
    return (
        _step(Rule.CALENDAR, view.closed, values=_calendar(plan, view)),
        _step(Rule.ENROLMENT, plan.enrolment(who, view.activity.code, day)),
        *middle(plan, who, view),
        _price(decision),
        Step(
            Rule.DECISION,
            Outcome.PASSED if decision.allowed else Outcome.REFUSED,
            decision.reason,
            (
                ("state", decision.state.value),
                ("act", decision.act.value),
                ("changes_at", decision.changes_at),
            ),
        ),
    )


def _booking(plan: Plan, child: Child, view: SlotDay) -> tuple[Step, ...]:
    verdict = plan.time_to_book(view, resident=child.facts.resident)
    refusal, replaced = plan.linked(child, view)
    most = view.slot.capacity.units_per_week
    count = plan.in_the_week(child.key, view.slot.code, view.day)
    places = plan.places(child, view)
    return (
        Step(
            Rule.DEADLINE,
            Outcome.PASSED if verdict.allowed else Outcome.REFUSED,
            verdict.reason,
            (("until", view.book.at), ("late_until", view.book.late_at), ("now", plan.now)),
        ),
        _step(Rule.LINKS, refusal, values=(("replaces", ", ".join(replaced)),)),
        Step(
            Rule.WEEK,
            Outcome.REFUSED if most is not None and count >= most else Outcome.PASSED,
            values=(("count", count), ("most", most)),
        ),
        _step(
            Rule.CAPACITY,
            places.reason,
            values=(
                ("group", plan.group(child, view.activity, view.day)),
                ("places", view.places.total),
                ("left", places.left),
            ),
        ),
    )


def _cancelling(plan: Plan, child: Child, view: SlotDay) -> tuple[Step, ...]:
    verdict = plan.time_to_cancel(child, view)
    return (
        Step(
            Rule.DEADLINE,
            Outcome.PASSED if verdict.allowed else Outcome.REFUSED,
            verdict.reason,
            (("until", view.cancel.at), ("late_until", view.cancel.late_at), ("now", plan.now)),
        ),
    )


def _calendar(plan: Plan, view: SlotDay) -> tuple[tuple[str, Value], ...]:
    calendar = plan.rules.calendar
    period = calendar.holiday_period(view.day)
    return (
        ("school_day", calendar.is_school_day(view.day)),
        ("holidays", period.name if period else None),
        ("public_holiday", calendar.public_holiday(view.day)),
    )


def _price(decision: Decision) -> Step:
    return Step(
        Rule.PRICE,
        Outcome.NOTED,
        values=(
            ("price_cents", decision.price_cents),
            ("unknown", decision.price_unknown),
            ("surcharge_cents", decision.surcharge_cents),
            ("kept_cents", decision.kept_cents),
        ),
    )


def _step(rule: Rule, reason: Reason | None, values: tuple[tuple[str, Value], ...] = ()) -> Step:
    return Step(rule, Outcome.PASSED if reason is None else Outcome.REFUSED, reason, values)
