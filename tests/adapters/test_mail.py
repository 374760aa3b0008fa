"""Mails handed to a real SMTP server on this machine, and mails written as files."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as trial
from hypothesis import strategies as st

from portail.adapters.mail import (
    FileMailer,
    OutgoingMail,
    PermanentMailError,
    SmtpMailer,
    TemporaryMailError,
    compose,
    make_mailer,
)
from portail.adapters.mail_templates import one_line
from portail.settings import Settings
from tests.adapters.smtp_server import (
    Server,
    free_port,
    running,
    self_signed,
    server_context,
)

SENDER = "Villejuif – Espace familles <ne-pas-repondre@villejuif.example>"
MAIL = OutgoingMail(
    message_id="<0123456789abcdef0123456789abcdef@villejuif.example>",
    date=datetime(2026, 11, 23, 8, 5, tzinfo=UTC),
    recipient="zoe.pinceau@example.org",
    subject="Espace familles\u00a0: réservé à Zoé",
    text="Bonjour Zoé,\n.\nl’école " + "très " * 300 + "\n",
    html="<p>Bonjour Zoé, l’école</p>\n",
)
SPACE_AND_SIGNS = "p%40ss%20w%2Ford%3A"


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "mail.log")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def plain(server: Server, port: int) -> Iterator[SmtpMailer]:
    with running(server, port):
        yield SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return self_signed(tmp_path)


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate, made known the way an operator does."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


# --- what travels


def test_a_mail_arrives_whole(plain: SmtpMailer, server: Server) -> None:
    plain.send(MAIL)
    (envelope,), (message,) = server.envelopes, server.messages
    assert envelope.mail_from == "ne-pas-repondre@villejuif.example"
    assert envelope.rcpt_tos == ["zoe.pinceau@example.org"]
    assert message["From"] == SENDER
    assert message["To"] == "zoe.pinceau@example.org"
    assert message["Subject"] == MAIL.subject
    assert message["Message-ID"] == MAIL.message_id
    assert message["Date"] == "Mon, 23 Nov 2026 09:05:00 +0100"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().replace("\r\n", "\n") == MAIL.html


def test_any_server_on_the_way_can_carry_it() -> None:
    content = compose(MAIL, SENDER).as_bytes()
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@given(st.text(st.sampled_from('aZ é’«»\u00a0;=?_-<>"😀'), max_size=200).map(one_line))
@trial(deadline=None)
@example("«\u00a0Été\u00a0» à l’école\u00a0; " * 9)
@example("a" * 200)
def test_names_and_subjects_come_back_as_they_were(words: str) -> None:
    words = words.strip()
    name = words[:60].strip()
    sender = str(Address(name, addr_spec="a@ville.example"))
    content = compose(replace(MAIL, subject=words), sender).as_bytes()
    assert content.isascii()
    assert message_from_bytes(content, policy=default)["Subject"] == words
    # Python's new parser adds spaces to a long name: ask the old one
    encoded, address = parseaddr(message_from_bytes(content)["From"])
    assert str(make_header(decode_header(encoded))) == name
    assert address == "a@ville.example"


@pytest.mark.parametrize(
    "recipient",
    [
        *("zoé@example.org", "zoe@exämple.org", "zoe", "zoe@", "@example.org", ""),
        *("a@b.fr, c@d.fr", "a@b.fr\r\nBcc: c@d.fr", "Zoe <a@b.fr>", "a b@c.fr", "a\0@b.fr"),
        "a" * 250 + "@b.fr",
    ],
)
def test_an_address_that_cannot_be_is_refused_for_good(
    plain: SmtpMailer, server: Server, recipient: str, tmp_path: Path
) -> None:
    for mailer in (plain, FileMailer(tmp_path, SENDER)):
        with pytest.raises(PermanentMailError) as caught:
            mailer.send(replace(MAIL, recipient=recipient))
        assert "example" not in str(caught.value)
    assert server.envelopes == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("subject", ["Bonjour\nBcc: c@d.fr", "Bonjour\r\n\r\nTexte"])
def test_a_subject_cannot_add_a_header(subject: str) -> None:
    with pytest.raises(PermanentMailError):
        compose(replace(MAIL, subject=subject), SENDER)


# --- what a server may answer


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_final_refusal_of_the_recipient_or_the_message(
    plain: SmtpMailer, server: Server, command: str
) -> None:
    server.answers[command] = "550 5.1.1 <zoe.pinceau@example.org>: unknown user"
    with pytest.raises(PermanentMailError, match=r"réponse 550 5\.1\.1$") as caught:
        plain.send(MAIL)
    assert "zoe" not in str(caught.value)
    assert caught.value.__suppress_context__  # nor in a traceback


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "450 4.2.1 try later"),
        ("DATA", "451 try later"),
        ("MAIL", "451 try later"),
        ("MAIL", "550 this sender may not"),  # ours to mend: the mail waits
        ("RCPT", "421 closing"),
    ],
)
def test_a_refusal_that_may_pass(
    plain: SmtpMailer, server: Server, command: str, answer: str
) -> None:
    server.answers[command] = answer
    with pytest.raises(TemporaryMailError, match=answer[:3]):
        plain.send(MAIL)
    server.answers.clear()
    plain.send(MAIL)
    assert len(server.envelopes) == 1


def test_a_clumsy_goodbye_after_the_mail_was_taken_is_no_failure(
    plain: SmtpMailer, server: Server
) -> None:
    server.answers["QUIT"] = "451 not yet"
    plain.send(MAIL)
    assert len(server.envelopes) == 1


def test_nobody_listens(port: int) -> None:
    with pytest.raises(TemporaryMailError, match="ConnectionRefusedError"):
        SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER).send(MAIL)


def test_a_server_that_never_answers(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr("portail.adapters.mail.TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", port)), pytest.raises(TemporaryMailError):
        SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER).send(MAIL)


# --- passwords and encryption


def test_starttls_with_a_certificate_that_is_known(
    trusted: Path, server: Server, port: int
) -> None:
    server.password = "p@ss w/ord:"
    mailer = SmtpMailer(
        f"smtp+starttls://portail%40ville:{SPACE_AND_SIGNS}@127.0.0.1:{port}", SENDER
    )
    with running(
        server, port, tls_context=server_context(trusted), require_starttls=True, auth_required=True
    ):
        mailer.send(MAIL)
    assert server.logins == [("portail@ville", "p@ss w/ord:")]
    assert server.encrypted == [True]


def test_smtps_with_a_certificate_that_is_known(trusted: Path, server: Server, port: int) -> None:
    with running(server, port, ssl_context=server_context(trusted)):
        SmtpMailer(f"smtps://localhost:{port}", SENDER).send(MAIL)
    assert server.encrypted == [True]


def test_starttls_refuses_an_unknown_certificate(
    certificate: Path, server: Server, port: int
) -> None:
    mailer = SmtpMailer(f"smtp+starttls://u:p@127.0.0.1:{port}", SENDER)
    with (
        running(server, port, tls_context=server_context(certificate)),
        pytest.raises(TemporaryMailError, match="SSLCertVerificationError"),
    ):
        mailer.send(MAIL)
    assert (server.logins, server.envelopes) == ([], [])


def test_smtps_refuses_an_unknown_certificate(certificate: Path, server: Server, port: int) -> None:
    with (
        running(server, port, ssl_context=server_context(certificate)),
        pytest.raises(TemporaryMailError, match="SSLCertVerificationError"),
    ):
        SmtpMailer(f"smtps://127.0.0.1:{port}", SENDER).send(MAIL)
    assert server.envelopes == []


def test_a_certificate_for_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server, port: int
) -> None:
    certificate = self_signed(tmp_path, host="DNS:autre.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        running(server, port, tls_context=server_context(certificate)),
        pytest.raises(TemporaryMailError, match="SSLCertVerificationError"),
    ):
        SmtpMailer(f"smtp+starttls://127.0.0.1:{port}", SENDER).send(MAIL)
    assert server.envelopes == []


def test_starttls_never_goes_on_in_clear(server: Server, port: int) -> None:
    mailer = SmtpMailer(f"smtp+starttls://u:p@127.0.0.1:{port}", SENDER)
    with running(server, port), pytest.raises(TemporaryMailError, match="SMTPNotSupportedError"):
        mailer.send(MAIL)
    assert (server.logins, server.envelopes) == ([], [])


def test_a_wrong_password_is_ours_to_mend(server: Server, port: int) -> None:
    server.password = "juste"
    mailer = SmtpMailer(f"smtp://portail:faux@127.0.0.1:{port}", SENDER)
    with (
        running(server, port, auth_require_tls=False),
        pytest.raises(TemporaryMailError, match=r"^SMTPAuthenticationError, réponse 535") as caught,
    ):
        mailer.send(MAIL)
    assert "faux" not in str(caught.value)
    assert server.envelopes == []


def test_a_password_beyond_ascii_is_an_error_like_another(server: Server, port: int) -> None:
    mailer = SmtpMailer(f"smtp://portail:%C3%A9t%C3%A9@127.0.0.1:{port}", SENDER)
    with running(server, port, auth_require_tls=False), pytest.raises(TemporaryMailError):
        mailer.send(MAIL)


@pytest.mark.parametrize("url", ["http://localhost", "smtp://", "localhost:25"])
def test_an_address_of_server_that_cannot_be(url: str) -> None:
    with pytest.raises(ValueError, match="smtp"):
        SmtpMailer(url, SENDER)


# --- files


def test_a_file_for_each_mail(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "courriels"
    mailer = FileMailer(folder, SENDER)
    for _ in range(20):
        mailer.send(MAIL)
    files = list(folder.iterdir())
    assert len(files) == 20
    assert all(path.name.startswith("20261123T090500-") for path in files)  # Paris
    assert all(path.suffix == ".eml" for path in files)
    message = message_from_bytes(files[0].read_bytes(), policy=default)
    assert message["Subject"] == MAIL.subject


def test_files_are_the_portals_alone(tmp_path: Path) -> None:
    folder = tmp_path / "courriels"
    FileMailer(folder, SENDER).send(MAIL)
    assert folder.stat().st_mode & 0o077 == 0
    assert next(folder.iterdir()).stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_rename(self: Path, target: Path) -> Path:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", no_rename)
        with pytest.raises(TemporaryMailError):
            FileMailer(tmp_path, SENDER).send(MAIL)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "taken").write_text("")
    with pytest.raises(TemporaryMailError):
        FileMailer(tmp_path / "taken", SENDER).send(MAIL)


# --- which one


def test_files_without_a_server_and_smtp_with_one(data_dir: Path, server: Server) -> None:
    make_mailer(Settings()).send(MAIL)
    (path,) = (data_dir / "courriels").iterdir()
    assert message_from_bytes(path.read_bytes(), policy=default)["From"] == SENDER

    port = free_port()
    mailer = make_mailer(Settings(smtp_url=f"smtp://127.0.0.1:{port}"))
    with running(server, port):
        mailer.send(MAIL)
    assert server.messages[0]["From"] == SENDER


def test_the_senders_own_name_is_kept_when_given(data_dir: Path) -> None:
    make_mailer(Settings(mail_from='"Mairie, enfance" <enfance@ville.example>')).send(MAIL)
    make_mailer(Settings(town_name='L’Haÿ "Les, Roses"', mail_from="a@ville.example")).send(MAIL)
    senders = {
        message_from_bytes(path.read_bytes(), policy=default)["From"].addresses[0].display_name
        for path in (data_dir / "courriels").iterdir()
    }
    assert senders == {"Mairie, enfance", 'L’Haÿ "Les, Roses" – Espace familles'}


def test_time_outs_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []

    def connect(self: smtplib.SMTP, host: str, port: int, timeout: float) -> None:
        seen.append(timeout)
        raise TimeoutError

    monkeypatch.setattr(smtplib.SMTP, "_get_socket", connect)
    monkeypatch.setattr(smtplib.SMTP_SSL, "_get_socket", connect)
    for scheme in ("smtp", "smtps", "smtp+starttls"):
        with pytest.raises(TemporaryMailError, match="TimeoutError"):
            SmtpMailer(f"{scheme}://127.0.0.1", SENDER).send(MAIL)
    assert seen == [20, 20, 20]
