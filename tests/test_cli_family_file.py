"""`portail procedures`, `fields` and `reseal`: allowed, refused, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from portail import clock
from portail.adapters.sealing import forget_keys, unseal
from portail.database import reading, writing
from portail.domain.absences import AbsenceState
from portail.domain.file_fields import FIELDS, FieldRule
from portail.domain.identity import Role
from portail.domain.procedures import STATE_LABELS, ProcedureKind, ProcedureState
from portail.models import (
    Absence,
    ActionLog,
    Family,
    FieldChange,
    FieldRuleChoice,
    OutboxMail,
    Procedure,
)
from portail.services.family_file.medical import change_medical
from portail.services.planning.feed_addresses import my_calendars, open_calendar
from portail.services.procedures import procedure_detail
from portail.settings import settings
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import Home, rows
from tests.test_cli import portail

pytestmark = pytest.mark.usefixtures("db")
WAITING = "household.address"  # waits for an agent, with a proof
INES = ("--agent", "agent.enfance")


@pytest.fixture
def zoe(db: None) -> Home:
    factories.agent("agent.enfance")
    factories.agent("agent.regie", roles=(Role.REGIE,))
    return home.make(email="zoe@example.org")


def state_of(number: int) -> ProcedureState:
    return next(row.state for row in rows(Procedure) if row.id == number)


def mails() -> list[str]:
    return [row.kind for row in rows(OutboxMail)]


# --- procedures


def test_what_waits_is_listed_oldest_first(zoe: Home) -> None:
    assert portail("procedures", "list", *INES) == (0, "Aucune démarche n’attend.\n")
    first = zoe.asked(WAITING)
    second = zoe.asked("child.name")
    zoe.asked("guardian.phone")  # applied: nobody waits
    code, output = portail("procedures", "list", *INES)
    assert code == 0
    lines = output.splitlines()
    assert [int(line.split()[0]) for line in lines] == [first, second]
    assert "Changement de coordonnées" in lines[0]
    assert f"{zoe.number} PINCEAU" in lines[0]
    assert "[Document demandé]" in lines[0]
    assert "(Nora)" in lines[1]


def test_accepting_puts_the_change_in_place_once(zoe: Home) -> None:
    number = zoe.asked(WAITING)
    code, output = portail("procedures", "accept", str(number), *INES)
    assert (code, output) == (0, "Démarche : Validée.\n")
    assert rows(Family)[0].street == "3 rue des Lilas"
    assert mails()[-1] == "procedure_answered"
    code, output = portail("procedures", "accept", str(number), *INES)
    assert code == 1
    assert "a déjà une réponse" in output
    assert len([kind for kind in mails() if kind == "procedure_answered"]) == 1


def test_refusing_says_why(zoe: Home) -> None:
    number = zoe.asked(WAITING)
    code, output = portail("procedures", "refuse", str(number), *INES)
    assert code == 2  # no reason
    code, output = portail("procedures", "refuse", str(number), *INES, "--reason", "  ")
    assert code == 1
    assert "Dites pourquoi." in output
    assert state_of(number) is ProcedureState.DOCUMENT_ASKED
    code, output = portail("procedures", "refuse", str(number), *INES, "--reason", "Illisible")
    assert (code, output) == (0, "Démarche : Refusée.\n")
    assert procedure_detail(zoe.actor, number).history[-1].note == "Illisible"
    assert rows(Family)[0].street == "1 rue des Roses"


def test_a_document_is_asked(zoe: Home) -> None:
    number = factories.procedure(zoe.family, account_id=zoe.account)
    ask = ("procedures", "ask-document", str(number), *INES, "--what")
    code, output = portail(*ask, "")
    assert code == 1
    assert "Dites pourquoi." in output
    assert portail(*ask, "Un bail") == (0, "Démarche : Document demandé.\n")
    assert procedure_detail(zoe.actor, number).history[-1].note == "Un bail"
    assert mails()[-1] == "procedure_answered"


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("accept", "{}"),
        ("refuse", "{}", "--reason", "x"),
        ("ask-document", "{}", "--what", "x"),
    ],
)
@pytest.mark.parametrize(
    ("agent", "why"),
    [("agent.regie", "n’a pas le rôle"), ("personne", "Aucun agent"), ("", "Aucun agent")],
)
def test_another_agent_is_refused(zoe: Home, words: tuple[str, ...], agent: str, why: str) -> None:
    number = zoe.asked(WAITING)
    asked = [word.format(number) for word in words]
    code, output = portail("procedures", *asked, "--agent", agent)
    assert code == 1
    assert why in output
    assert "PINCEAU" not in output
    assert state_of(number) is ProcedureState.DOCUMENT_ASKED
    assert rows(Family)[0].street == "1 rue des Roses"


def test_an_agent_who_has_left_is_refused(zoe: Home) -> None:
    factories.agent("partie", disabled=True)
    number = zoe.asked(WAITING)
    code, _ = portail("procedures", "accept", str(number), "--agent", "partie")
    assert code == 1
    assert state_of(number) is ProcedureState.DOCUMENT_ASKED


@pytest.mark.parametrize("number", ["0", "-5", "424242", "99999999999999999999"])
@pytest.mark.parametrize("verb", ["accept", "refuse", "ask-document"])
def test_a_number_of_nothing(zoe: Home, verb: str, number: str) -> None:
    reason = {"accept": (), "refuse": ("--reason", "x"), "ask-document": ("--what", "x")}[verb]
    code, output = portail("procedures", verb, *INES, *reason, "--", number)
    assert code in (1, 2)
    assert "Traceback" not in output
    assert output.strip()


def test_a_withdrawn_request_is_answered_no_more(zoe: Home) -> None:
    for state in (ProcedureState.WITHDRAWN, ProcedureState.REFUSED, ProcedureState.DONE):
        number = factories.procedure(zoe.family, account_id=zoe.account, state=state)
        for words in (("accept",), ("refuse", "--reason", "x"), ("ask-document", "--what", "x")):
            assert portail("procedures", *words, *INES, str(number))[0] == 1
        assert state_of(number) is state


# --- fields


def test_every_field_is_listed_with_its_rule(zoe: Home) -> None:
    code, output = portail("fields", "list")
    assert code == 0
    lines = {line.split()[0]: line for line in output.splitlines()}
    assert list(lines) == list(FIELDS)
    assert "proof" in lines["household.address"]
    assert "Adresse : attend un agent, avec un justificatif" in lines["household.address"]


def test_a_rule_is_chosen_and_counts_at_once(zoe: Home) -> None:
    code, output = portail("fields", "set", "guardian.phone", "locked")
    assert (code, output) == (0, "Téléphone : modifiable par la mairie seulement.\n")
    assert type(zoe.ask("guardian.phone")).__name__ == "Locked"
    assert portail("fields", "set", "guardian.phone", "agent")[0] == 0
    number = zoe.asked("guardian.phone")
    assert STATE_LABELS[state_of(number)] == "Demandée"
    assert portail("fields", "set", "guardian.phone", "now")[0] == 0
    assert {row.field: row.rule for row in _choices()} == {"guardian.phone": FieldRule.NOW.value}
    assert [row.action for row in rows(ActionLog)].count("field_rule_set") == 3


def _choices() -> list[FieldRuleChoice]:
    with reading() as session:
        return list(session.exec(select(FieldRuleChoice)))


@pytest.mark.parametrize(
    ("field", "rule", "ends"),
    [("guardian.shoe_size", "now", 1), ("guardian.phone", "perhaps", 2), ("", "now", 1)],
)
def test_a_rule_of_nothing_is_refused(zoe: Home, field: str, rule: str, ends: int) -> None:
    code, output = portail("fields", "set", field, rule)
    assert code == ends
    assert output.strip()
    assert _choices() == []


# --- reseal


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()
    forget_keys()


def use(keys: pytest.MonkeyPatch, *wanted: str) -> None:
    keys.setenv("PORTAIL_SEALING_KEYS", ",".join(wanted))
    settings.cache_clear()
    forget_keys()


def test_everything_is_sealed_with_the_new_key(zoe: Home, keys: pytest.MonkeyPatch) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    use(keys, old)
    assert portail("reseal") == (0, "0\u00a0texte scellé avec la nouvelle clé.\n")
    with writing() as session:
        change_medical(session, zoe.child, {"allergies": "Arachide"})
    assert portail("reseal") == (0, "1\u00a0texte scellé avec la nouvelle clé.\n")
    zoe.asked("medical.pai")
    open_calendar(zoe.actor, zoe.family)
    (before,) = my_calendars(zoe.actor)
    use(keys, new, old)
    assert portail("reseal") == (0, "4\u00a0textes scellés avec la nouvelle clé.\n")
    use(keys, new)  # the old one may go
    assert my_calendars(zoe.actor) == (before,)
    assert unseal(rows(FieldChange)[0].new_value)["pai"] is True
    assert portail("reseal")[0] == 0


def test_a_lost_key_is_said_and_nothing_is_written(zoe: Home, keys: pytest.MonkeyPatch) -> None:
    use(keys, Fernet.generate_key().decode())
    zoe.asked("medical.pai")
    (before,) = rows(FieldChange)
    use(keys, Fernet.generate_key().decode())
    code, output = portail("reseal")
    assert code == 1
    assert "n’est plus dans PORTAIL_SEALING_KEYS" in output
    assert "Traceback" not in output
    (after,) = rows(FieldChange)
    assert (after.old_value, after.new_value) == (before.old_value, before.new_value)


def test_an_absence_is_justified_by_command(zoe: Home) -> None:
    number = factories.procedure(zoe.family, "Absence du 24 novembre", kind=ProcedureKind.ABSENCE)
    assert "Absence du 24 novembre" in portail("procedures", "list", *INES)[1]
    with writing() as session:
        row = Absence(
            family_id=zoe.family,
            child_id=zoe.child,
            first_on=clock.today(),
            last_on=clock.today(),
            state=AbsenceState.TOLD,
            told_at=clock.now(),
            procedure_id=number,
        )
        session.add(row)
    assert portail("procedures", "accept", str(number), *INES) == (0, "Démarche : Validée.\n")
    assert [one.state for one in rows(Absence)] == [AbsenceState.JUSTIFIED]
