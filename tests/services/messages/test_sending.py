"""A message is sent whole or not at all; what is not sent is kept as it was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.domain.identity import Forbidden
from portail.domain.messages import MAX_BODY, MAX_FILES, About, Problem, ThreadState, Topic
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.domain.throttling import MESSAGES
from portail.models import Message, MessageDraft, Procedure, StoredFile, Thread
from portail.models import MessageAttachment as Attachment
from portail.services import messages
from portail.services.documents import storing
from portail.services.messages import Draft, NotSent, Sent, Told, Written
from portail.services.procedures import procedure_detail
from portail.services.reach import NotFound
from tests import factories, samples
from tests.services.documents import papers
from tests.services.messages.letters import (
    BODY,
    Household,
    about_child,
    begun,
    key,
    replied,
    row,
    send,
    written,
)
from tests.services.test_account import actions, mails

pytestmark = pytest.mark.usefixtures("town")
PDF = ("a.pdf", samples.pdf())


def draft(home: Household, thread: int | None = None) -> Draft:
    found = messages.my_draft(home.actor, thread)
    assert found is not None
    return found


def test_a_new_message_is_a_procedure_with_its_acknowledgement(zoe: Household) -> None:
    text = written(
        zoe, "  Le  mercredi\t", "\r\n Bonjour\r\n\r\nMerci  \r\n", about=about_child(zoe)
    )
    sent = send(zoe.actor, text, PDF)
    assert isinstance(sent, Sent)
    made = row(sent.thread_id)
    assert (made.subject, made.state, made.child_id) == ("Le mercredi", ThreadState.OPEN, zoe.child)
    shown = messages.conversation(zoe.actor, sent.thread_id)
    assert [(one.by, one.body) for one in shown.messages] == [("me", " Bonjour\n\nMerci")]
    assert [file.name for file in shown.messages[0].files] == ["a.pdf"]
    line = procedure_detail(zoe.actor, made.procedure_id or 0).line
    assert (line.kind, line.state) == (ProcedureKind.MESSAGE, ProcedureState.REQUESTED)
    assert "mercredi" not in line.title  # what was typed may tell of somebody's health
    (mail,) = mails("message_received")
    assert mail.recipient == "z-pinceau@example.org"
    for said in (f"n°\u00a0{line.id}", "Le service enfance", "3\u00a0jours ouvrés"):
        assert said in mail.text
    assert "Bonjour\n\nMerci" not in mail.text
    assert f"/messagerie/fil?n={sent.thread_id}" in mail.text
    assert messages.my_draft(zoe.actor) is None
    assert papers.count(Attachment) == 1
    assert "message_sent" in actions(zoe.account)


@pytest.mark.parametrize("topic", [Topic.INVOICE, Topic.PROCEDURE])
def test_it_may_be_about_an_invoice_or_a_procedure(topic: Topic, zoe: Household) -> None:
    made = {
        Topic.INVOICE: lambda: factories.invoice(zoe.family, "2026-1"),
        Topic.PROCEDURE: lambda: factories.procedure(zoe.family),
    }[topic]()
    thread = begun(zoe, about=About(zoe.family, topic, made))  # type: ignore[arg-type]
    assert messages.conversation(zoe.actor, thread).about.about == About(zoe.family, topic, made)


def test_nothing_chosen_is_the_family_file(zoe: Household) -> None:
    text = Written(key(), BODY, service="regie", subject="Bonjour")
    sent = send(zoe.actor, text)
    assert isinstance(sent, Sent)
    assert row(sent.thread_id).family_id == zoe.family


def test_what_is_another_s_cannot_be_written_about(zoe: Household, karim: Household) -> None:
    invoice = factories.invoice(karim.family, "2026-2")
    procedure = factories.procedure(karim.family)
    his = [
        About(karim.family).code,
        about_child(karim).code,
        About(zoe.family, Topic.CHILD, karim.child).code,
        About(karim.family, Topic.INVOICE, invoice).code,
        About(zoe.family, Topic.INVOICE, invoice).code,
        About(zoe.family, Topic.PROCEDURE, procedure).code,
        f"{zoe.family}-enfant-0",
        f"{zoe.family}-dossier-{zoe.child}",
        "nimporte",
        "1-facture-99999999999",
    ]
    for about in his:
        text = Written(key(), BODY, service="enfance", subject="Bonjour", about=about)
        with pytest.raises(NotFound):
            send(zoe.actor, text, PDF)
    for table in (Thread, Message, MessageDraft, Procedure, StoredFile):
        assert papers.count(table) == (1 if table is Procedure else 0)


def test_an_agent_does_not_write_as_a_family(zoe: Household, agents: dict[str, object]) -> None:
    with pytest.raises(Forbidden):
        send(agents["enfance"], written(zoe))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"service": ""}, Problem.NO_SERVICE),
        ({"service": "ancien"}, Problem.NO_SERVICE),
        ({"service": "' OR 1=1"}, Problem.NO_SERVICE),
        ({"subject": " \u200b "}, Problem.NO_SUBJECT),
        ({"subject": "x" * 121}, Problem.LONG_SUBJECT),
        ({"body": " \r\n \n"}, Problem.NO_BODY),
        ({"body": "x" * (MAX_BODY + 1)}, Problem.LONG_BODY),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    changes: dict[str, str], said: Problem, zoe: Household
) -> None:
    values = {"subject": "Objet", "body": BODY, "service": "enfance"} | changes
    text = Written(key(), values["body"], None, values["service"], values["subject"], "")
    assert send(zoe.actor, text, PDF) == NotSent()
    kept = draft(zoe)
    assert kept.told == Told((said,))
    assert (kept.body, kept.subject, kept.service) == (
        values["body"],
        values["subject"],
        values["service"][:40],
    )
    assert [one.name for one in kept.files] == ["a.pdf"]
    assert papers.count(Thread) == 0
    assert mails("message_received") == []


def test_a_refused_file_keeps_the_text_and_the_sound_files(zoe: Household) -> None:
    text = written(zoe, "Objet")
    assert send(zoe.actor, text, PDF, ("page.pdf", samples.HTML)) == NotSent()
    kept = draft(zoe)
    ((name, why),) = [(one.name, one.why) for one in kept.told.files]
    assert name == "page.pdf"
    assert "n’est pas accepté" in why
    assert (kept.body, [one.name for one in kept.files]) == (BODY, ["a.pdf"])
    # sent again as it is, with the file that was kept
    sent = send(zoe.actor, text)
    assert isinstance(sent, Sent)
    (message,) = messages.conversation(zoe.actor, sent.thread_id).messages
    assert [one.name for one in message.files] == ["a.pdf"]
    assert papers.known_on_disk()


def test_a_file_is_joined_once_and_not_too_many(zoe: Household) -> None:
    text = written(zoe)
    assert send(zoe.actor, text, PDF, PDF, ("x.pdf", samples.HTML)) == NotSent()
    assert len(draft(zoe).files) == 1
    more = [(f"{n}.pdf", samples.pdf(n + 2)) for n in range(MAX_FILES)]
    assert send(zoe.actor, text, *more) == NotSent()
    assert "10 pièces jointes au plus" in draft(zoe).told.files[0].why
    assert papers.count(Attachment) == MAX_FILES
    assert isinstance(send(zoe.actor, text), Sent)


def test_the_same_sending_again_is_one_message(zoe: Household) -> None:
    text = written(zoe)
    first, again = send(zoe.actor, text, PDF), send(zoe.actor, text, PDF)
    assert first == again
    assert (papers.count(Message), papers.count(Thread), papers.count(MessageDraft)) == (1, 1, 0)
    assert len(mails("message_received")) == 1
    # a word of the page that comes late makes no draft of what has gone
    assert not messages.keep(zoe.actor, text)
    assert papers.count(MessageDraft) == 0


def test_a_key_is_its_author_s_alone(zoe: Household, karim: Household) -> None:
    named = key()
    first = send(zoe.actor, written(zoe, named=named))
    second = send(karim.actor, written(karim, named=named))
    assert first != second
    assert papers.count(Message) == 2


def test_a_reply_reopens_and_the_procedure_follows(
    zoe: Household, agents: dict[str, object]
) -> None:
    thread = begun(zoe)
    assert messages.close(zoe.actor, thread, 1) == messages.Closed()
    procedure = row(thread).procedure_id or 0
    assert procedure_detail(zoe.actor, procedure).line.state is ProcedureState.ENDED
    replied(zoe, thread)
    assert (row(thread).state, row(thread).closed_at) == (ThreadState.OPEN, None)
    states = [one.state for one in procedure_detail(zoe.actor, procedure).history]
    assert states == [ProcedureState.REQUESTED, ProcedureState.ENDED, ProcedureState.REQUESTED]
    assert not procedure_detail(zoe.actor, procedure).may_withdraw


def test_one_may_not_write_in_another_s_conversation(zoe: Household, karim: Household) -> None:
    thread = begun(zoe)
    for home, wanted in ((karim, thread), (zoe, 987_654), (karim, 0)):
        with pytest.raises(NotFound):
            send(home.actor, Written(key(), BODY, wanted), PDF)
        with pytest.raises(NotFound):
            messages.keep(home.actor, Written(key(), BODY, wanted))
        with pytest.raises(NotFound):
            messages.my_draft(home.actor, wanted)
    assert papers.count(Message) == 1


def test_too_many_messages_wait_and_are_kept(zoe: Household) -> None:
    for _ in range(MESSAGES.lock_after):
        begun(zoe)
    text = written(zoe, "La suivante")
    assert send(zoe.actor, text) == NotSent()
    assert draft(zoe).told.wait == timedelta(hours=1)
    clock.advance(timedelta(hours=1, seconds=1))
    assert isinstance(send(zoe.actor, text), Sent)


def test_a_draft_is_its_author_s_and_goes_where_it_was_begun(
    zoe: Household, karim: Household
) -> None:
    thread = begun(zoe)
    assert messages.keep(zoe.actor, written(zoe, "Nouveau", "Je commence"))
    assert messages.keep(zoe.actor, Written(key(), "Je réponds", thread))
    assert draft(zoe).body == "Je commence"
    assert draft(zoe, thread).body == "Je réponds"
    assert messages.my_draft(karim.actor) is None
    assert not messages.keep(karim.actor, written(karim, " ", " "))  # nothing to keep
    messages.throw_away(karim.actor)
    messages.throw_away(zoe.actor)
    assert messages.my_draft(zoe.actor) is None
    assert draft(zoe, thread).body == "Je réponds"


def test_a_file_of_a_draft_is_removed_by_its_author_alone(zoe: Household, karim: Household) -> None:
    assert send(zoe.actor, written(zoe, ""), PDF) == NotSent()
    (file,) = draft(zoe).files
    with pytest.raises(NotFound):
        messages.remove_file(karim.actor, file.id)
    with pytest.raises(NotFound):
        messages.open_file(karim.actor, file.id)
    assert messages.open_file(zoe.actor, file.id).name == "a.pdf"
    assert messages.remove_file(zoe.actor, file.id) == "a.pdf"
    assert draft(zoe).files == ()


def test_a_file_of_a_message_is_not_removed_nor_swept(zoe: Household) -> None:
    sent = send(zoe.actor, written(zoe), PDF)
    assert isinstance(sent, Sent)
    (message,) = messages.conversation(zoe.actor, sent.thread_id).messages
    with pytest.raises(NotFound):
        messages.remove_file(zoe.actor, message.files[0].id)
    storing.tidy(clock.now() + timedelta(days=2))
    assert messages.open_file(zoe.actor, message.files[0].id).path.is_file()
    # the same content of nobody's is swept: or else the silence above would prove nothing
    messages.throw_away(zoe.actor)
    assert send(zoe.actor, written(zoe, ""), ("b.pdf", samples.pdf(2))) == NotSent()
    messages.throw_away(zoe.actor)
    assert papers.count(StoredFile) == 2
    storing.tidy(clock.now() + timedelta(days=2))
    assert papers.count(StoredFile) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"state": ThreadState.ANSWERED},
        {"state": ThreadState.CLOSED},
        {"closed_at": clock.now()},
        {"answer_rank": 2},
        {"answer_rank": 1},
        {"town_read": 2},
        {"message_count": 0},
    ],
)
def test_the_database_refuses_a_conversation_that_makes_no_sense(
    change: dict[str, object], zoe: Household
) -> None:
    thread = begun(zoe)
    with pytest.raises(IntegrityError), writing() as session:
        found = session.exec(select(Thread).where(Thread.id == thread)).one()
        for name, value in change.items():
            setattr(found, name, value)
        session.add(found)


def test_what_a_disk_refuses_is_said(zoe: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError

    monkeypatch.setattr("portail.adapters.storage.keep", full)
    assert send(zoe.actor, written(zoe), PDF) == NotSent()
    assert "n’a pas pu garder" in draft(zoe).told.files[0].why
    with reading() as session:
        assert session.exec(select(Message)).all() == []
