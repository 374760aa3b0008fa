"""«Mes souscriptions»: a family file more by its references, a family file less."""

from __future__ import annotations

from itertools import count

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.domain.identity import Actor, Forbidden
from portail.domain.names import fold, sign_in_key
from portail.domain.throttling import REFERENCES
from portail.models import Family, Guardian, Subscription
from portail.services import references
from portail.services.home import home
from portail.services.references import NotRecognised, Recognised
from portail.services.subscriptions import (
    Added,
    AddOutcome,
    AlreadyMine,
    Blocked,
    NothingToRemove,
    Removed,
    TakenByAnother,
    add_subscription,
    my_subscriptions,
    remove_subscription,
)
from tests import factories
from tests.services.test_account import actions, as_parent

pytestmark = pytest.mark.usefixtures("db")
EMAIL = "claire@example.org"
_numbers = count(20_001)


def file(name: str = "MARTIN", *emails: str) -> tuple[int, int]:
    """A family file with an adult for each address; returns its number and id."""
    number = next(_numbers)
    with writing() as session:
        family = Family(number=number, name=name, name_key=fold(name))
        session.add(family)
        session.flush()
        for email in emails or (EMAIL,):
            session.add(
                Guardian(
                    family_id=family.id or 0,
                    last_name=name.title(),
                    first_name="Claire",
                    email=email,
                    email_key=sign_in_key(email),
                )
            )
        assert family.id is not None
        return number, family.id


def add(account_id: int, number: int, name: str = "martin", email: str = EMAIL) -> AddOutcome:
    return add_subscription(as_parent(account_id), str(number), name, email, address="192.0.2.1")


def ids(account_id: int) -> list[int]:
    return [one.id for one in my_subscriptions(as_parent(account_id))]


def test_references_open_a_family_file() -> None:
    zoe, (number, family) = factories.account(), file()
    factories.child("Nora", family)
    assert home(as_parent(zoe)).families == ()
    assert add(zoe, number) == Added(number, "MARTIN")
    (mine,) = my_subscriptions(as_parent(zoe))
    assert (mine.number, mine.family_name, mine.guardian_name) == (
        number,
        "MARTIN",
        "Claire Martin",
    )
    assert mine.children == ("Nora",)
    assert mine.since == clock.now()
    assert [found.number for found in home(as_parent(zoe)).families] == [number]
    assert actions(zoe) == ["subscription_added"]


def test_one_sees_one_s_own_subscriptions_by_number() -> None:
    zoe, karim = factories.account(), factories.account()
    (first, _), (second, _) = file(), file("DURAND")
    add(zoe, second, "durand")
    add(zoe, first)
    assert [one.number for one in my_subscriptions(as_parent(zoe))] == [first, second]
    assert ids(karim) == []


@pytest.mark.parametrize(
    ("name", "email"), [("dupont", EMAIL), ("martin", "autre@example.org"), ("", "")]
)
def test_wrong_references_open_nothing(name: str, email: str) -> None:
    zoe, (number, _) = factories.account(), file()
    assert add(zoe, number, name, email) == NotRecognised()
    assert add(zoe, number + 1_000) == NotRecognised()
    assert ids(zoe) == []
    assert actions(zoe) == []


def test_a_file_is_added_once() -> None:
    zoe, (number, _) = factories.account(), file("MARTIN", EMAIL, "paul@example.org")
    add(zoe, number)
    assert add(zoe, number) == AlreadyMine()
    # as the other adult of the same file, too
    assert add(zoe, number, email="paul@example.org") == AlreadyMine()
    assert len(ids(zoe)) == 1


def test_an_adult_whom_another_account_has_is_refused_and_the_other_adult_is_not() -> None:
    zoe, karim = factories.account(), factories.account()
    number, _ = file("MARTIN", EMAIL, "paul@example.org")
    add(zoe, number)
    assert add(karim, number) == TakenByAnother()
    assert ids(karim) == []
    assert add(karim, number, email="paul@example.org") == Added(number, "MARTIN")


@pytest.mark.parametrize("mine", [True, False])
def test_the_database_has_the_last_word_on_who_was_first(
    mine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the adult had been taken between the look and the write."""
    zoe, karim = factories.account(), factories.account()
    number, family = file()
    add(zoe, number)
    with reading() as session:
        guardian = session.exec(select(Guardian.id).where(Guardian.family_id == family)).one()
    true_match = references.match
    stale = iter([Recognised(family, guardian or 0)])
    monkeypatch.setattr(references, "match", lambda *args: next(stale, None) or true_match(*args))
    if mine:
        monkeypatch.setattr("portail.services.subscriptions._has", lambda *_: False)
        assert add(zoe, number) == AlreadyMine()
    else:
        assert add(karim, number) == TakenByAnother()
        assert ids(karim) == []


def test_five_wrong_tries_then_none_even_right_for_a_while() -> None:
    zoe, karim = factories.account(), factories.account()
    number, _ = file("MARTIN", EMAIL, "paul@example.org")
    for _ in range(REFERENCES.lock_after):
        assert add(zoe, number, "dupont") == NotRecognised()
    assert add(zoe, number) == Blocked(REFERENCES.lock)
    assert add(karim, number, email="paul@example.org") == Added(number, "MARTIN")
    clock.advance(REFERENCES.lock)
    assert add(zoe, number) == Added(number, "MARTIN")


def test_removing_frees_the_adult_and_keeps_the_account() -> None:
    zoe, karim = factories.account(), factories.account()
    number, _ = file()
    add(zoe, number)
    (subscription,) = ids(zoe)
    assert remove_subscription(as_parent(zoe), subscription) == Removed(number, "MARTIN")
    assert ids(zoe) == []
    assert home(as_parent(zoe)).families == ()
    assert remove_subscription(as_parent(zoe), subscription) == NothingToRemove()
    assert actions(zoe) == ["subscription_added", "subscription_removed"]
    assert add(karim, number) == Added(number, "MARTIN")


def test_nobody_removes_the_subscription_of_somebody_else() -> None:
    zoe, karim = factories.account(), factories.account()
    number, _ = file()
    add(zoe, number)
    (subscription,) = ids(zoe)
    assert remove_subscription(as_parent(karim), subscription) == NothingToRemove()
    assert ids(zoe) == [subscription]
    assert actions(karim) == []


def test_removing_one_file_leaves_the_others() -> None:
    zoe = factories.account()
    (first, _), (second, _) = file(), file("DURAND")
    add(zoe, first)
    add(zoe, second, "durand")
    remove_subscription(as_parent(zoe), ids(zoe)[0])
    assert [one.number for one in my_subscriptions(as_parent(zoe))] == [second]


def test_an_agent_has_no_subscriptions() -> None:
    agent = Actor(session_id=1, agent_id=factories.agent())
    with pytest.raises(Forbidden):
        my_subscriptions(agent)
    with pytest.raises(Forbidden):
        add_subscription(agent, "1", "a", "a@example.org", address="192.0.2.1")
    with pytest.raises(Forbidden):
        remove_subscription(agent, 1)
    with reading() as session:
        assert session.exec(select(Subscription)).all() == []
