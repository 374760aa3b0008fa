"""A child of two households (garde alternée): what each of the two sees, and what it never does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import pytest

from portail import clock
from portail.domain.care import Permission
from portail.domain.file_fields import FIELDS, FieldRule
from portail.services.billing.views import due
from portail.services.documents import child_documents, my_documents
from portail.services.family_file.care import certify, decide, remove_collector
from portail.services.family_file.changes import Invalid, Saved, change, withdraw
from portail.services.family_file.file import child_view, children, households
from portail.services.family_file.rules import set_rule
from portail.services.family_file.values import Problem
from portail.services.home import home as home_page
from portail.services.procedures import Filter, procedure_detail, procedures_page
from portail.services.reach import NotFound
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import Home

pytestmark = pytest.mark.usefixtures("db")

NEXT_STREET, ADULT, NEXT_COLLECTOR = "4 allée Cachée", "Philippine", "Sidonie"
COLLECTOR_PHONE, PAPER = "06 88 88 88 88", "bail-secret.pdf"
PROOFS = {field.proof for field in FIELDS.values() if field.proof}
PLENTY = 50  # more procedures than there are
STREET, PHONE, EMAIL, INCOME = "9 impasse Secrète", "06 99 99 99 99", "secret@example.org", 98_765
COLLECTOR, INVOICE, TITLE = "Honorine", "2026-11-77777", "Autorisations (photos"


@dataclass(frozen=True)
class Two:
    """Both households; the child is theirs, the rest is the mother's."""

    mother: Home
    father: Home
    waiting: int  # the mother's request about the child's health
    collector: int


@pytest.fixture
def two(db: None) -> Two:
    mother = home.make("PINCEAU")
    father = home.make("DELMAS", child=mother.child)
    set_rule("household.address", FieldRule.NOW)
    mother.ask("household.address", typed={"street": STREET, "postcode": "94800", "city": "Paris"})
    mother.ask("guardian.phone", typed={"phone": PHONE})
    mother.ask("guardian.email", typed={"email": EMAIL})
    mother.ask(
        "child.collector",
        typed={
            "last_name": "Roy", "first_name": COLLECTOR, "phone": COLLECTOR_PHONE, "link": "tante"
        },
    )  # fmt: skip
    mother.ask("medical.allergies", typed={"allergies": "Arachide"})
    mother.ask(
        "child.insurance",
        typed={"insurer": "MAE", "insurance_contract": "A-7", "insured_until": "2027-08-31"},
    )
    set_rule("medical.treatments", FieldRule.AGENT)
    waiting = mother.asked("medical.treatments", typed={"treatments": "Ventoline"})
    decide(mother.actor, mother.child, {Permission.PHOTO: True})
    certify(mother.actor, mother.family, mother.child)
    set_rule("child.collector", FieldRule.AGENT)
    mother.ask(
        "child.collector", typed={**home.TYPED["child.collector"], "first_name": NEXT_COLLECTOR}
    )
    set_rule("household.address", FieldRule.PROOF)
    moving = mother.asked(
        "household.address", typed={**home.TYPED["household.address"], "street": NEXT_STREET}
    )
    factories.sent_file(mother.family, moving, PAPER)
    factories.guardian(mother.family, ADULT, "Roy", "philippine@example.org")
    factories.quotient(mother.family, INCOME)
    factories.invoice(mother.family, INVOICE)
    (collector,) = child_view(mother.actor, mother.child).collectors
    return Two(mother, father, waiting, collector.id)


def everything(one: Home) -> str:
    """All that the services of the file tell a parent, as text."""
    told: list[Any] = [
        *(asdict(view) for view in households(one.actor)),
        *(asdict(card) for card in children(one.actor)),
        asdict(child_view(one.actor, one.child)),
        asdict(procedures_page(one.actor, Filter())),
        *(asdict(procedure_detail(one.actor, number)) for number in numbers(one)),
        asdict(my_documents(one.actor)),
        asdict(child_documents(one.actor, one.child, PROOFS, range(PLENTY))),
        asdict(due(one.actor)),
        asdict(home_page(one.actor)),
    ]
    return repr(told)


def numbers(one: Home) -> list[int]:
    """The procedures that a parent sees."""
    return [line.id for line in procedures_page(one.actor, Filter()).lines]


SECRETS: dict[str, str] = {
    "the address": STREET,
    "the telephone": PHONE,
    "the e-mail address": EMAIL,
    "the income": str(INCOME),
    "the address it moves to": NEXT_STREET,
    "the other adults": ADULT,
    "the people who may collect": COLLECTOR,
    "their telephone": COLLECTOR_PHONE,
    "the people who may collect once an agent agrees": NEXT_COLLECTOR,
    "the papers": PAPER,
    "the invoices": INVOICE,
    "the procedures": TITLE,
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_what_is_the_mothers_alone(two: Two, secret: str) -> None:
    assert secret in everything(two.mother)
    assert secret not in everything(two.father)


def test_no_procedure_of_the_mother_is_the_fathers(two: Two) -> None:
    hers = numbers(two.mother)
    assert two.waiting in hers
    assert numbers(two.father) == []
    assert procedures_page(two.father.actor, Filter(child_id=two.mother.child)).total == 0
    for number in hers:
        assert procedure_detail(two.mother.actor, number).line.id == number
        with pytest.raises(NotFound):
            procedure_detail(two.father.actor, number)


@pytest.mark.parametrize("key", ["household.address", "guardian.phone"])
def test_the_father_changes_nothing_of_the_mothers_household(two: Two, key: str) -> None:
    scope = FIELDS[key].scope
    with pytest.raises(NotFound):
        change(two.father.actor, scope, two.mother.target(scope), {key: home.TYPED[key]})


def test_one_change_of_the_child_waits_whichever_household_asks(two: Two) -> None:
    """The father is told that one waits, which he sees; his own is not written beside it."""
    typed = {"treatments": "Aerius"}
    outcome = two.father.ask("medical.treatments", typed=typed)
    assert outcome == Invalid({"treatments": Problem.WAITING})
    assert withdraw(two.mother.actor, two.waiting)
    assert isinstance(two.father.ask("medical.treatments", typed=typed), Saved)
    assert waits(two.mother)["treatments"] == "Aerius"


def test_what_the_father_decides_the_mother_sees_as_decided_elsewhere(two: Two) -> None:
    assert decide(two.father.actor, two.father.child, {Permission.PHOTO: False})
    photo = child_view(two.mother.actor, two.mother.child).permissions[0]
    assert (photo.granted, photo.here) == (False, False)
    assert numbers(two.father) != []
    assert not set(numbers(two.father)) & set(numbers(two.mother))


SHARED: dict[str, Callable[[Home], Any]] = {
    "the child": lambda one: children(one.actor)[0].first_name == "Nora",
    "that it has two homes": lambda one: children(one.actor)[0].shared,
    "its class": lambda one: children(one.actor)[0].class_level == "CP",
    "its allergies": lambda one: field(one, "medical.allergies")["allergies"] == "Arachide",
    "the change of its health that waits": lambda one: waits(one)["treatments"] == "Ventoline",
    "its insurance": lambda one: field(one, "child.insurance")["insurer"] == "MAE",
    "its permissions": lambda one: child_view(one.actor, one.child).permissions[0].granted,
}


def field(one: Home, key: str) -> dict[str, Any]:
    (found,) = [view for view in child_view(one.actor, one.child).fields if view.key == key]
    return found.value


def waits(one: Home) -> dict[str, Any]:
    views = child_view(one.actor, one.child).fields
    (found,) = [view.waiting for view in views if view.key == "medical.treatments"]
    assert found is not None
    return found.value


@pytest.mark.parametrize("seen", SHARED.values(), ids=SHARED.keys())
def test_what_both_see(two: Two, seen: Callable[[Home], Any]) -> None:
    assert seen(two.mother)
    assert seen(two.father)


def test_who_decided_is_told_as_this_household_or_the_other(two: Two) -> None:
    photo = child_view(two.mother.actor, two.mother.child).permissions[0]
    assert photo.here
    photo = child_view(two.father.actor, two.father.child).permissions[0]
    assert photo.granted
    assert not photo.here


def test_each_household_certifies_for_itself(two: Two) -> None:
    assert children(two.mother.actor)[0].certified_at is not None
    assert children(two.father.actor)[0].certified_at is None
    with pytest.raises(NotFound):
        certify(two.father.actor, two.mother.family, two.mother.child)
    hers = children(two.mother.actor)[0].certified_at
    clock.advance(timedelta(days=1))
    for child in (two.father.child, None):
        assert certify(two.father.actor, two.father.family, child) == clock.now()
    assert children(two.father.actor)[0].certified_at == clock.now()
    assert children(two.mother.actor)[0].certified_at == hers
    assert [one.certified_at for one in households(two.mother.actor)] == [None]
    # one household's word is not the other's either
    clock.advance(timedelta(days=1))
    assert certify(two.mother.actor, two.mother.family, None) == clock.now()


def test_a_request_is_withdrawn_by_the_household_that_made_it(two: Two) -> None:
    (view,) = [
        view.waiting
        for view in child_view(two.father.actor, two.father.child).fields
        if view.waiting is not None
    ]
    assert not view.mine
    assert view.procedure_id == 0  # not even its number
    assert not withdraw(two.father.actor, two.waiting)
    with pytest.raises(NotFound):
        procedure_detail(two.father.actor, two.waiting)
    assert withdraw(two.mother.actor, two.waiting)


def test_nobody_takes_off_the_list_a_person_of_the_other_household(two: Two) -> None:
    assert not remove_collector(two.father.actor, two.collector)
    assert remove_collector(two.mother.actor, two.collector)
