"""«Mes messages»: one's own family's, unread first, found by their words, read by both parents."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portail import clock
from portail.database import reading, writing
from portail.domain.identity import Actor, Forbidden
from portail.domain.messages import About, ThreadState, Topic
from portail.services import messages
from portail.services.home import home
from portail.services.menu import menu_counts
from portail.services.messages import Closed, Filter, NewerMessage, Sent, answering, keeping
from portail.services.messages.mine import PER_PAGE, SHOWN
from portail.services.reach import NotFound
from tests import factories, samples
from tests.services.messages.letters import Household, begun, replied, row, send, written
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("town")
ALL = Filter()
Agents = dict[str, Actor]


def subjects(actor: Actor, wanted: Filter = ALL, page: int = 1) -> list[str]:
    return [one.subject for one in messages.my_threads(actor, wanted, page).lines]


def later() -> None:
    clock.advance(timedelta(minutes=1))


def test_unread_first_then_newest_by_pages(zoe: Household, agents: Agents) -> None:
    first = begun(zoe, "n0")
    for n in range(1, PER_PAGE + 2):
        later()
        begun(zoe, f"n{n}")
    answering.answer(agents["enfance"], first, "Voici.")
    later()
    newest = begun(zoe, "dernier")
    assert subjects(zoe.actor)[:2] == ["n0", "dernier"]
    page = messages.my_threads(zoe.actor, ALL, 99)
    assert (page.page, page.pages, page.total, page.any) == (2, 2, PER_PAGE + 3, True)
    messages.mark_read(zoe.actor, first, 2)
    assert subjects(zoe.actor)[0] == "dernier"
    line = messages.my_threads(zoe.actor, ALL).lines[0]
    assert (line.id, line.unread, line.from_town, line.state) == (
        newest,
        False,
        False,
        ThreadState.OPEN,
    )


def test_nothing_of_another_family(zoe: Household, karim: Household, agents: Agents) -> None:
    thread = begun(zoe, "à elle")
    answering.answer(agents["enfance"], thread, "Oui")
    begun(karim, "à lui")
    assert subjects(karim.actor) == ["à lui"]
    assert subjects(karim.actor, Filter(search="elle")) == []
    assert menu_counts(karim.actor).unread == 0
    assert home(karim.actor).answers == ()
    for act in (
        lambda: messages.conversation(karim.actor, thread),
        lambda: messages.mark_read(karim.actor, thread, 1),
        lambda: messages.close(karim.actor, thread, 2),
        lambda: messages.conversation(karim.actor, 0),
        lambda: messages.conversation(karim.actor, 2**31 - 1),
    ):
        with pytest.raises(NotFound):
            act()
    assert messages.of_procedure(karim.actor, row(thread).procedure_id or 0) is None
    assert messages.of_procedure(zoe.actor, row(thread).procedure_id or 0) == thread
    for agent in agents.values():
        with pytest.raises(Forbidden):
            messages.my_threads(agent, ALL)
        with pytest.raises(Forbidden):
            messages.conversation(agent, thread)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ETE", ["Été à la mer"]),
        ("été mer", ["Été à la mer"]),
        ("été montagne", []),
        ("cœur", ["Le chœur"]),
        ("Ильин", ["Alphabet"]),
        ("100 %", ["Remise"]),
        ("%", ["Remise"]),
        ("_", []),
        ("l'ecole", ["Été à la mer"]),
        ("", ["Remise", "Alphabet", "Le chœur", "Été à la mer"]),
    ],
)
def test_a_search_ignores_accents_and_case(typed: str, found: list[str], zoe: Household) -> None:
    for subject, body in (
        ("Été à la mer", "Le départ de l’ÉCOLE"),
        ("Le chœur", "Chanter de tout cœur"),
        ("Alphabet", "Madame ИЛЬИН"),
        ("Remise", "Elle est de 100 %"),
    ):
        begun(zoe, subject, body)
        later()
    assert subjects(zoe.actor, Filter(search=typed)) == found


def test_a_hit_shows_where_it_was_found(zoe: Household, agents: Agents) -> None:
    filler = "Bonjour, voici de quoi allonger ce message. " * 6
    thread = begun(zoe, "Le voyage", f"{filler}Le départ est-il à la GARE ? {filler}")
    answering.answer(agents["enfance"], thread, f"{filler}Oui, de la gare du Nord. {filler}")
    replied(zoe, thread, "Merci, à bientôt.")

    def shown(typed: str) -> tuple[str, bool]:
        (line,) = messages.my_threads(zoe.actor, Filter(search=typed)).lines
        return line.excerpt, line.from_town

    excerpt, from_town = shown("gare")  # the newest of both
    assert "Oui, de la gare du Nord." in excerpt
    assert from_town
    excerpt, from_town = shown("départ gare")  # where both are
    assert "Le départ est-il à la GARE ?" in excerpt
    assert not from_town
    # each word in another message, or in the subject: something is shown of it
    assert "Nord" in shown("nord départ")[0]
    assert shown("voyage") == shown("") == ("Merci, à bientôt.", False)
    assert "gare du Nord" in shown("voyage nord")[0]


def test_a_hit_in_the_name_of_a_file_names_it(zoe: Household) -> None:
    files = ("PAI.jpg", samples.jpeg()), ("Été.jpg", samples.jpeg(samples.noise(20, 20)))
    sent = send(zoe.actor, written(zoe, "Allergie", "Ci-joint."), *files)
    assert isinstance(sent, Sent)
    replied(zoe, sent.thread_id)
    (line,) = messages.my_threads(zoe.actor, Filter(search="ete")).lines
    assert (line.excerpt, line.file) == ("Ci-joint.", "Été.jpg")
    assert [one.file for one in messages.my_threads(zoe.actor, ALL).lines] == [""]


def test_by_service_and_state(zoe: Household, agents: Agents) -> None:
    enfance, regie = begun(zoe, "E"), begun(zoe, "R", service="regie")
    answering.answer(agents["regie"], regie, "Oui")
    messages.close(zoe.actor, enfance, 1)
    assert subjects(zoe.actor, Filter(service="regie")) == ["R"]
    assert subjects(zoe.actor, Filter(state=ThreadState.CLOSED)) == ["E"]
    assert subjects(zoe.actor, Filter("regie", ThreadState.CLOSED)) == []
    assert subjects(zoe.actor, Filter(search="oui")) == ["R"]
    page = messages.my_threads(zoe.actor, Filter(service="ancien"))
    assert (page.lines, page.any) == ((), True)
    # the choices stay, whatever is chosen
    assert [one.code for one in page.services] == ["enfance", "regie"]


def test_both_parents_read_and_each_has_their_own_marks(zoe: Household, agents: Agents) -> None:
    marc = factories.account("m-pinceau")
    factories.join_family(marc, zoe.family, first_name="Marc")
    thread = begun(zoe)
    answering.answer(agents["enfance"], thread, "Oui")
    his = messages.conversation(as_parent(marc), thread)
    assert [one.by for one in his.messages] == ["family", "town"]
    assert [one.new for one in his.messages] == [False, True]
    messages.mark_read(zoe.actor, thread, 2)
    assert menu_counts(zoe.actor).unread == 0
    assert menu_counts(as_parent(marc)).unread == 1
    assert [one.thread_id for one in home(as_parent(marc)).answers] == [thread]
    messages.mark_read(zoe.actor, thread, 0)  # never less than before
    assert menu_counts(zoe.actor).unread == 0


def test_what_was_answered_before_one_came_is_not_unread(zoe: Household, agents: Agents) -> None:
    thread = begun(zoe)
    answering.answer(agents["enfance"], thread, "Oui")
    later()
    marc = factories.account("m-pinceau")
    factories.join_family(marc, zoe.family)
    assert menu_counts(as_parent(marc)).unread == 0
    later()
    answering.answer(agents["enfance"], thread, "Et encore")
    assert menu_counts(as_parent(marc)).unread == 1


def test_a_child_of_two_households_has_the_messages_of_each_apart(
    zoe: Household, karim: Household
) -> None:
    factories.share(zoe.child, karim.family)
    begun(zoe, "chez elle")
    assert subjects(karim.actor) == []


def test_a_long_conversation_begins_with_its_end(zoe: Household) -> None:
    thread = begun(zoe)
    for n in range(SHOWN - 1):
        replied(zoe, thread, f"n{n}")
    assert messages.conversation(zoe.actor, thread).earlier == 0
    clock.advance(timedelta(hours=2))  # the throttle
    replied(zoe, thread, "le dernier")
    shown = messages.conversation(zoe.actor, thread)
    assert (shown.earlier, len(shown.messages), shown.last_rank) == (1, SHOWN, SHOWN + 1)
    assert shown.messages[-1].body == "le dernier"
    assert len(messages.conversation(zoe.actor, thread, whole=True).messages) == SHOWN + 1


def test_one_closes_what_one_has_read(zoe: Household, agents: Agents) -> None:
    thread = begun(zoe)
    answering.answer(agents["enfance"], thread, "Oui")
    assert messages.close(zoe.actor, thread, 1) == NewerMessage()
    assert row(thread).state is ThreadState.ANSWERED
    assert messages.close(zoe.actor, thread, 2) == Closed()
    assert messages.close(zoe.actor, thread, 2) == Closed()  # again: as it is
    assert row(thread).state is ThreadState.CLOSED


def test_the_form_offers_one_s_own_and_what_led_to_it(zoe: Household, karim: Household) -> None:
    invoice = factories.invoice(zoe.family, "2026-1")
    theirs = factories.invoice(karim.family, "2026-2")
    found = messages.choices(zoe.actor, Topic.INVOICE, invoice)
    assert [one.code for one in found.services] == ["enfance", "regie"]
    assert [one.about.topic for one in found.abouts] == [Topic.FILE, Topic.CHILD, Topic.INVOICE]
    assert found.wanted is not None
    assert (found.wanted.name, found.service) == ("2026-1", "regie")
    for topic, wanted in (
        (Topic.INVOICE, theirs),
        (Topic.CHILD, karim.child),
        (Topic.CHILD, 0),
        (Topic.PROCEDURE, 2**31 - 1),
        (None, 0),
    ):
        other = messages.choices(zoe.actor, topic, wanted)
        assert (other.wanted, other.service) == (None, "")
    assert "2026-2" not in [one.name for one in found.abouts]


def test_an_old_invoice_is_offered_when_its_page_leads_here(zoe: Household) -> None:
    made = [factories.invoice(zoe.family, f"2026-{n:02d}") for n in range(14)]
    oldest = About(zoe.family, Topic.INVOICE, made[0])
    assert oldest not in [one.about for one in messages.choices(zoe.actor).abouts]
    found = messages.choices(zoe.actor, Topic.INVOICE, made[0])
    assert found.wanted in found.abouts


def test_conversations_are_kept_two_years_and_exported(zoe: Household, agents: Agents) -> None:
    old = begun(zoe, "Ancienne")
    answering.note(agents["enfance"], old, "entre nous")
    clock.advance(timedelta(days=600))
    begun(zoe, "Récente", service="regie")
    with reading() as session:
        told = keeping.exported_messages(session, zoe.family)
    assert [one["objet"] for one in told] == ["Ancienne", "Récente"]
    assert told[0]["messages"][0]["de"] == "Zoé Pinceau"
    assert "entre nous" not in str(told)
    clock.advance(timedelta(days=131))
    with writing() as session:
        keeping.purge(session, clock.now())
    assert subjects(zoe.actor) == ["Récente"]
