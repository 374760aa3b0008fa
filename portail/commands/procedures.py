"""`portail procedures`: the requests of families, for agents until they have screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from portail.commands.acting import Agent, acting, fail
from portail.domain.identity import Forbidden
from portail.domain.procedures import STATE_LABELS
from portail.services.family_file import answers
from portail.services.family_file.answers import Answered, AnswerOutcome
from portail.services.planning import absences
from portail.services.reach import NotFound
from portail.texts.french import moment

absences.register()  # those that are answered here are followed
app = typer.Typer(no_args_is_help=True, help="Les démarches des familles")
Number = Annotated[int, typer.Argument(min=1, max=10**9, help="Numéro de la démarche")]


@app.command("list")
def list_waiting(agent: Agent) -> None:
    """Les démarches qui attendent une réponse ou un document."""
    actor = acting(agent)
    try:
        found = answers.waiting(actor)
    except Forbidden:
        fail("Cet agent n’a pas le rôle « enfance ».")
    for one in found:
        child = f" ({one.child})" if one.child else ""
        typer.echo(
            f"{one.id:>6}  {moment(one.requested_at)}  {one.family_number} {one.family_name}  "
            f"{one.title}{child}  [{STATE_LABELS[one.state]}]"
        )
    if not found:
        typer.echo("Aucune démarche n’attend.")


@app.command()
def accept(number: Number, agent: Agent) -> None:
    """Accepter : le changement entre dans le dossier, l’absence est justifiée."""
    actor = acting(agent)
    _answer(lambda: answers.accept(actor, number))


@app.command()
def refuse(
    number: Number, agent: Agent, reason: Annotated[str, typer.Option(help="Motif")]
) -> None:
    """Refuser, avec un motif que la famille lira."""
    actor = acting(agent)
    _answer(lambda: answers.refuse(actor, number, reason))


@app.command("ask-document")
def ask_document(
    number: Number, agent: Agent, what: Annotated[str, typer.Option(help="Document demandé")]
) -> None:
    """Demander un document avant de répondre."""
    actor = acting(agent)
    _answer(lambda: answers.ask_document(actor, number, what))


def _answer(work: Callable[[], AnswerOutcome]) -> None:
    try:
        outcome = work()
    except Forbidden:
        fail("Cet agent n’a pas le rôle « enfance ».")
    except NotFound:
        fail("Il n’y a pas de démarche de ce numéro.")
    except ValueError:
        fail("Dites pourquoi.")
    if isinstance(outcome, Answered):
        typer.echo(f"Démarche : {STATE_LABELS[outcome.state]}.")
    else:
        fail("Cette démarche a déjà une réponse, ou n’attend pas d’agent.")
