"""Agents answer for the services of their roles; what they note no family ever reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portail.database import writing
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.messages import MAX_BODY, ThreadState
from portail.domain.notifications import Choice, Notification
from portail.domain.procedures import ProcedureState
from portail.models import Message
from portail.services import messages
from portail.services.family_file import answers
from portail.services.messages import Closed, NewerMessage, Sent, answering, contacts
from portail.services.messages.answering import BadText, Done
from portail.services.messages.contacts import ContactView
from portail.services.notifications.choices import put
from portail.services.procedures import procedure_detail
from portail.services.reach import NotFound
from tests import factories, samples
from tests.services.documents import papers
from tests.services.messages.letters import Household, begun, replied, row, send, written
from tests.services.test_account import as_parent, mails

pytestmark = pytest.mark.usefixtures("town")
Agents = dict[str, Actor]


def test_an_answer_moves_the_procedure_and_tells_every_adult(
    zoe: Household, agents: Agents
) -> None:
    marc = factories.account("m-pinceau", email="marc@example.org")
    factories.join_family(marc, zoe.family)
    factories.join_family(factories.account("inactif", activated=False), zoe.family)
    thread = begun(zoe)
    assert answering.answer(agents["enfance"], thread, "Oui.\r\n") == Sent(thread)
    made = row(thread)
    assert (made.state, made.answer_rank, made.town_read) == (ThreadState.ANSWERED, 2, 2)
    line = procedure_detail(zoe.actor, made.procedure_id or 0).line
    assert line.state is ProcedureState.VALIDATED
    sent = mails("message_answered")
    assert [mail.recipient for mail in sent] == ["z-pinceau@example.org", "marc@example.org"]
    assert "Le service enfance a répondu" in sent[0].text
    assert f"/messagerie/fil?n={thread}" in sent[0].text
    assert "Oui." not in sent[0].text
    (_, last) = messages.conversation(zoe.actor, thread).messages
    assert (last.by, last.author, last.body) == ("town", "Inès Moreau, Le service enfance", "Oui.")


def test_who_wants_no_mail_has_none(zoe: Household, agents: Agents) -> None:
    with writing() as session:
        put(session, zoe.account, {Notification.MESSAGES: Choice.NEVER})
    answering.answer(agents["enfance"], begun(zoe), "Oui")
    assert mails("message_answered") == []
    assert len(mails("message_received")) == 1  # a legal receipt is no choice


def test_the_same_answer_again_is_one(zoe: Household, agents: Agents) -> None:
    thread = begun(zoe)
    for _ in range(2):
        assert answering.answer(agents["enfance"], thread, "Oui", "cle-agent-1") == Sent(thread)
    assert papers.count(Message) == 2
    assert len(mails("message_answered")) == 1


@pytest.mark.parametrize("text", ["", " \n ", "x" * (MAX_BODY + 1)])
def test_an_answer_or_a_note_says_something(text: str, zoe: Household, agents: Agents) -> None:
    thread = begun(zoe)
    assert answering.answer(agents["enfance"], thread, text) == BadText()
    assert answering.note(agents["enfance"], thread, text) == BadText()
    assert papers.count(Message) == 1


def acts(actor: Actor, thread: int) -> list[Callable[[], object]]:
    return [
        lambda: answering.read(actor, thread),
        lambda: answering.answer(actor, thread, "Oui"),
        lambda: answering.note(actor, thread, "Oui"),
        lambda: answering.assign(actor, thread, ""),
        lambda: answering.close(actor, thread, 1),
    ]


def test_an_agent_answers_for_the_services_of_their_roles(zoe: Household, agents: Agents) -> None:
    thread = begun(zoe)
    for act in (*acts(agents["regie"], thread), *acts(agents["enfance"], 987_654)):
        with pytest.raises(NotFound):
            act()
    for act in acts(zoe.actor, thread):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Forbidden):
        answering.queue(zoe.actor)
    for act in acts(agents["administration"], thread):
        act()
    assert row(thread).state is ThreadState.ANSWERED  # it was answered after what was seen


def test_the_queue_of_each(zoe: Household, karim: Household, agents: Agents) -> None:
    first, second = begun(zoe, "E"), begun(karim, "R", service="regie")

    def listed(who: str, **more: object) -> list[int]:
        return [one.id for one in answering.queue(agents[who], **more)]  # type: ignore[arg-type]

    assert listed("enfance") == [first]
    assert listed("regie") == [second]
    assert listed("administration") == [first, second]
    assert listed("administration", service="regie") == [second]
    assert listed("enfance", service="regie") == []
    assert answering.queue(agents["enfance"])[0].unread
    answering.read(agents["enfance"], first)
    assert not answering.queue(agents["enfance"])[0].unread
    assert listed("enfance", mine=True) == []
    assert answering.assign(agents["enfance"], first, "agent.regie") == BadText()
    assert answering.assign(agents["enfance"], first, "agent.enfance") == Done()
    assert listed("enfance", mine=True) == [first]
    assert answering.close(agents["enfance"], first) == Closed()
    assert listed("enfance") == []
    assert listed("enfance", state=ThreadState.CLOSED) == [first]


def test_a_message_that_the_agent_has_not_read_is_not_closed_over(
    zoe: Household, agents: Agents
) -> None:
    thread = begun(zoe)
    answering.read(agents["enfance"], thread)
    replied(zoe, thread, "Au fait…")
    assert answering.close(agents["enfance"], thread) == NewerMessage()
    assert answering.read(agents["enfance"], thread).messages[-1].new
    assert answering.close(agents["enfance"], thread) == Closed()


def test_a_note_reaches_no_family(zoe: Household, agents: Agents) -> None:
    thread = begun(zoe)
    assert answering.note(agents["enfance"], thread, "Entre nous") == Done()
    assert [one.body for one in answering.read(agents["enfance"], thread).notes] == ["Entre nous"]
    assert "Entre nous" not in repr(messages.conversation(zoe.actor, thread))
    assert messages.my_threads(zoe.actor, messages.Filter(search="entre nous")).lines == ()
    assert row(thread).state is ThreadState.OPEN
    assert mails("message_answered") == []


def test_a_file_is_opened_by_the_family_and_by_its_service(
    zoe: Household, karim: Household, agents: Agents
) -> None:
    sent = send(zoe.actor, written(zoe), ("a.pdf", samples.pdf()))
    assert isinstance(sent, Sent)
    file = messages.conversation(zoe.actor, sent.thread_id).messages[0].files[0].id
    marc = factories.account()
    factories.join_family(marc, zoe.family)
    for actor in (zoe.actor, as_parent(marc), agents["enfance"], agents["administration"]):
        assert messages.open_file(actor, file).name == "a.pdf"
    for actor in (karim.actor, agents["regie"]):
        with pytest.raises(NotFound):
            messages.open_file(actor, file)
    for actor in (zoe.actor, agents["administration"]):
        with pytest.raises(NotFound):
            messages.open_file(actor, file + 1)


def test_messages_are_not_among_the_changes_to_accept(zoe: Household, agents: Agents) -> None:
    thread = begun(zoe)
    number = row(thread).procedure_id or 0
    assert [one.id for one in answers.waiting(agents["enfance"])] == []
    assert answers.accept(agents["enfance"], number) == answers.NotPossible()
    assert answers.refuse(agents["enfance"], number, "non") == answers.NotPossible()
    assert answers.ask_document(agents["enfance"], number, "x") == answers.NotPossible()


def test_services_are_set_by_the_administration(agents: Agents) -> None:
    wanted = ContactView("sport", "Le sport", "Piscine", 4, Role.ENFANCE, active=True)
    assert contacts.set_service(agents["administration"], wanted) == Done()
    assert wanted in contacts.contact_services(agents["regie"])
    closed = ContactView("sport", "Les sports", "", 2, Role.ENFANCE, active=False)
    assert contacts.set_service(agents["administration"], closed) == Done()
    assert [one for one in contacts.contact_services(agents["regie"]) if one.code == "sport"] == [
        closed
    ]
    with pytest.raises(Forbidden):
        contacts.set_service(agents["enfance"], wanted)
    for bad in (
        ContactView("", "Le sport", "", 4, Role.ENFANCE, active=True),
        ContactView("sport", " ", "", 4, Role.ENFANCE, active=True),
        ContactView("sport", "Le sport", "", 0, Role.ENFANCE, active=True),
        ContactView("sport", "x" * 81, "", 4, Role.ENFANCE, active=True),
    ):
        assert contacts.set_service(agents["administration"], bad) == BadText()


def test_saved_replies_are_a_service_s(agents: Agents, zoe: Household) -> None:
    enfance, regie = agents["enfance"], agents["regie"]
    assert contacts.save_reply(enfance, "enfance", "Complet", "Bonjour") == Done()
    assert contacts.save_reply(enfance, "enfance", "Complet", "Bonsoir") == Done()
    assert [one.body for one in contacts.saved_replies(enfance, "enfance")] == ["Bonsoir"]
    for act in (
        lambda: contacts.saved_replies(regie, "enfance"),
        lambda: contacts.save_reply(regie, "enfance", "x", "y"),
        lambda: contacts.saved_replies(enfance, "inconnu"),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        contacts.saved_replies(zoe.actor, "enfance")
    assert contacts.save_reply(enfance, "enfance", "", "Bonsoir") == BadText()
    assert contacts.save_reply(enfance, "enfance", "Complet", "") == Done()
    assert contacts.saved_replies(enfance, "enfance") == ()
