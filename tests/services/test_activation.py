"""The activation link: 72 hours, once, sent again; accounts that are never activated."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.models import Account, OutboxMail, Subscription
from portail.services import activation
from portail.services.activation import Activated
from portail.services.links import LinkState
from portail.services.password_reset import change_password
from portail.services.sign_in import NotActivated, Opened, Realm, sign_in
from tests import factories
from tests.concurrency.together import at_once

pytestmark = pytest.mark.usefixtures("db")


def enter() -> object:
    return sign_in(Realm.FAMILY, "claire", factories.PASSWORD, address="127.0.0.1", device="")


def links() -> list[str]:
    """The secrets mailed so far, oldest first."""
    with reading() as session:
        mails = session.exec(select(OutboxMail).order_by(OutboxMail.id))  # type: ignore[arg-type]
        return [
            found.group(1)
            for mail in mails
            if (found := re.search(r"/activation/([\w-]+)", mail.text))
        ]


@pytest.fixture
def secret(db: None) -> str:
    """The link of an account just created."""
    account_id = factories.account("claire", activated=False)
    with writing() as session:
        activation.send_link(session, session.get_one(Account, account_id))
    return links()[0]


def test_the_link_opens_the_account_once(secret: str) -> None:
    assert enter() == NotActivated()
    assert activation.link_state(secret) is LinkState.VALID
    assert activation.activate(secret) == Activated("claire")
    assert isinstance(enter(), Opened)
    assert activation.activate(secret) is LinkState.USED


def test_it_is_valid_72_hours_and_not_a_minute_more(secret: str) -> None:
    clock.advance(timedelta(hours=71, minutes=59))
    assert activation.link_state(secret) is LinkState.VALID
    clock.advance(timedelta(minutes=2))
    assert activation.activate(secret) is LinkState.EXPIRED
    assert enter() == NotActivated()


@pytest.mark.parametrize("cut", [slice(0, 20), slice(1, None), slice(0, 0)])
def test_a_link_cut_by_a_mail_program_is_unknown(secret: str, cut: slice) -> None:
    assert activation.activate(secret[cut]) is LinkState.UNKNOWN
    assert activation.activate("…%00") is LinkState.UNKNOWN


def test_an_expired_link_sends_a_new_one_and_the_old_stays_void(secret: str) -> None:
    clock.advance(timedelta(hours=73))
    activation.resend_from(secret, address="127.0.0.1")
    old, new = links()
    assert activation.activate(old) is LinkState.EXPIRED
    assert activation.activate(new) == Activated("claire")


def test_by_address_only_who_waits_is_sent_a_link(secret: str) -> None:
    activation.send_again_to("nobody@example.org", address="127.0.0.1")
    assert len(links()) == 1
    activation.send_again_to(" CLAIRE@example.org", address="127.0.0.1")
    assert len(links()) == 2
    activation.activate(links()[-1])
    activation.send_again_to("claire@example.org", address="127.0.0.1")
    assert len(links()) == 2  # nothing to activate any more


def test_a_link_of_one_purpose_opens_nothing_else(secret: str) -> None:
    assert change_password(secret, "Nouveau!1").state is LinkState.UNKNOWN  # type: ignore[union-attr]
    assert activation.link_state(secret) is LinkState.VALID


def test_two_at_once_activate_once(secret: str) -> None:
    outcomes = at_once(4, lambda _number: activation.activate(secret))
    assert sum(isinstance(outcome, Activated) for outcome in outcomes) == 1
    assert sum(outcome is LinkState.USED for outcome in outcomes) == 3


def test_after_30_days_the_references_are_free_again(db: None) -> None:
    waiting = factories.account("claire", activated=False)
    active = factories.account("zoe")
    factories.family(members=[waiting])
    factories.family(members=[active])
    clock.advance(timedelta(days=29))
    assert activation.remove_unactivated(clock.now()) == 0
    clock.advance(timedelta(days=2))
    assert activation.remove_unactivated(clock.now()) == 1
    with reading() as session:
        assert [account.user_name for account in session.exec(select(Account))] == ["zoe"]
        assert [s.account_id for s in session.exec(select(Subscription))] == [active]
        assert session.exec(select(OutboxMail)).one().kind == "account_removed"
