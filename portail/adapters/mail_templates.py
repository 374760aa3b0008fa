"""Mails as text and HTML, from the small templates of `portail/texts/mails`."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portail.domain.colours import at_least

FOLDER = Path(__file__).parents[1] / "texts" / "mails"
MAX_SUBJECT = 200  # characters, as wide as the outbox keeps
# control, unpaired surrogate, line and paragraph separators: no place in a header
_NOT_IN_A_LINE = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True)
class RenderedMail:
    """A mail ready to be addressed; the subject is one line."""

    subject: str
    text: str
    html: str


def render(kind: str, context: Mapping[str, object]) -> RenderedMail:
    """Fill the three templates of a kind of mail.

    Every kind takes the values of the town (`portail.services.mails` gives them): `town` (`name`,
    `email`, `phone`, `address`, `hours`), `portal_name`, `portal_url`, `brand` and `on_brand`,
    which must contrast; the `recipient`; `at`, when it happened, in words; `url`, where the
    button leads; and what its own text asks. In HTML every value is escaped.

    Raises:
        jinja2.TemplateNotFound: no such kind.
        jinja2.UndefinedError: a value that the text needs is missing.
    """
    templates = _environment()
    subject = one_line(templates.get_template(f"{kind}.subject.txt").render(context))
    values = {**context, "subject": subject}
    return RenderedMail(
        subject=subject,
        text=templates.get_template(f"{kind}.txt").render(values).strip() + "\n",
        html=templates.get_template(f"{kind}.html").render(values).strip() + "\n",
    )


def kinds() -> list[str]:
    """The kinds of mail that have templates."""
    suffix = ".subject.txt"
    return sorted(path.name.removesuffix(suffix) for path in FOLDER.glob(f"*{suffix}"))


def one_line(text: str) -> str:
    """The text on one line, of `MAX_SUBJECT` characters at most: nothing can add a header."""
    line = "".join(" " if unicodedata.category(c) in _NOT_IN_A_LINE else c for c in text)
    line = " ".join(part for part in line.split(" ") if part)  # keeps the no-break spaces
    return line if len(line) <= MAX_SUBJECT else line[: MAX_SUBJECT - 1].rstrip() + "…"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["at_least"] = at_least
    environment.filters["initial"] = _initial
    return environment


def _initial(name: object) -> str:
    return str(name)[:1].upper()
