"""The catalogue as plain values, such as TOML and JSON hold, and back without loss.

What has its default may be left out. A deadline and each part of a tariff that takes several forms
say their `kind`; weekdays are lower-case names;
hours are text («09:00»); an age in whole years is a number. TOML's own days and hours are read as
well as the text that JSON has for them. Every fault is told at once, each with its path.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar

from portail.domain.calendars import Weekday
from portail.domain.catalogue import Activity, Slot, Town
from portail.domain.deadlines import (
    ByWeekday,
    ClearDaysBeforePeriod,
    DayOfMonthBefore,
    DaysBefore,
    DuringAbsence,
    HoursBefore,
    Never,
    NoLimit,
    SameDay,
    WeekBefore,
    WeekdayTable,
)
from portail.domain.eligibility import Age
from portail.domain.moments import Moment

Plain = dict[str, Any]
Path = tuple[str | int, ...]
T = TypeVar("T")

KINDS: dict[str, type] = {
    "days_before": DaysBefore,
    "same_day": SameDay,
    "week_before": WeekBefore,
    "weekday_table": WeekdayTable,
    "hours_before": HoursBefore,
    "clear_days_before_period": ClearDaysBeforePeriod,
    "day_of_month_before": DayOfMonthBefore,
    "no_limit": NoLimit,
    "never": Never,
    "by_weekday": ByWeekday,
    "during_absence": DuringAbsence,
}
_KIND_OF = {kind: name for name, kind in KINDS.items()}
_WEEKDAYS = {day.name.lower(): day for day in Weekday}


class Flaw(StrEnum):
    """What is wrong with a value."""

    MISSING = "missing"  # a key that must be there
    UNKNOWN = "unknown"  # a key that means nothing here; expected: those that would
    KIND = "kind"  # another sort of value; expected: which
    CHOICE = "choice"  # none of the words allowed; expected: them
    RULE = "rule"  # each value is possible, and together they are not; about: what they break


class Sort(StrEnum):
    """The sorts of values, as an error says what was expected."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    DAY = "day"
    HOUR = "hour"
    MOMENT = "moment"
    LIST = "list"
    TABLE = "table"
    AGE = "age"


_SORTS: dict[type, Sort] = {
    str: Sort.TEXT,
    int: Sort.NUMBER,
    bool: Sort.YES_NO,
    date: Sort.DAY,
    time: Sort.HOUR,
    Moment: Sort.MOMENT,
}


@dataclass(frozen=True)
class Misread:
    """One value that says nothing valid; `about` is what was found, `expected` what would do."""

    path: Path
    flaw: Flaw
    about: str = ""
    expected: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = ".".join(str(part) for part in self.path)
        return f"{where}: {self.flaw} {self.about} (expected: {', '.join(self.expected)})"


class NotACatalogueError(ValueError):
    """What was read is no catalogue; `misreads` is all that is wrong."""

    def __init__(self, misreads: Iterable[Misread]) -> None:
        self.misreads = tuple(misreads)
        super().__init__("\n".join(str(misread) for misread in self.misreads))


def to_plain(town: Town) -> Plain:
    """A town as TOML may hold it: text, numbers, booleans, days, moments, lists, tables."""
    plain: Plain = written(town)
    return plain


def from_plain(plain: Mapping[str, Any]) -> Town:
    """The town that a table describes.

    Raises:
        NotACatalogueError: a key is missing or unknown, or holds what it cannot.
    """
    return read(Town, plain)


def activity_to_plain(activity: Activity) -> Plain:
    """An activity without its slots, which are rows of their own."""
    plain: Plain = written(activity)
    del plain["slots"]
    return plain


def activity_from_plain(plain: Mapping[str, Any], slots: Iterable[Slot]) -> Activity:
    """An activity and the slots kept beside it.

    Raises:
        NotACatalogueError: see `from_plain`.
    """
    return read(Activity, {**plain, "slots": [written(slot) for slot in slots]})


def json_ready(plain: Any) -> Any:
    """The same value with days and moments as text, for JSON has none."""
    if isinstance(plain, Mapping):
        return {key: json_ready(value) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [json_ready(item) for item in plain]
    if isinstance(plain, date | time):  # a moment is a date to Python
        return plain.isoformat()
    return plain


# --------------------------------------------------------------------------------------- writing


def written(value: Any) -> Any:
    """A dataclass of the catalogue, or a part of one, as a plain value."""
    if isinstance(value, tuple):
        return [written(item) for item in value]
    for kind, writer in _WRITERS.items():
        if isinstance(value, kind):
            return writer(value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    named = _kind(type(value))
    plain: Plain = {"kind": named} if named else {}
    for field in fields(value):
        held = getattr(value, field.name)
        if field.default is MISSING or held != field.default:
            plain[field.name] = written(held)
    return plain


def _hour(value: time) -> str:
    whole = value == value.replace(second=0, microsecond=0)
    return value.isoformat("minutes" if whole else "auto")


def _age(value: Age) -> Any:
    if value.months is None:
        return value.years
    return {"years": value.years, "months": value.months}


_WRITERS: dict[type, Callable[[Any], Any]] = {
    Weekday: lambda day: day.name.lower(),
    Enum: lambda member: member.value,
    time: _hour,
    Moment: lambda moment: datetime.combine(moment.day, moment.at),
    Age: _age,
}


# --------------------------------------------------------------------------------------- reading


def read(wanted: type[T], plain: Any, path: Path = ()) -> T:
    """A dataclass of the catalogue from its plain value.

    Raises:
        NotACatalogueError: with every fault found, not only the first.
    """
    reader = _Reader()
    value: T = reader.value(wanted, plain, path)
    if reader.misreads:
        raise NotACatalogueError(reader.misreads)
    return value


class _Reader:
    """Reads on after a fault, so that a town's file is corrected in one go."""

    def __init__(self) -> None:
        self.misreads: list[Misread] = []

    def value(self, wanted: Any, plain: Any, path: Path) -> Any:
        """The value; None after a fault, which is kept."""
        if isinstance(wanted, UnionType) or typing.get_origin(wanted) is typing.Union:
            return self._union(wanted, plain, path)
        if typing.get_origin(wanted) is tuple:
            return self._tuple(typing.get_args(wanted)[0], plain, path)
        if wanted is Age and type(plain) is int:
            return Age(plain)
        if wanted is Moment:
            return self._moment(plain, path)
        if is_dataclass(wanted):
            return self._table(wanted, plain, path)
        return self._scalar(wanted, plain, path)

    def _wrong(self, path: Path, flaw: Flaw, about: Any = "", *expected: str) -> None:
        self.misreads.append(Misread(path, flaw, _shown(about), expected))

    def _tuple(self, item: Any, plain: Any, path: Path) -> tuple[Any, ...]:
        if not isinstance(plain, list | tuple):
            self._wrong(path, Flaw.KIND, plain, Sort.LIST)
            return ()
        return tuple(self.value(item, value, (*path, i)) for i, value in enumerate(plain))

    def _union(self, wanted: Any, plain: Any, path: Path) -> Any:
        members = [member for member in typing.get_args(wanted) if member is not NoneType]
        if len(members) == 1:
            return self.value(members[0], plain, path)
        if not isinstance(plain, Mapping):
            if Moment in members:
                return self._moment(plain, path)
            return self._wrong(path, Flaw.KIND, plain, Sort.TABLE)
        kinds = {name: member for member in members if (name := _kind(member))}
        kind = plain.get("kind")
        if kind is None:
            return self._wrong((*path, "kind"), Flaw.MISSING, "", *sorted(kinds))
        if not isinstance(kind, str) or kind not in kinds:
            return self._wrong((*path, "kind"), Flaw.CHOICE, kind, *sorted(kinds))
        return self._table(kinds[kind], plain, path)

    def _table(self, wanted: Any, plain: Any, path: Path) -> Any:
        if not isinstance(plain, Mapping):
            sort = Sort.AGE if wanted is Age else Sort.TABLE
            return self._wrong(path, Flaw.KIND, plain, sort)
        known = _fields(wanted)
        given = {k: v for k, v in plain.items() if k != "kind" or not _kind(wanted)}
        unknown = [key for key in given if key not in known]
        for key in unknown:
            self._wrong((*path, key), Flaw.UNKNOWN, key, *known)
        for name, field in known.items():
            # one that is only misspelt was told just now
            if field.default is MISSING and name not in given and not _near(name, unknown):
                self._wrong((*path, name), Flaw.MISSING, name)
        before = len(self.misreads)
        types = _types(wanted)
        values = {k: self.value(types[k], v, (*path, k)) for k, v in given.items() if k in known}
        if len(self.misreads) > before or any(
            f.default is MISSING and name not in values for name, f in known.items()
        ):
            return None
        try:
            return wanted(**values)
        except ValueError as error:  # tariffs refuse what no price could come of
            return self._wrong(path, Flaw.RULE, error)

    def _scalar(self, wanted: type, plain: Any, path: Path) -> Any:
        if wanted is Weekday:
            return self._word(_WEEKDAYS, plain, path)
        if issubclass(wanted, StrEnum):
            return self._word({member.value: member for member in wanted}, plain, path)
        found = _from_text(wanted, plain) if wanted in (date, time) else plain
        if type(found) is not wanted or (isinstance(found, time) and found.tzinfo is not None):
            # True is no number here, a moment is no day, and hours are those of a clock in Paris
            return self._wrong(path, Flaw.KIND, plain, _SORTS[wanted])
        return found

    def _word(self, words: Mapping[str, Any], plain: Any, path: Path) -> Any:
        if isinstance(plain, str) and plain in words:
            return words[plain]
        return self._wrong(path, Flaw.CHOICE, plain, *words)

    def _moment(self, plain: Any, path: Path) -> Moment | None:
        found = _from_text(datetime, plain)
        if type(found) is date:
            return Moment(found)
        if not isinstance(found, datetime) or found.tzinfo is not None:
            self._wrong(path, Flaw.KIND, plain, Sort.MOMENT)
            return None
        return Moment(found.date(), found.time())


def _near(word: str, others: list[str]) -> bool:
    return bool(difflib.get_close_matches(word, others, n=1))


def _kind(wanted: type) -> str:
    """The word that names this form among others; tariffs carry theirs."""
    return str(_KIND_OF.get(wanted) or getattr(wanted, "KIND", ""))


def _from_text(wanted: type[date | time], plain: Any) -> Any:
    if not isinstance(plain, str):
        return plain
    try:
        return wanted.fromisoformat(plain)
    except ValueError:
        return plain


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{…}"
    return "[…]" if isinstance(value, list | tuple) else str(value)


@cache
def _fields(wanted: type) -> dict[str, Field[Any]]:
    return {field.name: field for field in fields(wanted)}


@cache
def _types(wanted: type) -> dict[str, Any]:
    hints = typing.get_type_hints(wanted)
    return {name: hints[name] for name in _fields(wanted)}
