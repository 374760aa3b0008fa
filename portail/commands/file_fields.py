"""`portail fields`: which rule the town sets for each field of the family file."""

from __future__ import annotations

from typing import Annotated

import typer

from portail.commands.acting import fail
from portail.domain.file_fields import FIELDS, RULE_LABELS, FieldRule
from portail.services.family_file.rules import all_rules, set_rule

app = typer.Typer(no_args_is_help=True, help="Les champs du dossier famille et leur règle")


@app.command("list")
def list_rules() -> None:
    """Dire la règle de chaque champ."""
    for key, rule in all_rules().items():
        typer.echo(f"{key:<24} {rule.value:<8} {FIELDS[key].label} : {RULE_LABELS[rule]}")


@app.command("set")
def choose(
    field: Annotated[str, typer.Argument(help="Champ, comme household.address")],
    rule: Annotated[FieldRule, typer.Argument(help="Règle")],
) -> None:
    """Choisir la règle d’un champ."""
    if field not in FIELDS:
        fail(f"Aucun champ ne s’appelle « {field} » : portail fields list.")
    set_rule(field, rule)
    typer.echo(f"{FIELDS[field].label} : {RULE_LABELS[rule]}.")
