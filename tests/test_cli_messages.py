"""`portail messages …`: what agents do until they have screens, and who is refused."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from portail import cli
from portail.domain.messages import ThreadState
from tests.services.messages.letters import Household, agents, begun, row, town, zoe

__all__ = ["agents", "town", "zoe"]
pytestmark = pytest.mark.usefixtures("agents")
ACTING = ("--agent", "agent.enfance")


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["messages", *map(str, words)])
    return result.exit_code, result.output


def test_an_agent_reads_notes_assigns_answers_and_closes(zoe: Household) -> None:
    thread = begun(zoe, "Le mercredi", "Est-ce possible")
    code, said = run("list", *ACTING)
    assert code == 0
    assert f"*{thread:>6}" in said
    assert "Le mercredi" in said
    assert run("close", thread, *ACTING)[0] == 1  # not read yet
    assert "Est-ce possible" in run("show", thread, *ACTING)[1]
    assert run("note", thread, "--text", "à voir", *ACTING)[0] == 0
    assert "à voir" in run("show", thread, *ACTING)[1]
    assert run("assign", thread, "--to", "agent.enfance", *ACTING)[0] == 0
    assert run("assign", thread, "--to", "agent.regie", *ACTING)[0] == 1
    saved = ("enfance", "--title", "Oui", "--text", "Oui, c’est possible.", *ACTING)
    assert run("save-reply", *saved)[0] == 0
    assert "c’est possible" in run("replies", "enfance", *ACTING)[1]
    assert run("answer", thread, "--reply", "Oui", "--service", "enfance", *ACTING)[0] == 0
    assert row(thread).state is ThreadState.ANSWERED
    assert run("answer", thread, "--reply", "Non", "--service", "enfance", *ACTING)[0] == 1
    assert run("close", thread, *ACTING) == (0, "Conversation terminée.\n")
    assert run("list", *ACTING) == (0, "Aucun message.\n")


def test_who_is_refused(zoe: Household) -> None:
    thread = begun(zoe)
    for words in (
        ("show", thread, "--agent", "agent.regie"),
        ("answer", thread, "--text", "x", "--agent", "agent.regie"),
        ("show", 987_654, *ACTING),
        ("list", "--agent", "personne"),
        ("replies", "regie", *ACTING),
        ("set-service", "x", "--label", "X", "--role", "enfance", *ACTING),
    ):
        assert run(*words)[0] == 1, words
    chief = ("--agent", "agent.administration")
    made = run("set-service", "sport", "--label", "Le sport", "--role", "enfance", *chief)
    assert made[0] == 0
    assert "sport  Le sport  3\u00a0jours ouvrés" in run("services", *ACTING)[1]
