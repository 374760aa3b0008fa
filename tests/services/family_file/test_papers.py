"""A child who has a «PAI» is asked for the signed document, and nobody else is."""

from __future__ import annotations

import pytest

from portail.database import writing
from portail.domain.documents import Check, DocumentState, Sharing, Subject, Validity
from portail.services.documents import AskedDocument, Destination, my_documents, reminders
from portail.services.documents.tell import DISCREET
from portail.services.family_file.medical import change_medical
from tests import factories
from tests.services.documents import papers
from tests.services.documents.test_asked import check
from tests.services.family_file import home
from tests.services.family_file.home import Home
from tests.services.test_account import mails

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def zoe(db: None) -> Home:
    papers.kind(
        "pai",
        Subject.CHILD,
        always=False,
        sharing=Sharing.FILE,
        validity=Validity.SCHOOL_YEAR,
    )
    return home.make()


def has_plan(child: int, *, has: bool = True) -> None:
    with writing() as session:
        change_medical(session, child, {"pai": has})


def asked(one: Home) -> list[AskedDocument]:
    (family,) = my_documents(one.actor).families
    return list(family.asked)


def test_only_a_child_with_a_plan_is_asked_for_it(zoe: Home) -> None:
    factories.child("Sami", zoe.family)
    neighbour = home.make("BENALI")
    assert asked(zoe) == []
    has_plan(zoe.child)
    (plan,) = asked(zoe)
    assert (plan.code, plan.child, plan.state) == ("pai", "Nora", DocumentState.MISSING)
    assert plan.why == "pour son accueil individualisé"
    assert asked(neighbour) == []
    has_plan(zoe.child, has=False)
    assert asked(zoe) == []


def test_once_given_it_presses_nobody_in_either_household(zoe: Home) -> None:
    father = home.make("DELMAS", child=zoe.child)
    has_plan(zoe.child)
    assert [one.pressing for one in (*asked(zoe), *asked(father))] == [True, True]
    made = papers.one(zoe.account, Destination(zoe.family, "pai", zoe.child))
    check(made, Check.ACCEPTED)
    assert [one.pressing for one in (*asked(zoe), *asked(father))] == [False, False]


def test_a_reminder_does_not_tell_of_a_child_s_health(zoe: Home) -> None:
    has_plan(zoe.child)
    assert reminders.remind() == 1
    (mail,) = mails("documents_reminder")
    assert f"{DISCREET} (Nora)" in mail.text
    assert not any(word in mail.text + mail.html for word in ("Type pai", "individualisé"))
