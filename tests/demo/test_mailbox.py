"""The demo's mailbox reads what `FileMailer` wrote, and nothing else."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portail.adapters.mail import FileMailer, OutgoingMail
from portail.demo.mailbox import list_mails, read_mail

MAIL = OutgoingMail(
    message_id="<1@villejuif.example>",
    date=datetime(2026, 11, 23, 8, 5, tzinfo=UTC),
    recipient="zoe.pinceau@example.org",
    subject="Espace familles\u00a0: été",
    text="Bonjour Zoé\n",
    html="<p>Bonjour Zoé</p>\n",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "courriels"


@pytest.fixture
def mailer(folder: Path) -> FileMailer:
    return FileMailer(folder, "Villejuif <ne-pas-repondre@villejuif.example>")


def test_a_folder_that_is_not_there_yet(folder: Path) -> None:
    assert list_mails(folder) == []
    assert read_mail(folder, "20261123T090500-0123456789abcdef") is None


def test_a_line_for_each_mail(folder: Path, mailer: FileMailer) -> None:
    mailer.send(MAIL)
    (summary,) = list_mails(folder)
    assert summary.date == "23 novembre 2026 à 9\u00a0h\u00a005"
    assert summary.to == "zoe.pinceau@example.org"
    assert summary.subject == "Espace familles\u00a0: été"


def test_newest_first_even_when_the_clocks_go_back(folder: Path, mailer: FileMailer) -> None:
    half_past_two_twice = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for hours in (1, 0, 2):
        at = half_past_two_twice + timedelta(hours=hours)
        mailer.send(replace(MAIL, date=at, subject=str(hours)))
    assert [summary.subject for summary in list_mails(folder)] == ["2", "1", "0"]


def test_newest_first_even_when_the_clock_stands_still(folder: Path, mailer: FileMailer) -> None:
    for number in range(4):
        mailer.send(replace(MAIL, subject=str(number)))
        for path in folder.iterdir():  # the file system's clock may be coarse
            stat = path.stat()
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns - 1_000_000_000))
    assert [summary.subject for summary in list_mails(folder)] == ["3", "2", "1", "0"]


def test_a_mail_in_full(folder: Path, mailer: FileMailer) -> None:
    mailer.send(MAIL)
    (summary,) = list_mails(folder)
    mail = read_mail(folder, summary.id)
    assert mail is not None
    assert (mail.id, mail.date, mail.to, mail.subject) == (
        summary.id,
        summary.date,
        summary.to,
        summary.subject,
    )
    assert mail.sender == "Villejuif <ne-pas-repondre@villejuif.example>"
    assert (mail.text, mail.html) == (MAIL.text, MAIL.html)
    assert ("Message-ID", "<1@villejuif.example>") in mail.headers


@pytest.mark.parametrize(
    "mail_id",
    [
        *("", ".", "..", "../secret", "..%2Fsecret", "/etc/passwd", "secret", "*", "\0"),
        "../courriels/{id}",
        "./{id}",
        "{id}.eml",
        "{id}\n",
        "{id}/",
        "/{id}",
        "\u0662{id}",
    ],
)
def test_no_way_out_of_the_folder(folder: Path, mailer: FileMailer, mail_id: str) -> None:
    mailer.send(MAIL)
    (folder.parent / "secret.eml").write_bytes(next(folder.iterdir()).read_bytes())
    (folder / "secret.eml").write_bytes(next(folder.iterdir()).read_bytes())
    good = list_mails(folder)[0].id
    assert read_mail(folder, good) is not None
    assert read_mail(folder, mail_id.format(id=good)) is None


def test_what_is_not_a_mail_of_ours_is_not_shown(folder: Path, mailer: FileMailer) -> None:
    mailer.send(MAIL)
    secret = folder.parent / "secret"
    secret.write_text("Subject: secret\n\n")
    link = "20261123T090500-00000000000000ff"
    (folder / f"{link}.eml").symlink_to(secret)
    (folder / ".half-written.tmp").write_text("")
    (folder / "other.eml").write_text("Subject: other\n\n")
    assert [summary.subject for summary in list_mails(folder)] == [MAIL.subject]
    assert read_mail(folder, link) is None


def test_a_damaged_file_does_not_hide_the_others(folder: Path, mailer: FileMailer) -> None:
    mailer.send(MAIL)
    damaged = "20261123T090500-00000000000000ff"
    (folder / f"{damaged}.eml").write_bytes(b"\xff\xfe\x00 no header at all")
    assert [summary.subject for summary in list_mails(folder)] == [MAIL.subject, ""]
    mail = read_mail(folder, damaged)
    assert mail is not None
    assert mail.html == ""
