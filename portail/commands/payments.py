"""`portail payments`: what agents of the régie look at, until they have screens."""

from __future__ import annotations

from typing import Annotated

import typer

from portail.commands.acting import Agent, acting, fail
from portail.domain.identity import Forbidden
from portail.domain.payments import Problem
from portail.services import payments
from portail.texts.french import euros, moment

app = typer.Typer(no_args_is_help=True, help="Les paiements en ligne à vérifier")
PROBLEMS = {
    Problem.AMOUNT: "autre montant",
    Problem.REFERENCE: "autre référence",
    Problem.SETTLED: "factures déjà payées",
    Problem.TEST: "carte de test",
}


@app.command("list")
def list_flagged(agent: Agent) -> None:
    """Les paiements qui ne sont pas ce qui était demandé ; ils ne sont appliqués à rien."""
    actor = acting(agent)
    try:
        found = payments.flagged(actor)
    except Forbidden:
        fail("Cet agent n’a pas le rôle « régie ».")
    for one in found:
        paid = "" if one.paid_cents is None else f", payé {euros(one.paid_cents)}"
        typer.echo(
            f"{one.id:>6}  {moment(one.at)}  {one.family_number} {one.family_name}  "
            f"{one.reference}  demandé {euros(one.cents)}{paid}  [{PROBLEMS[one.problem]}]"
        )
    if not found:
        typer.echo("Aucun paiement à vérifier.")


@app.command()
def clear(
    number: Annotated[int, typer.Argument(min=1, max=10**9, help="Numéro du paiement")],
    agent: Agent,
    note: Annotated[str, typer.Option(help="Ce qui a été fait ; la famille le lira")],
) -> None:
    """Dire qu’un paiement est vérifié : ses factures peuvent être payées si elles sont dues."""
    actor = acting(agent)
    if not note.strip():
        fail("Dites ce qui a été fait.")
    try:
        done = payments.clear(actor, number, note)
    except Forbidden:
        fail("Cet agent n’a pas le rôle « régie ».")
    if not done:
        fail("Aucun paiement de ce numéro n’est à vérifier.")
    typer.echo("Paiement vérifié.")
