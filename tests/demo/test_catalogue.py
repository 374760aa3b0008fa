"""The demo town's catalogue, around whatever day the demo is built."""

from __future__ import annotations

from datetime import date

import pytest

from portail.demo import build, catalogue
from portail.domain.pricing import Context, Price, price
from portail.domain.quotients import Quotient
from portail.services.catalogue import current
from tests.conftest import SetClock

PINCEAU = Context((Quotient(85_000, date(2019, 1, 1)),))


@pytest.mark.parametrize(
    ("now", "season", "christmas"),
    [
        ("2023-03-16T09:00", (date(2022, 9, 1), date(2023, 7, 7)), date(2022, 12, 17)),
        ("2026-11-24T09:00", (date(2026, 9, 1), date(2027, 7, 2)), date(2026, 12, 19)),
        # the last day of class, and the day after: the year that families enrol for
        ("2026-07-03T18:00", (date(2025, 9, 1), date(2026, 7, 3)), date(2025, 12, 20)),
        ("2026-07-04T00:30", (date(2026, 9, 1), date(2027, 7, 2)), date(2026, 12, 19)),
        ("2027-08-20T09:00", (date(2027, 9, 2), date(2028, 7, 4)), date(2027, 12, 18)),
    ],
)
def test_seasons_follow_the_clock(
    now: str, season: tuple[date, date], christmas: date, set_clock: SetClock
) -> None:
    set_clock(now)
    town, tariffs = catalogue.read()
    activities = {activity.code: activity for activity in town.activities}
    morning = activities["1_MATIN_MAT"]
    assert (morning.season.first_day, morning.season.last_day) == season
    assert activities["LOISIRS_NOEL_MAT"].season.first_day == christmas
    assert activities["LOISIRS_NOEL_MAT"].fixed_entry == christmas
    assert activities["LOISIRS_NOEL_MAT"].label == (
        f"Accueil de loisirs maternelle, Noël {christmas.year}"
    )
    paid = price(tariffs[morning.slots[0].tariff], PINCEAU, season[0])
    assert isinstance(paid, Price)
    assert paid.cents == 350


def test_far_ahead_the_last_known_year_is_shown(set_clock: SetClock) -> None:
    set_clock("2031-01-15T09:00")
    assert catalogue.read()[0].activities[0].season.name == "2027-2028"


def test_the_activities_of_the_reference_screens_are_there() -> None:
    labels = {activity.label for activity in catalogue.read()[0].activities}
    levels = ("maternelle", "élémentaire")
    assert {
        *(f"1_Accueil matin {level}" for level in levels),
        *(f"2_Accueil soir {level}" for level in levels),
        *(f"3_Accueil mercredi {level} matin" for level in levels),
        *(f"5_Accueil mercredi {level} journée" for level in levels),
        "6_Passerelle maternelle",
        *(f"Restauration scolaire {level}" for level in levels),
        *(
            f"Accueil de loisirs {level}, {name}"
            for level in levels
            for name in ("Toussaint 2026", "Noël 2026", "hiver 2027", "printemps 2027", "été 2027")
        ),
    } <= labels


@pytest.mark.usefixtures("db")
def test_the_demo_has_its_catalogue() -> None:
    build.build()
    assert current().town == catalogue.read()[0]
    assert current().tariffs == catalogue.read()[1]
