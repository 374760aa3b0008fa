"""The ground under every service: transactions, constraints and instants, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from time import sleep

import pytest
from alembic import command
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from portail import database, migrations
from portail.database import Work, reading, writing
from portail.models import ActionLog, Family, WebSession
from tests.concurrency.together import at_once

pytestmark = pytest.mark.usefixtures("db")
NOON = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))


def test_migrations_give_exactly_the_tables_of_the_models() -> None:
    command.check(migrations.alembic_config())  # raises when a model has no migration
    assert migrations.current_revision() == migrations.wanted_revision()


def test_instants_come_back_aware_and_equal() -> None:
    with writing() as session:
        session.add(ActionLog(at=NOON, action="test"))
    with reading() as session:
        at = session.exec(select(ActionLog)).one().at
    assert at == NOON
    assert at.tzinfo is UTC


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(Exception, match="naive"), writing() as session:
        session.add(ActionLog(at=datetime(2026, 7, 1), action="test"))  # noqa: DTZ001


def test_a_transaction_that_raises_keeps_nothing() -> None:
    with pytest.raises(RuntimeError), writing() as session:
        session.add(Family(number=1, name="A", name_key="a"))
        session.flush()
        raise RuntimeError
    with reading() as session:
        assert session.exec(select(Family)).all() == []


def test_the_database_itself_refuses_what_the_rules_forbid() -> None:
    with writing() as session:
        session.add(Family(number=1, name="A", name_key="a"))
    with pytest.raises(IntegrityError), writing() as session:
        session.add(Family(number=1, name="B", name_key="b"))
    with pytest.raises(IntegrityError), writing() as session:  # a session without owner
        session.add(
            WebSession(
                token_hash="h",
                created_at=NOON,
                seen_at=NOON,
                expires_at=NOON + timedelta(hours=1),
            )
        )
    with pytest.raises(IntegrityError), writing() as session:  # a foreign key to nobody
        session.add(ActionLog(at=NOON, action="test", account_id=12345))


def test_writers_wait_for_each_other_however_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a rush SQLite lets some pass for ever: those of a process take turns."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 0)
    database.close()  # the next connections do not wait at all

    def write(number: int) -> None:
        with writing() as session:
            session.add(Family(number=number + 1, name="A", name_key="a"))
            session.flush()
            sleep(0.02)

    at_once(8, write)
    with reading() as session:
        assert len(session.exec(select(Family)).all()) == 8
    database.close()


def test_one_process_works_alone_and_leaves_its_place() -> None:
    with database.working_alone(Work.BILLING) as first:
        assert first
        with database.working_alone(Work.BILLING) as second:
            assert not second
    with database.working_alone(Work.BILLING) as again:
        assert again


def test_many_rows_at_once_are_like_any_others() -> None:
    columns = ("id", "number", "name", "name_key", "street", "postcode", "city")
    with writing() as session:
        first = database.new_ids(session, Family, 2)
        rows = [(key, key, "É\t\\N", "e", "1, rue «X»", "", "") for key in first]
        database.insert_many(session, Family, columns, rows)
        database.insert_many(session, Family, columns, [])
        more = database.new_ids(session, Family, 1)
        assert not set(first) & set(more)
    with reading() as session:
        assert [(row.number, row.name) for row in session.exec(select(Family))] == [
            (key, "É\t\\N") for key in first
        ]
    with pytest.raises(IntegrityError), writing() as session:
        database.insert_many(session, Family, columns, rows)
