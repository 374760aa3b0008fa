"""A parent changes the file: at once or waiting, all of a form or nothing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest
from sqlalchemy import text

from portail.adapters.sealing import unseal
from portail.database import reading
from portail.domain.file_fields import FIELDS, FieldRule, Scope
from portail.domain.identity import Forbidden, Role
from portail.domain.medical import Diet, MedicalInformation
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import (
    ActionLog,
    ChangeState,
    Child,
    Collector,
    Family,
    FieldChange,
    Guardian,
    OutboxMail,
    Procedure,
    ProcedureEvent,
)
from portail.services import mails as outbox
from portail.services.family_file import changes, targets
from portail.services.family_file.changes import (
    Invalid,
    Locked,
    Saved,
    Unchanged,
    change,
)
from portail.services.family_file.medical import medical_of
from portail.services.family_file.rules import all_rules, set_rule
from portail.services.family_file.values import Problem
from portail.services.reach import NotFound
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import KEPT, TYPED, Home, as_agent, rows
from tests.services.test_account import actions, as_parent, mails

pytestmark = pytest.mark.usefixtures("db")
EDITABLE = sorted(TYPED)
WAITING_STATE = {
    FieldRule.AGENT: ProcedureState.REQUESTED,
    FieldRule.PROOF: ProcedureState.DOCUMENT_ASKED,
}


@pytest.fixture
def zoe(db: None) -> Home:
    return home.make(email="zoe@example.org")


@pytest.fixture
def karim(db: None) -> Home:
    return home.make("BENALI")


def held(one: Home, key: str) -> dict[str, object]:
    """What the file holds of a field."""
    field = FIELDS[key]
    with reading() as session:
        row: object
        if key == "child.collector":
            row = next(iter(rows(Collector)), None)
        elif field.scope is Scope.MEDICAL:
            row = medical_of(session, one.child)[0]
        else:
            table = {Scope.HOUSEHOLD: Family, Scope.GUARDIAN: Guardian, Scope.CHILD: Child}
            row = session.get(table[field.scope], one.target(field.scope))
        found = {part: getattr(row, part, None) for part in field.parts}
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in found.items()}


def nothing_happened() -> bool:
    tables = (Procedure, ProcedureEvent, FieldChange, OutboxMail, ActionLog, Collector)
    return not any(rows(table) for table in tables)


@pytest.mark.parametrize("key", EDITABLE)
class TestEachFieldByItsRule:
    def test_now_it_applies_and_the_request_is_done(self, key: str, zoe: Home) -> None:
        set_rule(key, FieldRule.NOW)
        outcome = zoe.ask(key)
        (procedure,) = rows(Procedure)
        assert outcome == Saved((key,), (), procedure.id or 0, needs_proof=False)
        assert held(zoe, key) == KEPT[key]
        assert procedure.state is ProcedureState.DONE
        assert procedure.kind is FIELDS[key].kind
        (kept,) = rows(FieldChange)
        assert (kept.field, kept.state) == (key, ChangeState.APPLIED)
        assert unseal(kept.new_value) == KEPT[key]

    @pytest.mark.parametrize("rule", WAITING_STATE)
    def test_otherwise_it_waits_and_nothing_changes(
        self, key: str, rule: FieldRule, zoe: Home
    ) -> None:
        set_rule(key, rule)
        before = held(zoe, key)
        outcome = zoe.ask(key)
        (procedure,) = rows(Procedure)
        proof = rule is FieldRule.PROOF
        assert outcome == Saved((), (key,), procedure.id or 0, needs_proof=proof)
        assert held(zoe, key) == before
        assert procedure.state is WAITING_STATE[rule]
        (kept,) = rows(FieldChange)
        assert (kept.field, kept.target_id) == (key, zoe.target(FIELDS[key].scope))
        assert kept.state is ChangeState.WAITING
        assert unseal(kept.new_value) == KEPT[key]

    def test_locked_it_is_the_town_s(self, key: str, zoe: Home) -> None:
        set_rule(key, FieldRule.LOCKED)
        before, known = held(zoe, key), rows(ActionLog)
        assert zoe.ask(key) == Locked()
        assert held(zoe, key) == before
        assert (rows(Procedure), rows(FieldChange), rows(OutboxMail)) == ([], [], [])
        assert rows(ActionLog) == known

    def test_nobody_else_changes_it(self, key: str, zoe: Home, karim: Home) -> None:
        scope = FIELDS[key].scope
        before = held(zoe, key)
        for number in (zoe.target(scope), 0, -1, 987_654):
            with pytest.raises(NotFound):
                change(karim.actor, scope, number, {key: TYPED[key]})
        with pytest.raises(Forbidden):
            change(as_agent(*Role), scope, zoe.target(scope), {key: TYPED[key]})
        assert held(zoe, key) == before
        assert nothing_happened()

    def test_typed_again_it_is_no_change_or_waits_already(self, key: str, zoe: Home) -> None:
        set_rule(key, FieldRule.NOW)
        zoe.ask(key)
        if key == "child.collector":
            assert isinstance(zoe.ask(key), Saved)  # as many people as one likes
            return
        count = len(rows(Procedure)), len(rows(OutboxMail)), len(rows(ActionLog))
        assert zoe.ask(key) == Unchanged()
        assert (len(rows(Procedure)), len(rows(OutboxMail)), len(rows(ActionLog))) == count

    def test_one_change_of_a_field_waits_at_a_time(self, key: str, zoe: Home) -> None:
        set_rule(key, FieldRule.AGENT)
        zoe.asked(key)
        again = zoe.ask(key)
        if key == "child.collector":
            assert isinstance(again, Saved)
            assert len(rows(FieldChange)) == 2
        else:
            assert again == Invalid({FIELDS[key].parts[0]: Problem.WAITING})
            assert len(rows(FieldChange)) == len(rows(Procedure)) == len(rows(OutboxMail)) == 1


def test_rules_are_chosen_by_field_and_only_for_fields_there_are() -> None:
    defaults = all_rules()
    assert defaults == {key: field.rule for key, field in FIELDS.items()}
    set_rule("guardian.phone", FieldRule.AGENT)
    set_rule("guardian.phone", FieldRule.LOCKED)
    assert all_rules() == {**defaults, "guardian.phone": FieldRule.LOCKED}
    with pytest.raises(KeyError):
        set_rule("guardian.salary", FieldRule.NOW)


@pytest.mark.parametrize("rule", FieldRule)
def test_school_and_class_have_no_form_whatever_the_rule(rule: FieldRule, zoe: Home) -> None:
    set_rule("child.school", rule)
    outcome = change(
        zoe.actor,
        Scope.CHILD,
        zoe.child,
        {"child.school": {"school_id": "1", "class_level": "CM2"}},
    )
    assert outcome == Locked()
    assert held(zoe, "child.school")["class_level"] == "CP"


def test_fields_of_another_scope_or_of_none_are_not_looked_at(zoe: Home) -> None:
    typed = {"guardian.phone": TYPED["guardian.phone"], "nothing": {"x": "y"}}
    assert change(zoe.actor, Scope.HOUSEHOLD, zoe.family, typed) == Unchanged()
    assert nothing_happened()


def test_all_of_a_form_or_nothing(zoe: Home) -> None:
    before = held(zoe, "guardian.phone"), held(zoe, "guardian.email")
    outcome = change(
        zoe.actor,
        Scope.GUARDIAN,
        zoe.guardian,
        {
            "guardian.phone": TYPED["guardian.phone"],
            "guardian.work_phone": {"work_phone": "12"},
            "guardian.email": {"email": "zoe"},
        },
    )
    assert outcome == Invalid({"work_phone": Problem.BAD_PHONE, "email": Problem.BAD_EMAIL})
    assert (held(zoe, "guardian.phone"), held(zoe, "guardian.email")) == before
    assert nothing_happened()


def test_one_locked_field_that_changed_stops_the_form_one_left_alone_does_not(zoe: Home) -> None:
    set_rule("guardian.name", FieldRule.LOCKED)
    assert zoe.ask("guardian.name", "guardian.phone") == Locked()
    assert held(zoe, "guardian.phone") == {"phone": "06 00 00 00 01"}
    same = {"last_name": "Pinceau", "first_name": "Zoé"}
    typed = {"guardian.name": same, "guardian.phone": TYPED["guardian.phone"]}
    outcome = change(zoe.actor, Scope.GUARDIAN, zoe.guardian, typed)
    assert isinstance(outcome, Saved)
    assert (outcome.applied, outcome.waiting) == (("guardian.phone",), ())


@pytest.mark.parametrize("rule", [FieldRule.NOW, FieldRule.AGENT, FieldRule.LOCKED])
def test_what_was_left_as_the_town_wrote_it_is_not_a_change(rule: FieldRule, zoe: Home) -> None:
    """Files are fed from elsewhere: telephones come as they come, or not at all."""
    set_rule("guardian.phone", rule)
    other = factories.guardian(zoe.family, "Léa", "Roy", "lea@example.org", phone="0612345678")
    empty = factories.guardian(zoe.family, "Luc", "Roy", "luc@example.org")
    for guardian, phone in ((other, "0612345678"), (empty, "")):
        typed = {
            "guardian.phone": {"phone": phone},
            "guardian.work_phone": TYPED["guardian.work_phone"],
        }
        outcome = change(zoe.actor, Scope.GUARDIAN, guardian, typed)
        assert isinstance(outcome, Saved)
        assert (outcome.applied, outcome.waiting) == (("guardian.work_phone",), ())
        with reading() as session:
            assert session.get_one(Guardian, guardian).phone == phone


def test_part_of_a_form_applies_and_part_waits_as_two_requests(zoe: Home) -> None:
    outcome = zoe.ask("guardian.name", "guardian.phone")
    done, waits = rows(Procedure)
    assert outcome == Saved(
        ("guardian.phone",), ("guardian.name",), waits.id or 0, needs_proof=True
    )
    assert (done.state, waits.state) == (ProcedureState.DONE, ProcedureState.DOCUMENT_ASKED)
    assert held(zoe, "guardian.phone") == KEPT["guardian.phone"]
    assert held(zoe, "guardian.name") == {"last_name": "Pinceau", "first_name": "Zoé"}
    assert len(mails("procedure_received")) == 2


def test_a_form_that_needs_one_proof_waits_for_it_as_a_whole(zoe: Home) -> None:
    set_rule("guardian.phone", FieldRule.AGENT)
    outcome = zoe.ask("guardian.name", "guardian.phone")
    (procedure,) = rows(Procedure)
    assert isinstance(outcome, Saved)
    assert outcome.needs_proof
    assert set(outcome.waiting) == {"guardian.name", "guardian.phone"}
    assert procedure.state is ProcedureState.DOCUMENT_ASKED


def test_whose_file_it_is_and_who_asked_is_written_down(zoe: Home) -> None:
    number = zoe.asked("medical.allergies")
    (procedure,) = rows(Procedure)
    assert (procedure.id, procedure.family_id, procedure.child_id, procedure.account_id) == (
        number,
        zoe.family,
        zoe.child,
        zoe.account,
    )
    (event,) = rows(ProcedureEvent)
    assert (event.account_id, event.agent_id, event.note) == (zoe.account, None, "")
    assert actions(zoe.account) == ["file_change_asked"]
    (line,) = rows(ActionLog)
    assert line.subject == f"medical.allergies {zoe.child}"


def test_the_e_mail_of_another_adult_of_the_file_is_taken_elsewhere_it_is_not(
    zoe: Home, karim: Home
) -> None:
    paul = f"PAUL{zoe.number}@example.org"
    assert zoe.ask("guardian.email", typed={"email": paul}) == Invalid({"email": Problem.TAKEN})
    assert rows(Procedure) == []
    elsewhere = f"paul{karim.number}@example.org"
    assert isinstance(zoe.ask("guardian.email", typed={"email": elsewhere}), Saved)
    with reading() as session:
        row = session.get_one(Guardian, zoe.guardian)
        assert (row.email, row.email_key) == (elsewhere, elsewhere)


def test_the_database_has_the_last_word_on_an_e_mail(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the other adult had taken it between the look and the write."""
    paul = f"paul{zoe.number}@example.org"
    looks = iter([True])

    def taken(*args: object) -> dict[str, Problem]:
        return {} if next(looks, False) else targets.taken(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(changes, "taken", taken)
    assert zoe.ask("guardian.email", typed={"email": paul}) == Invalid({"email": Problem.TAKEN})
    assert nothing_happened()


def test_the_adult_without_an_account_is_the_household_s_to_change_the_other_is_not(
    zoe: Home,
) -> None:
    typed = {"guardian.phone": TYPED["guardian.phone"]}
    assert isinstance(change(zoe.actor, Scope.GUARDIAN, zoe.other, typed), Saved)
    marie = factories.account()
    hers = factories.join_family(marie, zoe.family, first_name="Marie", phone="06 00 00 00 03")
    with pytest.raises(NotFound):
        change(zoe.actor, Scope.GUARDIAN, hers, typed)
    with pytest.raises(NotFound):
        change(as_parent(marie), Scope.GUARDIAN, zoe.guardian, typed)
    with reading() as session:
        assert session.get_one(Guardian, hers).phone == "06 00 00 00 03"
    assert isinstance(change(as_parent(marie), Scope.GUARDIAN, hers, typed), Saved)


def test_a_collector_is_of_the_household_the_child_and_the_request(zoe: Home) -> None:
    number = zoe.asked("child.collector")
    (row,) = rows(Collector)
    assert (row.family_id, row.child_id, row.procedure_id) == (zoe.family, zoe.child, number)
    (procedure,) = rows(Procedure)
    assert procedure.kind is ProcedureKind.COLLECTION


def test_one_part_of_the_medical_record_leaves_the_others(zoe: Home) -> None:
    zoe.ask("medical.allergies", "medical.doctor")
    zoe.ask("medical.diet")
    zoe.ask("medical.allergies", typed={"allergies": ""})
    with reading() as session:
        doctor = TYPED["medical.doctor"]
        assert medical_of(session, zoe.child)[0] == MedicalInformation(
            doctor_name=doctor["doctor_name"],
            doctor_phone=doctor["doctor_phone"],
            diet=Diet.NO_MEAT,
        )


def everything_stored() -> str:
    """Every column of every row of the database, as it lies there."""
    with reading() as session:
        kept: list[object] = []
        for table in FieldChange.metadata.sorted_tables:
            kept += session.execute(text(f'SELECT * FROM "{table.name}"')).all()
        return repr(kept).lower()


def test_nothing_medical_lies_in_the_clear_anywhere(zoe: Home) -> None:
    words = ["Arachide", "Ventoline", "Lemoine", "46 77", "sans_viande", "adrénaline", "en mars"]
    keys = [key for key in EDITABLE if FIELDS[key].scope is Scope.MEDICAL]
    zoe.asked(*keys)  # some apply, some wait
    for rule in (FieldRule.AGENT, FieldRule.NOW):
        set_rule("medical.allergies", rule)
        zoe.asked("medical.allergies", typed={"allergies": f"Gluten {rule.value}"})
        if rule is FieldRule.AGENT:
            (waits,) = [row for row in rows(Procedure) if row.state is ProcedureState.REQUESTED]
            assert changes.withdraw(zoe.actor, waits.id or 0)
    with reading() as session:
        assert "Gluten" in asdict(medical_of(session, zoe.child)[0])["allergies"]
    stored = everything_stored()
    assert "rue des roses" in stored  # what is not medical is found by this search
    assert [word for word in [*words, "Gluten"] if word.lower() in stored] == []
    labels = [FIELDS[key].label for key in keys]
    told = " ".join(f"{row.title}" for row in rows(Procedure))
    told += " ".join(f"{mail.subject} {mail.text}" for mail in rows(OutboxMail))
    assert [label for label in labels if label.lower() in told.lower()] == []


def test_titles_name_coordinates_and_nothing_of_a_child(zoe: Home) -> None:
    for key in EDITABLE:
        set_rule(key, FieldRule.AGENT)
        zoe.asked(key)
    found = {row.kind: row.title for row in rows(Procedure) if row.child_id}
    assert found == {kind: changes.TITLES[kind] for kind in found}
    assert set(found) == {ProcedureKind.CHILD, ProcedureKind.MEDICAL, ProcedureKind.COLLECTION}
    household = [row.title for row in rows(Procedure) if not row.child_id]
    assert f"{changes.TITLES[ProcedureKind.COORDINATES]}\u00a0: adresse" in household
    assert not [title for title in household if "Lilas" in title or "06" in title]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("guardian.phone", ["C’EST ENREGISTRÉ", "Le changement est en place"]),
        ("household.address", ["NOUS AVONS REÇU", "Il manque un justificatif", "deux mois"]),
    ],
)
def test_the_request_is_acknowledged_to_whoever_asked(key: str, said: list[str], zoe: Home) -> None:
    number = zoe.asked(key)
    (mail,) = mails("procedure_received")
    assert mail.recipient == "zoe@example.org"
    assert f"n°\u00a0{number}" in mail.subject
    assert [
        words for words in [*said, f"/dossier/demarche?n={number}"] if words not in mail.text
    ] == []


def test_no_mail_no_change(zoe: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail is a row of the same transaction."""

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(outbox, "queue", broken)
    with pytest.raises(RuntimeError):
        zoe.ask("guardian.phone", "guardian.name")
    assert held(zoe, "guardian.phone") == {"phone": "06 00 00 00 01"}
    assert nothing_happened()
