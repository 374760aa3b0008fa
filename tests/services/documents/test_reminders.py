"""Reminders: one mail a parent, each thing once, none to those who do not want any."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portail import clock
from portail.domain.documents import Check, Subject, Validity
from portail.domain.notifications import Choice, Notification
from portail.models import Told
from portail.services.documents import Destination, my_documents, reminders
from portail.services.notifications.choices import choose
from tests import factories
from tests.services.documents import papers
from tests.services.documents.test_asked import check
from tests.services.test_account import as_parent, mails

KIND = "documents_reminder"


@pytest.fixture
def family(zoe: int) -> int:
    family = factories.family(members=[zoe])
    factories.child("Nora", family)
    papers.kind("quotient", validity=Validity.CALENDAR_YEAR)
    papers.kind("assurance", Subject.CHILD, validity=Validity.SCHOOL_YEAR)
    return family


def test_one_mail_lists_everything_and_is_not_sent_again(zoe: int, family: int) -> None:
    assert reminders.remind() == 1
    (mail,) = mails(KIND)
    assert mail.recipient == "zoe@example.org"
    assert "Type quotient\u00a0: à fournir" in mail.text
    assert "Type assurance (Nora)\u00a0: à fournir" in mail.text
    assert reminders.remind() == 0
    clock.advance(timedelta(days=30))
    assert reminders.remind() == 0
    assert len(mails(KIND)) == 1


def test_each_step_of_a_document_is_told_once(zoe: int, family: int) -> None:
    to = Destination(family, "quotient")
    check(papers.one(zoe, Destination(family, "assurance", _nora(zoe))), Check.ACCEPTED)
    made = papers.one(zoe, to)
    assert reminders.remind() == 0  # it waits for an agent, not for the family
    check(made, Check.REFUSED, reason="Illisible")
    assert reminders.remind() == 1
    check(made, Check.ACCEPTED, date(2026, 12, 31))
    assert reminders.remind() == 0
    clock.advance(timedelta(days=10))  # 3 December
    assert reminders.remind() == 1
    clock.advance(timedelta(days=10))
    assert reminders.remind() == 0
    clock.advance(timedelta(days=20))  # 2 January
    assert reminders.remind() == 1
    texts = [mail.text for mail in mails(KIND)]
    assert "refusé" in texts[0]
    assert "valable jusqu’au 31 décembre 2026" in texts[1]
    assert "expiré depuis le 31 décembre 2026" in texts[2]


def _nora(account_id: int) -> int:
    return my_documents(as_parent(account_id)).families[0].children[0][0]


def test_what_is_still_missing_is_told_again_the_next_school_year(zoe: int, family: int) -> None:
    assert reminders.remind() == 1
    clock.advance(timedelta(days=365))
    assert reminders.remind() == 1


def test_who_wants_no_reminders_has_none(zoe: int, karim: int, family: int) -> None:
    factories.join_family(karim, family)
    choose(as_parent(zoe), {Notification.DOCUMENTS: Choice.NEVER})
    assert reminders.remind() == 1
    assert [mail.recipient for mail in mails(KIND)] == ["karim@example.org"]


def test_accounts_without_a_family_or_not_activated_are_left_alone(family: int, karim: int) -> None:
    factories.join_family(factories.account(activated=False), family)
    assert reminders.remind() == 1
    assert [mail.recipient for mail in mails(KIND)] == ["zoe@example.org"]


def test_the_same_document_of_two_families_is_two_things(zoe: int, family: int) -> None:
    factories.family("AUTRE", members=[zoe])
    assert reminders.remind() == 1
    assert mails(KIND)[0].text.count("Type quotient") == 2
    assert papers.count(Told) == 3
