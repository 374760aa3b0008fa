"""Which rule the town set for each field of the family file."""

from __future__ import annotations

from sqlmodel import Session, select

from portail.database import reading, writing
from portail.domain.file_fields import FIELDS, FieldRule
from portail.models import FieldRuleChoice
from portail.services.audit import log_action


def rules(session: Session) -> dict[str, FieldRule]:
    """The rule of every field."""
    chosen = {row.field: FieldRule(row.rule) for row in session.exec(select(FieldRuleChoice))}
    return {key: chosen.get(key, field.rule) for key, field in FIELDS.items()}


def all_rules() -> dict[str, FieldRule]:
    """The rule of every field, for the command line."""
    with reading() as session:
        return rules(session)


def set_rule(field: str, rule: FieldRule) -> None:
    """Choose the rule of a field; what waits already goes on waiting.

    Raises:
        KeyError: no such field.
    """
    FIELDS[field]
    with writing() as session:
        row = session.get(FieldRuleChoice, field)
        if row is None:
            session.add(FieldRuleChoice(field=field, rule=rule.value))
        else:
            row.rule = rule.value
        log_action(session, "field_rule_set", subject=f"{field} {rule.value}")
