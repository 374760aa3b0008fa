"""A town's file: what is wrong is told with its line, in French; what is right goes both ways."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from portail.adapters.catalogue_file import CatalogueFile, FileProblemsError, export, parse
from portail.demo.catalogue import FILE
from portail.domain.catalogue_plain import KINDS
from portail.domain.seasons import SeasonName
from portail.texts.french import NBSP

RIGHT = """\
name = "Ville"
school_year = 2026
calendar = { zone = "C" }
types = [{ code = "peri", label = "Périscolaire" }]

[[tariffs]]
code = "prix"
name = "Prix"
[[tariffs.versions]]
valid_from = 2020-01-01
price.residents = { kind = "flat", cents = 350 }

[[activities]]
code = "1_ACCUEIL"
label = "Accueil {year}"
type = "peri"
season = "school_year"

[[activities.slots]]
code = "matin"
label = "Matin"
weekdays = ["monday"]
starts_at = "07:30"
ends_at = "08:30"
book = { kind = "days_before", days = 2 }
tariff = "prix"
"""


def told(text: str, school_year: int | None = None) -> list[str]:
    with pytest.raises(FileProblemsError) as caught:
        parse(text, school_year)
    return [str(problem).replace(NBSP, " ") for problem in caught.value.problems]


def test_what_is_right_is_read_and_written_again() -> None:
    town, tariffs = parse(RIGHT)
    assert town.activities[0].label == "Accueil 2026"
    assert parse(RIGHT, 2022)[0].activities[0].label == "Accueil 2022"
    assert parse(export(town, tariffs)) == (town, tariffs)


def test_the_demo_town_goes_both_ways() -> None:
    town, tariffs = parse(FILE.read_text())
    assert parse(export(town, tariffs)) == (town, tariffs)


SLOT = "activité « 1_ACCUEIL », prestation « matin »"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "days = 2",
            'days = "deux"',
            f"ligne 25, {SLOT}, book.days : « deux » ne convient pas ; attendu : un nombre entier",
        ),
        (
            "weekdays",
            "wekdays",
            (
                f"ligne 22, {SLOT}, wekdays : « wekdays » n’est pas une clé connue ici "
                "(vouliez-vous dire « weekdays » ?)"
            ),
        ),
        (
            '"days_before"',
            '"day_before"',
            (
                f"ligne 25, {SLOT}, book.kind : « day_before » n’est pas reconnu "
                "(vouliez-vous dire « days_before » ?) ; attendu : by_weekday, "
                "clear_days_before_period, day_of_month_before, days_before, during_absence, "
                "hours_before, never, no_limit, same_day, week_before, weekday_table"
            ),
        ),
        (
            'label = "Matin"\n',
            "\n",
            f"ligne 19, {SLOT}, label : « label » manque",
        ),
        (
            '"monday"',
            '"lundi"',
            (
                f"ligne 22, {SLOT}, weekdays.1 : « lundi » n’est pas reconnu ; attendu : monday, "
                "tuesday, wednesday, thursday, friday, saturday, sunday"
            ),
        ),
        (
            'tariff = "prix"',
            'tariff = "pris"',
            f"ligne 26, {SLOT}, tariff : « pris » n’existe pas dans ce fichier",
        ),
        (
            'tariff = "prix"',
            'tariff = "prix"\nlate_booking = { surcharge = { percent = 50 } }',
            (
                f"ligne 27, {SLOT}, late_booking : le supplément de retard n’est dans aucune "
                "version du tarif « prix » : dites le même des deux côtés (late_booking)"
            ),
        ),
        (
            'type = "peri"',
            'type = "paris"',
            "ligne 16, activité « 1_ACCUEIL », type : « paris » n’existe pas dans ce fichier",
        ),
        (
            '"monday"',
            '"sunday"',
            (
                f"ligne 22, {SLOT}, weekdays : ouvert les jours d’école seulement, et il n’y a "
                'jamais classe ce jour : « sunday » (attendu : opens = "school_weeks", '
                "ou un autre jour)"
            ),
        ),
        (
            "cents = 350",
            "cents = -350",
            "ligne 11, tarif « prix », versions.1.price.residents : un prix n’est pas négatif",
        ),
        (
            "cents = 350",
            "cent = 350",
            (
                "ligne 11, tarif « prix », versions.1.price.residents.cent : « cent » "
                "n’est pas une clé connue ici (vouliez-vous dire « cents » ?)"
            ),
        ),
        (
            'zone = "C"',
            'zone = "D"',
            "ligne 3, calendar.zone : « D » n’est pas reconnu ; attendu : A, B, C",
        ),
        (
            'season = "school_year"',
            'season = { holidays = "Noel et Pâques" }',
            (
                "ligne 17, activité « 1_ACCUEIL », season.holidays : « Noel et Pâques » n’est pas "
                "reconnu ; attendu : Vacances de la Toussaint, Vacances de Noël, Vacances d’hiver, "
                "Vacances de printemps, Pont de l’Ascension, Vacances d’été"
            ),
        ),
        (
            'season = "school_year"',
            "season = { school_year = 2040 }",
            (
                "ligne 17, activité « 1_ACCUEIL », season : le calendrier ne connaît pas encore "
                "cette année scolaire : écrivez les dates (first_day, last_day)"
            ),
        ),
        (
            'season = "school_year"',
            'season = "été"',
            (
                "ligne 17, activité « 1_ACCUEIL », season : « été » n’est pas reconnu ; attendu : "
                "school_year"
            ),
        ),
        ("school_year = 2026\n", "\n", "ligne 1, school_year : « school_year » manque"),
        (
            'code = "matin"',
            'code = "matin',
            "ligne 20, ce n’est pas du TOML, colonne 14 : Illegal character '\\n'",
        ),
        (
            "[[activities.slots]]",
            "[[activities.slots]]\nnothing",
            (
                "ligne 20, ce n’est pas du TOML, colonne 8 : Expected '=' after a key in a "
                "key/value pair"
            ),
        ),
    ],
)
def test_each_fault_has_its_line(old: str, new: str, expected: str) -> None:
    assert told(RIGHT.replace(old, new, 1)) == [expected]


def test_a_code_used_twice_is_told_where_it_is_used_again() -> None:
    slots = RIGHT[RIGHT.index("[[activities.slots]]") :]
    assert told(f"{RIGHT}\n{slots}".replace('label = "Matin"', 'label = "M"', 1)) == [
        f"ligne 29, {SLOT}, code : « matin » est utilisé deux fois"
    ]
    activity = RIGHT[RIGHT.index("[[activities]]") :]
    assert told(f"{RIGHT}\n{activity}")[0].startswith("ligne 29, activité « 1_ACCUEIL », code")
    tariff = RIGHT[RIGHT.index("[[tariffs]]") : RIGHT.index("[[activities]]")]
    assert told(f"{RIGHT}\n{tariff}") == [
        "ligne 29, tarif « prix », code : « prix » est utilisé deux fois"
    ]


def test_everything_is_told_at_once_in_order() -> None:
    text = RIGHT.replace("days = 2", "days = 2.5").replace("zone", "zona")
    text = text.replace('"school_year"', '"vacances"')
    lines = [line.split(",")[0] for line in told(text)]
    assert lines == ["ligne 3", "ligne 17", "ligne 25"]


def test_holidays_and_their_entry() -> None:
    text = RIGHT.replace('"school_year"', '{ holidays = "noel" }\nfixed_entry = "first_day"')
    (activity,) = parse(text.replace('tariff = "prix"', 'tariff = "prix"\nopens = "both"'))[
        0
    ].activities
    assert str(activity.season.first_day) == str(activity.fixed_entry) == "2026-12-19"
    before = parse(text.replace('{ holidays = "noel" }', '{ holidays = "été", year_offset = -1 }'))
    assert str(before[0].activities[0].season.last_day) == "2026-08-31"


def test_what_is_no_town_at_all_is_told() -> None:
    for text in ("", "activities = 1", "name = 3\n[[activities]]\nseason = 4", "activities = [1]"):
        assert told(text)


DOCUMENTATION = Path("docs/catalogue.md").read_text(encoding="utf-8")


def _told(kind: Any) -> set[str]:
    """Every key and word that a file may hold in this kind of value."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        own = {field.name for field in fields(kind)}
        inner = (_told(hints[name]) for name in own if hints[name] is not kind)
        return own.union(*inner) | {str(getattr(kind, "KIND", ""))}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {member.value for member in kind}
    return set().union(*(_told(inner) for inner in get_args(kind)))


def test_every_key_and_word_is_documented() -> None:
    words = _told(CatalogueFile) | _told(SeasonName) | set(KINDS)
    missing = {word for word in words - {""} if not re.search(rf"\b{word}\b", DOCUMENTATION)}
    assert missing == set()


def test_the_documented_example_is_right() -> None:
    example = DOCUMENTATION.split("```toml\n")[1].split("```")[0]
    town, tariffs = parse(example)
    assert [slot.code for slot in town.activities[0].slots] == ["REPAS_2026"]
    assert list(tariffs) == ["repas"]
