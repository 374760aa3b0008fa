"""Another e-mail address: confirmed from its own mailbox, told to the old one, never taken."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.adapters.emails import EmailProblem
from portail.database import reading
from portail.domain.identity import Actor, Forbidden
from portail.domain.throttling import EMAIL_CHANGE, EMAIL_CHANGE_ADDRESS
from portail.models import Account, OneTimeLink
from portail.services import email_change, password_reset
from portail.services.email_change import (
    VALID_FOR,
    Blocked,
    EmailChanged,
    EmailTaken,
    LinkSent,
    ask_email_change,
    awaited_email,
    cancel_email_change,
    confirm_email_change,
)
from portail.services.links import LinkState
from portail.services.password_reset import BadLink
from tests import factories
from tests.services.test_account import actions, as_parent, mails, seen

pytestmark = pytest.mark.usefixtures("db")
NEW = "nouvelle@example.org"
LINK = re.compile(r"/confirmer-adresse/([\w-]+)")


def ask(
    account_id: int, email: str = NEW, address: str = "192.0.2.1"
) -> LinkSent | EmailProblem | Blocked:
    return ask_email_change(as_parent(account_id), email, address=address)


def secrets() -> list[str]:
    """The secrets that were sent, the oldest first."""
    return [match[1] for mail in mails("confirm_email") if (match := LINK.search(mail.text))]


def email_of(account_id: int) -> tuple[str, str]:
    with reading() as session:
        row = session.get_one(Account, account_id)
        return row.email, row.email_key


@pytest.fixture
def zoe(db: None) -> int:
    return factories.account("z-pinceau", email="zoe@example.org")


@pytest.fixture
def karim(db: None) -> int:
    return factories.account("k-benali", email="karim@example.org")


def test_the_address_changes_once_its_link_is_followed_and_not_before(zoe: int) -> None:
    assert ask(zoe, " Nouvelle@EXAMPLE.org ") == LinkSent("Nouvelle@example.org")
    (mail,) = mails("confirm_email")
    assert mail.recipient == "Nouvelle@example.org"
    assert "24" in mail.text
    assert email_of(zoe) == ("zoe@example.org", "zoe@example.org")
    assert seen(zoe).pending_email == "Nouvelle@example.org"
    (secret,) = secrets()
    assert awaited_email(secret) == "Nouvelle@example.org"
    assert email_of(zoe)[0] == "zoe@example.org"  # looking changes nothing: scanners look
    assert confirm_email_change(secret) == EmailChanged("Nouvelle@example.org")
    assert email_of(zoe) == ("Nouvelle@example.org", "nouvelle@example.org")
    assert seen(zoe).pending_email == ""
    assert actions(zoe) == ["email_change_asked", "email_changed"]


def test_the_old_address_is_told_without_the_new_one_in_full(zoe: int) -> None:
    ask(zoe)
    assert mails("email_changed") == []
    confirm_email_change(secrets()[0])
    (mail,) = mails("email_changed")
    assert mail.recipient == "zoe@example.org"
    assert "n•••@example.org" in mail.text
    assert NEW not in mail.text + mail.html


def test_a_link_is_used_once(zoe: int) -> None:
    ask(zoe)
    (secret,) = secrets()
    confirm_email_change(secret)
    assert confirm_email_change(secret) == awaited_email(secret) == BadLink(LinkState.USED)
    assert len(mails("email_changed")) == 1


def test_a_link_is_good_for_a_day(zoe: int) -> None:
    ask(zoe)
    (secret,) = secrets()
    clock.advance(VALID_FOR - timedelta(seconds=1))
    assert awaited_email(secret) == NEW
    clock.advance(timedelta(seconds=1))
    assert confirm_email_change(secret) == awaited_email(secret) == BadLink(LinkState.EXPIRED)
    assert email_of(zoe)[0] == "zoe@example.org"
    assert seen(zoe).pending_email == ""


def test_only_the_newest_link_of_the_account_opens(zoe: int, karim: int) -> None:
    ask(zoe, "premiere@example.org")
    ask(karim, "karim2@example.org")
    ask(zoe, "seconde@example.org")
    first, his, second = secrets()
    assert confirm_email_change(first) == BadLink(LinkState.EXPIRED)
    assert confirm_email_change(second) == EmailChanged("seconde@example.org")
    assert confirm_email_change(his) == EmailChanged("karim2@example.org")


def test_giving_up_closes_one_s_own_link_only(zoe: int, karim: int) -> None:
    ask(zoe)
    ask(karim, "karim2@example.org")
    cancel_email_change(as_parent(zoe))
    cancel_email_change(as_parent(zoe))
    hers, his = secrets()
    assert seen(zoe).pending_email == ""
    assert confirm_email_change(hers) == BadLink(LinkState.EXPIRED)
    assert confirm_email_change(his) == EmailChanged("karim2@example.org")
    assert actions(zoe) == ["email_change_asked", "email_change_cancelled"]


@pytest.mark.parametrize("secret", ["", "x", "a" * 10_000, "' OR 1=1 --"])
def test_an_unknown_link_opens_nothing(zoe: int, secret: str) -> None:
    ask(zoe)
    assert confirm_email_change(secret) == BadLink(LinkState.UNKNOWN)


def test_a_link_of_another_purpose_opens_nothing(zoe: int) -> None:
    ask(zoe)
    password_reset.request_link("zoe@example.org", address="192.0.2.1")
    (mail,) = mails("reset_password")
    match = re.search(r"/mot-de-passe/([\w-]+)", mail.text)
    assert match is not None
    assert confirm_email_change(match[1]) == BadLink(LinkState.UNKNOWN)
    assert password_reset.link_state(secrets()[0]) is LinkState.UNKNOWN


def test_a_password_link_in_the_old_mailbox_is_void_once_the_address_changed(zoe: int) -> None:
    password_reset.request_link("zoe@example.org", address="192.0.2.1")
    ask(zoe)
    (mail,) = mails("reset_password")
    match = re.search(r"/mot-de-passe/([\w-]+)", mail.text)
    assert match is not None
    assert password_reset.link_state(match[1]) is LinkState.VALID
    confirm_email_change(secrets()[0])
    assert password_reset.link_state(match[1]) is LinkState.USED


@pytest.mark.parametrize(
    "typed",
    ["", "zoe", "zoe@", "@example.org", "é@example.org", "a b@example.org", "x" * 300 + "@a.fr"],
)
def test_what_is_not_an_address_is_refused_with_words(zoe: int, typed: str) -> None:
    outcome = ask(zoe, typed)
    assert isinstance(outcome, EmailProblem)
    assert outcome.reason.endswith((".", "?"))
    assert mails("confirm_email") == []


def test_a_domain_may_have_accents(zoe: int) -> None:
    assert ask(zoe, "zoe@écoles.example.org") == LinkSent("zoe@écoles.example.org")


def test_one_s_own_address_is_not_a_new_one(zoe: int) -> None:
    assert isinstance(ask(zoe, "ZOE@example.org"), EmailProblem)
    assert mails("confirm_email") == []


def test_an_address_taken_gets_the_same_answer_and_no_mail(zoe: int, karim: int) -> None:
    free, taken = ask(zoe), ask(karim, "zoe@example.org")
    assert free == LinkSent(NEW)
    assert taken == LinkSent("zoe@example.org")
    assert seen(karim).pending_email == "zoe@example.org"  # the page says the same too
    assert [mail.recipient for mail in mails("confirm_email")] == [NEW]


def test_an_address_taken_meanwhile_changes_nothing(zoe: int, karim: int) -> None:
    ask(zoe)
    ask(karim)
    first, second = secrets()
    assert confirm_email_change(first) == EmailChanged(NEW)
    assert confirm_email_change(second) == EmailTaken()
    assert email_of(karim)[0] == "karim@example.org"
    assert len(mails("email_changed")) == 1
    assert "email_changed" not in actions(karim)


def test_the_database_has_the_last_word_on_who_has_an_address(
    zoe: int, karim: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the other had taken it between the look and the write."""
    ask(karim)
    ask(zoe, "autre@example.org")
    his, hers = secrets()
    monkeypatch.setattr(email_change, "_taken", lambda *_: False)
    ask(karim, "zoe@example.org")
    assert confirm_email_change(secrets()[-1]) == EmailTaken()
    assert email_of(karim)[0] == "karim@example.org"
    assert confirm_email_change(his) == BadLink(LinkState.EXPIRED)
    assert confirm_email_change(hers) == EmailChanged("autre@example.org")


def test_the_database_keeps_only_the_hash_of_a_link(zoe: int) -> None:
    ask(zoe)
    with reading() as session:
        row = session.exec(select(OneTimeLink)).one()
    assert secrets()[0] not in str(row)


def test_one_account_cannot_write_to_many_people(zoe: int, karim: int) -> None:
    for number in range(EMAIL_CHANGE.lock_after):
        assert isinstance(ask(zoe, f"p{number}@example.org"), LinkSent)
    assert ask(zoe) == Blocked(EMAIL_CHANGE.lock)
    assert seen(zoe).pending_email == f"p{EMAIL_CHANGE.lock_after - 1}@example.org"
    assert isinstance(ask(karim), LinkSent)
    clock.advance(EMAIL_CHANGE.lock)
    assert isinstance(ask(zoe), LinkSent)


def test_neither_can_one_client_with_many_accounts() -> None:
    for number in range(EMAIL_CHANGE_ADDRESS.lock_after):
        assert isinstance(ask(factories.account(), f"p{number}@example.org"), LinkSent)
    last = factories.account()
    assert isinstance(ask(last), Blocked)
    assert isinstance(ask(last, address="198.51.100.7"), LinkSent)


def test_an_agent_has_no_address_to_change() -> None:
    actor = Actor(session_id=1, agent_id=factories.agent())
    with pytest.raises(Forbidden):
        ask_email_change(actor, NEW, address="192.0.2.1")
    with pytest.raises(Forbidden):
        cancel_email_change(actor)
