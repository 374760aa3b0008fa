"""Many parents confirm at the same moment for few places: `python -m tests.load.confirmations`.

200 accounts for 74 places of one slot and day, ten times in a row on SQLite and on PostgreSQL: 74
booked, 126 told and waiting with ranks 1 to 126. Stops at the first place sold twice.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from portail.domain.bookings import Held
from portail.domain.confirmations import LineOutcome
from portail.services.planning import confirm
from portail.services.planning.views import Confirmed, ConfirmedLine
from tests import databases
from tests.concurrency.together import at_once
from tests.planning import MATIN, MONDAY, Home, home, imported, limited, live, mails, pend

PEOPLE, PLACES, TIMES = 200, 74, 10


def rush(people: Sequence[Home]) -> tuple[list[ConfirmedLine], list[float]]:
    """Everybody confirms one morning at once: the line of each, and its milliseconds."""
    versions = [pend(one, "MATIN", MONDAY) for one in people]

    def one(number: int) -> tuple[ConfirmedLine, float]:
        start = time.perf_counter()
        made = confirm(people[number].actor, versions[number])
        assert isinstance(made, Confirmed)
        (line,) = made.lines
        return line, (time.perf_counter() - start) * 1000

    lines, times = zip(*at_once(len(people), one), strict=True)
    return list(lines), list(times)


def check(lines: Sequence[ConfirmedLine], places: int) -> None:
    """Exactly as many as there are places; the others wait in the order they were told."""
    more = len(lines) - places
    told = Counter(line.outcome for line in lines)
    assert told == {LineOutcome.BOOKED: places, LineOutcome.WAITING: more}, told
    ranks = sorted(line.rank for line in lines if line.outcome is LineOutcome.WAITING)
    assert ranks == list(range(1, more + 1)), ranks
    rows = live(slot="MATIN", day=MONDAY)
    assert Counter(row.state for row in rows) == {Held.BOOKED: places, Held.WAITING: more}
    # what each was told is where it stands
    queue = [row.child_id for row in rows if row.state is Held.WAITING]
    standing = {child: place for place, child in enumerate(queue, start=1)}
    assert {one.child_id: one.rank for one in lines if one.rank} == standing
    assert len(mails("planning_confirmed")) == len(lines)


def measure(people: int = PEOPLE, places: int = PLACES, times: int = TIMES) -> None:
    """So many rushes on each database; prints how long a parent waited."""
    for kind in databases.KINDS:
        waited: list[float] = []
        with tempfile.TemporaryDirectory() as folder, databases.migrated(kind, Path(folder)):
            for _ in range(times):
                imported(limited(MATIN, places))
                lines, spent = rush([home() for _ in range(people)])
                check(lines, places)
                waited += spent
                databases.emptied()
        quantiles = statistics.quantiles(waited, n=20)
        print(
            f"confirmations, {kind}: {times} × {people} parents at once for {places} places, "
            f"none sold twice; each waited p50 {quantiles[9]:.0f} ms, p95 {quantiles[18]:.0f} ms"
        )


if __name__ == "__main__":
    measure()
