"""What the pages of messages share: ready French text made from what the services say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from portail.clock import paris, today
from portail.domain.messages import (
    MAX_BODY,
    MAX_SUBJECT,
    STATE_LABELS,
    Problem,
    ThreadState,
    Topic,
)
from portail.domain.searching import Piece, pieces
from portail.services.messages import AboutView, FileView, MessageView, ThreadLine, Told
from portail.services.messages.telling import address as conversation_address
from portail.state.billing.address import pay_address
from portail.state.forms import FieldError
from portail.texts.french import (
    NBSP,
    counted,
    day,
    duration,
    hour_of_day,
    moment,
    month,
    numeric_day,
    of,
    plain_day,
    sentence,
    weight,
)

LIST, NEW = "/messagerie", "/messagerie/nouveau"
FILES = "/messagerie/pieces"
TONES = {
    ThreadState.OPEN: "accent",
    ThreadState.ANSWERED: "ok",
    ThreadState.CLOSED: "neutral",
}
PROBLEMS = {
    Problem.NO_SERVICE: ("service", "Choisissez le service à qui vous écrivez."),
    Problem.NO_SUBJECT: ("objet", "Donnez un objet à votre message, en quelques mots."),
    Problem.LONG_SUBJECT: ("objet", f"Raccourcissez l’objet : {MAX_SUBJECT} caractères au plus."),
    Problem.NO_BODY: ("texte", "Écrivez votre message."),
    Problem.LONG_BODY: ("texte", f"Raccourcissez votre message : {MAX_BODY} caractères au plus."),
}


@dataclass(frozen=True)
class Choice:
    """An entry of a list of choices."""

    value: str
    label: str


@dataclass(frozen=True)
class FileLine:
    """A file one may open."""

    id: int
    name: str
    size: str
    href: str


@dataclass(frozen=True)
class RefusedLine:
    """A file that was not kept."""

    key: str
    name: str
    why: str


@dataclass(frozen=True)
class Bubble:
    """A message; `by` is «me», «family» or «town»."""

    key: str
    by: str
    who: str
    at: str
    body: str
    files: list[FileLine]
    new: bool


@dataclass(frozen=True)
class Line:
    """A line of «Mes messages», what is searched marked; `by` is «Vous» or nothing."""

    id: int
    address: str
    service: str
    subject: list[Piece]
    excerpt: list[Piece]
    by: str
    at: str
    state: str
    tone: str
    unread: bool
    files: list[Piece]
    child: str


def new_address(topic: Topic, wanted: int) -> str:
    """The new message, about this."""
    return f"{NEW}?{urlencode({topic.value: wanted})}"


def line(one: ThreadLine, terms: Sequence[str] = ()) -> Line:
    """A conversation in a list, where these words were looked for."""
    files = counted(one.files, "pièce jointe", "pièces jointes") if one.files else ""
    return Line(
        one.id,
        conversation_address(one.id),
        one.service,
        list(pieces(one.subject, terms)),
        list(pieces(one.excerpt, terms)),
        "" if one.from_town else "Vous",
        short_moment(one.last_at),
        STATE_LABELS[one.state],
        TONES[one.state],
        one.unread,
        list(pieces(one.file or files, terms if one.file else ())),
        one.child,
    )


def short_moment(instant: datetime) -> str:
    """«9 h 05» today, «hier», «lundi», then the date: what a list has room for."""
    local = paris(instant)
    days = (today() - local.date()).days
    if days <= 0:
        return hour_of_day(local.time().replace(second=0, microsecond=0))
    if days == 1:
        return "Hier"
    if days < 7:  # noqa: PLR2004  (a week)
        return sentence(day(local.date()).split(" ", 1)[0])
    return numeric_day(local.date())


def bubble(one: MessageView) -> Bubble:
    """A message of a conversation."""
    return Bubble(
        str(one.rank),
        one.by,
        "Vous" if one.by == "me" else one.author,
        sentence(moment(one.sent_at)),
        one.body,
        [file_line(file) for file in one.files],
        one.new,
    )


def file_line(one: FileView) -> FileLine:
    """A file of a message or a draft."""
    return FileLine(one.id, one.name, weight(one.size), f"{FILES}/{one.id}")


def about_label(one: AboutView, *, several: bool) -> str:
    """What a message is about, in a list of choices."""
    where = f" (dossier n°{NBSP}{one.family_number})" if several else ""
    match one.about.topic:
        case Topic.FILE:
            return (
                f"Le dossier n°{NBSP}{one.family_number} «{NBSP}{one.family_name}{NBSP}»"
                if several
                else "Mon dossier en général"
            )
        case Topic.CHILD:
            return f"{one.name}{where}"
        case Topic.INVOICE:
            return f"Facture {_of_month(one)}, n°{NBSP}{one.name}{where}"
        case _:
            child = f" ({one.child})" if one.child else ""
            when = f" du {plain_day(one.on)}" if one.on else ""
            return f"Démarche{when}{NBSP}: {one.name}{child}{where}"


def about_words(one: AboutView) -> tuple[str, str]:
    """What a conversation is about, and where that is; nothing for the file as a whole."""
    match one.about.topic:
        case Topic.CHILD:
            return one.name, f"/dossier/enfants/fiche?enfant={one.about.id}"
        case Topic.INVOICE:
            return f"Facture n°{NBSP}{one.name}", pay_address(one.about.id)
        case Topic.PROCEDURE:
            return one.name, f"/dossier/demarche?n={one.about.id}"
        case _:
            return "", ""


def suggested_subject(one: AboutView | None) -> str:
    """How a message that a page leads to is called, until its author says better."""
    if one is None:
        return ""
    match one.about.topic:
        case Topic.INVOICE:
            return f"Question sur la facture {_of_month(one)}"
        case Topic.PROCEDURE:
            return f"Question sur la démarche n°{NBSP}{one.about.id}"
        case _:
            return ""


def _of_month(one: AboutView) -> str:
    if one.on is None:
        return f"n°{NBSP}{one.name}"
    return of(month(one.on))


def field_errors(told: Told) -> list[FieldError]:
    """What is wrong, field by field, for the summary."""
    found = [FieldError(*PROBLEMS[one]) for one in told.problems]
    if told.files:
        many = len(told.files) > 1
        words = "Des pièces jointes ont été refusées" if many else "Une pièce jointe a été refusée"
        found.append(FieldError("fichiers", f"{words} : voyez pourquoi."))
    if told.wait is not None:
        found.append(
            FieldError(
                "texte",
                "Vous avez envoyé beaucoup de messages. Le vôtre est gardé : réessayez dans "
                f"{duration(told.wait)}.",
            )
        )
    return found


def refused_lines(told: Told) -> list[RefusedLine]:
    """Why files were not kept."""
    return [RefusedLine(str(n), one.name, one.why) for n, one in enumerate(told.files)]


def characters_left(body: str) -> str:
    """How much may still be written; a browser counts a line end as one, as we do."""
    left = MAX_BODY - len(body.replace("\r\n", "\n"))
    if left < 0:
        return f"{counted(-left, 'caractère')} de trop"
    words = counted(left, "caractère restant", "caractères restants")
    return words.replace(str(left), f"{left:,}".replace(",", NBSP), 1)
