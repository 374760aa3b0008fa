"""kill -9 of real workers in mid-run, with many notices and digests due: nothing lost or twice.

A mail that the server has taken just before the kill may be sent again, under the same Message-ID:
that is what is counted.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from portail.domain.notifications import Choice
from tests.adapters.smtp_faults import FaultyServer
from tests.services.notifications.people import mails, notice, parent, tell_one, waiting

pytestmark = pytest.mark.usefixtures("db")
PEOPLE, KILLS, PATIENCE = 12, 6, 120.0
# The worker of the portal in the evening, with a lease of a second: what a dead one held is due
# again at once. Its clock goes on, for a lease to end, and is the same for all.
WORK = """
import asyncio, sys, time
from datetime import UTC, datetime, timedelta
from portail import clock
from portail.services import mails
from portail.worker import schedule
evening = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
clock.now = lambda: evening + timedelta(seconds=time.time() - float(sys.argv[1]))
mails.LEASE = timedelta(seconds=2)
schedule.MAIL_SECONDS = schedule.EVENING_SECONDS = 0.05
asyncio.run(schedule.run())
"""


def worker(smtp_port: int, began: float) -> subprocess.Popen[bytes]:
    """One in a process of its own, on the database of this test."""
    smtp = {
        "PORTAIL_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    return subprocess.Popen(
        [sys.executable, "-c", WORK, str(began)],
        env=os.environ | smtp,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def all_sent() -> bool:
    """Whether nothing waits any more."""
    return not waiting() and all(one.sent_at for one in mails())


def test_workers_killed_in_mid_run_lose_nothing_and_tell_nothing_twice() -> None:
    for number in range(PEOPLE):
        now = parent(f"now{number}@example.org")
        daily = parent(f"daily{number}@example.org", documents=Choice.DAILY)
        for about in ("a", "b"):
            tell_one(now, notice(about=about))
            tell_one(daily, notice(about=about))
    chance, began, kills = random.Random(8), time.time(), 0
    server = FaultyServer(delay=0.05)
    with server.running() as port:
        workers = [worker(port, began) for _ in range(2)]
        try:
            while not all_sent():
                assert time.time() < began + PATIENCE
                heard = len(server.contents)
                time.sleep(chance.uniform(0.05, 0.3))
                # one that has just been heard: it is in the middle of something
                if kills < KILLS and len(server.contents) > heard:
                    victim = workers.pop(0)
                    victim.send_signal(signal.SIGKILL)
                    victim.wait()
                    workers.append(worker(port, began))
                    kills += 1
        finally:
            for one in workers:
                one.kill()
                one.wait()
    assert kills == KILLS
    # by Message-ID: a mail taken in charge right before a kill may have left again
    told = {str(one["Message-ID"]): one for one in server.messages}
    assert Counter(str(one["To"]) for one in told.values()) == {
        **{f"now{number}@example.org": 2 for number in range(PEOPLE)},
        **{f"daily{number}@example.org": 1 for number in range(PEOPLE)},
    }
    assert set(told) == {one.message_id for one in mails()}
    assert all("2\u00a0nouvelles" in one.text for one in mails("daily_digest"))
