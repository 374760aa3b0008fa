"""The texts of the public pages: Markdown with a heading block, and the questions of the help."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from string import Template

from portail.settings import Settings, settings

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class PageText:
    """A text with its version, the town's own values put in."""

    title: str
    updated_on: date
    version: str
    markdown: str

    @cached_property
    def digest(self) -> str:
        """Its SHA-256: what one has accepted is this text, and no other."""
        return hashlib.sha256(self.markdown.encode()).hexdigest()


@dataclass(frozen=True)
class Question:
    """A question of the help; `requires` is the page without which it is not shown."""

    id: str
    theme: str
    question: str
    answer: str
    keywords: tuple[str, ...]
    requires: str = ""


def town_values(chosen: Settings) -> dict[str, str]:
    """The values that texts and mails may name."""
    return {
        "town_name": chosen.town_name,
        "town_email": chosen.town_email,
        "town_phone": chosen.town_phone,
        "town_address": chosen.town_address,
        "town_hours": chosen.town_hours,
        "portal_name": chosen.portal_name,
        "public_url": chosen.public_url or "ce site",
        "site_publisher": chosen.site_publisher,
        "host_name": chosen.host_name,
        "dpo_email": chosen.dpo_email,
    }


def filled(text: str) -> str:
    """A text with the town's values.

    Raises:
        KeyError: the text names a value that does not exist.
    """
    return Template(text).substitute(town_values(settings()))


def load_page(name: str) -> PageText:
    """Read portail/texts/pages/<name>.md."""
    raw = (FOLDER / "pages" / f"{name}.md").read_text(encoding="utf-8")
    _, head, body = raw.split("---\n", 2)
    values = dict(line.split(":", 1) for line in head.strip().splitlines())
    clean = {key.strip(): value.strip().strip('"') for key, value in values.items()}
    return PageText(
        clean["title"],
        date.fromisoformat(clean["updated_on"]),
        clean["version"],
        filled(body.strip()),
    )


@lru_cache(maxsize=1)
def load_questions() -> tuple[Question, ...]:
    """Read the help's questions, in the order of the file."""
    raw = tomllib.loads((FOLDER / "aide.toml").read_text(encoding="utf-8"))
    return tuple(
        Question(
            item["id"],
            item["theme"],
            filled(item["question"]),
            filled(item["answer"]),
            tuple(item["keywords"]),
            item.get("requires", ""),
        )
        for item in raw["questions"]
    )
