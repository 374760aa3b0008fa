"""A child of two households (garde alternée): what each of the two sees, and what it never does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from portail.domain.care import Permission
from portail.domain.file_fields import FieldRule
from portail.services.family_file.care import certify, decide, remove_collector
from portail.services.family_file.changes import withdraw
from portail.services.family_file.file import child_view, children, households
from portail.services.family_file.rules import set_rule
from portail.services.home import home as home_page
from portail.services.invoices import due_invoices
from portail.services.procedures import Filter, procedure_detail, procedures_page
from portail.services.reach import NotFound
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import Home

pytestmark = pytest.mark.usefixtures("db")

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
            "last_name": "Roy", "first_name": COLLECTOR, "phone": "06 88 88 88 88", "link": "tante"
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
        *(asdict(invoice) for invoice in due_invoices(one.actor)),
        asdict(home_page(one.actor)),
    ]
    return repr(told)


SECRETS: dict[str, str] = {
    "the address": STREET,
    "the telephone": PHONE,
    "the e-mail address": EMAIL,
    "the income": str(INCOME),
    "the people who may collect": COLLECTOR,
    "the invoices": INVOICE,
    "the procedures": TITLE,
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_what_is_the_mothers_alone(two: Two, secret: str) -> None:
    assert secret in everything(two.mother)
    assert secret not in everything(two.father)


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
