"""References of a family file: three that agree, as people type them; a few tries; no hint."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portail import clock
from portail.database import reading, writing
from portail.domain.names import fold, sign_in_key
from portail.domain.throttling import REFERENCES, REFERENCES_ADDRESS
from portail.models import Family, Guardian, Subscription
from portail.services import references
from portail.services.references import AlreadyRegistered, Match, NotRecognised, Recognised
from tests import factories

pytestmark = pytest.mark.usefixtures("db")
EMAIL = "eloise.dupre@example.org"
SAME_DATABASE = hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)


def file(number: int = 10428, name: str = "DUPRÉ-LÉVÊQUE") -> int:
    with writing() as session:
        row = Family(number=number, name=name, name_key=fold(name))
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def adult(family_id: int, last_name: str = "Dupré-Lévêque", email: str = EMAIL) -> int:
    with writing() as session:
        row = Guardian(
            family_id=family_id,
            last_name=last_name,
            first_name="Éloïse",
            email=email,
            email_key=sign_in_key(email),
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def match(number: str = "10428", name: str = "DUPRÉ-LÉVÊQUE", email: str = EMAIL) -> Match:
    with reading() as session:
        return references.match(session, number, name, email)


@pytest.mark.parametrize("number", ["10428", " 10428 ", "10 428", "10\u00a0428", "010428"])
@pytest.mark.parametrize("name", ["DUPRÉ-LÉVÊQUE", "dupre leveque", " Dupré  Lévêque "])
@pytest.mark.parametrize("email", [EMAIL, " Eloise.DUPRE@example.org "])
def test_three_that_agree_name_an_adult_however_typed(number: str, name: str, email: str) -> None:
    family = file()
    guardian = adult(family)
    assert match(number, name, email) == Recognised(family, guardian)


def test_the_adult_s_own_name_is_as_good_as_the_file_s() -> None:
    family = file(name="PINCEAU")
    guardian = adult(family, last_name="Dupré")
    assert match(name="Pinceau") == match(name="dupre") == Recognised(family, guardian)


@pytest.mark.parametrize(
    ("number", "name", "email"),
    [
        ("10429", "DUPRÉ-LÉVÊQUE", EMAIL),
        ("10428", "DUPRÉ", EMAIL),
        ("10428", "DUPRÉ-LÉVÊQUE", "autre@example.org"),
        ("", "DUPRÉ-LÉVÊQUE", EMAIL),
        ("10428", "", EMAIL),
        ("10428", "-", EMAIL),
        ("10428", "DUPRÉ-LÉVÊQUE", ""),
        ("n° 10428", "DUPRÉ-LÉVÊQUE", EMAIL),
        ("-10428", "DUPRÉ-LÉVÊQUE", EMAIL),
        ("10428.0", "DUPRÉ-LÉVÊQUE", EMAIL),
        ("١٠٤٢٨", "DUPRÉ-LÉVÊQUE", EMAIL),
        ("9" * 400, "DUPRÉ-LÉVÊQUE", EMAIL),
        ("10428", "%", EMAIL),
        ("10428", "DUPRÉ-LÉVÊQUE", "%"),
        ("10428", "x" * 5_000, "x" * 5_000),
    ],
)
def test_one_that_is_wrong_gives_the_same_answer_as_all(number: str, name: str, email: str) -> None:
    adult(file())
    assert match(number, name, email) == NotRecognised()


def test_references_of_two_files_do_not_mix() -> None:
    adult(file())
    adult(file(10427, "MARTIN"), "Martin", "claire.martin@example.org")
    assert match("10428", "MARTIN", "claire.martin@example.org") == NotRecognised()
    assert match("10427", "DUPRÉ-LÉVÊQUE", EMAIL) == NotRecognised()
    assert match("10427", "MARTIN", EMAIL) == NotRecognised()


def test_two_adults_of_a_file_are_told_apart_by_their_addresses() -> None:
    family = file()
    one = adult(family)
    other = adult(family, "Durand", "paul@example.org")
    assert match() == Recognised(family, one)
    assert match(email="paul@example.org") == Recognised(family, other)
    # the other adult's name with one's own address is neither's
    assert match(name="Durand") == NotRecognised()


def test_an_adult_who_has_an_account_is_said_to_and_the_other_is_free() -> None:
    family = file()
    one = adult(family)
    other = adult(family, "Durand", "paul@example.org")
    account_id = factories.account()
    with writing() as session:
        session.add(
            Subscription(
                account_id=account_id, family_id=family, guardian_id=one, created_at=clock.now()
            )
        )
    assert match() == AlreadyRegistered(account_id)
    assert match(email="paul@example.org") == Recognised(family, other)
    # only to whoever has all three right
    assert match(name="Dupont") == NotRecognised()


NAMES = st.text(st.characters(categories=("L", "M", "Zs", "Pd")), max_size=60).filter(fold)


@SAME_DATABASE
@given(name=NAMES)
def test_any_name_is_recognised_in_any_case_and_any_encoding_of_its_accents(name: str) -> None:
    with writing() as session:
        family = Family(number=10428, name=name, name_key=fold(name))
        session.add(family)
        session.flush()
        guardian = Guardian(
            family_id=family.id or 0,
            last_name="Autre",
            first_name="",
            email=EMAIL,
            email_key=EMAIL,
        )
        session.add(guardian)
        session.flush()
        expected = Recognised(family.id or 0, guardian.id or 0)
        for typed in (
            name,
            f"  {name} ",
            unicodedata.normalize("NFD", name),
            unicodedata.normalize("NFC", name),
            fold(name),
        ):
            assert references.match(session, "10428", typed, EMAIL) == expected
        session.rollback()


@SAME_DATABASE
@given(number=st.text(), name=st.text(), email=st.text())
def test_nothing_typed_at_random_opens_a_file_or_breaks(number: str, name: str, email: str) -> None:
    with reading() as session:
        # a form refuses what a database could not take (see http.forms and access.packets)
        texts = [
            text.replace("\x00", "").encode(errors="ignore").decode()
            for text in (number, name, email)
        ]
        assert references.match(session, *texts) == NotRecognised()


# --- tries


def attempt(browser: str = "browser", address: str = "192.0.2.1") -> timedelta:
    with writing() as session:
        return references.references_attempt(session, browser, address, clock.now())


def test_five_tries_then_none_for_a_quarter_of_an_hour() -> None:
    assert [attempt() for _ in range(5)] == [timedelta(0)] * 5
    assert attempt() == REFERENCES.lock == timedelta(minutes=15)
    assert attempt("other") == timedelta(0)
    clock.advance(REFERENCES.lock)
    assert attempt() == timedelta(0)


def test_an_address_that_tries_from_many_browsers_is_stopped_and_others_are_not() -> None:
    for number in range(REFERENCES_ADDRESS.lock_after):
        assert not attempt(f"browser {number}")
    assert attempt("one more") == REFERENCES_ADDRESS.lock
    assert not attempt("one more", "198.51.100.7")


def test_whoever_gets_it_right_starts_afresh() -> None:
    for _ in range(5):
        attempt()
    assert attempt()
    with writing() as session:
        references.forgive(session, "browser", "192.0.2.1")
    assert not attempt()
