"""Home: the actor's own families and children, and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest

from portail.domain.identity import Actor, Forbidden
from portail.services.home import Home, HomeChild, home
from tests import factories

pytestmark = pytest.mark.usefixtures("db")


def seen_by(account_id: int) -> Home:
    return home(Actor(session_id=1, account_id=account_id))


def names(found: Home) -> dict[str, list[str]]:
    return {f.name: [child.first_name for child in f.children] for f in found.families}


def test_a_parent_sees_their_own_families_and_no_others() -> None:
    zoe, karim = factories.account(), factories.account(first_name="Karim")
    pinceau = factories.family("PINCEAU", members=[zoe])
    benali = factories.family("BENALI", members=[karim])
    factories.child("Nora", pinceau)
    factories.child("Lina", benali)
    assert names(seen_by(zoe)) == {"PINCEAU": ["Nora"]}
    assert names(seen_by(karim)) == {"BENALI": ["Lina"]}
    assert seen_by(karim).first_name == "Karim"


def test_a_child_of_two_families_is_seen_in_each() -> None:
    zoe, paul = factories.account(), factories.account()
    mother = factories.family("PINCEAU", members=[zoe])
    father = factories.family("DURAND", members=[paul])
    factories.child("Nora", mother, father)
    factories.child("Tom", father)
    assert names(seen_by(zoe)) == {"PINCEAU": ["Nora"]}
    assert names(seen_by(paul)) == {"DURAND": ["Nora", "Tom"]}


def test_families_come_by_number_and_children_by_age() -> None:
    zoe = factories.account()
    first, second = factories.family("A"), factories.family("B")
    factories.join_family(zoe, second)
    factories.join_family(zoe, first)
    factories.child("Petit", first, birth_on=date(2022, 1, 1))
    factories.child("Grand", first, birth_on=date(2016, 1, 1))
    assert names(seen_by(zoe)) == {"A": ["Grand", "Petit"], "B": []}


def test_a_child_comes_with_school_and_class() -> None:
    zoe = factories.account()
    family = factories.family(members=[zoe])
    ident = factories.child("Nora", family, school="École Jean-Vilar", class_level="MS")
    (shown,) = seen_by(zoe).families[0].children
    assert shown == HomeChild(ident, "Nora", "École Jean-Vilar", "MS")


def test_an_account_without_family_sees_none() -> None:
    factories.family("PINCEAU", members=[factories.account()])
    assert seen_by(factories.account()).families == ()


def test_an_agent_has_no_home_of_a_parent() -> None:
    with pytest.raises(Forbidden):
        home(Actor(session_id=1, agent_id=factories.agent()))
