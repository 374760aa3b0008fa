"""Telling: now, in the digest or never; the same thing once; what the law wants, always."""

from __future__ import annotations

import pytest

from portail.database import writing
from portail.domain.identity import Actor, Forbidden
from portail.domain.notifications import CHOSEN, KINDS, Choice, Notification
from portail.models import Account
from portail.services.notifications import Thing, tell, tell_all, tell_things
from portail.services.notifications.choices import my_choices
from tests import factories
from tests.concurrency.together import at_once
from tests.services.notifications.people import (
    mails,
    notice,
    parent,
    tell_one,
    waiting,
    wants,
)
from tests.services.test_account import actions, as_parent

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize("kind", Notification)
@pytest.mark.parametrize("wanted", [None, *Choice])
def test_each_kind_is_told_as_chosen(kind: Notification, wanted: Choice | None) -> None:
    account_id = factories.account(email="zoe@example.org")
    if wanted:
        wants(account_id, {kind: wanted})
    tell_one(account_id, notice(kind))
    told = Choice.NOW if KINDS[kind].always or wanted is None else wanted
    assert [one.recipient for one in mails()] == ["zoe@example.org"] * (told is Choice.NOW)
    assert [(one.kind, one.line, one.url) for one in waiting()] == [
        (kind, "Une chose.", "https://familles.example/ici")
    ] * (told is Choice.DAILY)


def test_a_choice_is_one_s_own_and_is_written_once() -> None:
    zoe, karim = factories.account(), factories.account()
    chosen = {Notification.NEWS: Choice.NEVER, Notification.INVOICES: Choice.DAILY}
    wants(zoe, chosen)
    wants(zoe, chosen)
    assert my_choices(as_parent(zoe)) == dict.fromkeys(Notification, Choice.NOW) | chosen
    assert set(my_choices(as_parent(karim)).values()) == {Choice.NOW}
    assert actions(zoe) == ["notifications_chosen"]
    wants(zoe, {Notification.NEWS: Choice.NOW})
    assert my_choices(as_parent(zoe))[Notification.INVOICES] is Choice.DAILY


def test_what_is_always_sent_cannot_be_turned_off() -> None:
    zoe = factories.account()
    wants(zoe, dict.fromkeys(Notification, Choice.NEVER))
    kept = {kind for kind, when in my_choices(as_parent(zoe)).items() if when is Choice.NOW}
    assert kept == set(Notification) - set(CHOSEN)


@pytest.mark.parametrize("when", [Choice.NOW, Choice.DAILY])
def test_the_same_thing_is_told_once_to_each(when: Choice) -> None:
    zoe, karim = parent(documents=when), parent(documents=when)
    for account_id in (zoe, zoe, karim):
        tell_one(account_id, notice())
    tell_one(zoe, notice(about="chose 2"))
    tell_one(zoe, notice(about="x" * 500))
    tell_one(zoe, notice(about="x" * 500))
    tell_one(zoe, notice(about="x" * 499))
    assert len(mails()) + len(waiting()) == 5


def test_the_same_words_of_two_kinds_are_two_things() -> None:
    zoe = factories.account()
    tell_one(zoe, notice(Notification.DOCUMENTS))
    tell_one(zoe, notice(Notification.NEWS))
    assert len(mails()) == 2


def test_what_a_failed_transaction_told_is_told_again() -> None:
    zoe = factories.account()
    with pytest.raises(RuntimeError), writing() as session:
        tell(session, session.get_one(Account, zoe), notice())
        raise RuntimeError
    assert mails() == []
    tell_one(zoe, notice())
    assert len(mails()) == 1


def test_many_are_told_with_few_questions_and_one_twice_in_a_call_once() -> None:
    people = [factories.account() for _ in range(3)]
    wants(people[1], {Notification.DOCUMENTS: Choice.NEVER})
    with writing() as session:
        accounts = [session.get_one(Account, one) for one in [*people, people[0]]]
        tell_all(session, [(account, notice()) for account in accounts])
    assert len(mails()) == 2


def test_things_are_told_in_one_mail_and_only_the_new_ones() -> None:
    zoe = factories.account()

    def told(*names: str) -> bool:
        things = [Thing(name, f"Ligne {name}.") for name in names]
        context = {"first_name": "Zoé", "url": "https://familles.example/"}
        with writing() as session:
            account = session.get_one(Account, zoe)
            return tell_things(
                session, account, Notification.DOCUMENTS, "documents_reminder", context, things
            )

    assert told("a", "b")
    assert told("b", "c")
    assert not told("a", "b", "c")
    first, second = mails()
    assert ("Ligne a." in first.text, "Ligne b." in first.text) == (True, True)
    assert ("Ligne b." in second.text, "Ligne c." in second.text) == (False, True)


def test_several_who_tell_the_same_thing_at_once_tell_it_once() -> None:
    people = [factories.account() for _ in range(3)]

    def all_of_them(place: int) -> None:
        with writing() as session:
            mine = people if place % 2 else people[::-1]
            accounts = [session.get_one(Account, one) for one in mine]
            tell_all(session, [(account, notice()) for account in accounts])

    at_once(4, all_of_them)
    assert len(mails()) == len(people)


def test_mails_say_how_to_stop_them_but_those_the_law_wants() -> None:
    zoe = factories.account()
    for kind in Notification:
        tell_one(zoe, notice(kind))
    told = dict(zip(Notification, mails(), strict=True))
    for kind, mail in told.items():
        stoppable = kind in CHOSEN
        assert ("/desabonnement/" in mail.unsubscribe_url) is stoppable
        for body in (mail.text, mail.html):
            assert ("Se désabonner" in body) is stoppable
            assert (mail.unsubscribe_url in body) or not stoppable
            assert (KINDS[kind].label in body) or not stoppable
    assert len({mail.unsubscribe_url for mail in told.values()}) == len(CHOSEN) + 1


def test_an_agent_has_no_choices() -> None:
    with pytest.raises(Forbidden):
        my_choices(Actor(1, agent_id=factories.agent()))
