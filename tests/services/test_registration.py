"""Sign-up: each step, what it refuses, what it keeps, and who wins when two finish at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import func, select

from portail import clock
from portail.database import reading, writing
from portail.domain import registration as rules
from portail.domain.consents import ConsentText
from portail.models import (
    Account,
    Consent,
    OneTimeLink,
    OutboxMail,
    RegistrationDraft,
    Subscription,
)
from portail.services import registration
from portail.services.registration import (
    AlreadyRegistered,
    Blocked,
    Identity,
    Incomplete,
    Invalid,
    NotRecognised,
    Registered,
    Saved,
    Taken,
)
from portail.services.sign_in import NotActivated, Realm, sign_in
from portail.worker import schedule
from tests import factories
from tests.concurrency.together import at_once

pytestmark = pytest.mark.usefixtures("db")
TOKEN = "browser-1"
GOOD = Identity(
    "Martin",
    "Claire",
    "claire.martin@example.org",
    "Claire.Martin@example.org",
    "c-martin",
    "Abcde!",
    "Abcde!",
)


def typed(**changes: str) -> Identity:
    return Identity(**(GOOD.__dict__ | changes))


@pytest.fixture
def town(db: None) -> int:
    """Claire's family file; returns her guardian's id."""
    family_id = factories.family("MARTIN", number=10427)
    return factories.guardian(family_id, "Claire", "Martin", "claire.martin@example.org")


def references(
    token: str = TOKEN,
    number: str = "10427",
    name: str = "martin",
    email: str = "claire.martin@example.org",
    address: str = "127.0.0.1",
) -> object:
    return registration.save_references(token, number, name, email, address=address)


def up_to(step: int, token: str = TOKEN, identity: Identity = GOOD) -> None:
    assert registration.save_identity(token, identity) == Saved()
    if step > rules.REFERENCES:
        assert references(token) == Saved()
    if step > rules.TERMS:
        registration.accept(token, ConsentText.TERMS)
    if step > rules.PRIVACY:
        registration.accept(token, ConsentText.PRIVACY)


def kept(model: type) -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(model)).one()


def step_of(token: str = TOKEN) -> int:
    draft = registration.load(token)
    assert draft is not None
    return draft.step


def test_from_the_first_step_to_the_link(town: int) -> None:
    up_to(rules.SUMMARY)
    assert registration.summary_family(TOKEN) == (10427, "MARTIN")
    assert registration.finish(TOKEN) == Registered("claire.martin@example.org")
    with reading() as session:
        account = session.exec(select(Account)).one()
        assert (account.user_name, account.last_name) == ("c-martin", "Martin")
        assert account.activated_at is None
        assert session.exec(select(Subscription)).one().guardian_id == town
        assert {c.text for c in session.exec(select(Consent))} == set(ConsentText)
        assert session.exec(select(OutboxMail)).one().kind == "activate_account"
    outcome = sign_in(Realm.FAMILY, "C-Martin", "Abcde!", address="127.0.0.1", device="")
    assert outcome == NotActivated()  # the right password, but not before the link


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_each_step_is_found_again(town: int, step: int) -> None:
    if step > 1:
        up_to(step)
    draft = registration.load(TOKEN)
    if step == 1:
        assert draft is None  # nothing is kept before something is accepted
        return
    assert draft is not None
    assert draft.step == step
    assert (draft.first_name, draft.user_name, draft.has_password) == ("Claire", "c-martin", True)
    clock.advance(timedelta(hours=2))
    assert registration.load(TOKEN) == draft
    assert registration.load("another browser") is None


def test_the_password_is_never_in_clear() -> None:
    registration.save_identity(TOKEN, GOOD)
    with reading() as session:
        row = session.exec(select(RegistrationDraft)).one()
    assert "Abcde!" not in str(row.model_dump())
    assert row.password_hash.startswith("$2b$")


def test_a_draft_lives_a_day() -> None:
    registration.save_identity(TOKEN, GOOD)
    clock.advance(timedelta(hours=24))
    assert registration.load(TOKEN) is None
    schedule.purge()
    assert kept(RegistrationDraft) == 0
    assert registration.save_identity(TOKEN, GOOD) == Saved()  # the same browser begins anew


@pytest.mark.parametrize("step", [2, 3, 4, 5])
def test_cancelling_keeps_nothing(town: int, step: int) -> None:
    up_to(step)
    registration.cancel(TOKEN)
    assert kept(RegistrationDraft) == 0
    assert registration.load(TOKEN) is None


def test_going_back_loses_nothing_and_does_not_go_forward(town: int) -> None:
    up_to(rules.SUMMARY)
    registration.go_back(TOKEN, rules.REFERENCES)
    assert step_of() == rules.REFERENCES
    registration.go_back(TOKEN, rules.SUMMARY)
    assert step_of() == rules.REFERENCES
    registration.go_back(TOKEN, rules.IDENTITY)
    draft = registration.load(TOKEN)
    assert draft is not None
    assert draft.file_number == "10427"
    # the password is kept when its fields stay empty
    assert registration.save_identity(TOKEN, typed(password="", password_again="")) == Saved()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "a@b", "email_again": "a@b"}, "email"),
        ({"email": "", "email_again": ""}, "email"),
        ({"email_again": "autre@example.org"}, "email_again"),
        ({"user_name": ""}, "user_name"),
        ({"user_name": "c@martin"}, "user_name"),
        ({"user_name": "ab"}, "user_name"),
        ({"user_name": "claire martin"}, "user_name"),
        ({"password": "abcdef", "password_again": "abcdef"}, "password"),
        ({"password": "Abcdef", "password_again": "Abcdef"}, "password"),
        ({"password": "Password!1", "password_again": "Password!1"}, "password"),
        ({"password": "Claire!1", "password_again": "Claire!1"}, "password"),
        ({"password": "A!" * 129, "password_again": "A!" * 129}, "password"),
        ({"password_again": "Abcde?"}, "password_again"),
        ({"last_name": "x" * 81}, "last_name"),
        ({"first_name": "123"}, "first_name"),
    ],
)
def test_step_one_says_which_field_is_wrong(changes: dict[str, str], field: str) -> None:
    outcome = registration.save_identity(TOKEN, typed(**changes))
    assert isinstance(outcome, Invalid)
    assert list(outcome.errors) == [field]
    assert kept(RegistrationDraft) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"email": " claire@écoles.fr ", "email_again": "claire@écoles.fr"},
        {"password": "Deux mots 😀!", "password_again": "Deux mots 😀!"},
        {"password": "A!" * 100, "password_again": "A!" * 100},
        {"last_name": "", "first_name": ""},
    ],
)
def test_step_one_takes_what_is_unusual_but_right(changes: dict[str, str]) -> None:
    assert registration.save_identity(TOKEN, typed(**changes)) == Saved()


def test_a_user_name_is_taken_whatever_its_case() -> None:
    factories.account("C-MARTIN")
    outcome = registration.save_identity(TOKEN, GOOD)
    assert isinstance(outcome, Invalid)
    assert list(outcome.errors) == ["user_name"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "10428"},
        {"name": "Durand"},
        {"email": "autre@example.org"},
        {"number": "1 O 427"},
    ],
)
def test_a_mismatch_does_not_say_which(town: int, wrong: dict[str, str]) -> None:
    up_to(rules.REFERENCES)
    assert references(**wrong) == NotRecognised()
    assert step_of() == rules.REFERENCES
    assert references() == Saved()


def test_the_sixth_try_is_refused_for_a_while(town: int) -> None:
    up_to(rules.REFERENCES)
    for _ in range(5):
        assert references(number="99999") == NotRecognised()
    assert isinstance(references(), Blocked)  # even with the right references
    clock.advance(timedelta(minutes=16))
    assert references() == Saved()


def test_an_adult_who_has_an_account_is_told(town: int) -> None:
    up_to(rules.SUMMARY)
    registration.finish(TOKEN)
    up_to(rules.REFERENCES, "browser-2", typed(user_name="claire2", email="c2@example.org",
                                               email_again="c2@example.org"))  # fmt: skip
    assert references("browser-2") == AlreadyRegistered()
    assert step_of("browser-2") == rules.REFERENCES


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_finishing_too_early_goes_back_to_what_is_missing(town: int, step: int) -> None:
    if step > 1:
        up_to(step)
    outcome = registration.finish(TOKEN)
    assert outcome == Incomplete(step)
    assert kept(Account) == 0


def test_two_browsers_for_the_same_adult_make_one_account(town: int) -> None:
    tokens = ["one", "two", "three"]
    for token in tokens:
        mine = typed(user_name=f"claire-{token}", email=f"{token}@example.org",
                     email_again=f"{token}@example.org")  # fmt: skip
        up_to(rules.SUMMARY, token, mine)
    outcomes = at_once(3, lambda number: registration.finish(tokens[number]))
    assert sum(isinstance(outcome, Registered) for outcome in outcomes) == 1
    assert sum(outcome == AlreadyRegistered() for outcome in outcomes) == 2
    assert kept(Account) == kept(Subscription) == 1
    with reading() as session:
        kinds = sorted(mail.kind for mail in session.exec(select(OutboxMail)))
    assert kinds == ["activate_account", "registration_attempt", "registration_attempt"]


def test_the_same_user_name_at_once_makes_one_account(town: int) -> None:
    family_id = factories.family("DUPRÉ", number=10428)
    factories.guardian(family_id, "Éloïse", "Dupré", "eloise@example.org")
    up_to(rules.SUMMARY, "one")
    other = typed(
        user_name="C-MARTIN", email="eloise@example.org", email_again="eloise@example.org"
    )
    assert registration.save_identity("two", other) == Saved()
    assert references("two", "10428", "dupre", "eloise@example.org") == Saved()
    registration.accept("two", ConsentText.TERMS)
    registration.accept("two", ConsentText.PRIVACY)
    outcomes = at_once(2, lambda number: registration.finish(("one", "two")[number]))
    assert sum(isinstance(outcome, Registered) for outcome in outcomes) == 1
    (refused,) = (outcome for outcome in outcomes if not isinstance(outcome, Registered))
    assert isinstance(refused, Taken)
    assert list(refused.errors) == ["user_name"]
    assert kept(Account) == 1


def test_a_text_that_changes_meanwhile_is_read_again(town: int) -> None:
    up_to(rules.SUMMARY)
    with writing() as session:
        session.exec(select(RegistrationDraft)).one().terms_hash = "of an older text"
    assert registration.finish(TOKEN) == Incomplete(rules.TERMS)


def test_the_link_is_sent_again_a_few_times_an_hour(town: int) -> None:
    up_to(rules.SUMMARY)
    assert not registration.resend(TOKEN, address="127.0.0.1")  # no account yet
    registration.finish(TOKEN)
    sent = [registration.resend(TOKEN, address="127.0.0.1") for _ in range(5)]
    assert sent == [True, True, True, False, False]
    with reading() as session:
        live = [link for link in session.exec(select(OneTimeLink)) if link.expires_at > clock.now()]
    assert len(live) == 1  # the newest


def test_what_is_typed_is_kept_before_it_is_accepted() -> None:
    registration.keep_typed(TOKEN, "user_name", "c-mar")
    registration.keep_typed(TOKEN, "password_hash", "forged")
    registration.keep_typed(TOKEN, "step", "5")
    registration.keep_typed("", "email", "nobody@example.org")
    draft = registration.load(TOKEN)
    assert draft is not None
    assert (draft.user_name, draft.step, draft.has_password) == ("c-mar", 1, False)
    assert kept(RegistrationDraft) == 1


def test_what_is_accepted_no_longer_changes_by_typing(town: int) -> None:
    up_to(rules.SUMMARY)
    registration.keep_typed(TOKEN, "email", "other@example.org")
    registration.go_back(TOKEN, rules.IDENTITY)
    registration.keep_typed(TOKEN, "email", "not an address")
    assert registration.finish(TOKEN) == Incomplete(rules.IDENTITY)
    up_to(rules.SUMMARY)
    assert registration.finish(TOKEN) == Registered("claire.martin@example.org")
