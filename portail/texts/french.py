"""Days, durations, amounts and lists as French writes them (CLDR, through Babel)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_currency

from portail.clock import paris
from portail.domain.names import fold

NBSP = "\u00a0"
# a screen says the same few days and amounts hundreds of times; Babel takes some 30 µs for each
_remembered = lru_cache(maxsize=10_000)


@_remembered
def day(value: date) -> str:
    """«lundi 23 novembre 2026», «dimanche 1er mars 2026»."""
    text = format_date(value, "EEEE d MMMM y", locale="fr")
    return text.replace(" 1 ", " 1er ", 1) if value.day == 1 else text


def plain_day(value: date) -> str:
    """«23 novembre 2026», «1er mars 2026»."""
    return day(value).split(" ", 1)[1]


def span(first: date, last: date) -> str:
    """«le 12 mars», «du 12 au 13 mars», «du 30 mars au 2 avril»: days that are near."""
    ends = plain_day(last).rsplit(" ", 1)[0]
    if first == last:
        return f"le {ends}"
    starts = plain_day(first).rsplit(" ", 1)[0]
    if (first.year, first.month) == (last.year, last.month):
        starts = starts.split(" ", 1)[0]
    return f"du {starts} au {ends}"


def numeric_day(value: date) -> str:
    """«23/11/2026»."""
    return format_date(value, "dd/MM/y", locale="fr")


@_remembered
def month(value: date) -> str:
    """«novembre 2026»."""
    return format_date(value, "LLLL y", locale="fr")


def of(words: str) -> str:
    """«de mars 2026», «d’octobre 2026»."""
    return f"d’{words}" if fold(words[:1]) in tuple("aeiouy") else f"de {words}"


def moment(instant: datetime) -> str:
    """«23 novembre 2026 à 9 h 05», on a clock in Europe/Paris."""
    local = paris(instant)
    return f"{plain_day(local.date())} à {local.hour}{NBSP}h{NBSP}{local.minute:02d}"


@_remembered
def moment_without_year(instant: datetime) -> str:
    """«vendredi 27 novembre à 11 h», on a clock in Europe/Paris; for what is near."""
    return f"{day(paris(instant).date()).rsplit(' ', 1)[0]} à {hour(instant)}"


def ago(instant: datetime, now: datetime) -> str:
    """«à l’instant», «il y a 5 minutes», «aujourd’hui à 9 h 05», «hier à…», «le 23 novembre…»."""
    passed = now - instant
    if passed < timedelta(minutes=1):
        return "à l’instant"
    if passed < timedelta(hours=1):
        return f"il y a {counted(passed // timedelta(minutes=1), 'minute')}"
    days = (paris(now).date() - paris(instant).date()).days
    at = moment(instant)
    if days > 1:
        return f"le {at}"
    return f"{'hier' if days else 'aujourd’hui'} à {at.rsplit(' à ', 1)[1]}"


def hour(instant: datetime) -> str:
    """«9 h» or «18 h 30», on a clock in Europe/Paris."""
    return hour_of_day(paris(instant).time())


def hour_of_day(value: time) -> str:
    """The same of an hour on a clock: «7 h 30», «9 h»."""
    minutes = f"{NBSP}{value.minute:02d}" if value.minute else ""
    return f"{value.hour}{NBSP}h{minutes}"


@_remembered
def euros(cents: int) -> str:
    """«36,94 €», with non-breaking spaces, from integer cents."""
    return format_currency(cents / 100, "EUR", locale="fr")


def weight(size: int) -> str:
    """The size of a file, from bytes: «38 Ko», «1,2 Mo»."""
    if size < 1_000_000:  # noqa: PLR2004
        return f"{max(1, round(size / 1_000))}{NBSP}Ko"
    return f"{size / 1_000_000:.1f}{NBSP}Mo".replace(".", ",").replace(",0", "")


def duration(value: timedelta) -> str:
    """A wait, rounded up: «4 secondes», «1 minute», «15 minutes»."""
    seconds = max(1, math.ceil(value / timedelta(seconds=1)))
    if seconds < 60:  # noqa: PLR2004
        return counted(seconds, "seconde")
    return counted(math.ceil(seconds / 60), "minute")


def counted(number: int, singular: str, plural: str = "") -> str:
    """«0 enfant», «1 enfant», «2 enfants»: French says plural from two."""
    word = singular if number < 2 else (plural or f"{singular}s")  # noqa: PLR2004
    return f"{number}{NBSP}{word}"


def listed(words: Sequence[str]) -> str:
    """«Audrey», «Audrey et Sami», «Audrey, Nora et Sami»."""
    if len(words) < 2:  # noqa: PLR2004
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def sentence(text: str) -> str:
    """The same text, starting with a capital."""
    return text[:1].upper() + text[1:]
