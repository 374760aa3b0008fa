"""Where conversations stand, for the pages that show them, as the pages themselves count it."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from portail.database import reading
from portail.demo import build
from portail.domain.identity import Actor, Role
from portail.domain.messages import ThreadState
from portail.models import Account, Agent, Subscription, Thread
from portail.services.messages import answering, close, live, mark_read, mine
from tests.services.test_account import as_parent
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("db")


def test_an_answer_moves_the_conversation_and_the_count_of_its_parents() -> None:
    build.build()
    with reading() as session:
        accounts = [one or 0 for one in session.exec(select(Account.id))]
        counted = {one: mine.count_unread(session, one) for one in accounts}
        thread, account = session.exec(
            select(Thread, Subscription.account_id)
            .join(Subscription, col(Subscription.family_id) == col(Thread.family_id))
            .where(Thread.state == ThreadState.OPEN)
        ).first() or (None, 0)
        family = thread.family_id if thread else 0
        mine_too = select(Subscription.account_id).where(Subscription.family_id == family)
        both = set(session.exec(mine_too))
        agent = session.exec(select(Agent.id).where(Agent.user_name == "agent.enfance")).one()
    assert thread is not None
    number, count = thread.id or 0, thread.message_count
    with statements() as asked:
        before = live.unread(accounts)
        listed = live.lists(accounts)
    assert len([one for one in asked if one.startswith("SELECT")]) == 2
    assert before == {one: unread for one, unread in counted.items() if unread}
    assert live.versions([number]) == {number: (count, ThreadState.OPEN)}

    ines = Actor(1, agent_id=agent, roles=frozenset({Role.ENFANCE}))
    answering.answer(ines, number, "Oui, bien sûr.")
    assert live.versions([number]) == {number: (count + 1, ThreadState.ANSWERED)}
    assert live.unread([account]) == {account: before.get(account, 0) + 1}
    moved = [live.lists(accounts)]
    mark_read(as_parent(account), number, count + 1)
    moved.append(live.lists(accounts))
    close(as_parent(account), number, count + 1)
    moved.append(live.lists(accounts))
    assert len({found[account] for found in (listed, *moved)}) == 4
    for other in set(accounts) - both:
        assert {found.get(other) for found in moved} == {listed.get(other)}
    assert live.unread([account]).get(account, 0) == before.get(account, 0)
