"""Fit to serve, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portail import database, migrations
from portail.services import health
from portail.settings import settings


def _use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAIL_DATABASE_URL", url)
    database.close()
    settings.cache_clear()


@pytest.fixture
def empty_database(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A SQLite database without a table."""
    _use("", monkeypatch)
    yield
    database.close()


@pytest.mark.usefixtures("db")
def test_a_migrated_database_is_fit() -> None:
    assert health.problems() == []


@pytest.mark.usefixtures("empty_database")
def test_an_empty_database_is_not() -> None:
    (problem,) = health.problems()
    assert problem == f"migrations: database at nothing, code at {migrations.wanted_revision()}"
    migrations.upgrade()
    assert health.problems() == []


@pytest.mark.usefixtures("empty_database")
def test_a_database_that_does_not_answer_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    _use("sqlite:////nowhere/x.sqlite3", monkeypatch)
    assert health.problems() == ["database: OperationalError"]
