"""Queries and time of the planning's services, without screens: `python -m tests.load.services`.

On the database of the settings, which `tests/load/town.py` has filled. Prints in French, and never
fails on a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import event
from sqlmodel import col, func, select

from portail import clock
from portail.database import engine, reading
from portail.demo.town import FIRST_BULK_NUMBER
from portail.domain.bookings import Act, CellState
from portail.domain.identity import Actor
from portail.domain.periods import View
from portail.models import Family, FamilyChild, Subscription
from portail.services.planning import Cell, Changed, Wanted, confirm, planning, toggle
from portail.services.planning.views import Confirmed
from tests.load.measures import at

T = TypeVar("T")
CHANGES, CONFIRMATIONS, OPENINGS = 20, 25, 60
GOAL_MS = 60


@contextmanager
def statements() -> Iterator[list[str]]:
    """Those that the database is asked meanwhile, without what begins and ends transactions."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def parents(children: int, count: int = 1, since: int = FIRST_BULK_NUMBER) -> list[Actor]:
    """Parents with so many children, the first ones: their children book all year.

    `since`: the first number of their family file; only the demo's Zoé Pinceau has four children.
    """
    query = (
        select(Subscription.account_id)
        .join(Family, col(Family.id) == col(Subscription.family_id))
        .join(FamilyChild, col(FamilyChild.family_id) == col(Family.id))
        .where(col(Family.number) >= since)
        .group_by(col(Subscription.account_id), col(Family.number))
        .having(func.count() == children)
        .order_by(col(Family.number))
        .limit(count)
    )
    with reading() as session:
        return [Actor(0, account) for account in session.exec(query)]


def choices(actor: Actor, count: int, first: date) -> list[Cell]:
    """So many cells that the parent may change, from this day on."""
    found: list[Cell] = []
    day = first
    while len(found) < count and day < first + timedelta(days=180):
        rows = planning(actor, Wanted(day, View.MONTH)).rows
        found += [
            cell
            for row in rows
            for cell in row.cells
            if cell.decision.allowed
            and cell.decision.act is not Act.NONE
            and cell.decision.state in (CellState.FREE, CellState.BOOKED)
        ]
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return found[:count]


def choose(actor: Actor, cell: Cell) -> Changed | None:
    """Click on it."""
    booked = cell.decision.state is CellState.FREE
    outcome = toggle(actor, cell.child_id, cell.slot, cell.day, booked)
    return outcome if isinstance(outcome, Changed) else None


def timed(work: Callable[[], T]) -> tuple[T, float, float, int]:
    """What it gave, milliseconds of the clock and of the processor, and statements."""
    with statements() as asked:
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        spent = (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
    return result, *spent, len(asked)


def counts() -> None:
    """Statements of an opening, a click and a confirmation: 1 and 4 children, week and month."""
    today = clock.today()
    print("  requêtes à la base (enfants × période) :")
    for children, since in ((1, FIRST_BULK_NUMBER), (4, 0)):
        for actor in parents(children, since=since):
            line = []
            for view in (View.WEEK, View.MONTH):
                wanted = Wanted(today, view)
                planning(actor, wanted)  # the counts of places are kept from now on
                *_, asked = timed(lambda actor=actor, wanted=wanted: planning(actor, wanted))  # type: ignore[misc]
                line.append(f"ouverture {'semaine' if view is View.WEEK else 'mois'} {asked}")
            (cell,) = choices(actor, 1, today)
            changed, *_, asked = timed(lambda actor=actor, cell=cell: choose(actor, cell))  # type: ignore[misc]
            line.append(f"clic {asked}")
            version = changed.version if changed else 0
            *_, asked = timed(lambda actor=actor, version=version: confirm(actor, version))  # type: ignore[misc]
            line.append(f"confirmation d’un changement {asked}")
            print(f"    {children} enfant{'s' if children > 1 else ''} : {', '.join(line)}")


def openings() -> None:
    """The service alone, as the screen asks it."""
    actors = parents(2, OPENINGS)
    wanted = Wanted(clock.today(), View.MONTH)
    for actor in actors[:3]:
        planning(actor, wanted)
    results = [timed(lambda actor=actor: planning(actor, wanted)) for actor in actors]  # type: ignore[misc]
    print(
        f"  service seul, un mois de deux enfants : p50 {at((r[1] for r in results), 0.5):.1f} ms, "
        f"p95 {at((r[1] for r in results), 0.95):.1f} ms ; "
        f"processeur {sum(r[2] for r in results) / len(results):.1f} ms"
    )


def confirmations() -> None:
    """Of twenty changes."""
    walls, cpus, asked = list[float](), list[float](), set[int]()
    lines = 0
    for actor in parents(2, CONFIRMATIONS):
        version = 0
        for cell in choices(actor, CHANGES, clock.today() + timedelta(days=8)):
            changed = choose(actor, cell)
            version = changed.version if changed else version
        outcome, wall, cpu, number = timed(lambda actor=actor, v=version: confirm(actor, v))  # type: ignore[misc]
        if isinstance(outcome, Confirmed):
            lines += len(outcome.lines)
            walls.append(wall)
            cpus.append(cpu)
            asked.add(number)
    print(
        f"  confirmation de {lines / max(len(walls), 1):.0f} changements : "
        f"p50 {at(walls, 0.5):.0f} ms, p95 {at(walls, 0.95):.0f} ms (objectif {GOAL_MS} ms) ; "
        f"processeur {sum(cpus) / len(cpus):.0f} ms ; {min(asked)} à {max(asked)} requêtes"
    )


def main() -> None:
    """All of it."""
    openings()
    counts()
    confirmations()


if __name__ == "__main__":
    main()
