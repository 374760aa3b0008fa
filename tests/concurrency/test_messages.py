"""The same message twice at once is one; a reply and a closing meet, and one of them is last."""

from __future__ import annotations

from portail.domain.identity import Actor
from portail.domain.messages import ThreadState
from portail.models import Message, MessageDraft, Procedure, Thread, ThreadRead
from portail.services import messages
from portail.services.messages import Closed, NewerMessage, Sent, Written, answering
from tests import samples
from tests.concurrency.together import at_once
from tests.services.documents import papers
from tests.services.documents.conftest import _empty_store
from tests.services.messages.letters import (
    Household,
    agents,
    begun,
    key,
    row,
    send,
    town,
    written,
    zoe,
)
from tests.services.test_account import mails

__all__ = ["_empty_store", "agents", "town", "zoe"]


def test_a_double_click_is_one_message(zoe: Household) -> None:
    text = written(zoe)
    told = at_once(4, lambda _: send(zoe.actor, text, ("a.pdf", samples.pdf())))
    assert len(set(told)) == 1
    assert isinstance(told[0], Sent)
    for table in (Thread, Message, Procedure):
        assert papers.count(table) == 1
    assert papers.count(MessageDraft) == 0
    assert len(mails("message_received")) == 1
    (message,) = messages.conversation(zoe.actor, told[0].thread_id).messages
    assert [file.name for file in message.files] == ["a.pdf"]
    assert papers.known_on_disk()


def test_words_that_come_late_make_no_draft_of_what_is_sent(zoe: Household) -> None:
    for _ in range(5):
        text = written(zoe)

        def act(place: int, text: Written = text) -> object:
            return messages.keep(zoe.actor, text) if place else send(zoe.actor, text)

        at_once(3, act)
        assert papers.count(MessageDraft) == 0


def test_two_answers_have_two_numbers(zoe: Household, agents: dict[str, Actor]) -> None:
    thread = begun(zoe)
    at_once(4, lambda n: answering.answer(agents["enfance"], thread, f"Réponse {n}"))
    shown = messages.conversation(zoe.actor, thread).messages
    assert [one.rank for one in shown] == [1, 2, 3, 4, 5]
    assert len(mails("message_answered")) == 4


def test_a_closing_and_a_reply_are_settled(zoe: Household, agents: dict[str, Actor]) -> None:
    for _ in range(5):
        thread = begun(zoe)

        def act(place: int, thread: int = thread) -> object:
            if place:
                return answering.answer(agents["enfance"], thread, "Oui")
            return messages.close(zoe.actor, thread, 1)

        closing, _answer = at_once(2, act)
        # closed first, then taken up again by the answer; or the answer came, and it is not closed
        assert closing in (Closed(), NewerMessage())
        assert row(thread).state is ThreadState.ANSWERED
        assert row(thread).message_count == 2


def test_two_tabs_read_at_once(zoe: Household, agents: dict[str, Actor]) -> None:
    thread = begun(zoe)
    answering.answer(agents["enfance"], thread, "Oui", key())
    at_once(4, lambda _: messages.mark_read(zoe.actor, thread, 2))
    assert papers.count(ThreadRead) == 1
