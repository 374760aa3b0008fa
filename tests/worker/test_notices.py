"""Notices and digests through a real SMTP server that refuses, delays and cuts: each ends once."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from portail import clock
from portail.adapters import mail
from portail.adapters.mail import SmtpMailer
from portail.domain.notifications import Choice, Notification
from portail.services import mails as outbox
from portail.services.notifications import digests
from portail.worker.outbox import deliver_due
from tests.adapters.smtp_faults import CUT, SILENT, STAGES, FaultyServer
from tests.services.notifications.people import mails, notice, parent, tell_one

pytestmark = pytest.mark.usefixtures("db")
SENDER = "ne-pas-repondre@villejuif.example"
REFUSALS = [(stage, "451 4.3.0 later") for stage in ("MAIL", "RCPT", "DATA", "BODY")]
FAULTS = [(stage, CUT) for stage in STAGES] + [(stage, SILENT) for stage in STAGES] + REFUSALS


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "mail.log")
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.3)


def told() -> None:
    """One notice at once, and one in a digest: both are due."""
    now = parent("zoe@example.org")
    daily = parent("karim@example.org", documents=Choice.DAILY)
    for account_id in (now, daily):
        tell_one(account_id, notice())
    clock.advance(timedelta(hours=9))
    assert digests.send_due() == 1
    assert [one.kind for one in mails()] == ["documents_reminder", "daily_digest"]


def delivered(mailer: SmtpMailer, rounds: int = 10) -> None:
    """The worker's rounds, with time enough between them for any retry."""
    for _ in range(rounds):
        deliver_due(mailer)
        digests.send_due()
        clock.advance(timedelta(hours=1))


@pytest.mark.parametrize(("stage", "fault"), FAULTS)
def test_a_failure_that_passes_ends_with_each_sent_once(stage: str, fault: str) -> None:
    told()
    server = FaultyServer([(stage, fault)] * 2)
    with server.running() as port:
        delivered(SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER))
    assert sorted(set(server.ids)) == sorted(one.message_id for one in mails())
    # what was taken in charge without our being told is sent again, under the same id
    assert len(server.ids) == (4 if stage == "ACCEPTED" else 2)
    assert all(one.sent_at and not one.failed_at for one in mails())
    for message in server.messages:
        assert "/desabonnement/" in message["List-Unsubscribe"]
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("stage", ["RCPT", "BODY"])
def test_a_final_refusal_ends_that_mail_alone_and_is_not_asked_again(stage: str) -> None:
    told()
    server = FaultyServer([(stage, "550 5.1.1 no")])
    with server.running() as port:
        delivered(SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER))
    first, second = mails()
    assert (first.failed_at is not None, second.failed_at) == (True, None)
    assert server.ids == [second.message_id]
    assert server.connections == 2


def test_a_server_that_never_accepts_is_given_up_after_two_days() -> None:
    told()
    server = FaultyServer([("MAIL", "451 4.3.0 later")] * 1000)
    with server.running() as port:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER)
        delivered(mailer, rounds=60)
    assert server.ids == []
    assert all(one.failed_at and not one.sent_at for one in mails())
    # 6 tries in the first hours, then one every six hours: no server is worn out
    assert server.connections <= 2 * (6 + outbox.GIVE_UP_AFTER // timedelta(hours=6))


def test_the_headers_of_a_notice_are_whole_and_those_of_a_receipt_have_no_link() -> None:
    zoe = parent("zoe@example.org")
    tell_one(zoe, notice(Notification.DOCUMENTS))
    tell_one(zoe, notice(Notification.PAYMENTS))
    server = FaultyServer()
    with server.running() as port:
        deliver_due(SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER))
    (stoppable, _) = mails()
    with_link, without = server.contents
    # in one line, not folded nor encoded: what a mail reader looks for
    assert f"\r\nList-Unsubscribe: <{stoppable.unsubscribe_url}>\r\n".encode() in with_link
    assert b"List-Unsubscribe" not in without
