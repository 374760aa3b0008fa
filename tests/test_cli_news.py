"""`portail news`: a file is published, again, corrected, withdrawn; what is wrong has its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from portail.cli import app
from portail.domain.identity import Role
from portail.services.news import news
from tests import factories, samples
from tests.services.documents.conftest import _empty_store

__all__ = ["_empty_store"]
GOOD = """+++
title = "La fête"
summary = "Un après-midi."
from = 2026-11-20
until = 2026-12-01
picture = "dessin.png"
alt = "Un coin rouge"
attachments = ["programme.pdf"]
important = true
public = true

[targets]
schools = ["Vilar"]
levels = ["GS"]
+++
De **14 h** à 18 h.
"""


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    factories.agent("ines")
    factories.agent("paul", roles=(Role.REGIE,))
    factories.child("Nora", factories.family(), school="Vilar")
    (tmp_path / "dessin.png").write_bytes(samples.png())
    (tmp_path / "programme.pdf").write_bytes(samples.pdf())
    (tmp_path / "La fête.md").write_text(GOOD, encoding="utf-8")
    return tmp_path


def run(*words: str, agent: str = "ines") -> Result:
    return CliRunner().invoke(app, ["news", *words, "--agent", agent])


def published(folder: Path, text: str) -> Result:
    (folder / "essai.md").write_text(text, encoding="utf-8")
    return run("publish", str(folder / "essai.md"))


def test_a_file_is_published_then_not_again_then_corrected(folder: Path) -> None:
    file = folder / "La fête.md"
    first = run("publish", str(file))
    assert (first.exit_code, "publiée" in first.output) == (0, True), first.output
    assert "rien à changer" in run("publish", str(file)).output
    file.write_text(GOOD.replace("De **14 h**", "De **15 h**"), encoding="utf-8")
    assert "mise à jour" in run("publish", str(file)).output
    (line,) = news(None).lines
    assert (line.title, line.important, line.attachments) == ("La fête", True, 1)
    assert line.picture is not None
    listed = run("list").output.replace("\u00a0", " ")
    assert "la-fete" in listed
    assert "en ligne, importante, publique. Concerne : vilar, classe de GS." in listed
    assert "retirée" in run("withdraw", "la-fete").output
    assert news(None).lines == ()
    assert "déjà" in run("withdraw", "la-fete").output


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (("title =", "titre ="), 2, "n’est pas un champ"),
        (('title = "La fête"', "title = 5"), 2, "un texte"),
        (('title = "La fête"\n', ""), 2, "il manque le titre"),
        (("2026-12-01", "2026-11-19"), 5, "pas après le début"),
        (("2026-12-01", '"bientôt"'), 5, "une date"),
        (('alt = "Un coin rouge"\n', ""), 6, "pas décrite"),
        (("dessin.png", "absente.png"), 6, "pas de fichier"),
        (("programme.pdf", "absent.pdf"), 8, "pas de fichier"),
        (("dessin.png", "programme.pdf"), 6, "pas une image"),
        (("important = true", 'important = "oui"'), 9, "true ou false"),
        (('schools = ["Vilar"]', 'schools = ["Villar"]'), 13, "aucune école"),
        (('schools = ["Vilar"]', "schools = 5"), 13, "liste de textes"),
        (('levels = ["GS"]', 'levels = ["GS", "CM3"]'), 14, "n’est pas une classe"),
        (('levels = ["GS"]', 'classes = ["GS"]'), 14, "n’est pas une cible"),
        (("De **14 h**", "Bien.\n\n[x](javascript:1)"), 18, "n’est pas permis"),
        (("De **14 h**", "![x](y.png)"), 16, "pas d’image"),
        (("public = true", "public = "), 10, "pas du TOML"),
        (("+++\ntitle", "title"), 1, "en-tête"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    folder: Path, change: tuple[str, str], line: int, words: str
) -> None:
    assert change[0] in GOOD
    answer = published(folder, GOOD.replace(*change, 1))
    assert answer.exit_code == 1
    told = answer.output.replace("\u00a0", " ")
    assert f"ligne {line} : " in told, told
    assert words in told
    assert news(None).lines == ()


def test_all_that_is_wrong_is_said_at_once(folder: Path) -> None:
    answer = published(folder, GOOD.replace("title =", "titre =").replace("summary =", "resume ="))
    assert answer.output.count("n’est pas un champ") == 2


def test_not_every_agent_writes_the_news(folder: Path) -> None:
    file = str(folder / "La fête.md")
    for words in (("publish", file), ("list",), ("withdraw", "la-fete")):
        answer = run(*words, agent="paul")
        assert answer.exit_code == 1
        assert "il lui faut le rôle" in answer.output
    assert "Aucune actualité" in run("list").output
    assert run("withdraw", "rien").exit_code == 1
    assert run("publish", str(folder / "absent.md")).exit_code == 1
