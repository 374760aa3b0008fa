"""What the demo's planning shows, whatever the day it is built."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import col, select

from portail import clock
from portail.database import reading
from portail.demo import build
from portail.domain.absences import AbsenceState
from portail.domain.bookings import CellState, Held
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import Absence, Account, Procedure, Reservation
from portail.services.planning import planning
from portail.services.planning.views import Cell, Wanted
from portail.settings import settings

pytestmark = pytest.mark.usefixtures("db")
DAYS = ("2026-11-23", "2026-09-01", "2026-12-24", "2023-03-16", "2027-02-14", "2027-04-30")


@pytest.fixture
def built(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    """The demo built on a day, seen by Zoé."""
    monkeypatch.setenv("PORTAIL_NOW", f"{request.param}T09:00")
    settings.cache_clear()
    build.build()
    with reading() as session:
        zoe = session.exec(select(Account.id).where(Account.user_name == "z-pinceau")).one()
    yield Actor(0, account_id=zoe)
    settings.cache_clear()


def every_cell(actor: Actor) -> list[Cell]:
    """Of three months: the one before, this one, the next."""
    first = clock.today().replace(day=1)
    months = [first, date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)]
    months.append(date(first.year + (first.month == 12), first.month % 12 + 1, 1))
    return [
        cell
        for month in months
        for row in planning(actor, Wanted(month)).rows
        for cell in row.cells
    ]


@pytest.mark.parametrize("built", DAYS, indirect=True)
def test_every_state_of_the_legend_is_there(built: Actor) -> None:
    cells = every_cell(built)
    assert {cell.decision.state for cell in cells} >= {
        CellState.FREE,
        CellState.BOOKED,
        CellState.CLOSED,
        CellState.TOO_LATE,
        CellState.FULL,
        CellState.WAITING,
        CellState.ATTENDED,
        CellState.ABSENT,
    }
    (waits,) = [cell for cell in cells if cell.decision.state is CellState.WAITING]
    assert (waits.rank, waits.waiting) == (2, 2)
    with reading() as session:
        held = set(session.exec(select(Reservation.state)))
    assert held >= {Held.ABSENT_JUSTIFIED, Held.ABSENT_UNJUSTIFIED}


@pytest.mark.parametrize("built", DAYS[:1], indirect=True)
def test_each_absence_told_has_its_days(built: Actor) -> None:
    with reading() as session:
        told = session.exec(select(Procedure).where(Procedure.kind == ProcedureKind.ABSENCE)).all()
        rows = {
            row.procedure_id: row for row in session.exec(select(Absence).order_by(col(Absence.id)))
        }
    assert rows.keys() == {one.id for one in told} != set()
    for one in told:
        justified = one.state is ProcedureState.VALIDATED
        expected = AbsenceState.JUSTIFIED if justified else AbsenceState.REFUSED
        assert rows[one.id].state is expected


@pytest.mark.parametrize("built", DAYS[:1], indirect=True)
def test_past_days_have_their_attendance_and_days_to_come_their_bookings(built: Actor) -> None:
    with reading() as session:
        rows = session.exec(select(Reservation)).all()
    over = {Held.ATTENDED, Held.ABSENT_JUSTIFIED, Held.ABSENT_UNJUSTIFIED}
    assert {row.state for row in rows if row.day < clock.today()} == over
    assert {row.state for row in rows if row.day >= clock.today()} == {Held.BOOKED, Held.WAITING}
