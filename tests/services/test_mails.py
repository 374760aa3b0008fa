"""The outbox: part of the transaction that causes a mail, claimed once, retried, given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.domain.colours import contrast
from portail.models import OutboxMail
from portail.services import mails
from portail.settings import settings

pytestmark = pytest.mark.usefixtures("db")
URL = "https://familles.example/mot-de-passe/abc"
CONTEXT: Mapping[str, object] = {"first_name": "Zoé", "url": URL, "hours": 1, "minutes": 15}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def queue(kind: str = "password_changed", recipient: str = "zoe@example.org") -> None:
    with writing() as session:
        mails.queue(session, kind, recipient, CONTEXT)


def rows() -> list[OutboxMail]:
    with reading() as session:
        return list(session.exec(select(OutboxMail).order_by("id")).all())


def row() -> OutboxMail:
    (only,) = rows()
    return only


def claim() -> mails.DueMail:
    (due,) = mails.claim_due(clock.now())
    return due


# --- queueing


def test_a_mail_is_kept_with_the_transaction_that_causes_it() -> None:
    queue("reset_password")
    mail = row()
    assert mail.recipient == "zoe@example.org"
    assert mail.subject.startswith("Espace familles")
    assert URL in mail.text
    assert URL in mail.html
    assert settings().town_name in mail.text
    assert mail.created_at == mail.next_attempt_at == clock.now()
    assert mail.message_id.endswith("@villejuif.example>")


def test_a_transaction_that_raises_sends_nothing() -> None:
    def refused() -> None:
        with writing() as session:
            mails.queue(session, "reset_password", "zoe@example.org", CONTEXT)
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        refused()
    assert rows() == []


def test_a_missing_value_or_an_unknown_kind_is_an_error_at_once() -> None:
    with pytest.raises(UndefinedError), writing() as session:
        mails.queue(session, "reset_password", "zoe@example.org", {"first_name": "Zoé"})
    with pytest.raises(TemplateNotFound), writing() as session:
        mails.queue(session, "nothing", "zoe@example.org", CONTEXT)
    assert rows() == []


def test_the_caller_cannot_pass_for_the_town() -> None:
    with writing() as session:
        context = {**CONTEXT, "town": {"email": "x@y.fr"}, "portal_url": "https://x.fr"}
        mails.queue(session, "reset_password", "zoe@example.org", context)
    assert settings().town_email in row().text
    assert "x.fr" not in row().text


@pytest.mark.parametrize("brand", ["#0b5c6b", "#f0a04b", "#777777", "#ffff00", "#ffffff"])
def test_the_button_reads_whatever_the_colour_of_the_town(
    brand: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        mails, "settings", lambda: settings().model_copy(update={"town_brand": brand})
    )
    town = mails.town_values()
    assert contrast(str(town["brand"]), str(town["on_brand"])) >= 4.5


def test_a_very_long_domain_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    sender = "a@" + "très-long.".replace("è", "e") * 15 + "fr"
    monkeypatch.setattr(
        mails, "settings", lambda: settings().model_copy(update={"mail_from": sender})
    )
    queue()
    assert len(row().message_id) <= 120


# --- claiming


def test_a_claimed_mail_is_nobody_elses_until_its_lease_runs_out() -> None:
    queue()
    first = claim()
    assert mails.claim_due(clock.now()) == []
    clock.advance(mails.LEASE - timedelta(seconds=1))
    assert mails.claim_due(clock.now()) == []
    clock.advance(timedelta(seconds=1))
    second = claim()
    assert second.mail == first.mail  # Message-ID included
    assert (first.attempts, second.attempts) == (1, 2)


def test_claims_are_limited_and_take_the_longest_waiting_first() -> None:
    for number in range(5):
        queue(recipient=f"p{number}@example.org")
        clock.advance(MINUTE)
    taken = [
        [due.mail.recipient[:2] for due in mails.claim_due(clock.now(), limit=2)] for _ in range(4)
    ]
    assert taken == [["p0", "p1"], ["p2", "p3"], ["p4"], []]


def test_two_open_claims_do_not_wait_for_each_other() -> None:
    """On PostgreSQL a row that another claim holds is skipped; SQLite has one writer at a time."""
    if settings().sqlalchemy_url.startswith("sqlite"):
        pytest.skip("one writer at a time")
    queue(recipient="a@example.org")
    queue(recipient="b@example.org")
    with writing() as session:
        session.exec(select(OutboxMail).order_by("id").limit(1).with_for_update()).one()
        assert [due.mail.recipient for due in mails.claim_due(clock.now())] == ["b@example.org"]


def test_a_mail_that_kills_its_worker_each_time_is_dropped_in_the_end() -> None:
    queue("reset_password")
    for _ in range(mails.MAX_ATTEMPTS):
        claim()
        clock.advance(mails.LEASE)
    assert mails.claim_due(clock.now()) == []
    assert row().failed_at == clock.now()
    assert URL not in row().text


# --- outcomes


def test_a_sent_mail_is_never_due_again() -> None:
    queue()
    mails.mark_sent(claim(), clock.now())
    clock.advance(timedelta(days=3))
    assert mails.claim_due(clock.now()) == []
    assert row().sent_at is not None


def test_retries_wait_longer_and_longer() -> None:
    queue()
    waits = []
    for _ in range(8):
        assert mails.mark_retry(claim(), clock.now(), "réponse 450")
        waits.append(row().next_attempt_at - clock.now())
        clock.advance(waits[-1] - timedelta(seconds=1))
        assert mails.claim_due(clock.now()) == []
        clock.advance(timedelta(seconds=1))
    assert waits == [
        *(MINUTE, 5 * MINUTE, 15 * MINUTE),
        *(HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR, 6 * HOUR),
    ]
    assert row().last_error == "réponse 450"


def test_given_up_after_48_hours_with_a_last_try_then() -> None:
    queue()
    start = clock.now()
    while mails.mark_retry(claim(), clock.now(), "réponse 450"):
        clock.advance(row().next_attempt_at - clock.now())
    assert clock.now() == start + 48 * HOUR
    assert row().failed_at == clock.now()
    clock.advance(timedelta(days=3))
    assert mails.claim_due(clock.now()) == []


def test_a_final_refusal_ends_it_at_once() -> None:
    queue()
    mails.mark_failed(claim(), clock.now(), "x" * 1000)
    assert row().failed_at == clock.now()
    assert row().last_error == "x" * 300
    clock.advance(mails.LEASE)
    assert mails.claim_due(clock.now()) == []


def test_an_old_claim_does_not_undo_a_newer_one() -> None:
    queue()
    old = claim()
    clock.advance(mails.LEASE)
    new = claim()
    due_at = row().next_attempt_at
    mails.mark_retry(old, clock.now(), "trop tard")
    mails.mark_failed(old, clock.now(), "trop tard")
    assert (row().next_attempt_at, row().failed_at, row().last_error) == (due_at, None, "")
    mails.mark_sent(new, clock.now())
    mails.mark_retry(old, clock.now(), "trop tard")
    mails.mark_failed(old, clock.now(), "trop tard")
    assert row().sent_at == clock.now()
    assert row().failed_at is None


def test_what_an_old_claim_sent_is_sent() -> None:
    queue()
    old = claim()
    clock.advance(mails.LEASE)
    mails.mark_failed(claim(), clock.now(), "refusé")
    mails.mark_sent(old, clock.now())
    assert row().sent_at == clock.now()
    assert row().failed_at is None


@pytest.mark.parametrize("end", ["sent", "failed"])
def test_a_link_that_lets_one_in_is_not_kept(end: str) -> None:
    queue("reset_password")
    queue("password_changed")
    for due in mails.claim_due(clock.now()):
        if end == "sent":
            mails.mark_sent(due, clock.now())
        else:
            mails.mark_failed(due, clock.now(), "refusé")
    reset, changed = rows()
    assert (reset.text, reset.html) == ("", "")
    assert URL in changed.text


def test_old_sent_mails_are_purged_and_only_those() -> None:
    for name in ("old", "recent", "waiting"):
        queue(recipient=f"{name}@example.org")
    old, recent, _waiting = mails.claim_due(clock.now())
    mails.mark_sent(old, clock.now())
    clock.advance(timedelta(days=10))
    mails.mark_sent(recent, clock.now())
    assert mails.purge_sent(clock.now()) == 1
    assert [mail.recipient for mail in rows()] == ["recent@example.org", "waiting@example.org"]
