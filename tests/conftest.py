"""Shared fixtures. Tests that take `database` run twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from portail import clock
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


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """Whatever a test did to the clock ends with it."""
    yield
    clock.reset()


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own."""
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()
