"""Sessions: found by their secret alone, kept alive by use, ended by time or by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from portail import clock
from portail.database import engine, reading, writing
from portail.domain.identity import Role
from portail.models import Account, Agent, WebSession
from portail.services import sessions
from portail.services.sessions import TOUCH_EVERY
from portail.settings import settings
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
SECOND = timedelta(seconds=1)
IDLE = timedelta(minutes=settings().session_idle_minutes)
ABSOLUTE = timedelta(hours=settings().session_hours)


def opened(*, account_id: int | None = None, agent_id: int | None = None) -> str:
    with writing() as session:
        return sessions.open_session(
            session, account_id=account_id, agent_id=agent_id, device="Firefox"
        )


def session_id(secret: str) -> int:
    found = sessions.find(secret, touch=False)
    assert found is not None
    return found.actor.session_id


def seen_at() -> object:
    with reading() as session:
        return session.exec(select(WebSession)).one().seen_at


def alive(secret: str) -> bool:
    return sessions.find(secret, touch=False) is not None


def test_a_secret_finds_its_owner_and_nobody_else() -> None:
    zoe, karim = factories.account(), factories.account(first_name="Karim", last_name="Benali")
    first, second = opened(account_id=zoe), opened(account_id=karim)
    found, other = sessions.find(first), sessions.find(second)
    assert found is not None
    assert other is not None
    assert (found.actor.account_id, found.display_name) == (zoe, "Zoé Pinceau")
    assert (other.actor.account_id, other.display_name) == (karim, "Karim Benali")
    assert found.actor.session_id != other.actor.session_id


@pytest.mark.parametrize("secret", ["", "x", "a" * 10_000, "%", "' OR 1=1 --", "é"])
def test_another_secret_finds_nobody(secret: str) -> None:
    known = opened(account_id=factories.account())
    assert sessions.find(secret) is None
    assert alive(known)


def test_the_kept_hash_is_not_itself_a_secret() -> None:
    secret = opened(account_id=factories.account())
    with reading() as session:
        kept = session.exec(select(WebSession)).one().token_hash
    assert sessions.find(kept) is None
    assert alive(secret)


def test_an_agent_comes_with_their_roles_and_a_parent_with_none() -> None:
    agent = sessions.find(opened(agent_id=factories.agent(roles=(Role.REGIE, Role.ENFANCE))))
    parent = sessions.find(opened(account_id=factories.account()))
    assert agent is not None
    assert parent is not None
    assert agent.actor.roles == {Role.REGIE, Role.ENFANCE}
    assert parent.actor.roles == frozenset()


def test_a_session_ends_after_a_time_without_use() -> None:
    secret = opened(account_id=factories.account())
    clock.advance(IDLE - SECOND)
    assert alive(secret)
    clock.advance(SECOND)
    assert not alive(secret)
    assert sessions.find(secret) is None  # using it does not bring it back


def test_use_keeps_a_session_alive_until_its_absolute_end() -> None:
    secret = opened(account_id=factories.account())
    step = IDLE - SECOND
    for _ in range(int(ABSOLUTE / step)):
        clock.advance(step)
        assert sessions.find(secret) is not None
    clock.advance(ABSOLUTE % step - SECOND)
    found = sessions.find(secret)
    assert found is not None
    assert found.ends_at == clock.now() + SECOND
    clock.advance(SECOND)
    assert sessions.find(secret) is None


def test_looking_without_touching_does_not_keep_alive() -> None:
    secret = opened(account_id=factories.account())
    clock.advance(IDLE - SECOND)
    assert sessions.find(secret, touch=False) is not None
    clock.advance(SECOND)
    assert not alive(secret)


def test_use_is_written_at_most_once_a_minute() -> None:
    secret, start = opened(account_id=factories.account()), clock.now()
    writes: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE"):
            writes.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        for _ in range(6):
            sessions.find(secret)
            clock.advance(TOUCH_EVERY / 6)
        assert writes == []
        assert seen_at() == start
        for _ in range(6):
            sessions.find(secret)
        assert len(writes) == 1
        assert seen_at() == clock.now()
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def test_an_ended_session_is_over_and_others_are_not() -> None:
    account_id = factories.account()
    first, second = opened(account_id=account_id), opened(account_id=account_id)
    sessions.end(session_id(first))
    assert not alive(first)
    assert alive(second)


def test_ending_twice_keeps_the_first_instant() -> None:
    secret = opened(account_id=factories.account())
    ident, first = session_id(secret), clock.now()
    sessions.end(ident)
    clock.advance(SECOND)
    sessions.end(ident)
    with reading() as session:
        assert session.get_one(WebSession, ident).ended_at == first


def test_all_sessions_of_a_person_end_but_the_one_kept() -> None:
    zoe, karim, agent = factories.account(), factories.account(), factories.agent()
    here, there, other = opened(account_id=zoe), opened(account_id=zoe), opened(account_id=karim)
    staff = opened(agent_id=agent)
    with writing() as session:
        sessions.end_all(session, account_id=zoe, keep=session_id(here))
    assert [alive(secret) for secret in (here, there, other, staff)] == [True, False, True, True]
    with writing() as session:
        sessions.end_all(session, agent_id=agent)
    assert [alive(secret) for secret in (here, there, other, staff)] == [True, False, True, False]


def test_a_disabled_agent_is_signed_out_everywhere() -> None:
    gone, present = factories.agent(), factories.agent()
    first, second = opened(agent_id=gone), opened(agent_id=present)
    ids = [session_id(first), session_id(second)]
    with writing() as session:
        session.get_one(Agent, gone).disabled_at = clock.now()
    assert not alive(first)
    assert alive(second)
    assert list(sessions.ends(ids)) == [ids[1]]  # open tabs are told


def test_the_ends_of_sessions_leave_out_those_that_somebody_ended() -> None:
    account_id = factories.account()
    live, ended = opened(account_id=account_id), opened(account_id=account_id)
    ids = [session_id(live), session_id(ended)]
    sessions.end(ids[1])
    assert sessions.ends([*ids, 999_999]) == {ids[0]: clock.now() + IDLE}
    end = clock.now() + IDLE
    clock.advance(IDLE + timedelta(minutes=1))
    assert sessions.ends(ids) == {ids[0]: end}  # past: ended for want of use, and told so


def test_old_sessions_are_purged_and_only_those() -> None:
    account_id = factories.account()
    opened(account_id=account_id)
    clock.advance(timedelta(days=1))
    recent = opened(account_id=account_id)
    with writing() as session:
        sessions.purge(session, clock.now())
    with reading() as session:
        (row,) = session.exec(select(WebSession)).all()
    assert row.id == session_id(recent)


def test_a_session_goes_with_its_account() -> None:
    account_id = factories.account()
    secret = opened(account_id=account_id)
    assert alive(secret)
    with writing() as session:
        session.delete(session.get_one(Account, account_id))
    assert not alive(secret)
