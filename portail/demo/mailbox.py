"""The demo's mailbox: reads the `.eml` files that the portal writes instead of sending."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from portail.texts.french import moment

# exactly the names that `FileMailer` gives: nothing else in the folder, or out of it, is read
_ID = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{16}")


@dataclass(frozen=True)
class MailSummary:
    """A line of the mailbox; `id` opens the mail, `date` is in words."""

    id: str
    date: str
    to: str
    subject: str


@dataclass(frozen=True)
class MailView:
    """A mail with all its headers, in their order; `html` is as sent: show it in a sandbox."""

    id: str
    date: str
    sender: str
    to: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


def list_mails(folder: Path) -> list[MailSummary]:
    """The mails of the folder, newest first; none when there is no folder yet."""
    found = []
    for path in folder.glob("*.eml"):
        message = _read(path, headers_only=True)
        if message is not None:
            # the demo's clock may stand still: files of one instant go by when they were written
            order = (_date(message), path.stat().st_mtime_ns, path.stem)
            found.append((order, _summary(path.stem, message)))
    return [summary for _, summary in sorted(found, key=lambda pair: pair[0], reverse=True)]


def read_mail(folder: Path, mail_id: str) -> MailView | None:
    """One mail by its id; none when there is no such mail, whatever the id tries to be."""
    if not _ID.fullmatch(mail_id):
        return None
    message = _read(folder / f"{mail_id}.eml")
    if message is None:
        return None
    summary = _summary(mail_id, message)
    return MailView(
        id=mail_id,
        date=summary.date,
        sender=_header(message, "From"),
        to=summary.to,
        subject=summary.subject,
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _read(path: Path, *, headers_only: bool = False) -> EmailMessage | None:
    if not _ID.fullmatch(path.stem) or path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as file:
        return BytesParser(EmailMessage, policy=default).parse(file, headersonly=headers_only)


def _summary(mail_id: str, message: EmailMessage) -> MailSummary:
    return MailSummary(
        id=mail_id,
        date=moment(_date(message)),
        to=_header(message, "To"),
        subject=_header(message, "Subject"),
    )


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, ""))


def _date(message: EmailMessage) -> datetime:
    header = message["Date"]
    date: datetime | None = None if header is None else header.datetime
    return date.astimezone(UTC) if date else datetime.min.replace(tzinfo=UTC)


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    return "" if part is None else str(part.get_content())
