"""The explanation of a cell agrees with its decision, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from portail.domain.bookings import Held
from portail.domain.capacity import Capacity
from portail.domain.deadlines import DaysBefore
from portail.domain.explanations import Outcome, Rule, Step, explain
from portail.domain.reasons import Code
from tests.catalogues import CHILD, child, family, paris, plan, slot

DAY = date(2026, 3, 12)
MEAL = slot(
    book=DaysBefore(2, time(9)),
    cancel=DaysBefore(1, time(9)),
    capacity=Capacity(20, units_per_week=1),
)
NOW = "2026-03-09 10:00"


def by_rule(steps: tuple[Step, ...]) -> dict[Rule, Step]:
    assert len({step.rule for step in steps}) == len(steps)
    return {step.rule: step for step in steps}


def test_a_free_cell() -> None:
    made = plan(MEAL, NOW, family(taken={("repas", DAY): 12}))
    steps = by_rule(explain(made, CHILD, "repas", DAY))
    assert list(steps) == list(Rule)
    assert all(step.outcome is not Outcome.REFUSED for step in steps.values())
    assert dict(steps[Rule.DEADLINE].values)["until"] == paris("2026-03-10 09:00")
    assert dict(steps[Rule.CAPACITY].values) == {"group": "", "places": 20, "left": 8}
    assert dict(steps[Rule.PRICE].values)["price_cents"] == 350
    assert dict(steps[Rule.CALENDAR].values)["school_day"] is True
    assert steps[Rule.DECISION].reason == made.decide(CHILD, "repas", DAY).reason


def test_every_rule_is_told_even_after_one_that_refused() -> None:
    late = plan(MEAL, "2026-03-11 10:00", family(
        replace(child(), enrolments={}), taken={("repas", DAY): 20},
        held={(CHILD, "repas", date(2026, 3, 10)): Held.ATTENDED},
    ))  # fmt: skip
    steps = by_rule(explain(late, CHILD, "repas", DAY))
    refused = {rule for rule, step in steps.items() if step.outcome is Outcome.REFUSED}
    assert refused == {Rule.ENROLMENT, Rule.DEADLINE, Rule.WEEK, Rule.CAPACITY, Rule.DECISION}
    reason = steps[Rule.DECISION].reason
    assert reason is not None
    assert reason.code is Code.NOT_ENROLLED


def test_a_booking() -> None:
    booked = family(held={(CHILD, "repas", DAY): Held.BOOKED})
    steps = by_rule(explain(plan(MEAL, "2026-03-11 09:00", booked), CHILD, "repas", DAY))
    assert Rule.CAPACITY not in steps
    assert dict(steps[Rule.DEADLINE].values)["until"] == paris("2026-03-11 09:00")
    assert dict(steps[Rule.DECISION].values)["act"] == "cancel"


def test_a_closed_day() -> None:
    steps = by_rule(explain(plan(MEAL, NOW), CHILD, "repas", date(2026, 2, 12)))
    assert steps[Rule.CALENDAR].outcome is Outcome.REFUSED
    assert dict(steps[Rule.CALENDAR].values)["holidays"] == "Vacances d’hiver"
