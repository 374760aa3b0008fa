"""Shared fixtures. Tests that take `database` run twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlmodel import SQLModel

os.environ.update(
    {
        "PORTAIL_NOW": "2026-11-23T09:00",
        "PORTAIL_BCRYPT_COST": "4",
        "PORTAIL_MODE": "demo",
        "PORTAIL_SECRET": "tests-only-" + "x" * 32,
        "PORTAIL_SEALING_KEYS": "dGVzdHMtb25seS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0=",
    }
)
for name in ("PORTAIL_DATABASE_URL", "PORTAIL_SMTP_URL", "PORTAIL_REDIS_URL", "PORTAIL_PUBLIC_URL"):
    os.environ.pop(name, None)

from portail import clock, database, migrations
from portail.adapters import payment as online
from portail.settings import settings
from tests import postgres

# machines are noisy: no test fails for having been slow
hypothesis.settings.register_profile("portail", deadline=None)
hypothesis.settings.load_profile("portail")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """One database of each kind for the whole run, migrated once."""
    os.environ["PORTAIL_DATA_DIR"] = str(tmp_path_factory.mktemp("data"))
    if request.param == "postgresql":
        with postgres.temporary_server() as url:
            yield from _migrated(url)
    else:
        yield from _migrated("")


def _migrated(url: str) -> Iterator[None]:
    os.environ["PORTAIL_DATABASE_URL"] = url
    settings.cache_clear()
    database.engine.cache_clear()
    migrations.upgrade()
    yield
    database.engine().dispose()
    database.engine.cache_clear()
    os.environ.pop("PORTAIL_DATABASE_URL", None)
    settings.cache_clear()


@pytest.fixture
def db(database_server: None) -> Iterator[None]:
    """An empty database, before and after."""
    yield
    with database.writing() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.execute(table.delete())


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


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own."""
    monkeypatch.setenv("PORTAIL_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()
