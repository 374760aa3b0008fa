"""Several people at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Outcome = TypeVar("Outcome")
GENEROUS = 30.0  # seconds


def at_once(count: int, act: Callable[[int], Outcome]) -> list[Outcome]:
    """Do the same thing in this many threads that start together."""
    start = Barrier(count)

    def run(number: int) -> Outcome:
        start.wait(GENEROUS)
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))
