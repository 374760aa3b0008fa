"""Whatever the day the demo is built, a parent has something to see and to ask for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from portail import clock
from portail.database import reading
from portail.demo import build
from portail.domain.enrolment_states import LIVE, EnrolmentState
from portail.domain.identity import Actor
from portail.domain.pricing import Price
from portail.models import Account, ActivityRow, Enrolment, Reservation
from portail.services.enrolments import choices, my_enrolments, offers
from tests.conftest import SetClock

ANY_DAY = (
    "2023-03-16T09:00",
    "2026-06-30T09:00",  # three days before the summer
    "2026-07-03T18:00",  # the last day of class
    "2026-07-10T09:00",
    "2026-08-20T09:00",
    "2026-09-01T09:00",  # the first day of class
    "2026-10-25T02:30",  # the clocks change
    "2026-11-29T10:00",  # a Sunday
    "2026-12-24T09:00",
    "2027-01-02T09:00",
    "2027-07-05T09:00",
    "2028-02-29T09:00",
)


def zoe() -> Actor:
    with reading() as session:
        found = session.exec(select(Account.id).where(Account.user_name == "z-pinceau")).one()
    return Actor(1, account_id=found)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("now", ANY_DAY)
def test_there_is_something_to_see_and_to_ask_for(now: str, set_clock: SetClock) -> None:
    set_clock(now)
    build.build()
    actor = zoe()
    mine = [one for kind in my_enrolments(actor) for one in kind.activities]
    # a summer that is over stays in sight for a while; what is not is what the screen is about
    states = {enrolled.state for one in mine if not one.over for enrolled in one.enrolments}
    assert {
        EnrolmentState.VALIDATED,
        EnrolmentState.REQUESTED,
        EnrolmentState.WAITING_LIST,
        EnrolmentState.REFUSED,
    } <= states
    there = choices(actor)
    assert {code for code, _ in there.types} >= {"periscolaire", "restauration"}
    nora = next(key for key, name in there.children if name == "Nora")
    morning = next(one for one in offers(actor, "periscolaire", [nora]) if "MATIN_MAT" in one.code)
    (child,) = morning.children
    assert (child.allowed, child.reasons) == (True, ())
    price = child.prices[0].price
    assert isinstance(price, Price)
    assert price.cents == 350
    assert clock.today() <= morning.entry_on <= morning.last_day


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("now", ANY_DAY)
def test_something_is_booked_soon_in_class_and_in_holidays(now: str, set_clock: SetClock) -> None:
    set_clock(now)
    build.build()
    today = clock.today()
    with reading() as session:
        days = set(session.exec(select(col(Reservation.day))))
        asked = session.exec(
            select(Enrolment, ActivityRow)
            .join(ActivityRow, col(ActivityRow.id) == col(Enrolment.activity_id))
            .where(col(Enrolment.state).in_(LIVE))
        ).all()
    assert days
    assert min(days) <= today + timedelta(days=9)
    assert all(activity.first_day <= one.entry_on <= activity.last_day for one, activity in asked)
