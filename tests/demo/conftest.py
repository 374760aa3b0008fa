"""What the tests of the demo share: its clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from portail.settings import settings

SetClock = Callable[[str], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetClock]:
    """Sets the portal's clock, until the end of the test."""

    def to(now: str) -> None:
        monkeypatch.setenv("PORTAIL_NOW", now)
        settings.cache_clear()

    yield to
    monkeypatch.undo()
    settings.cache_clear()
