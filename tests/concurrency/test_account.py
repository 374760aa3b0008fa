"""Several people, or several tabs of one, change accounts at once."""

from __future__ import annotations

import pytest
from sqlmodel import select

from portail.database import reading
from portail.domain.consents import ConsentText
from portail.domain.notifications import CHOSEN, Choice
from portail.models import Account, Consent, NotificationChoice, Subscription
from portail.services.consents import accept, missing
from portail.services.email_change import (
    EmailChanged,
    EmailTaken,
    ask_email_change,
    confirm_email_change,
)
from portail.services.links import LinkState
from portail.services.notifications.choices import choose
from portail.services.password_reset import BadLink
from portail.services.subscriptions import Added, AlreadyMine, TakenByAnother, add_subscription
from tests import factories
from tests.concurrency.together import at_once
from tests.services import test_email_change, test_subscriptions
from tests.services.test_account import as_parent, mails

pytestmark = pytest.mark.usefixtures("db")
PEOPLE = 4
NEW = "nouvelle@example.org"


def test_of_several_who_confirm_the_same_address_one_gets_it() -> None:
    accounts = [factories.account() for _ in range(PEOPLE)]
    for account_id in accounts:
        ask_email_change(as_parent(account_id), NEW, address="192.0.2.1")
    secrets = test_email_change.secrets()
    outcomes = at_once(PEOPLE, lambda number: confirm_email_change(secrets[number]))
    assert outcomes.count(EmailChanged(NEW)) == 1
    assert outcomes.count(EmailTaken()) == PEOPLE - 1
    with reading() as session:
        rows = session.exec(select(Account).where(Account.email_key == NEW)).all()
    assert [row.id for row in rows] == [accounts[outcomes.index(EmailChanged(NEW))]]
    assert len(mails("email_changed")) == 1


def test_of_several_who_look_first_the_database_lets_one_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What looking alone would do: all find the address free; the index has the last word."""
    accounts = [factories.account() for _ in range(PEOPLE)]
    for account_id in accounts:
        ask_email_change(as_parent(account_id), NEW, address="192.0.2.1")
    secrets = test_email_change.secrets()
    monkeypatch.setattr("portail.services.email_change._taken", lambda *_: False)
    outcomes = at_once(PEOPLE, lambda number: confirm_email_change(secrets[number]))
    assert outcomes.count(EmailChanged(NEW)) == 1
    assert outcomes.count(EmailTaken()) == PEOPLE - 1


def test_one_link_followed_by_several_at_once_changes_the_address_once() -> None:
    account_id = factories.account()
    ask_email_change(as_parent(account_id), NEW, address="192.0.2.1")
    (secret,) = test_email_change.secrets()
    outcomes = at_once(PEOPLE, lambda _: confirm_email_change(secret))
    assert outcomes.count(EmailChanged(NEW)) == 1
    assert outcomes.count(BadLink(LinkState.USED)) == PEOPLE - 1
    assert len(mails("email_changed")) == 1


def test_of_several_accounts_that_add_the_same_adult_one_does() -> None:
    accounts = [factories.account() for _ in range(PEOPLE)]
    number, _ = test_subscriptions.file()
    outcomes = at_once(
        PEOPLE,
        lambda place: add_subscription(
            as_parent(accounts[place]),
            str(number),
            "martin",
            test_subscriptions.EMAIL,
            address=f"192.0.2.{place}",
        ),
    )
    assert outcomes.count(Added(number, "MARTIN")) == 1
    assert outcomes.count(TakenByAnother()) == PEOPLE - 1
    with reading() as session:
        assert len(session.exec(select(Subscription)).all()) == 1


def test_several_tabs_that_add_the_same_file_add_it_once() -> None:
    account_id = factories.account()
    number, _ = test_subscriptions.file()
    outcomes = at_once(PEOPLE, lambda _: test_subscriptions.add(account_id, number))
    assert outcomes.count(Added(number, "MARTIN")) == 1
    assert outcomes.count(AlreadyMine()) == PEOPLE - 1


def test_several_tabs_that_accept_accept_once() -> None:
    account_id = factories.account(accepted=())
    at_once(PEOPLE, lambda _: accept(as_parent(account_id), ConsentText.TERMS))
    assert missing(account_id) == (ConsentText.PRIVACY,)
    with reading() as session:
        assert len(session.exec(select(Consent)).all()) == 1


def test_several_tabs_that_choose_mails_leave_one_of_the_choices() -> None:
    account_id = factories.account()
    choices = [Choice.NEVER, Choice.DAILY] * (PEOPLE // 2)
    at_once(
        PEOPLE,
        lambda place: choose(as_parent(account_id), dict.fromkeys(CHOSEN, choices[place])),
    )
    with reading() as session:
        rows = session.exec(select(NotificationChoice)).all()
    assert len(rows) == len(CHOSEN)
    assert len({row.choice for row in rows}) == 1
