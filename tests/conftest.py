"""Shared fixtures. Tests that take `database` run twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from portail import clock
from portail.adapters import payment as online
from portail.settings import settings
from tests import databases

# machines are noisy: no test fails for having been slow
hypothesis.settings.register_profile("portail", deadline=None)
hypothesis.settings.load_profile("portail")


@pytest.fixture(scope="session", params=databases.KINDS)
def database_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """One database of each kind for the whole run, migrated once."""
    with databases.migrated(request.param, tmp_path_factory.mktemp("data")):
        yield


@pytest.fixture
def db(database_server: None) -> Iterator[None]:
    """An empty database, before and after."""
    yield
    databases.emptied()


@pytest.fixture(scope="module")
def bank_server(database_server: None) -> Iterator[None]:
    """The local PayFiP and the portal's payment routes, on a port of their own."""
    from tests import payments

    port = payments.free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORT", str(port))
        patch.setenv("PORTAIL_PUBLIC_URL", f"http://127.0.0.1:{port}")
        settings.cache_clear()
        online.current.cache_clear()
        with payments.served(port):
            yield
    settings.cache_clear()
    online.current.cache_clear()


@pytest.fixture
def bank(db: None, bank_server: None) -> Iterator[None]:
    """The local PayFiP, which behaves again and has nothing left to say after the test."""
    from portail.demo.payfip.bank import Switches, demo_bank

    yield
    demo_bank().set(Switches())
    demo_bank().due(late=1_000_000)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """Whatever a test did to the clock ends with it."""
    yield
    clock.reset()


SetClock = Callable[[str], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetClock]:
    """Sets the portal's clock («2026-12-24T09:00»), until the end of the test."""

    def to(now: str) -> None:
        monkeypatch.setenv("PORTAIL_NOW", now)
        settings.cache_clear()

    yield to
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own."""
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()
