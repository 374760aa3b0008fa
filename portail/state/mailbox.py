"""/demo/courriels: the demo's mails, readable by whoever runs the demo."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access.labels import PUBLIC, PortalState, allow
from portail.demo import mail_samples, mailbox
from portail.settings import settings

SHOWN = 50
MODELS = "/demo/courriels/modeles"


@dataclass(frozen=True)
class MailLine:
    """A mail in the list."""

    id: str
    at: str
    recipient: str
    subject: str
    address: str


@dataclass(frozen=True)
class ModelLine:
    """A kind of mail, filled with samples; addresses of its two forms."""

    kind: str
    subject: str
    html: str
    text: str


class MailboxState(PortalState, rx.State):
    """The newest mails."""

    loaded: bool = False
    mails: list[MailLine] = []  # noqa: RUF012  (a Reflex variable)

    @allow(PUBLIC)
    async def load(self) -> None:
        """Read the mails' folder; nothing outside a demo."""
        self.mails = []
        if settings().demo and not settings().smtp_url:
            found = await run_in_thread(lambda: mailbox.list_mails(settings().mail_dir))
            self.mails = [
                MailLine(mail.id, mail.date, mail.to, mail.subject, f"/demo/courriels/{mail.id}")
                for mail in found[:SHOWN]
            ]
        self.loaded = True


class MailModelsState(PortalState, rx.State):
    """Every kind of mail."""

    loaded: bool = False
    models: list[ModelLine] = []  # noqa: RUF012

    @allow(PUBLIC)
    async def load(self) -> None:
        """Fill each with its samples; nothing outside a demo."""
        self.models = await run_in_thread(_models) if settings().demo else []
        self.loaded = True


def _models() -> list[ModelLine]:
    return [
        ModelLine(kind, mail.subject, f"{MODELS}/{kind}/html", f"{MODELS}/{kind}/texte")
        for kind in mail_samples.kinds()
        if (mail := mail_samples.sample(kind))
    ]
