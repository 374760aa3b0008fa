"""One's data, asked for and made in the background: once, whatever happens, for a day."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import delete, select

from portail import clock, frontend
from portail.adapters import storage
from portail.database import Work, reading, working_alone, writing
from portail.domain.identity import Actor, Forbidden
from portail.models import Account, DataExport, OutboxMail, Subscription
from portail.services import my_data, subscriptions
from portail.services.documents import storing
from portail.services.export import export_my_data
from portail.services.my_data import AGAIN_AFTER, KEPT, RETRY
from portail.services.reach import NotFound
from portail.settings import settings
from tests import factories
from tests.concurrency.together import at_once
from tests.services.test_account import actions, as_parent
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("db")
# dies when the file is whole and in the store, and the database does not know it yet
KILLED = """
import os, signal
from portail.adapters import storage
from portail.services import my_data

keep = storage.keep
def kept(*which):
    keep(*which)
    os.kill(os.getpid(), signal.SIGKILL)
storage.keep = kept
my_data.make_asked()
"""


@pytest.fixture(autouse=True)
def _empty_store(db: None) -> Iterator[None]:
    shutil.rmtree(settings().files_dir, ignore_errors=True)
    yield
    shutil.rmtree(settings().files_dir, ignore_errors=True)


@pytest.fixture
def zoe() -> Actor:
    account = factories.account("z-pinceau", first_name="Zoé")
    factories.child("Nora", factories.family(members=[account]))
    return as_parent(account)


@pytest.fixture
def karim() -> Actor:
    return as_parent(factories.account("k-benali", first_name="Karim"))


def kept() -> list[Path]:
    """The files of the store."""
    return [path for path in settings().files_dir.rglob("*") if path.is_file()]


def stage(actor: Actor) -> str:
    found = my_data.my_data(actor)
    return "" if found is None else "ready" if found.ready_at else "preparing"


def mails() -> list[str]:
    with reading() as session:
        rows = session.exec(select(OutboxMail).where(OutboxMail.kind == "data_ready"))
        return [row.recipient for row in rows]


def test_it_is_asked_for_made_told_and_given_back_to_its_owner(zoe: Actor, karim: Actor) -> None:
    assert stage(zoe) == ""
    my_data.ask(zoe)
    assert stage(zoe) == "preparing"
    with pytest.raises(NotFound):
        my_data.open_data(zoe)
    assert my_data.make_asked() == 1
    assert stage(zoe) == "ready"
    path = my_data.open_data(zoe)
    found = my_data.my_data(zoe)
    assert found is not None
    assert found.size == path.stat().st_size
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Nora" in zipfile.ZipFile(path).read("mes-donnees.json").decode()
    with reading() as session:
        address = session.get_one(Account, zoe.account()).email
    assert mails() == [address]
    assert actions(zoe.account()) == ["data_exported", "data_downloaded"]
    assert stage(karim) == ""
    with pytest.raises(NotFound):
        my_data.open_data(karim)


def test_nobody_but_a_parent_asks(zoe: Actor) -> None:
    agent = Actor(1, agent_id=factories.agent())
    for call in (my_data.ask, my_data.my_data):
        with pytest.raises(Forbidden):
            call(agent)
    with pytest.raises(NotFound):
        my_data.open_data(agent)


def test_asking_twice_makes_one(zoe: Actor) -> None:
    at_once(4, lambda _: my_data.ask(zoe))
    assert my_data.make_asked() == 1
    my_data.ask(zoe)  # it has just been made
    assert (my_data.make_asked(), len(kept()), len(mails())) == (0, 1, 1)
    assert actions(zoe.account()) == ["data_exported"]


def test_another_one_takes_its_place_an_hour_later(zoe: Actor) -> None:
    my_data.ask(zoe)
    my_data.make_asked()
    first = my_data.open_data(zoe)
    clock.advance(AGAIN_AFTER)
    found = my_data.my_data(zoe)
    assert found is not None
    assert found.again
    my_data.ask(zoe)
    assert stage(zoe) == "preparing"
    my_data.make_asked()
    assert my_data.open_data(zoe) != first
    os.utime(first, (0, 0))  # what nobody knows is swept once it is old
    storing.tidy(clock.now())
    assert kept() == [my_data.open_data(zoe)]


def test_it_is_kept_for_a_day(zoe: Actor) -> None:
    my_data.ask(zoe)
    my_data.make_asked()
    for path in kept():
        os.utime(path, (0, 0))
    storing.tidy(clock.now())
    clock.advance(KEPT - timedelta(seconds=1))
    my_data.purge(clock.now())
    assert my_data.open_data(zoe).is_file()
    clock.advance(timedelta(seconds=1))
    assert stage(zoe) == ""
    with pytest.raises(NotFound):
        my_data.open_data(zoe)
    my_data.purge(clock.now())
    assert kept() == []
    assert my_data.versions([zoe.account()]) == {}


def test_two_processes_make_one_file_each_account(zoe: Actor, karim: Actor) -> None:
    my_data.ask(zoe)
    my_data.ask(karim)
    assert sum(at_once(4, lambda _: my_data.make_asked())) == 2
    assert (len(kept()), len(mails())) == (2, 2)


def test_a_process_waits_for_nobody(zoe: Actor) -> None:
    my_data.ask(zoe)
    with working_alone(Work.EXPORTS) as mine:
        assert mine
        assert my_data.make_asked() == 0
    assert my_data.make_asked() == 1


def test_a_kill_in_the_middle_loses_nothing_and_doubles_nothing(zoe: Actor) -> None:
    my_data.ask(zoe)
    environment = os.environ | {
        "PORTAIL_DATABASE_URL": settings().sqlalchemy_url,
        "PORTAIL_DATA_DIR": str(settings().data_dir),
        "PORTAIL_NOW": "2026-11-23T09:00",
    }
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        cwd=frontend.ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (stage(zoe), mails()) == ("preparing", [])
    left = kept()
    assert len([path for path in left if path.parent.name != storage.TEMPORARY]) == 1
    assert my_data.make_asked() == 1
    for path in left:
        os.utime(path, (0, 0))
    storing.tidy(clock.now())
    assert kept() == [my_data.open_data(zoe)]
    assert len(mails()) == 1


def test_what_fails_is_tried_again_later_and_holds_up_nobody(
    zoe: Actor, karim: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    my_data.ask(zoe)
    clock.advance(timedelta(seconds=1))
    my_data.ask(karim)

    def fail_for_zoe(actor: Actor, target: object) -> None:
        if actor.account_id == zoe.account_id:
            raise OSError
        export_my_data(actor, target)  # type: ignore[arg-type]

    monkeypatch.setattr(my_data, "export_my_data", fail_for_zoe)
    assert my_data.make_asked() == 1
    assert (stage(zoe), stage(karim)) == ("preparing", "ready")
    monkeypatch.undo()
    assert my_data.make_asked() == 0
    clock.advance(RETRY)
    assert my_data.make_asked() == 1
    assert stage(zoe) == "ready"


def test_a_family_file_left_takes_what_was_prepared_of_it(zoe: Actor) -> None:
    my_data.ask(zoe)
    my_data.make_asked()
    with reading() as session:
        subscription = session.exec(select(Subscription.id)).one()
    subscriptions.remove_subscription(zoe, subscription or 0)
    with pytest.raises(NotFound):
        my_data.open_data(zoe)


def test_an_account_that_goes_meanwhile_leaves_nothing(
    zoe: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    my_data.ask(zoe)

    def gone(actor: Actor, target: object) -> None:
        export_my_data(actor, target)  # type: ignore[arg-type]
        with writing() as session:
            session.execute(delete(Account))

    monkeypatch.setattr(my_data, "export_my_data", gone)
    assert my_data.make_asked() == 0
    assert (kept(), mails()) == ([], [])
    with reading() as session:
        assert session.exec(select(DataExport)).all() == []


def test_the_versions_of_all_are_one_query(zoe: Actor, karim: Actor) -> None:
    my_data.ask(zoe)
    found = my_data.my_data(zoe)
    assert found is not None
    with statements() as asked:
        assert my_data.versions([zoe.account(), karim.account()]) == {zoe.account(): found.version}
    assert len([one for one in asked if one.startswith("SELECT")]) == 1
