"""The family file as its own parent reads it."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from datetime import date, timedelta

import pytest
from sqlmodel import SQLModel

from portail import clock
from portail.domain.file_fields import FieldRule, Scope, of_scope
from portail.domain.identity import Forbidden, Role
from portail.services.family_file import answers
from portail.services.family_file.care import certify
from portail.services.family_file.changes import withdraw
from portail.services.family_file.file import (
    FieldView,
    HouseholdView,
    QuotientView,
    child_view,
    children,
    households,
)
from portail.services.family_file.rules import set_rule
from portail.services.reach import NotFound
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import KEPT, Home, as_agent
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def zoe(db: None) -> Home:
    return home.make()


@pytest.fixture
def karim(db: None) -> Home:
    return home.make("BENALI")


def the(fields: tuple[FieldView, ...], key: str) -> FieldView:
    (found,) = [field for field in fields if field.key == key]
    return found


def household(one: Home) -> HouseholdView:
    (found,) = households(one.actor)
    return found


def test_a_household_with_its_fields_and_adults(zoe: Home, karim: Home) -> None:
    seen = household(zoe)
    assert (seen.family_id, seen.number, seen.name) == (zoe.family, zoe.number, "PINCEAU")
    address = the(seen.fields, "household.address")
    assert address.value == {
        "street": "1 rue des Roses",
        "postcode": "94800",
        "city": "Villejuif",
    }
    assert (address.rule, address.waiting) == (FieldRule.PROOF, None)
    assert [(adult.id, adult.me, adult.locked) for adult in seen.guardians] == [
        (zoe.guardian, True, False),
        (zoe.other, False, False),
    ]
    mine = seen.guardians[0].fields
    assert [field.key for field in mine] == [field.key for field in of_scope(Scope.GUARDIAN)]
    assert the(mine, "guardian.phone").value == {"phone": "06 00 00 00 01"}
    assert household(karim).family_id == karim.family


def test_an_adult_with_an_account_of_their_own_is_locked(zoe: Home) -> None:
    marie = factories.account()
    hers = factories.join_family(marie, zoe.family, first_name="Marie")
    adults = {adult.id: (adult.me, adult.locked) for adult in household(zoe).guardians}
    assert adults == {
        zoe.guardian: (True, False),
        zoe.other: (False, False),
        hers: (False, True),
    }
    (seen,) = households(as_parent(marie))
    assert {adult.id: (adult.me, adult.locked) for adult in seen.guardians} == {
        zoe.guardian: (False, True),
        zoe.other: (False, False),
        hers: (True, False),
    }


def test_the_quotient_is_the_one_of_today(zoe: Home) -> None:
    assert household(zoe).quotient is None
    factories.quotient(zoe.family, 1, valid_from=date(2025, 1, 1), valid_until=date(2026, 11, 22))
    factories.quotient(zoe.family, 2, valid_from=date(2026, 11, 24))
    assert household(zoe).quotient is None
    factories.quotient(zoe.family, 3, valid_from=date(2026, 1, 1), valid_until=date(2026, 11, 23))
    assert household(zoe).quotient == QuotientView(3, date(2026, 1, 1), date(2026, 11, 23))
    factories.quotient(zoe.family, 4, valid_from=date(2026, 11, 23))
    assert household(zoe).quotient == QuotientView(4, date(2026, 11, 23), date(2026, 12, 31))


def test_a_waiting_change_shows_the_new_value_beside_the_old(zoe: Home) -> None:
    set_rule("guardian.phone", FieldRule.AGENT)
    address, phone = zoe.asked("household.address"), zoe.asked("guardian.phone")
    field = the(household(zoe).fields, "household.address")
    assert field.value["street"] == "1 rue des Roses"
    assert field.waiting is not None
    assert field.waiting.value == KEPT["household.address"]
    assert (field.waiting.procedure_id, field.waiting.since) == (address, clock.now())
    assert (field.waiting.needs_proof, field.waiting.mine) == (True, True)
    mine, other = household(zoe).guardians
    asked = the(mine.fields, "guardian.phone").waiting
    assert asked is not None
    assert (asked.procedure_id, asked.needs_proof) == (phone, False)
    assert the(other.fields, "guardian.phone").waiting is None
    withdraw(zoe.actor, address)
    answers.accept(as_agent(Role.ENFANCE), phone)
    assert the(household(zoe).fields, "household.address").waiting is None
    mine = household(zoe).guardians[0]
    assert the(mine.fields, "guardian.phone").waiting is None
    assert the(mine.fields, "guardian.phone").value == KEPT["guardian.phone"]


def test_ids_of_different_things_are_not_mixed_up(zoe: Home) -> None:
    """A field of a child and of a guardian may have targets of the same number."""
    set_rule("guardian.name", FieldRule.AGENT)
    zoe.asked("guardian.name")
    assert the(child_view(zoe.actor, zoe.child).fields, "child.name").waiting is None


def test_children_eldest_first_each_once(zoe: Home) -> None:
    second = factories.family("ROY", number=zoe.number - 10_000, members=[zoe.account])
    old = factories.child("Ana", second, zoe.family, birth_on=date(2015, 1, 1))
    seen = children(zoe.actor)
    assert [card.id for card in seen] == [old, zoe.child]
    assert [card.first_name for card in seen] == ["Ana", "Nora"]
    assert (seen[1].school, seen[1].class_level) == (f"École {zoe.number}", "CP")
    assert seen[0].school == ""
    # listed through the same file as it is opened
    certify(zoe.actor, second, old)
    assert child_view(zoe.actor, old).family_id == second
    assert children(zoe.actor)[0] == child_view(zoe.actor, old).card
    assert children(zoe.actor)[0].certified_at == clock.now()
    assert not children(zoe.actor)[0].shared  # both files are one's own


def test_a_card_warns_of_allergies_and_pai(zoe: Home) -> None:
    assert [(card.allergies, card.pai) for card in children(zoe.actor)] == [(False, False)]
    set_rule("medical.pai", FieldRule.NOW)
    zoe.ask("medical.allergies", "medical.pai")
    assert [(card.allergies, card.pai) for card in children(zoe.actor)] == [(True, True)]


def test_a_child_with_all_there_is(zoe: Home) -> None:
    zoe.ask("child.insurance")
    clock.advance(timedelta(days=1))
    zoe.ask("medical.allergies")
    number = zoe.asked("child.collector")
    set_rule("child.collector", FieldRule.AGENT)
    typed = {**home.TYPED["child.collector"], "first_name": "Marcel"}
    waits = zoe.asked("child.collector", typed=typed)
    seen = child_view(zoe.actor, zoe.child)
    assert seen.family_id == zoe.family
    assert seen.card == children(zoe.actor)[0]
    expected = [*of_scope(Scope.CHILD), *of_scope(Scope.MEDICAL)]
    assert [field.key for field in seen.fields] == [
        field.key for field in expected if field.key != "child.collector"
    ]
    assert the(seen.fields, "child.insurance").value == KEPT["child.insurance"]
    assert the(seen.fields, "medical.allergies").value == KEPT["medical.allergies"]
    assert seen.medical_changed_at == clock.now()
    (person,) = seen.collectors
    assert (person.first_name, person.procedure_id) == ("Odette", number)
    assert person.phone == "06 98 76 54 32"
    (asked,) = seen.collectors_waiting
    assert (asked.value["first_name"], asked.procedure_id) == ("Marcel", waits)


def test_nobody_else_opens_a_child(zoe: Home, karim: Home) -> None:
    for child in (zoe.child, 0, -1, 987_654):
        with pytest.raises(NotFound):
            child_view(karim.actor, child)
    assert [card.id for card in children(karim.actor)] == [karim.child]


@pytest.mark.parametrize("role", Role)
def test_an_agent_has_no_file(role: Role, zoe: Home) -> None:
    agent = as_agent(role)
    with pytest.raises(Forbidden):
        households(agent)
    with pytest.raises(Forbidden):
        children(agent)
    with pytest.raises(Forbidden):
        child_view(agent, zoe.child)


def test_no_row_of_a_table_leaves(zoe: Home) -> None:
    factories.quotient(zoe.family, 3)
    zoe.ask("child.collector", "child.name")

    def inside(value: object) -> list[object]:
        if is_dataclass(value) and not isinstance(value, type):
            return [value, *inside(vars(value))]
        if isinstance(value, dict):
            return [part for one in value.values() for part in inside(one)]
        if isinstance(value, tuple | list):
            return [part for one in value for part in inside(one)]
        return [value]

    views = [households(zoe.actor), children(zoe.actor), child_view(zoe.actor, zoe.child)]
    assert any(isinstance(one, QuotientView) for one in inside(views))
    assert not [one for one in inside(views) if isinstance(one, SQLModel)]
    assert asdict(household(zoe))["quotient"]["amount_cents"] == 3
