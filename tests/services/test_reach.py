"""What a parent reaches: their own families and children; the rest does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session

from portail.database import reading, writing
from portail.domain.identity import Actor, Forbidden, Role
from portail.services.reach import (
    NotFound,
    my_child,
    my_children,
    my_families,
    my_family,
    shared_children,
)
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import Home, as_agent
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("db")
Use = Callable[[Session, Actor, Home], object]
USES: list[Use] = [
    lambda session, actor, hers: my_family(session, actor, hers.family),
    lambda session, actor, hers: my_family(session, actor, hers.family, lock=True),
    lambda session, actor, hers: my_child(session, actor, hers.child),
]


@pytest.fixture
def zoe(db: None) -> Home:
    return home.make()


@pytest.fixture
def karim(db: None) -> Home:
    return home.make("BENALI")


@pytest.mark.parametrize("use", USES)
def test_one_s_own_is_found_and_somebody_else_s_is_not(use: Use, zoe: Home, karim: Home) -> None:
    with writing() as session:
        assert use(session, zoe.actor, zoe)
        with pytest.raises(NotFound):
            use(session, karim.actor, zoe)


def test_what_does_not_exist_answers_the_same(zoe: Home) -> None:
    with reading() as session:
        for number in (0, -1, 987_654, 2**31 - 1):
            with pytest.raises(NotFound):
                my_family(session, zoe.actor, number)
            with pytest.raises(NotFound):
                my_child(session, zoe.actor, number)


def test_one_lists_one_s_own(zoe: Home, karim: Home) -> None:
    with reading() as session:
        for one in (zoe, karim):
            assert [row.id for row in my_families(session, one.actor)] == [one.family]
            assert [(c.id, f) for c, f in my_children(session, one.actor)] == [
                (one.child, one.family)
            ]
        nobody = as_parent(factories.account())
        assert my_families(session, nobody) == ()
        assert my_children(session, nobody) == ()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    "use", [*USES, lambda s, actor, _: my_families(s, actor), lambda s, a, _: my_children(s, a)]
)
def test_an_agent_has_no_family(use: Use, role: Role, zoe: Home) -> None:
    agent = as_agent(role)
    with writing() as session, pytest.raises(Forbidden):
        use(session, agent, zoe)


def test_families_by_number_children_eldest_first() -> None:
    account = factories.account()
    second = factories.family("DURAND", number=90_002, members=[account])
    first = factories.family("MARTIN", number=90_001, members=[account])
    factories.family("AUTRE", number=90_000)
    young = factories.child("Léo", first, birth_on=date(2022, 5, 1))
    old = factories.child("Ana", second, birth_on=date(2018, 5, 1))
    both = factories.child("Tom", second, first, birth_on=date(2020, 5, 1))
    actor = as_parent(account)
    with reading() as session:
        assert [row.id for row in my_families(session, actor)] == [first, second]
        assert [(child.id, family) for child, family in my_children(session, actor)] == [
            (old, second),
            (both, first),
            (both, second),
            (young, first),
        ]
        child, family = my_child(session, actor, both)
        assert (child.id, family.id) == (both, first)


def test_a_child_in_two_files_is_reached_from_each_through_its_own(zoe: Home, karim: Home) -> None:
    both = factories.child("Lina", zoe.family, karim.family)
    with reading() as session:
        for one in (zoe, karim):
            child, family = my_child(session, one.actor, both)
            assert (child.id, family.id) == (both, one.family)
        assert shared_children(session, {zoe.family}) == {both}
        assert shared_children(session, {karim.family}) == {both}
        assert shared_children(session, {zoe.family, karim.family}) == set()
        assert shared_children(session, set()) == set()
