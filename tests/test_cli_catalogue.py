"""`portail catalogue` and `portail explain`, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import col, select
from typer.testing import CliRunner

from portail import cli, clock
from portail.adapters.catalogue_file import parse
from portail.database import writing
from portail.demo import build, catalogue
from portail.models import Child, Reservation
from portail.services.catalogue import current
from portail.texts.french import NBSP
from tests.conftest import SetClock

pytestmark = pytest.mark.usefixtures("db")
runner = CliRunner()
TEXT = catalogue.FILE.read_text(encoding="utf-8")


def portail(*words: str) -> tuple[int, str]:
    result = runner.invoke(cli.app, list(words))
    return result.exit_code, result.output.replace(NBSP, " ").replace("\u202f", " ")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ville.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_check_changes_nothing(file: Path) -> None:
    assert portail("catalogue", "check", str(file)) == (
        0,
        "Villejuif : 23 activités, 23 prestations, 7 tarifs.\n",
    )
    assert current().version == 0


def test_an_activity_beyond_the_known_calendar_is_told(file: Path) -> None:
    beyond = 'season = { name = "2028-2029", first_day = 2028-09-01, last_day = 2029-07-06 }'
    file.write_text(TEXT.replace('season = "school_year"', beyond, 1), encoding="utf-8")
    code, output = portail("catalogue", "check", str(file))
    assert code == 0
    assert "n’est connu que jusqu’au " in output
    assert output.rstrip().endswith(": 1_MATIN_MAT")
    known = 'calendar = { zone = "C", known_until = 2029-07-06 }'
    text = file.read_text(encoding="utf-8").replace('calendar = { zone = "C" }', known)
    file.write_text(text, encoding="utf-8")
    assert "n’est connu que" not in portail("catalogue", "check", str(file))[1]


@pytest.mark.parametrize(("now", "sign"), [("2026-11-23T09:00", "✓"), ("2028-03-01T09:00", "✗")])
def test_doctor_says_when_the_calendar_is_about_to_end(
    file: Path, now: str, sign: str, set_clock: SetClock
) -> None:
    assert "✓ Calendrier scolaire : aucun catalogue" in portail("doctor")[1]
    portail("catalogue", "import", str(file))
    set_clock(now)
    assert f"{sign} Calendrier scolaire : connu jusqu’au" in portail("doctor")[1]


def test_faults_are_told_with_their_lines_and_nothing_is_imported(file: Path) -> None:
    wrong = TEXT.replace('zone = "C"', 'zone = "D"').replace("places = 40", "places = -40", 1)
    file.write_text(wrong, encoding="utf-8")
    for command in ("check", "import"):
        code, output = portail("catalogue", command, str(file))
        assert code == 1
        assert "ville.toml, ligne 9, calendar.zone : « D » n’est pas reconnu" in output
        assert "1 défaut : rien n’a été changé." in output
    assert current().version == 0


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    assert portail("catalogue", "check", str(tmp_path / "x.toml"))[0] == 2
    (tmp_path / "y.toml").write_bytes(b'name = "a"\nb = "\xe9"')
    code, output = portail("catalogue", "check", str(tmp_path / "y.toml"))
    assert (code, "ligne 2 : ce n’est pas du texte UTF-8" in output) == (1, True)


def test_import_tells_what_changes_then_writes_it(file: Path) -> None:
    code, output = portail("catalogue", "import", str(file), "--dry-run")
    assert code == 0
    assert " + activité 6_PASSERELLE_MAT\n" in output
    assert " ! type de document inconnu(e) du portail : assurance\n" in output
    assert output.endswith("Rien n’a été écrit (--dry-run).\n")
    assert current().version == 0
    code, output = portail("catalogue", "import", str(file))
    assert (code, output.splitlines()[-1]) == (0, "Catalogue en service : version 1.")
    assert (current().town, current().tariffs) == parse(TEXT)
    assert portail("catalogue", "import", str(file))[1].endswith("Rien à changer.\n")
    file.write_text(TEXT.replace("places = 8 }", "places = 9 }"), encoding="utf-8")
    code, output = portail("catalogue", "import", str(file))
    assert " ~ prestation 3_MERCREDI_MATIN_MAT_MATIN\n" in output
    assert "activité" not in output
    assert output.endswith("Catalogue en service : version 2.\n")


def test_export_gives_back_what_was_imported(file: Path, tmp_path: Path) -> None:
    assert portail("catalogue", "export")[0] == 1
    portail("catalogue", "import", str(file))
    copy = tmp_path / "copie.toml"
    assert portail("catalogue", "export", str(copy)) == (0, "")
    assert parse(copy.read_text(encoding="utf-8")) == parse(TEXT)
    assert runner.invoke(cli.app, ["catalogue", "export"]).output == copy.read_text()
    assert portail("catalogue", "export", str(tmp_path / "no" / "copie.toml"))[0] == 2


def nora() -> int:
    """Nora of the demo town, enrolled at the canteen."""
    build.build()
    with writing() as session:
        # what is on an invoice stays: only days to come are asked about
        session.execute(delete(Reservation).where(col(Reservation.day) > clock.today()))
        return session.exec(select(Child.id).where(Child.first_name == "Nora")).one() or 0


def test_explain_tells_each_rule_and_the_price() -> None:
    child = str(nora())
    words = ("explain", "--child", child, "--slot", "RESTAURATION_MAT_REPAS")
    code, output = portail(*words, "--date", "2026-11-30")
    assert code == 0
    assert output.startswith(
        "Nora, Repas, lundi 30 novembre 2026\ndossier 10001, le 23 novembre 2026 à 9 h 00\n"
    )
    assert "✓ Calendrier\n      jour d’école : oui\n" in output
    assert "✓ Délai et ouverture : Réservation possible jusqu’au vendredi 27 novembre" in output
    assert "places restantes : 120\n" in output
    # she brings her meal under her PAI
    assert "Repas apporté (PAI) : 1,40 €" in output
    assert "✓ Décision : Réservation possible" in output
    code, output = portail(*words, "--date", "2026-11-30", "--at", "2026-11-27T11:01")
    assert "✗ Décision : Trop tard : il fallait réserver avant le vendredi 27 novembre" in output
    code, output = portail(*words, "--date", "2026-12-02")
    assert "✗ Calendrier : Fermé : pas d’accueil ce jour de la semaine." in output


def test_explain_the_price_by_quotient() -> None:
    child = str(nora())
    words = ("explain", "--child", child, "--slot", "1_MATIN_MAT_MATIN", "--date", "2026-11-30")
    code, output = portail(*words, "--family", "10001")
    assert code == 0
    assert "✗ Inscription : L’enfant n’est pas inscrit à cette activité.\n" in output
    assert "Quotient 850 : tranche de 801 à 1 000, 3,50 €\n" in output


@pytest.mark.parametrize(
    "words",
    [
        ("--child", "999999", "--slot", "1_MATIN_MAT_MATIN", "--date", "2026-11-30"),
        ("--child", "1", "--slot", "NOTHING", "--date", "2026-11-30"),
        ("--child", "1", "--slot", "1_MATIN_MAT_MATIN", "--date", "lundi"),
    ],
)
def test_explain_what_does_not_exist(words: tuple[str, ...], file: Path) -> None:
    portail("catalogue", "import", str(file))
    assert portail("explain", *words)[0] == 2
