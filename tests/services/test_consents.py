"""Consents: the text of today or none; withdrawn by oneself; asked for again before the rest."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import event
from sqlmodel import select

from portail import clock
from portail.database import engine, reading, writing
from portail.domain.consents import ConsentText
from portail.domain.identity import Actor, Forbidden
from portail.models import Account, Consent
from portail.services import consents, sessions
from portail.services.consents import (
    NothingToWithdraw,
    Withdrawn,
    accept,
    missing,
    my_consents,
    withdraw,
)
from portail.texts.loader import PageText, load_page
from tests import factories
from tests.services.test_account import actions, as_parent
from tests.services.test_sessions import opened

pytestmark = pytest.mark.usefixtures("db")
TERMS, PRIVACY = ConsentText.TERMS, ConsentText.PRIVACY


def live(account_id: int, text: ConsentText) -> int:
    (found,) = [c.id for c in my_consents(as_parent(account_id)) if c.current and c.text is text]
    return found


def must_consent(secret: str) -> bool:
    found = sessions.find(secret)
    assert found is not None
    return found.must_consent


def change_text(monkeypatch: pytest.MonkeyPatch, text: ConsentText) -> PageText:
    """The text is another one from now on."""
    page = dataclasses.replace(load_page(text.value), version="2", markdown="Autre chose.")
    texts = {**consents.current(), text: page}
    monkeypatch.setattr(consents, "current", lambda: texts)
    return page


def test_a_digest_is_of_the_text_alone() -> None:
    page = load_page(TERMS.value)
    assert page.digest == load_page(TERMS.value).digest
    assert len(page.digest) == 64
    assert page.digest == dataclasses.replace(page, title="x", version="9").digest
    assert page.digest != dataclasses.replace(page, markdown=page.markdown + " ").digest


def test_one_sees_what_one_accepted_and_nobody_else_s() -> None:
    zoe = factories.account()
    factories.account()
    found = my_consents(as_parent(zoe))
    assert {one.text for one in found} == set(ConsentText)
    page = load_page(TERMS.value)
    (terms,) = [one for one in found if one.text is TERMS]
    assert (terms.title, terms.version) == (page.title, page.version)
    assert (terms.accepted_at, terms.withdrawn_at, terms.current) == (clock.now(), None, True)


def test_what_is_not_accepted_is_missing_until_it_is() -> None:
    zoe, karim = factories.account(accepted=()), factories.account(accepted=(TERMS,))
    assert missing(zoe) == (TERMS, PRIVACY)
    assert missing(karim) == (PRIVACY,)
    accept(as_parent(zoe), PRIVACY)
    assert missing(zoe) == (TERMS,)
    assert missing(karim) == (PRIVACY,)
    accept(as_parent(zoe), TERMS)
    assert missing(zoe) == ()
    assert actions(zoe) == ["consent_accepted"] * 2


def test_accepting_twice_changes_nothing() -> None:
    zoe = factories.account(accepted=())
    for _ in range(2):
        accept(as_parent(zoe), TERMS)
    assert len(my_consents(as_parent(zoe))) == 1
    assert actions(zoe) == ["consent_accepted"]


def test_a_consent_withdrawn_is_missing_and_kept_as_proof() -> None:
    zoe, karim = factories.account(), factories.account()
    ident = live(zoe, TERMS)
    assert withdraw(as_parent(zoe), ident) == Withdrawn(TERMS)
    assert missing(zoe) == (TERMS,)
    assert missing(karim) == ()
    (kept,) = [one for one in my_consents(as_parent(zoe)) if one.id == ident]
    assert kept.withdrawn_at == clock.now()
    assert not kept.current
    assert withdraw(as_parent(zoe), ident) == NothingToWithdraw()
    assert actions(zoe) == ["consent_withdrawn"]


def test_nobody_withdraws_the_consent_of_somebody_else() -> None:
    zoe, karim = factories.account(), factories.account()
    assert withdraw(as_parent(karim), live(zoe, TERMS)) == NothingToWithdraw()
    assert missing(zoe) == ()
    assert actions(karim) == []


def test_what_was_withdrawn_can_be_accepted_again() -> None:
    zoe = factories.account()
    withdraw(as_parent(zoe), live(zoe, TERMS))
    accept(as_parent(zoe), TERMS)
    assert missing(zoe) == ()
    assert len(my_consents(as_parent(zoe))) == 3


def test_a_text_that_changes_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    zoe = factories.account()
    with monkeypatch.context() as patch:
        page = change_text(patch, TERMS)
        assert missing(zoe) == (TERMS,)
        (old,) = [one for one in my_consents(as_parent(zoe)) if one.text is TERMS]
        assert (old.withdrawn_at, old.current) == (None, False)
        accept(as_parent(zoe), TERMS)
        assert missing(zoe) == ()
        with reading() as session:
            newest = session.exec(select(Consent).order_by(Consent.id.desc())).first()  # type: ignore[union-attr]
        assert newest is not None
        assert (newest.version, newest.text_hash) == ("2", page.digest)
    assert missing(zoe) == ()  # the consent to the first text was never withdrawn


# --- what a session knows of it


def test_a_session_knows_at_its_next_event(monkeypatch: pytest.MonkeyPatch) -> None:
    zoe = factories.account()
    hers, his = opened(account_id=zoe), opened(account_id=factories.account())
    assert not must_consent(hers)
    withdraw(as_parent(zoe), live(zoe, PRIVACY))
    assert must_consent(hers)
    assert not must_consent(his)
    accept(as_parent(zoe), PRIVACY)
    assert not must_consent(hers)
    change_text(monkeypatch, TERMS)
    assert must_consent(hers)
    assert must_consent(his)


def test_an_account_that_accepted_nothing_must_and_an_agent_never() -> None:
    assert must_consent(opened(account_id=factories.account(accepted=())))
    assert not must_consent(opened(agent_id=factories.agent()))


def test_a_withdrawn_consent_of_each_text_does_not_make_up_for_the_other() -> None:
    zoe = factories.account(accepted=(TERMS,))
    for _ in range(3):
        withdraw(as_parent(zoe), live(zoe, TERMS))
        accept(as_parent(zoe), TERMS)
    assert must_consent(opened(account_id=zoe))


def test_consents_cost_no_query_of_their_own_at_an_event() -> None:
    secret = opened(account_id=factories.account())
    queries: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            queries.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        sessions.find(secret)
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    assert len(queries) == 1


def test_consents_go_with_their_account() -> None:
    zoe = factories.account()
    with writing() as session:
        session.delete(session.get_one(Account, zoe))
    with reading() as session:
        assert session.exec(select(Consent)).all() == []


def test_an_agent_consents_to_nothing() -> None:
    agent = Actor(session_id=1, agent_id=factories.agent())
    for use in (my_consents, lambda a: withdraw(a, 1), lambda a: accept(a, TERMS)):
        with pytest.raises(Forbidden):
            use(agent)
