"""The fields of the family file: complete, and consistent with the tables they write."""

from __future__ import annotations

from dataclasses import fields

import pytest

from portail.domain.file_fields import FIELDS, RULE_LABELS, FieldRule, Scope, of_scope
from portail.domain.medical import DIET_LABELS, Diet, MedicalInformation
from portail.domain.procedures import ProcedureKind
from portail.models import Child, Collector, Family, FieldChange, Guardian

COLUMNS = {Scope.HOUSEHOLD: Family, Scope.GUARDIAN: Guardian, Scope.CHILD: Child}
MEDICAL = {field.name for field in fields(MedicalInformation)}


def test_each_field_is_in_one_scope_in_its_order() -> None:
    assert [field for scope in Scope for field in of_scope(scope)] == sorted(
        FIELDS.values(), key=lambda field: list(Scope).index(field.scope)
    )
    assert all(key == field.key for key, field in FIELDS.items())
    assert all(field.label and field.parts for field in FIELDS.values())


@pytest.mark.parametrize("key", FIELDS)
def test_a_field_s_parts_can_be_written(key: str) -> None:
    field = FIELDS[key]
    if field.scope is Scope.MEDICAL:
        assert set(field.parts) <= MEDICAL
    else:
        table = Collector if key == "child.collector" else COLUMNS[field.scope]
        assert set(field.parts) <= set(table.model_fields)
    most = FieldChange.__table__.c.field.type.length  # type: ignore[attr-defined]
    assert len(key) <= most


def test_no_entry_of_the_medical_record_is_left_out_or_in_two_fields() -> None:
    parts = [part for field in of_scope(Scope.MEDICAL) for part in field.parts]
    assert sorted(parts) == sorted(MEDICAL)


@pytest.mark.parametrize("key", FIELDS)
def test_a_change_that_needs_a_proof_says_which(key: str) -> None:
    field = FIELDS[key]
    assert field.proof or field.rule is not FieldRule.PROOF


def test_health_is_asked_as_health_and_nothing_else_is() -> None:
    for field in FIELDS.values():
        assert (field.scope is Scope.MEDICAL) == (field.kind is ProcedureKind.MEDICAL)


def test_what_a_town_gets_without_choosing() -> None:
    by_rule = {rule: {k for k, f in FIELDS.items() if f.rule is rule} for rule in FieldRule}
    assert by_rule[FieldRule.LOCKED] == {"child.school"}
    assert by_rule[FieldRule.PROOF] == {
        "household.address",
        "guardian.name",
        "child.name",
        "medical.pai",
        "medical.vaccinations",
    }
    assert by_rule[FieldRule.AGENT] == set()


def test_every_choice_has_its_words() -> None:
    assert set(RULE_LABELS) == set(FieldRule)
    assert set(DIET_LABELS) == set(Diet)


def test_a_diet_never_tells_a_religion() -> None:
    words = " ".join([*Diet, *DIET_LABELS.values()]).lower()
    assert not [word for word in ("halal", "casher", "kasher", "religi") if word in words]
