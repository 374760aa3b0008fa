"""A month of 10,000 families of 40 bookings each, issued: `python -m tests.load.billing`.

On SQLite and on PostgreSQL, in a process of its own each time: how long, how much memory, and how
long the longest batch kept others from writing. The goal: 30 s and 500 MB for the rows.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from tests import databases

os.environ["PORTAIL_NOW"] = "2026-11-02T09:00"

from sqlalchemy import insert
from sqlmodel import col, func, select

from portail import clock, database
from portail.database import reading, writing
from portail.demo import town as demo_town
from portail.domain.bookings import Held
from portail.domain.calendars import Period, days
from portail.domain.identity import Actor, Role
from portail.domain.schooling import MATERNELLE
from portail.models import Child, Family, FamilyChild, Invoice, LedgerEntry, Reservation
from portail.services.billing import runs
from portail.services.billing.outcomes import MonthIssued
from portail.services.catalogue import Loaded, current
from portail.settings import settings
from tests.load import measures, town
from tests.load.bookings import BATCH

FAMILIES, BOOKINGS = 10_000, 40
MONTH = Period("octobre", date(2026, 10, 1), date(2026, 10, 31))
KINDS = ("RESTAURATION", "1_MATIN", "2_SOIR", "5_MERCREDI_JOURNEE", "LOISIRS_TOUSSAINT")
REGIE = Actor(0, agent_id=1, roles=frozenset({Role.REGIE}))
GOAL_S, GOAL_MB = 30, 500


def fill() -> int:
    """The bookings of the month: mostly attended, some absences, some booked late."""
    with reading() as session:
        loaded = current(session)
        rows = session.exec(
            select(FamilyChild.family_id, Child)
            .join(Child, col(Child.id) == col(FamilyChild.child_id))
            .join(Family, col(Family.id) == col(FamilyChild.family_id))
            .where(col(Family.number) >= demo_town.FIRST_BULK_NUMBER)
            .order_by(col(Family.number), col(Child.id))
        ).all()
    children: defaultdict[int, list[Child]] = defaultdict(list)
    for family, child in rows:
        children[family].append(child)
    open_days = {
        slot: [day for day in days(MONTH) if loaded.rulebook.closed(slot, day) is None]
        for slot in loaded.rulebook.slots
        if slot.startswith(KINDS)
    }
    made = _bookings(loaded, children, open_days)
    count = 0
    while part := [row for row, _ in zip(made, range(BATCH), strict=False)]:
        with writing() as session:
            session.execute(insert(Reservation), part)
        count += len(part)
    return count


def _bookings(
    loaded: Loaded, children: dict[int, list[Child]], open_days: dict[str, list[date]]
) -> Iterator[dict[str, Any]]:
    chance = random.Random(3)
    held = [Held.ATTENDED] * 90 + [Held.ABSENT_JUSTIFIED] * 5 + [Held.ABSENT_UNJUSTIFIED] * 5
    booked_at = datetime.combine(MONTH.first_day, datetime.min.time(), clock.now().tzinfo)
    for family, of in children.items():
        cells = [
            (child.id, slot, day)
            for child, (slot, opened) in product(of, open_days.items())
            if ("_MAT" in slot) is (child.class_level in MATERNELLE)
            for day in opened
        ]
        for child, slot, day in sorted(chance.sample(cells, min(BOOKINGS, len(cells)))):
            yield {
                "family_id": family,
                "child_id": child,
                "slot_id": loaded.slot_ids[slot],
                "day": day,
                "state": chance.choice(held),
                "group_code": "",
                "price_cents": 300,
                "surcharge_cents": 150 if chance.random() < 0.03 else 0,
                "kept_cents": 0,
                "booked_at": booked_at - timedelta(days=20),
            }


def issue() -> None:
    """Issue the month in this process, and say what it took."""
    held = list[float]()
    write = runs._write

    def timed(*arguments: Any) -> None:
        start = time.perf_counter()
        write(*arguments)
        held.append((time.perf_counter() - start) * 1000)

    runs._write = timed  # type: ignore[assignment]
    start, cpu = time.perf_counter(), time.process_time()
    outcome = runs.issue_month(REGIE, MONTH.first_day)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    assert isinstance(outcome, MonthIssued), outcome
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / measures.KIB
    with reading() as session:
        of_the_run = col(Invoice.run_id).is_not(None)
        count, cents = session.exec(
            select(func.count(), func.sum(Invoice.total_cents)).where(of_the_run)
        ).one()
        owed = select(func.sum(LedgerEntry.debit_cents)).join(
            Invoice, col(Invoice.id) == col(LedgerEntry.invoice_id)
        )
        assert session.exec(owed.where(of_the_run)).one() == cents
    print(
        f"  {count} factures en {seconds:.1f} s (processeur {cpu:.1f} s, objectif {GOAL_S} s), "
        f"mémoire au plus {peak:.0f} Mo (objectif {GOAL_MB} Mo) ; un lot tient l’écriture "
        f"p50 {measures.at(held, 0.5):.0f} ms, au plus {max(held):.0f} ms"
    )


def measure(kind: str, families: int) -> None:
    """One kind of database."""
    with tempfile.TemporaryDirectory() as folder, databases.migrated(kind, Path(folder)):
        town.prepare(families)
        count = fill()
        town.settle()
        database.close()
        print(f"facturation, {kind} : {families} familles, {count} réservations", flush=True)
        # not by the environment, which `tests.databases` empties of it
        command = [sys.executable, "-m", "tests.load.billing", "--issue", settings().sqlalchemy_url]
        subprocess.run(command, check=True)


def main() -> None:
    """Both databases; or, asked by `measure`, the month alone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--issue", metavar="BASE")
    parser.add_argument("--families", type=int, default=FAMILIES)
    parser.add_argument("--kind", choices=databases.KINDS)
    chosen = parser.parse_args()
    if chosen.issue:
        os.environ["PORTAIL_DATABASE_URL"] = chosen.issue
        settings.cache_clear()
        database.engine.cache_clear()
        issue()
        return
    for kind in databases.KINDS if chosen.kind is None else (chosen.kind,):
        measure(kind, chosen.families)
    print(f"  {measures.busy()}")


if __name__ == "__main__":
    main()
