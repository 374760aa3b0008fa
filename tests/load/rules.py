"""How long the engine takes for a month of a family: `python -m tests.load.rules`.

4 children × 8 slots × 31 days, everything limited: deadlines of several forms, places, groups,
exclusions. Then the same month of the demo's family from its database, with its prices and the
number of queries. Times are those of one core, whatever else the machine does. Prints, and never
fails on a time.
"""

from __future__ import annotations

import os
import statistics
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from tempfile import TemporaryDirectory

from sqlalchemy import event
from sqlmodel import select

from portail import clock as portal
from portail import database, migrations
from portail.database import reading
from portail.demo import build
from portail.domain.bookings import Child, Context, Enrolled, Held, Pending, Price
from portail.domain.calendars import CalendarRules, Period, Zone
from portail.domain.capacity import Capacity, Group, Quota
from portail.domain.catalogue import FRI, SCHOOL_WEEK, THU, TUE, WED, Activity, Late, Slot, Town
from portail.domain.deadlines import Cutoff, DayKind, DaysBefore, SameDay, WeekBefore, WeekdayTable
from portail.domain.decisions import decide_all, prepare
from portail.domain.eligibility import ChildFacts
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.slot_days import Rulebook
from portail.domain.surcharges import Surcharge
from portail.models import Family
from portail.services.catalogue import current, plan_for
from portail.settings import settings

PINCEAU = 10001

SEASON = Period("2025-2026", date(2025, 9, 1), date(2026, 7, 3))
MONTH = tuple(date(2026, 3, 1) + timedelta(days=n) for n in range(31))
NOW = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)
RUNS = 200

TABLE = WeekdayTable((Cutoff(SCHOOL_WEEK[:2], FRI, time(9)), Cutoff(SCHOOL_WEEK[2:], TUE, time(9))))
FORMS = (
    TABLE,
    WeekBefore(THU, time(9)),
    DaysBefore(2, time(12), DayKind.WORKING),
    SameDay(time(7)),
)
GROUPS = (Group("mat", "Maternelle", ("PS", "MS", "GS")), Group("elem", "Élémentaire", ("CP",)))


def slot(number: int) -> Slot:
    form = FORMS[number % len(FORMS)]
    return Slot(
        code=f"s{number}",
        label=f"Prestation {number}",
        weekdays=(WED,) if number in (6, 7) else SCHOOL_WEEK,
        starts_at=time(7, 30),
        ends_at=time(18),
        book=form,
        cancel=form,
        late_booking=Late(Surcharge(percent=50)),
        capacity=Capacity(60, (Quota("mat", 30), Quota("elem", 40))),
        excludes=("s7",) if number == 6 else (),
    )


TOWN = Town(
    "Banc",
    CalendarRules(Zone.C, wednesday_school=True),
    activities=tuple(
        Activity(f"a{n}", f"Activité {n}", "peri", SEASON, (slot(n),), groups=GROUPS)
        for n in range(8)
    ),
)
ENROLLED = Enrolled(EnrolmentState.VALIDATED, SEASON.first_day)
CHILDREN = tuple(
    Child(
        key,
        ChildFacts(date(2019, key, 10), level=("GS", "CP")[key % 2]),
        {f"a{n}": ENROLLED for n in range(8)},
    )
    for key in range(1, 5)
)
CONTEXT = Context(
    CHILDREN,
    held={(key, f"s{n}", day): Held.BOOKED for key in (1, 2) for n in (0, 1) for day in MONTH[::3]},
    pending={(3, "s1", day): Pending.BOOKING for day in MONTH[15:20]},
    taken={(f"s{n}", day): 20 + n for n in range(8) for day in MONTH},
    taken_by_group={(f"s{n}", day, "mat"): 10 + n for n in range(8) for day in MONTH},
)


def price(_slot: str, _child: int, _day: date) -> Price:
    return PRICE


PRICE = Price(350)


def month(rules: Rulebook) -> int:
    """The whole grid of the month; how many cells it has."""
    plan = prepare(rules, CONTEXT, NOW, price)
    return len(decide_all(plan, range(1, 5), [f"s{n}" for n in range(8)], MONTH))


def measure(runs: int = RUNS) -> dict[str, float]:
    """Milliseconds, p50 and p95: rules already asked once, and a rulebook just made."""
    warm = Rulebook(TOWN)
    month(warm)
    calendar = warm.calendar
    timed: dict[str, list[float]] = {"warm": [], "cold": []}
    for _ in range(runs):
        for name, rules in (("warm", warm), ("cold", Rulebook(TOWN, calendar))):
            start = clock.process_time()
            month(rules)
            timed[name].append((clock.process_time() - start) * 1000)
    return {
        f"{name} {label}": statistics.quantiles(values, n=20)[place]
        for name, values in timed.items()
        for label, place in (("p50", 9), ("p95", 18))
    }


@contextmanager
def demo_town() -> Iterator[int]:
    """A database of its own with the demo; the id of the Pinceau family."""
    names = ("PORTAIL_DATA_DIR", "PORTAIL_BCRYPT_COST")
    before = {name: os.environ.get(name) for name in names}
    with TemporaryDirectory() as folder:
        os.environ.update(zip(names, (folder, "4"), strict=True))
        _forget()
        migrations.upgrade()
        build.build()
        with reading() as session:
            family = session.exec(select(Family.id).where(Family.number == PINCEAU)).one()
        yield family or 0
        database.engine().dispose()
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        _forget()


def _forget() -> None:
    settings.cache_clear()
    database.engine.cache_clear()


def from_the_database(family_id: int, runs: int = 30) -> tuple[int, int, float]:
    """Cells, queries and milliseconds (p50) of the month to come, as a screen asks for it."""
    days = [portal.today() + timedelta(days=n) for n in range(len(MONTH))]
    queries: list[str] = []
    event.listen(
        database.engine(), "before_cursor_execute", lambda _c, _k, text, *_: queries.append(text)
    )
    timed: list[float] = []
    cells = 0
    for _ in range(runs):
        queries.clear()
        start = clock.process_time()
        with reading() as session:
            loaded = current(session)
            plan = plan_for(session, family_id, days, portal.now(), loaded=loaded)
            cells = len(decide_all(plan, plan.children, list(loaded.rulebook.slots)[:8], days))
        timed.append((clock.process_time() - start) * 1000)
    return cells, len(queries), statistics.median(timed)


def main() -> None:
    cells = month(Rulebook(TOWN))
    figures = "  ".join(f"{name} {ms:.1f} ms" for name, ms in measure().items())
    print(f"rules: {cells} cells of a month (aim: 10 ms)  {figures}")
    with demo_town() as family_id:
        cells, queries, ms = from_the_database(family_id)
    print(f"rules: {cells} cells from the database  {queries} queries  p50 {ms:.1f} ms")


if __name__ == "__main__":
    main()
