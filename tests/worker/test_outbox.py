"""Delivery: through failures of the server, of the worker, and with several workers at once."""

from __future__ import annotations

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from portail import clock
from portail.adapters.mail import (
    OutgoingMail,
    PermanentMailError,
    SmtpMailer,
    TemporaryMailError,
)
from portail.database import engine, reading, writing
from portail.models import OutboxMail
from portail.services import mails
from portail.worker.outbox import deliver_due
from tests.adapters.smtp_server import Server, free_port, running

pytestmark = pytest.mark.usefixtures("db")


class Box:
    """Keeps what it is given; raises for recipients it was told to."""

    def __init__(self, errors: dict[str, Exception] | None = None) -> None:
        self.errors = errors or {}
        self.mails: list[OutgoingMail] = []
        self._lock = Lock()

    def send(self, mail: OutgoingMail) -> None:
        if error := self.errors.get(mail.recipient):
            raise error
        with self._lock:
            self.mails.append(mail)

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.mails]


class Killed(BaseException):
    """The process ends here."""


def queue(*recipients: str) -> None:
    with writing() as session:
        for recipient in recipients:
            context = {"first_name": "Zoé", "url": "https://familles.example"}
            mails.queue(session, "password_changed", recipient, context)


def rows() -> list[OutboxMail]:
    with reading() as session:
        return list(session.exec(select(OutboxMail).order_by("id")).all())


def test_what_is_due_is_sent_once() -> None:
    queue("a@example.org", "b@example.org")
    box = Box()
    assert deliver_due(box) == 2
    assert deliver_due(box) == 0
    clock.advance(timedelta(days=1))
    assert deliver_due(box) == 0
    assert box.recipients == ["a@example.org", "b@example.org"]
    assert all(row.sent_at for row in rows())


def test_the_limit_is_kept() -> None:
    queue(*(f"p{number}@example.org" for number in range(5)))
    box = Box()
    assert [deliver_due(box, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_no_transaction_is_open_while_the_server_is_spoken_to() -> None:
    class Curious(Box):
        def send(self, mail: OutgoingMail) -> None:
            assert engine().pool.checkedout() == 0  # type: ignore[attr-defined]
            super().send(mail)

    queue("a@example.org")
    assert deliver_due(Curious()) == 1


def test_a_mail_survives_a_server_that_is_down_then_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL, "mail.log")
    queue("zoe@example.org")
    port, server = free_port(), Server()
    mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", "ne-pas-repondre@villejuif.example")
    assert deliver_due(mailer) == 0
    clock.advance(timedelta(minutes=1))
    assert deliver_due(mailer) == 0
    (row,) = rows()
    assert row.last_error == "envoi impossible (ConnectionRefusedError)"
    assert row.attempts == 2
    with running(server, port):
        assert deliver_due(mailer) == 0  # not yet: five minutes
        clock.advance(timedelta(minutes=5))
        assert deliver_due(mailer) == 1
    (message,) = server.messages
    assert message["Message-ID"] == row.message_id
    assert rows()[0].last_error == ""


def test_a_crash_after_the_claim_delays_the_mail_and_loses_nothing() -> None:
    queue("a@example.org", "b@example.org")
    with pytest.raises(Killed):
        deliver_due(Box({"a@example.org": Killed()}))  # type: ignore[dict-item]
    box = Box()
    assert deliver_due(box) == 1  # the one behind is not held up
    clock.advance(mails.LEASE)
    assert deliver_due(box) == 1
    assert box.recipients == ["b@example.org", "a@example.org"]


def test_a_crash_between_sending_and_recording_sends_it_again_under_the_same_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    queue("a@example.org")
    box = Box()
    with monkeypatch.context() as patch:
        patch.setattr(mails, "mark_sent", killed)
        with pytest.raises(Killed):
            deliver_due(box)
    clock.advance(mails.LEASE)
    assert deliver_due(box) == 1
    assert len(box.mails) == 2
    assert box.mails[0] == box.mails[1]


def test_workers_at_once_send_each_mail_exactly_once() -> None:
    recipients = [f"p{number}@example.org" for number in range(60)]
    queue(*recipients)
    box, start = Box(), Barrier(4)

    def work(_: int) -> int:
        start.wait()
        return deliver_due(box, limit=100)

    with ThreadPoolExecutor(4) as workers:
        counts = list(workers.map(work, range(4)))
    assert Counter(box.recipients) == Counter(recipients)
    assert sum(counts) == 60
    assert all(row.sent_at and row.attempts == 1 for row in rows())


@pytest.mark.parametrize(("lease", "sent_twice"), [(mails.LEASE, False), (timedelta(0), True)])
def test_the_lease_is_what_keeps_a_second_worker_away(
    lease: timedelta, sent_twice: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Box):
        def send(self, mail: OutgoingMail) -> None:
            assert deliver_due(other) == sent_twice
            super().send(mail)

    monkeypatch.setattr(mails, "LEASE", lease)
    queue("a@example.org")
    box, other = Slow(), Box()
    assert deliver_due(box, limit=1) == 1
    assert other.recipients == ["a@example.org"] * sent_twice


def test_a_final_refusal_ends_that_mail_and_not_the_others() -> None:
    queue("a@example.org", "b@example.org")
    box = Box({"a@example.org": PermanentMailError("destinataire refusé, réponse 550 5.1.1")})
    assert deliver_due(box) == 1
    refused, sent = rows()
    assert refused.failed_at == clock.now()
    assert refused.last_error == "destinataire refusé, réponse 550 5.1.1"
    assert sent.sent_at == clock.now()
    clock.advance(timedelta(days=1))
    assert deliver_due(box) == 0


def test_a_bug_with_one_mail_does_not_hold_up_the_others() -> None:
    queue("a@example.org", "b@example.org")
    box = Box({"a@example.org": RuntimeError("about a@example.org")})
    assert deliver_due(box) == 1
    assert rows()[0].last_error == "erreur inattendue (RuntimeError)"
    box.errors.clear()
    clock.advance(timedelta(minutes=1))
    assert deliver_due(box) == 1


def test_what_never_passes_is_given_up_and_said() -> None:
    queue("a@example.org")
    box = Box({"a@example.org": TemporaryMailError("destinataire refusé, réponse 450")})
    clock.advance(mails.GIVE_UP_AFTER)
    with capture_logs() as logged:
        assert deliver_due(box) == 0
    assert rows()[0].failed_at == clock.now()
    said = str(logged)
    assert "mail_given_up" in said
    assert "a@example.org" not in said
