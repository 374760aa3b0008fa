"""What is done once a day: from nine, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from portail import clock
from portail.services.planning import queues
from portail.worker import schedule
from portail.worker.schedule import REMINDER_HOUR, once_a_day


def test_once_a_day_from_nine() -> None:
    done: list[int] = []
    work = once_a_day(lambda: done.append(clock.paris(clock.now()).day))
    assert clock.paris(clock.now()).hour == REMINDER_HOUR
    for _ in range(48):
        work()
        clock.advance(timedelta(hours=1))
    assert done == [23, 24]


def test_nobody_is_reminded_at_night() -> None:
    done: list[int] = []
    work = once_a_day(lambda: done.append(1))
    clock.advance(timedelta(hours=16))  # one in the morning
    work()
    assert done == []


def test_a_day_that_failed_is_tried_again() -> None:
    calls: list[int] = []

    def fail_once() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise OSError

    work = once_a_day(fail_once)
    with pytest.raises(OSError):  # noqa: PT011
        work()
    work()
    work()
    assert len(calls) == 2


async def test_papers_are_made_some_at_a_time_with_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Callable[[], object]] = {}
    made: list[tuple[float, int]] = []

    async def every(_seconds: float, name: str, work: Callable[[], object]) -> None:
        asked[name] = work

    monkeypatch.setattr(schedule, "_every", every)
    monkeypatch.setattr("portail.adapters.passwords.prepare", lambda: None)
    name = "portail.services.billing.documents.make_missing"
    monkeypatch.setattr(name, lambda *with_: made.append(with_))
    await schedule.run()
    asked["papers"]()
    ((rest, most),) = made
    assert rest >= 1
    assert most <= 200


async def test_waiting_lists_are_tended_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, tuple[float, object]] = {}

    async def every(seconds: float, name: str, work: object) -> None:
        asked[name] = seconds, work

    monkeypatch.setattr(schedule, "_every", every)
    monkeypatch.setattr("portail.adapters.passwords.prepare", lambda: None)
    await schedule.run()
    seconds, work = asked["waiting_lists"]
    assert seconds <= 10
    assert work is queues.tend


@pytest.mark.parametrize(
    ("reminded", "done"),
    [
        (1, ["remind", "digests"]),
        (0, ["remind", "digests"]),
        (OSError(), ["remind", "digests"]),
        # another process is writing what may be in them: the next round sends them
        (None, ["remind"]),
    ],
)
def test_the_evening_reminds_then_sends_digests_whatever_happens(
    monkeypatch: pytest.MonkeyPatch, reminded: int | OSError | None, done: list[str]
) -> None:
    found: list[str] = []

    def remind(_rest: float) -> int | None:
        found.append("remind")
        if isinstance(reminded, OSError):
            raise reminded
        return reminded

    monkeypatch.setattr("portail.services.notifications.deadlines.remind", remind)
    send = "portail.services.notifications.digests.send_due"
    monkeypatch.setattr(send, lambda _rest: found.append("digests"))
    with suppress(OSError):
        schedule.evening()
    assert found == done
