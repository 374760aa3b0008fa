"""The browsers where one is signed in: one's own, in plain words, ended one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portail import clock
from portail.database import writing
from portail.domain.identity import Actor, Forbidden
from portail.services import sessions
from portail.services.open_sessions import end_session, open_sessions
from portail.settings import settings
from tests import factories
from tests.services.test_account import actions
from tests.services.test_sessions import alive, session_id

pytestmark = pytest.mark.usefixtures("db")
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def opened(account_id: int, device: str = CHROME) -> str:
    with writing() as session:
        return sessions.open_session(session, account_id=account_id, device=device)


def actor(secret: str) -> Actor:
    found = sessions.find(secret, touch=False)
    assert found is not None
    return found.actor


def test_one_sees_one_s_own_live_sessions_this_one_first() -> None:
    zoe, karim = factories.account(), factories.account()
    here = opened(zoe)
    ended = opened(zoe)
    clock.advance(timedelta(minutes=5))
    phone = opened(zoe, PHONE)
    opened(karim)
    sessions.end(session_id(ended))
    found = open_sessions(actor(here))
    assert [one.id for one in found] == [session_id(here), session_id(phone)]
    assert [one.device for one in found] == ["Chrome sur Windows", "Safari sur iPhone"]
    assert [one.current for one in found] == [True, False]


def test_a_session_that_ran_out_is_not_shown() -> None:
    zoe = factories.account()
    opened(zoe)
    clock.advance(timedelta(minutes=settings().session_idle_minutes))
    here = opened(zoe)
    assert len(open_sessions(actor(here))) == 1


def test_another_session_of_one_s_own_can_be_ended() -> None:
    zoe = factories.account()
    here, there = opened(zoe), opened(zoe, PHONE)
    assert end_session(actor(here), session_id(there))
    assert alive(here)
    assert not alive(there)
    assert actions(zoe) == ["session_ended"]


def test_the_session_of_somebody_else_cannot_nor_can_this_one() -> None:
    zoe, karim = factories.account(), factories.account()
    here, his = opened(zoe), opened(karim)
    assert not end_session(actor(here), session_id(his))
    assert not end_session(actor(here), session_id(here))
    assert not end_session(actor(here), 999_999)
    assert alive(here)
    assert alive(his)
    assert actions(zoe) == actions(karim) == []


def test_an_agent_has_no_sessions_of_a_parent() -> None:
    agent = Actor(session_id=1, agent_id=factories.agent())
    with pytest.raises(Forbidden):
        open_sessions(agent)
    with pytest.raises(Forbidden):
        end_session(agent, 1)
