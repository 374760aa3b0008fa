"""The pages of the peer, with a look of their own: one must see that this is not the portal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portail.demo.payfip.bank import Amount, Answer, Ending, Notices, Switches
from portail.demo.payfip.store import Operation, with_idop
from portail.settings import settings
from portail.texts.french import euros, moment

FOLDER = Path(__file__).parent / "html"
ENDINGS = {
    "P": ("Paiement accepté", "Votre paiement est enregistré."),
    "V": ("Prélèvement accepté", "Votre prélèvement est enregistré."),
    "R": ("Paiement refusé", "Votre banque a refusé ce paiement. Rien n’a été débité."),
    "Z": ("Prélèvement refusé", "Ce prélèvement a été refusé. Rien n’a été débité."),
    "A": ("Paiement abandonné", "Vous avez abandonné ce paiement. Rien n’a été débité."),
    "": ("Paiement en cours", "Ce paiement n’est pas terminé."),
}
CHOICES = (
    (
        "notices",
        "Notification du portail",
        (
            (Notices.AT_ONCE, "Tout de suite"),
            (Notices.DELAYED, "10 secondes plus tard"),
            (Notices.DROPPED, "Jamais"),
            (Notices.REPEATED, "Trois fois"),
            (Notices.REORDERED, "Deux par deux, la dernière d’abord"),
        ),
    ),
    (
        "amount",
        "Montant débité",
        ((Amount.RIGHT, "Celui demandé"), (Amount.ONE_EURO_LESS, "1 € de moins")),
    ),
    (
        "answer",
        "Résultat, quand le portail le demande",
        ((Answer.KNOWN, "Connu"), (Answer.UNKNOWN, "Pas encore connu (P5)")),
    ),
)


def payment(operation: Operation, action: str) -> str:
    """The page where one pays."""
    return _render(
        "payment.html",
        title="Paiement en ligne",
        operation=operation,
        amount=euros(operation.montant),
        town=settings().town_name,
        action=action,
        buttons=(
            (Ending.PAID, "Payer", "main"),
            (Ending.REFUSED, "Refuser", ""),
            (Ending.ABANDONED, "Abandonner", ""),
        ),
    )


def ended(operation: Operation) -> str:
    """What became of it, and the way back."""
    title, text = ENDINGS[operation.resultrans]
    return _render(
        "ended.html",
        title=title,
        text=text,
        amount=euros(operation.montant),
        operation=operation,
        at=moment(operation.settled_at) if operation.settled_at else "",
        back=with_idop(operation.urlredirect, operation.idop),
    )


def refused(code: str, meaning: str) -> str:
    """Why there is nothing to pay here."""
    return _render(
        "refused.html",
        title="Paiement impossible",
        code=code,
        meaning=meaning,
        back=settings().base_url,
    )


def control(switches: Switches, operations: Sequence[Operation], action: str) -> str:
    """The switches, and the last operations."""
    lines = [
        (one.refdet, euros(one.montant), moment(one.created_at), ENDINGS[one.resultrans][0])
        for one in operations
    ]
    return _render(
        "control.html",
        title="Réglages du PayFiP de démonstration",
        choices=CHOICES,
        set_to={"notices": switches.notices, "amount": switches.amount, "answer": switches.answer},
        lines=lines,
        action=action,
    )


@lru_cache(maxsize=1)
def style() -> str:
    """The style sheet."""
    return (FOLDER / "payfip.css").read_text(encoding="utf-8")


def _render(name: str, **values: object) -> str:
    return _environment().get_template(name).render(values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
