"""`portail documents …`: what agents do until they have screens, and who is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from portail import cli
from portail.domain.documents import Check, Validity
from portail.domain.identity import Role
from portail.services.documents import Destination
from tests import factories, samples
from tests.services.documents import papers

pytestmark = pytest.mark.usefixtures("db")
ACTING = ("--agent", "agent.enfance")


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["documents", *map(str, words)])
    return result.exit_code, result.output


@pytest.fixture
def made(db: None) -> int:
    factories.agent("agent.enfance")
    factories.agent("agent.regie", roles=[Role.REGIE])
    zoe = factories.account()
    papers.kind("identite", validity=Validity.STATED)
    family = factories.family("PINCEAU", number=10_001, members=[zoe])
    return papers.one(zoe, Destination(family, "identite"), "carte.pdf")


def test_an_agent_lists_then_accepts(made: int) -> None:
    code, said = run("list", *ACTING)
    assert code == 0
    assert "10001 PINCEAU" in said
    assert "carte.pdf" in said
    assert run("accept", made, *ACTING)[0] == 1  # until when?
    assert run("accept", made, "--until", "2031-05-04", *ACTING) == (
        0,
        "carte.pdf\u00a0: accepté.\n",
    )
    assert papers.row(made).check_state is Check.ACCEPTED
    assert run("list", *ACTING) == (0, "Aucun document à vérifier.\n")
    assert run("refuse", made, "--reason", "Non", *ACTING)[0] == 1


def test_an_agent_refuses_with_a_reason(made: int) -> None:
    assert run("refuse", made, "--reason", "  ", *ACTING)[0] == 1
    assert run("refuse", made, "--reason", "Illisible", *ACTING)[0] == 0
    assert papers.row(made).reason == "Illisible"


def test_an_agent_gives_a_file(made: int, tmp_path: Path) -> None:
    good, page = tmp_path / "Règlement.pdf", tmp_path / "page.pdf"
    good.write_bytes(samples.pdf())
    page.write_bytes(samples.HTML)
    assert run("give", 10_001, good, *ACTING) == (0, "Document remis au dossier 10001.\n")
    assert "n’est pas accepté" in run("give", 10_001, page, *ACTING)[1]
    assert "Introuvable" in run("give", 10_002, good, *ACTING)[1]
    assert good.read_bytes() == samples.pdf()  # a copy was taken


def test_the_others_are_refused(made: int) -> None:
    for words in (("list",), ("accept", made), ("refuse", made, "--reason", "x")):
        code, said = run(*words, "--agent", "agent.regie")
        assert (code, "enfance" in said) == (1, True)
        assert run(*words, "--agent", "personne")[0] == 1
    assert papers.row(made).check_state is Check.TO_CHECK
