"""An article as a file: a heading in TOML between two lines «+++», then its text in Markdown.

docs/news.md describes it. Everything wrong is told at once, each with its line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from portail.adapters.toml_lines import Lines
from portail.domain.names import fold
from portail.domain.news import MAX_SLUG, Draft, Targets
from portail.texts.french import listed

FENCE = "+++"
BODY = "body"
_TEXTS = ("slug", "title", "summary", "picture", "alt")
_DATES = ("from", "until")
_FLAGS = ("important", "public")
_TARGETS = ("schools", "levels", "activities")
_KEYS = (*_TEXTS, *_DATES, *_FLAGS, "targets", "attachments")


@dataclass(frozen=True)
class FileProblem:
    """One thing wrong, where, in French."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"ligne {self.line}\u00a0: {self.text}"


class FileProblemsError(ValueError):
    """The file cannot be used; `problems` is all that is wrong, in the order of the lines."""

    def __init__(self, found: list[FileProblem]) -> None:
        self.problems = tuple(sorted(found, key=lambda one: one.line))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class NewsFile:
    """What a file holds: the article, and the names of the files that go with it."""

    draft: Draft
    picture: str
    attachments: tuple[str, ...]
    lines: Lines
    first_line: int  # of the text

    def line(self, place: tuple[str | int, ...]) -> int:
        """The line of a field, or of a line of the text («body», n)."""
        if place[:1] == (BODY,):
            return self.first_line + int(place[1]) - 1
        return self.lines.of(place) + 1 if place else 1


def parse(text: str, name: str, now: datetime) -> NewsFile:
    """An article from the text of a file.

    Args:
        text: of the file.
        name: of the file without its extension: the slug, unless the file says another.
        now: its zone is that of the dates of the file.

    Raises:
        FileProblemsError: with everything that is wrong.
    """
    heading, body, first_line = _parts(text)
    try:
        plain = tomllib.loads(heading)
    except tomllib.TOMLDecodeError as error:
        raise FileProblemsError([_syntax(error)]) from error
    lines = Lines(heading)
    reader = _Reader(plain, lines)
    draft = Draft(
        slug=reader.text("slug") or _slug(name),
        title=reader.text("title"),
        summary=reader.text("summary"),
        body=body,
        from_=reader.moment("from", now),
        until=reader.moment("until", now, end=True),
        targets=reader.targets(),
        important=reader.flag("important"),
        public=reader.flag("public"),
        picture_alt=reader.text("alt"),
    )
    picture, attachments = reader.text("picture"), reader.names(plain, ("attachments",))
    if reader.wrong:
        raise FileProblemsError(reader.wrong)
    return NewsFile(draft, picture, attachments, lines, first_line)


def _parts(text: str) -> tuple[str, str, int]:
    """The heading, the text, and the line where the text begins."""
    rows = text.lstrip("\ufeff").splitlines()
    fences = [place for place, row in enumerate(rows) if row.strip() == FENCE][:2]
    if len(fences) < 2 or fences[0] != 0:  # noqa: PLR2004
        raise FileProblemsError(
            [
                FileProblem(
                    1, f"le fichier commence par un en-tête entre deux lignes «\u00a0{FENCE}\u00a0»"
                )
            ]
        )
    end = fences[1]
    return "\n".join(rows[1:end]) + "\n", "\n".join(rows[end + 1 :]), end + 2


def _syntax(error: tomllib.TOMLDecodeError) -> FileProblem:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    line = int(found[1]) + 1 if found else 1
    return FileProblem(line, f"ce n’est pas du TOML (colonne {found[2] if found else 1})")


def _slug(name: str) -> str:
    return fold(name).replace(" ", "-")[:MAX_SLUG].strip("-")


class _Reader:
    """The fields of a heading; what is wrong is kept, and all of it told together."""

    def __init__(self, plain: Mapping[str, Any], lines: Lines) -> None:
        self._plain, self._lines = plain, lines
        self.wrong: list[FileProblem] = []
        for key in plain:
            if key not in _KEYS:
                self._tell(
                    (key,), f"«\u00a0{key}\u00a0» n’est pas un champ (il y a {listed(_KEYS)})"
                )

    def text(self, key: str) -> str:
        """A text, spaces at its ends left out; empty when it is not there."""
        return str(self._of(key, str, "un texte entre guillemets", "")).strip()

    def flag(self, key: str) -> bool:
        """A flag; no when it is not there."""
        return bool(self._of(key, bool, "true ou false", default=False))

    def moment(self, key: str, now: datetime, *, end: bool = False) -> datetime | None:
        """A day (from its beginning, or until its end) or a day and an hour of the town."""
        value = self._of(key, date, "une date, comme 2026-12-01 ou 2026-12-01T08:00:00", None)
        if value is None:
            return None
        if not isinstance(value, datetime):
            day = value + timedelta(days=1) if end else value
            value = datetime.combine(day, time.min)
        return value if value.tzinfo else value.replace(tzinfo=now.tzinfo)

    def targets(self) -> Targets:
        """Whom it is for."""
        found = self._of("targets", dict, "un tableau [targets]", {})
        for key in found:
            if key not in _TARGETS:
                self._tell(
                    ("targets", key),
                    f"«\u00a0{key}\u00a0» n’est pas une cible (il y a {listed(_TARGETS)})",
                )
        return Targets(*(self.names(found, ("targets", key)) for key in _TARGETS))

    def names(self, holder: Mapping[str, Any], path: tuple[str, ...]) -> tuple[str, ...]:
        """A list of texts."""
        value = holder.get(path[-1], [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self._tell(path, f"«\u00a0{path[-1]}\u00a0» est une liste de textes entre guillemets")
            return ()
        return tuple(value)

    def _of(self, key: str, kind: type, wanted: str, default: Any) -> Any:
        value = self._plain.get(key, default)
        if key in self._plain and not isinstance(value, kind):
            self._tell((key,), f"«\u00a0{key}\u00a0» est {wanted}")
            return default
        return value

    def _tell(self, path: tuple[str, ...], text: str) -> None:
        self.wrong.append(FileProblem(self._lines.of(path) + 1, text))
