"""Who acts in an event: read where it keeps nobody waiting, written down in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from starlette.responses import Response

from portail import clock
from portail.access import cookies, identity, reads
from portail.database import engine, writing
from portail.services import sessions
from portail.services.sessions import TOUCH_EVERY
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
Asked = list[tuple[str, bool]]  # first word of a statement, and whether the loop's thread asked


@pytest.fixture
def asked() -> Iterator[Asked]:
    """What is asked of the database, and by whom."""
    heard: Asked = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        mine = threading.current_thread() is threading.main_thread()
        heard.append((statement.split(maxsplit=1)[0], mine))

    event.listen(engine(), "before_cursor_execute", note)
    yield heard
    event.remove(engine(), "before_cursor_execute", note)


def cookie(account: int) -> str:
    with writing() as session:
        secret = sessions.open_session(session, account_id=account, device="Firefox")
    response = Response()
    cookies.set_session(response, secret)
    return response.headers["set-cookie"].split(";")[0]


async def test_an_event_finds_the_person_of_its_cookie_and_nobody_without_it() -> None:
    zoe = factories.account()
    mine, another = cookie(zoe), cookie(factories.account())
    found, other = await identity.of_event(mine), await identity.of_event(another)
    assert found is not None
    assert other is not None
    assert found.actor.account_id == zoe != other.actor.account_id
    assert await identity.of_event("") is None
    assert await identity.of_event(mine[:-1]) is None
    sessions.end(found.actor.session_id)
    assert await identity.of_event(mine) is None


async def test_a_read_is_made_on_the_spot_only_where_it_waits_for_nobody(asked: Asked) -> None:
    mine = cookie(factories.account())
    asked.clear()
    assert await identity.of_event(mine) is not None
    local = engine().dialect.name == "sqlite"
    assert [on_the_spot for word, on_the_spot in asked if word == "SELECT"] == [local]


async def test_use_is_written_down_once_a_minute_never_by_the_loop(asked: Asked) -> None:
    mine = cookie(factories.account())
    asked.clear()
    await identity.of_event(mine)
    clock.advance(TOUCH_EVERY)
    before = await identity.of_event(mine)
    after = await identity.of_event(mine)
    assert [on_the_spot for word, on_the_spot in asked if word == "UPDATE"] == [False]
    assert before is not None
    assert before == after
    assert not before.touch_due


async def test_what_a_read_refuses_is_told(asked: Asked) -> None:
    def refuse() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await reads.read(refuse)
    assert asked == []
