"""A household to try things on: Zoé and Paul Pinceau, and their daughter Nora."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from sqlmodel import SQLModel, select

from portail.database import reading
from portail.domain.file_fields import FIELDS, Scope
from portail.domain.identity import Actor, Role
from portail.services.family_file.changes import ChangeOutcome, Saved, change
from tests import factories
from tests.services.test_account import as_parent

Row = TypeVar("Row", bound=SQLModel)
_numbers = count(50_001)
# what a parent may type in each field, and what is kept of it
TYPED: dict[str, dict[str, str]] = {
    "household.address": {"street": "3 rue des Lilas", "postcode": "94 800", "city": "Villejuif"},
    "guardian.name": {"last_name": "Pinceau-Roy", "first_name": "Zoé"},
    "guardian.phone": {"phone": "0612345678"},
    "guardian.work_phone": {"work_phone": "01.45.59.20.00"},
    "guardian.email": {"email": "zoe.neuve@Example.org"},
    "child.name": {"last_name": "Pinceau-Roy", "first_name": "Nora"},
    "child.insurance": {
        "insurer": "MAE",
        "insurance_contract": "A-778",
        "insured_until": "2027-08-31",
    },
    "child.collector": {
        "last_name": "Roy",
        "first_name": "Odette",
        "phone": "+33698765432",
        "link": "grand-mère",
    },
    "medical.allergies": {"allergies": "Arachide"},
    "medical.treatments": {"treatments": "Ventoline"},
    "medical.doctor": {"doctor_name": "Dr Lemoine", "doctor_phone": "01 46 77 00 00"},
    "medical.diet": {"diet": "sans_viande"},
    "medical.pai": {"pai": "oui", "pai_measures": "Stylo d’adrénaline"},
    "medical.vaccinations": {"vaccinated": "oui", "vaccination_notes": "Rappel en mars"},
}
KEPT: dict[str, dict[str, str | bool]] = {
    **{key: dict(value) for key, value in TYPED.items()},
    "household.address": {"street": "3 rue des Lilas", "postcode": "94800", "city": "Villejuif"},
    "guardian.phone": {"phone": "06 12 34 56 78"},
    "guardian.work_phone": {"work_phone": "01 45 59 20 00"},
    "guardian.email": {"email": "zoe.neuve@example.org"},
    "child.collector": {**TYPED["child.collector"], "phone": "06 98 76 54 32"},
    "medical.pai": {"pai": True, "pai_measures": "Stylo d’adrénaline"},
    "medical.vaccinations": {"vaccinated": True, "vaccination_notes": "Rappel en mars"},
}


@dataclass(frozen=True)
class Home:
    """Ids, and who asks."""

    account: int
    family: int
    number: int
    guardian: int  # Zoé, with the account
    other: int  # Paul, without an account
    child: int

    @property
    def actor(self) -> Actor:
        return as_parent(self.account)

    def target(self, scope: Scope) -> int:
        match scope:
            case Scope.HOUSEHOLD:
                return self.family
            case Scope.GUARDIAN:
                return self.guardian
            case _:
                return self.child

    def ask(self, *keys: str, typed: Mapping[str, str] | None = None) -> ChangeOutcome:
        """Ask to change fields of one scope, as `TYPED` says or otherwise."""
        scope = FIELDS[keys[0]].scope
        values = {key: typed or TYPED[key] for key in keys}
        return change(self.actor, scope, self.target(scope), values)

    def asked(self, *keys: str, typed: Mapping[str, str] | None = None) -> int:
        """The procedure of a change that was saved."""
        outcome = self.ask(*keys, typed=typed)
        assert isinstance(outcome, Saved)
        return outcome.procedure_id


def make(name: str = "PINCEAU", *, email: str = "", child: int = 0) -> Home:
    """A household, with a child of its own if none is given."""
    account, number = factories.account(email=email), next(_numbers)
    family = factories.family(
        name, number=number, street="1 rue des Roses", postcode="94800", city="Villejuif"
    )
    guardian = factories.join_family(
        account, family, email=f"zoe{number}@example.org", phone="06 00 00 00 01"
    )
    other = factories.guardian(
        family, "Paul", "Pinceau", f"paul{number}@example.org", phone="06 00 00 00 02"
    )
    if child:
        factories.share(child, family)
    else:
        child = factories.child("Nora", family, school=f"École {number}", class_level="CP")
    return Home(account, family, number, guardian, other, child)


def as_agent(*roles: Role) -> Actor:
    """An agent with these roles."""
    return Actor(session_id=1, agent_id=factories.agent(roles=roles), roles=frozenset(roles))


def rows(table: type[Row]) -> list[Row]:
    """Everything in a table, in order."""
    with reading() as session:
        return list(session.exec(select(table).order_by("id")))
