"""The copy of one's data tells of the planning, and of nobody else's."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from portail.services.export import export_my_data
from portail.services.planning.absences import tell_absence
from tests.planning import MONDAY, TUESDAY, Home, home, imported, other_household, pend, reserve

pytestmark = pytest.mark.usefixtures("db")


def exported(who: Home) -> Any:
    packed = io.BytesIO()
    export_my_data(who.actor, packed)
    return json.loads(zipfile.ZipFile(packed).read("mes-donnees.json"))


def test_enrolments_reservations_absences_and_what_is_pending() -> None:
    imported()
    zoe = home()
    reserve(zoe, "MATIN", MONDAY, TUESDAY)
    pend(zoe, "JOUR", TUESDAY)
    tell_absence(zoe.actor, zoe.child, MONDAY, MONDAY)
    data = exported(zoe)
    (file,) = data["souscriptions"]
    (enrolment,) = file["inscriptions"]
    assert (enrolment["enfant"], enrolment["activite"], enrolment["etat"]) == (
        "Nora", "Accueil", "validated",
    )  # fmt: skip
    booked = [
        (one["jour"], one["prestation"], one["prix_centimes"]) for one in file["reservations"]
    ]
    assert booked == [("2026-11-30", "Matin", 350), ("2026-12-01", "Matin", 350)]
    (absence,) = file["absences"]
    assert (absence["du"], absence["au"], absence["etat"]) == ("2026-11-30", "2026-11-30", "told")
    (pending,) = data["modifications_en_attente"]
    assert (pending["jour"], pending["prestation"]) == ("2026-12-01", "Journée")


def test_the_other_household_of_the_child_is_not_in_it() -> None:
    imported()
    zoe = home()
    paul = other_household(zoe)
    reserve(zoe, "MATIN", MONDAY)
    pend(zoe, "JOUR", TUESDAY)
    tell_absence(zoe.actor, zoe.child, MONDAY, MONDAY)
    data = exported(paul)
    (file,) = data["souscriptions"]
    assert (file["inscriptions"], file["reservations"], file["absences"]) == ([], [], [])
    assert data["modifications_en_attente"] == []
