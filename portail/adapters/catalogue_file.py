"""A town's catalogue as one TOML file: rules and tariffs, under version control, without clicking.

docs/catalogue.md describes it. Everything wrong is told at once, each with its line. Beside what
the dataclasses hold, a file may name seasons instead of dating them (`domain/seasons`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portail.adapters.toml_lines import Lines
from portail.adapters.toml_text import dumps
from portail.domain.calendars import Calendar, CalendarRules, Period
from portail.domain.catalogue import EVERYONE, Activity, ActivityType, Residents, Site, Town
from portail.domain.catalogue_checks import Fault, problems
from portail.domain.catalogue_plain import (
    Flaw,
    Misread,
    NotACatalogueError,
    Path,
    Plain,
    read,
    written,
)
from portail.domain.pricing import Tariff
from portail.domain.seasons import SeasonName, UnknownSeasonError, season
from portail.texts.catalogue import fault_sentence, french, misread_sentence

YEAR = "{year}"  # in the texts of an activity: the year its season begins in
_SCHOOL_YEAR, _FIRST_DAY = "school_year", "first_day"
_NO_SEASON = {"name": "", "first_day": date.min, "last_day": date.max}
_KEYS_OF_A_DATED_SEASON = frozenset({"first_day", "last_day"})


@dataclass(frozen=True)
class CatalogueFile:
    """What a file holds. `school_year` is that of the seasons that say none."""

    name: str
    calendar: CalendarRules
    school_year: int | None = None
    residents: Residents = EVERYONE
    types: tuple[ActivityType, ...] = ()
    sites: tuple[Site, ...] = ()
    activities: tuple[Activity, ...] = ()
    tariffs: tuple[Tariff, ...] = ()

    @property
    def town(self) -> Town:
        """The town without its tariffs."""
        return Town(
            self.name, self.calendar, self.types, self.sites, self.activities, self.residents
        )


@dataclass(frozen=True)
class FileProblem:
    """One thing wrong, where, in French."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"ligne {self.line}, {self.text}"


class FileProblemsError(ValueError):
    """The file cannot be used; `problems` is all that is wrong, in the order of the lines."""

    def __init__(self, found: Sequence[FileProblem]) -> None:
        self.problems = tuple(sorted(found, key=lambda one: one.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def parse(text: str, school_year: int | None = None) -> tuple[Town, dict[str, Tariff]]:
    """A town and its tariffs by code, from the text of a file.

    Args:
        text: of the file.
        school_year: in place of the file's own, for a town that moves with the clock (the demo).

    Raises:
        FileProblemsError: with everything that is wrong.
    """
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileProblemsError([_syntax(text, error)]) from error
    lines = Lines(text)
    if school_year is not None:
        plain["school_year"] = school_year
    misreads = _name_seasons(plain)
    try:
        file = read(CatalogueFile, plain)
    except NotACatalogueError as error:
        misreads += error.misreads
    if misreads:
        raise FileProblemsError(
            [
                FileProblem(lines.of(one.path), _told(plain, one.path, misread_sentence(one)))
                for one in misreads
            ]
        )
    tariffs = {tariff.code: tariff for tariff in file.tariffs}
    found = [
        (_path(plain, problem.where, problem.about), problem.fault, problem.about)
        for problem in problems(file.town, tariffs)
    ]
    found += _tariffs_twice(file.tariffs)
    if found:
        raise FileProblemsError(
            [
                FileProblem(lines.of(path), _told(plain, path, fault_sentence(fault, about)))
                for path, fault, about in found
            ]
        )
    return file.town, tariffs


def export(town: Town, tariffs: Mapping[str, Tariff]) -> str:
    """The text of a file that says this town: reading it gives back the very same."""
    plain = written(town)
    plain["tariffs"] = [written(tariff) for tariff in tariffs.values()]
    return dumps({key: value for key, value in plain.items() if value != []})


# --------------------------------------------------------------------------------------- seasons


def _name_seasons(plain: Plain) -> list[Misread]:
    """Put days in place of named seasons; what could not be is told and stands for any day."""
    activities = plain.get("activities")
    if not isinstance(activities, list):
        return []
    try:
        calendar = Calendar(read(CalendarRules, plain.get("calendar")))
    except NotACatalogueError:
        calendar = None  # told when the whole file is read
    school_year = plain.get(_SCHOOL_YEAR)
    misreads: list[Misread] = []
    for i, activity in enumerate(activities):
        path: Path = ("activities", i, "season")
        if not isinstance(activity, dict):
            continue
        if not _named(activity.get("season")):
            _enter(activity)
            continue
        try:
            period = _season(activity["season"], school_year, calendar, path)
        except NotACatalogueError as error:
            misreads += error.misreads
            period = None
        if period is None:
            activity["season"] = dict(_NO_SEASON)
        else:
            activities[i] = _with_year(activity, str(period.first_day.year))
            activities[i]["season"] = written(period)
        _enter(activities[i])
    return misreads


def _named(said: Any) -> bool:
    if isinstance(said, Mapping):
        return not _KEYS_OF_A_DATED_SEASON & said.keys()
    return isinstance(said, str)


def _season(said: Any, school_year: Any, calendar: Calendar | None, path: Path) -> Period | None:
    if isinstance(said, str) and said != _SCHOOL_YEAR:
        raise NotACatalogueError([Misread(path, Flaw.CHOICE, said, (_SCHOOL_YEAR,))])
    name = SeasonName() if isinstance(said, str) else read(SeasonName, said, path)
    if name.school_year is None and type(school_year) is not int:
        where: Path = (_SCHOOL_YEAR,)
        raise NotACatalogueError([Misread(where, Flaw.MISSING, _SCHOOL_YEAR)])
    if calendar is None:
        return None
    try:
        return season(name, school_year if type(school_year) is int else 0, calendar)
    except UnknownSeasonError as error:
        if error.known:
            word = Misread((*path, "holidays"), Flaw.CHOICE, name.holidays, error.known)
            raise NotACatalogueError([word]) from error
        until = Misread(path, Flaw.RULE, "The calendar does not know this school year")
        raise NotACatalogueError([until]) from error


def _enter(activity: dict[str, Any]) -> None:
    """`fixed_entry = "first_day"`: that of the season."""
    season_said = activity.get("season")
    if activity.get("fixed_entry") == _FIRST_DAY and isinstance(season_said, Mapping):
        activity["fixed_entry"] = season_said.get(_FIRST_DAY)


def _with_year(value: Any, year: str) -> Any:
    """The same value with the year of its season in its texts."""
    if isinstance(value, str):
        return value.replace(YEAR, year)
    if isinstance(value, list):
        return [_with_year(item, year) for item in value]
    if isinstance(value, dict):
        return {key: _with_year(item, year) for key, item in value.items()}
    return value


# --------------------------------------------------------------------------------------- telling


def _syntax(text: str, error: tomllib.TOMLDecodeError) -> FileProblem:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    line = int(found[1]) if found else text.count("\n") + 1
    column = f", colonne {found[2]}" if found else ""
    why = str(error).split(" (at ")[0]
    return FileProblem(line, french(f"ce n’est pas du TOML{column} : {why}"))


def _told(plain: Plain, path: Path, what: str) -> str:
    """«activité « 1_ACCUEIL », prestation « matin », book.days : …»."""
    names = {"activities": "activité", "slots": "prestation", "tariffs": "tarif", "sites": "lieu"}
    names["types"] = "type"
    where: list[str] = []
    rest: list[str] = []
    value: Any = plain
    for key in path:
        value = _inside(value, key)
        if isinstance(key, int) and rest and rest[-1] in names and isinstance(value, Mapping):
            code = value.get("code")
            named = f" « {code} »" if code else f" nº {key + 1}"
            where.append(f"{names[rest.pop()]}{named}")
        else:
            rest.append(str(key + 1) if isinstance(key, int) else key)
    if rest:
        where.append(".".join(rest))
    return french(f"{', '.join(where)} : ") + what if where else what


def _inside(value: Any, key: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(str(key))
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return None


def _path(plain: Plain, where: str, about: str) -> Path:
    """The keys of a place told by codes («activities.CANTINE.slots.REPAS.book»)."""
    if where == "slots":  # a code of two slots: the second one is at fault
        slots = [
            ("activities", i, "slots", j, "code")
            for i, activity in enumerate(plain["activities"])
            for j, slot in enumerate(activity["slots"])
            if slot["code"] == about
        ]
        return slots[1]
    path: Path = ()
    value: Any = plain
    rest = where
    while rest:
        if isinstance(value, list):
            # codes may hold dots: the longest that begins what is left
            codes = {item["code"]: i for i, item in reversed(list(enumerate(value)))}
            fits = [code for code in codes if rest == code or rest.startswith(f"{code}.")]
            if not fits:
                break
            key: str = max(fits, key=len)
            path, value = (*path, codes[key]), value[codes[key]]
        else:
            key = rest.split(".", 1)[0]
            path, value = (*path, key), _inside(value, key)
        rest = rest[len(key) + 1 :]
    if isinstance(value, list) and value and isinstance(value[0], Mapping) and "code" in value[0]:
        same = [i for i, item in enumerate(value) if item["code"] == about]
        return (*path, same[1], "code") if len(same) > 1 else path
    return path


def _tariffs_twice(tariffs: Sequence[Tariff]) -> list[tuple[Path, Fault, str]]:
    seen: set[str] = set()
    found: list[tuple[Path, Fault, str]] = []
    for i, tariff in enumerate(tariffs):
        if tariff.code in seen:
            found.append((("tariffs", i, "code"), Fault.TWICE, tariff.code))
        seen.add(tariff.code)
    return found
