"""Sending mail: through the town's SMTP server, or as files in a folder for the demo.

What went wrong is said without a personal datum: servers like to quote the address they refuse, so
only their codes are kept, and the errors do not carry their words along.
"""

from __future__ import annotations

import os
import re
import secrets
import smtplib
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from portail.settings import PARIS, Settings

TIMEOUT_S = 20  # for each exchange with the server
MAX_ADDRESS = 254  # RFC 5321
_DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_ENHANCED_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463


class _Policy(EmailPolicy):
    """SMTP's line ends, and names and subjects that come back as they were.

    Python's own folding (3.11) loses spaces between encoded words, which French has many of.
    """

    def fold(self, name: str, value: Any) -> str:
        text, tail = str(value), ""
        if name == "List-Unsubscribe":
            # Python would fold the address and encode it: no reader finds it any more
            return f"{name}: {text}{self.linesep}"
        if name == "From":
            (address,) = value.addresses
            text, tail = address.display_name, f"{self.linesep} <{address.addr_spec}>"
        if name not in ("From", "Subject") or text.isascii():
            return str(super().fold(name, value))
        encoded = Header(text, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{tail}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


_SMTP = _Policy(linesep="\r\n")


class TemporaryMailError(Exception):
    """Not sent, worth another try. The message is short and holds no personal data."""


class PermanentMailError(Exception):
    """Will never be sent as it is. The message is short and holds no personal data."""


@dataclass(frozen=True)
class OutgoingMail:
    """A mail to send. The same one keeps its `message_id` and `date` over its retries."""

    message_id: str  # with its angle brackets
    date: datetime  # aware: when it was written
    recipient: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str = ""  # none: such mails cannot be stopped


class Mailer(Protocol):
    """Somewhere to hand mails to."""

    def send(self, mail: OutgoingMail) -> None:
        """Hand over one mail; once this returns, it is in the other side's care.

        Raises:
            TemporaryMailError: not now.
            PermanentMailError: never.
        """


class SmtpMailer:
    """A mail server, one connection for each mail.

    `smtp://` is in clear, for a relay on this machine; `smtp+starttls://` and `smtps://` encrypt
    and verify the server's certificate with the system's authorities (`SSL_CERT_FILE` names
    others), and send nothing when they cannot.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise ValueError("smtp://, smtp+starttls:// or smtps:// and a host are expected")
        self._scheme = parts.scheme
        self._host = parts.hostname
        self._port = parts.port or _DEFAULT_PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender

    def send(self, mail: OutgoingMail) -> None:
        """Send one mail; see `Mailer.send`."""
        message = compose(mail, self._sender)
        with _errors_told_apart():
            server = self._connect()
            try:
                self._prepare(server)
                server.send_message(message, _address(self._sender).addr_spec, [mail.recipient])
            finally:
                # the mail was accepted, or not, before this: a clumsy good-bye changes nothing
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
                server.close()

    def _connect(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_S, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)

    def _prepare(self, server: smtplib.SMTP) -> None:
        if self._scheme == "smtp+starttls":
            # raises when the server does not offer it: we never go on in clear
            server.starttls(context=ssl.create_default_context())
        if self._user:
            server.login(self._user, self._password)


class FileMailer:
    """Mails as `.eml` files in a folder that only the portal's user reads (they hold links)."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, mail: OutgoingMail) -> None:
        """Write one mail under a name of its own, whole or not at all; see `Mailer.send`."""
        content = compose(mail, self._sender).as_bytes()
        at = mail.date.astimezone(PARIS)
        path = self._folder / f"{at:%Y%m%dT%H%M%S}-{secrets.token_hex(8)}.eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".tmp")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                Path(name).rename(path)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError as error:
            raise TemporaryMailError(f"fichier impossible ({type(error).__name__})") from error


def make_mailer(settings: Settings) -> Mailer:
    """The mailer that the settings ask for: SMTP when a server is given, else files."""
    name, address = parseaddr(settings.mail_from)
    name = name or f"{settings.town_name} – {settings.portal_name}"
    sender = str(Address(name, addr_spec=address))
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, sender)
    return FileMailer(settings.mail_dir, sender)


def compose(mail: OutgoingMail, sender: str) -> EmailMessage:
    """The message as it travels: text and HTML, marked as automatic so that no robot answers.

    Raises:
        PermanentMailError: an address or a subject that no mail can have.
    """
    message = EmailMessage(policy=_SMTP)
    message["From"] = _address(sender)
    message["To"] = _recipient(mail.recipient)
    try:
        message["Subject"] = mail.subject
    except ValueError:  # a line break
        raise PermanentMailError("objet incorrect") from None
    message["Date"] = mail.date.astimezone(PARIS)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834
    message["X-Auto-Response-Suppress"] = "All"  # the same, for Exchange
    message["Content-Language"] = "fr"
    if mail.unsubscribe_url:  # RFC 2369, and in one click: RFC 8058
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # quoted-printable: 7 bits and short lines, whatever the servers on the way can do
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message


def _address(sender: str) -> Address:
    name, address = parseaddr(sender)
    return Address(name, addr_spec=address)


def _recipient(recipient: str) -> Address:
    if not recipient.isascii() or len(recipient) > MAX_ADDRESS:
        raise PermanentMailError("adresse non prise en charge")
    try:
        return Address(addr_spec=recipient)
    except (MessageError, ValueError, IndexError):  # the three that the parser raises
        raise PermanentMailError("adresse incorrecte") from None


@contextmanager
def _errors_told_apart() -> Iterator[None]:
    """Turn what smtplib raises into one of our two errors.

    Only a 5xx about this recipient or this content is final: a sender, a password or a
    certificate that is refused is for the town to mend, and the mail waits for it.
    """
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _refused("destinataire refusé", code, words) from None
    except smtplib.SMTPDataError as error:
        raise _refused("message refusé", error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPResponseException as error:
        reply = _codes(error.smtp_code, error.smtp_error)
        raise TemporaryMailError(f"{type(error).__name__}, réponse {reply}") from None
    except ssl.SSLError as error:
        raise TemporaryMailError(f"chiffrement impossible ({type(error).__name__})") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # ValueError: a password beyond ASCII, which smtplib cannot send
        raise TemporaryMailError(f"envoi impossible ({type(error).__name__})") from None


def _refused(what: str, code: int, words: bytes | str) -> TemporaryMailError | PermanentMailError:
    final = 500 <= code <= 599  # noqa: PLR2004
    reason = f"{what}, réponse {_codes(code, words)}"
    return PermanentMailError(reason) if final else TemporaryMailError(reason)


def _codes(code: int, words: bytes | str) -> str:
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    enhanced = _ENHANCED_CODE.match(text)
    return f"{code} {enhanced.group()}" if enhanced else str(code)
