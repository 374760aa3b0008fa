"""Conversations between families and the town's services: their states, and what a text may be."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from portail.domain.procedures import ProcedureState

MAX_SUBJECT = 120  # characters
MAX_BODY = 3_000  # characters: line ends, which are two in a posted form, fit its limit too
MAX_FILES = 10  # with one message
_ABOUT = re.compile(r"([1-9][0-9]{0,8})-(dossier|enfant|facture|demarche)-(0|[1-9][0-9]{0,8})")


class ThreadState(StrEnum):
    """Whose turn it is."""

    OPEN = "open"  # the town's
    ANSWERED = "answered"  # the family's, if it wishes
    CLOSED = "closed"  # nobody's, until somebody writes again


STATE_LABELS = {
    ThreadState.OPEN: "En attente de réponse",
    ThreadState.ANSWERED: "Répondu",
    ThreadState.CLOSED: "Terminée",
}
# what the procedure that stands for the conversation becomes with it
PROCEDURE_STATES = {
    ThreadState.OPEN: ProcedureState.REQUESTED,
    ThreadState.ANSWERED: ProcedureState.VALIDATED,
    ThreadState.CLOSED: ProcedureState.ENDED,
}


class Topic(StrEnum):
    """What a conversation may be about; the words are those of addresses."""

    FILE = "dossier"  # the family file as a whole
    CHILD = "enfant"
    INVOICE = "facture"
    PROCEDURE = "demarche"


class Problem(StrEnum):
    """What keeps a message from being sent."""

    NO_SERVICE = "no_service"
    NO_SUBJECT = "no_subject"
    LONG_SUBJECT = "long_subject"
    NO_BODY = "no_body"
    LONG_BODY = "long_body"


@dataclass(frozen=True)
class About:
    """What a conversation is about, within one family file; `id` is 0 for the file itself."""

    family_id: int
    topic: Topic = Topic.FILE
    id: int = 0

    @property
    def code(self) -> str:
        """As forms say it: «3-facture-12»."""
        return f"{self.family_id}-{self.topic}-{self.id}"


def about_of(code: str) -> About | None:
    """What a form says a message is about; none when it makes no sense."""
    found = _ABOUT.fullmatch(code)
    if found is None or (found[2] == Topic.FILE) != (found[3] == "0"):
        return None
    return About(int(found[1]), Topic(found[2]), int(found[3]))


def after_message(*, from_town: bool) -> ThreadState:
    """The state once somebody has written: whatever it was, a closed conversation goes on."""
    return ThreadState.ANSWERED if from_town else ThreadState.OPEN


def subject_line(text: str) -> str:
    """A subject on one line, without what cannot be read."""
    return " ".join("".join(map(_readable, unicodedata.normalize("NFC", text))).split())


def body_text(text: str) -> str:
    """A text with plain line ends, without what cannot be read nor empty lines around it."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    readable = "\n".join("".join(map(_readable, line)).rstrip() for line in lines)
    return re.sub(r"\n{4,}", "\n\n\n", readable).strip("\n")


def problems(subject: str | None, body: str) -> tuple[Problem, ...]:
    """What is wrong with a subject (none in a reply) and a text, both already tidied."""
    found = []
    if subject is not None and not subject:
        found.append(Problem.NO_SUBJECT)
    if subject is not None and len(subject) > MAX_SUBJECT:
        found.append(Problem.LONG_SUBJECT)
    if not body.strip():
        found.append(Problem.NO_BODY)
    if len(body) > MAX_BODY:
        found.append(Problem.LONG_BODY)
    return tuple(found)


def _readable(char: str) -> str:
    """The character, a space for a tab, nothing for controls and marks that reorder the text."""
    if char == "\t":
        return " "
    # joiners are part of emoji and of Persian words
    hidden = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return "" if hidden and char not in "\u200c\u200d" else char
