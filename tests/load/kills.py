"""A process killed while it confirms: `python -m tests.load.kills [--times 50]`.

After each kill -9 every confirmation is whole or absent, places are never oversold, what was told
is what is written, and the same version confirmed again gives the same answer. On both databases.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import col, func, select

from portail.database import reading
from portail.domain.bookings import Held
from portail.domain.confirmations import ACTED, LineOutcome
from portail.domain.identity import Actor
from portail.models import Confirmation, ConfirmationLine, PendingChange, PlanningDraft, Procedure
from portail.services.planning import confirm
from portail.services.planning.views import Confirmed
from tests import databases
from tests.planning import (
    MATIN,
    MONDAY,
    REPAS,
    Asked,
    Home,
    home,
    imported,
    limited,
    live,
    mails,
    pend_all,
)

PLACES, FAMILIES, CHANGES, THREADS = 3, 9, 4, 3
DAYS = [day for n in range(19) if (day := MONDAY + timedelta(days=n)).weekday() in (0, 1, 3, 4)]


@dataclass(frozen=True)
class Told:
    """What a parent was answered before the process died."""

    account: int
    version: int
    lines: list[list[Any]]


def families() -> list[Home]:
    """Those who confirm, and a town with few places."""
    imported(limited(MATIN, PLACES), limited(REPAS, PLACES))
    return [home() for _ in range(FAMILIES)]


def changes(chance: random.Random) -> list[Asked]:
    """Bookings and cancellations of different cells; whatever is held, none is refused."""
    cells = chance.sample([(slot, day) for slot in ("MATIN", "REPAS") for day in DAYS], CHANGES)
    return [Asked(slot, day, cancel=chance.random() < 0.4) for slot, day in cells]


def work(people: Sequence[Home]) -> None:
    """Confirm without end, telling each answer on standard output: to be killed."""

    def one(thread: int) -> None:
        chance = random.Random()
        for turn in count():
            mine = people[thread::THREADS]
            who = mine[turn % len(mine)]
            version = _pending_version(who) or pend_all(who, *changes(chance))
            made = confirm(who.actor, version)
            assert isinstance(made, Confirmed), made
            # in one write: half a line is no answer
            line = json.dumps(asdict(Told(who.account, version, told(made)))) + "\n"
            os.write(sys.stdout.fileno(), line.encode())

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(one, range(THREADS)))


def told(made: Confirmed) -> list[list[Any]]:
    """The lines of an answer, as JSON keeps them."""
    return [
        [line.child_id, line.slot, line.day.isoformat(), line.outcome.value, line.cents, line.rank]
        for line in made.lines
    ]


def kill(people: Sequence[Home], chance: random.Random) -> list[Told]:
    """Let a process of its own confirm, kill it at some moment; what it answered."""
    plain = json.dumps([[one.account, one.family, one.child] for one in people])
    command = [sys.executable, "-m", "tests.load.kills", "--work", plain]
    process = subprocess.Popen(
        [*command, "--database", os.environ["PORTAIL_DATABASE_URL"]],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    answers = [process.stdout.readline() for _ in range(chance.randint(1, 9))]
    time.sleep(chance.uniform(0, 0.1))
    process.send_signal(signal.SIGKILL)
    out = "".join(answers) + process.stdout.read()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return [Told(**json.loads(line)) for line in out.split("\n")[:-1]]


def check(people: Sequence[Home], answered: Sequence[Told]) -> int:
    """Everything agrees with everything; how many confirmations there are."""
    with reading() as session:
        confirmations = session.exec(select(Confirmation)).all()
        lines = session.exec(select(ConfirmationLine).order_by(col(ConfirmationLine.id))).all()
        procedures = session.exec(select(func.count()).select_from(Procedure)).one()
        pending = Counter(session.exec(select(PendingChange.account_id)))
        versions = {one.account_id: one.version for one in session.exec(select(PlanningDraft))}
    # whole or absent
    assert Counter(line.confirmation_id for line in lines) == {
        one.id: CHANGES for one in confirmations
    }
    known = {(one.account_id, one.version) for one in confirmations}
    for who in people:
        assert pending[who.account] in (0, CHANGES)
        if who.account in versions:
            done = (who.account, versions[who.account] - 1) in known
            assert done is (pending[who.account] == 0)
    # a procedure and a receipt for each that wrote something
    wrote = {line.confirmation_id for line in lines if line.outcome in ACTED}
    assert procedures == len(wrote) == len(mails("planning_confirmed"))
    # the reservations are those that the lines tell of
    rows = live()
    held = {(row.child_id, row.slot_id, row.day): row.state for row in rows}
    assert held == _as_told(lines)
    taken = Counter((row.slot_id, row.day) for row in rows if row.state is not Held.WAITING)
    assert max(taken.values(), default=0) <= PLACES
    # what was answered is what is answered again
    by_account = {who.account: who for who in people}
    for one in answered:
        again = confirm(by_account[one.account].actor, one.version)
        assert isinstance(again, Confirmed)
        assert again.again
        assert told(again) == one.lines
    return len(confirmations)


def _as_told(lines: Sequence[ConfirmationLine]) -> dict[tuple[int, int, date], Held]:
    held: dict[tuple[int, int, date], Held] = {}
    for line in lines:
        cell = line.child_id, line.slot_id, line.day
        match line.outcome:
            case LineOutcome.BOOKED | LineOutcome.WAITING:
                assert cell not in held
                held[cell] = Held(line.outcome.value)
            case LineOutcome.CANCELLED | LineOutcome.LEFT_QUEUE:
                del held[cell]
            case other:
                assert other is LineOutcome.ALREADY
    return held


def _pending_version(who: Home) -> int | None:
    with reading() as session:
        if session.exec(
            select(PendingChange.id).where(PendingChange.account_id == who.account)
        ).first():
            return session.get_one(PlanningDraft, who.account).version
    return None


def measure(times: int) -> None:
    """So many kills on each database; prints what was there after them."""
    chance = random.Random()
    for kind in databases.KINDS:
        with tempfile.TemporaryDirectory() as folder, databases.migrated(kind, Path(folder)):
            people, answered, made = families(), list[Told](), 0
            cut = 0
            for _ in range(times):
                answered += kill(people, chance)
                made = check(people, answered)
                cut += any(_pending_version(who) for who in people)
            print(
                f"kills, {kind}: {times} × kill -9, {made} confirmations, all whole; "
                f"{made - len(answered)} whose answer was lost, {cut} kills left changes pending"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description="Confirmations interrompues")
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--work", help="les familles, jusqu’à être interrompu")
    parser.add_argument("--database", default="", help="leur base de données")
    chosen = parser.parse_args()
    if chosen.work:
        os.environ["PORTAIL_DATABASE_URL"] = chosen.database
        work([Home(Actor(0, account_id=a), f, c) for a, f, c in json.loads(chosen.work)])
    else:
        measure(chosen.times)


if __name__ == "__main__":
    main()
