"""What it costs to tell families of something: `python -m tests.load.notifications`.

A piece of news told to every account of a town, then the reminders of a week of evenings: what
they take of the processor, and how many statements, for a thousand families. In a process of its
own; prints in French, and never fails on a time.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests import databases

os.environ["PORTAIL_NOW"] = "2026-11-23T17:00"  # a Monday evening

from sqlmodel import func, select

from portail import clock
from portail.database import reading
from portail.domain.identity import Actor, Role
from portail.domain.news import Draft
from portail.models import Agent, Subscription
from portail.services.news import telling
from portail.services.news.publishing import publish_sound
from portail.services.notifications import deadlines
from portail.texts.french import day as words_of_day
from tests.load import measures, town
from tests.load.bookings import fill
from tests.load.services import timed

FAMILIES, BOOKINGS, EVENINGS = 2_000, 50_000, 5


def measure(kind: str, families: int) -> None:
    """One kind of database."""
    with tempfile.TemporaryDirectory() as folder, databases.migrated(kind, Path(folder)):
        clock.reset()
        town.prepare(families)
        count = fill(families * BOOKINGS // FAMILIES)
        town.settle()
        with reading() as session:
            query = select(func.count(func.distinct(Subscription.account_id)))
            accounts = int(session.exec(query).one())
            agent = session.exec(select(Agent.id).where(Agent.user_name == "agent.enfance")).one()
        print(f"notifications, {kind} : {accounts} familles, {count} réservations", flush=True)
        writer = Actor(0, agent_id=agent, roles=frozenset({Role.ENFANCE}))
        publish_sound(writer, Draft(slug="banc", title="Banc", summary="Essai.", body="Essai."))
        _tell("une actualité pour toutes", accounts, telling.tell)
        for _ in range(EVENINGS):
            evening = words_of_day(clock.today())
            _tell(f"rappels du {evening}", accounts, lambda: deadlines.remind() or 0)
            clock.advance(timedelta(days=1))


def _tell(what: str, accounts: int, tell: Callable[[], int]) -> None:
    told, _, cpu, statements = timed(tell)
    thousands = accounts / 1000
    print(
        f"  {what} : {told} comptes prévenus ; pour mille familles, processeur"
        f" {cpu / thousands:.0f} ms, {statements / thousands:.0f} requêtes",
        flush=True,
    )


def main() -> None:
    """Both databases."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--families", type=int, default=FAMILIES)
    parser.add_argument("--kind", choices=databases.KINDS)
    chosen = parser.parse_args()
    for kind in databases.KINDS if chosen.kind is None else (chosen.kind,):
        measure(kind, chosen.families)
    print(f"  {measures.busy()}")


if __name__ == "__main__":
    main()
