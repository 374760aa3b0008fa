"""`portail enrolments`: requests of families, for agents until they have screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from portail.commands.acting import Agent, acting, fail
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Forbidden
from portail.domain.procedures import STATE_LABELS, ProcedureState
from portail.services.enrolments import answers
from portail.services.enrolments.answers import Answered, AnswerOutcome, Full
from portail.services.reach import NotFound
from portail.texts.french import moment, numeric_day

app = typer.Typer(no_args_is_help=True, help="Les demandes d’inscription")
Number = Annotated[int, typer.Argument(min=1, max=10**9, help="Numéro donné par « list »")]


@app.command("list")
def list_requests(
    agent: Agent,
    *,
    every: Annotated[bool, typer.Option("--all", help="Les inscriptions validées aussi")] = False,
) -> None:
    """Les demandes qui attendent une réponse ou une place, les plus anciennes d’abord."""
    actor = acting(agent)
    try:
        found = answers.requests(actor, every=every)
    except Forbidden:
        fail("Cet agent n’a pas le rôle « enfance ».")
    for one in found:
        typer.echo(
            f"{one.id:>6}  {moment(one.requested_at)}  {one.family_number} {one.family_name}  "
            f"{one.child} ({one.class_level or 'classe inconnue'})  {one.activity}  "
            f"à partir du {numeric_day(one.entry_on)}  [{_label(one.state, one.rank)}]"
        )
    if not found:
        typer.echo("Aucune demande n’attend.")


@app.command()
def validate(number: Number, agent: Agent) -> None:
    """Valider une demande."""
    actor = acting(agent)
    _answer(lambda: answers.validate(actor, number))


@app.command()
def refuse(
    number: Number, agent: Agent, reason: Annotated[str, typer.Option(help="Motif")]
) -> None:
    """Refuser une demande, avec un motif que la famille lira."""
    actor = acting(agent)
    _answer(lambda: answers.refuse(actor, number, reason))


@app.command("ask-document")
def ask_document(
    number: Number, agent: Agent, what: Annotated[str, typer.Option(help="Document demandé")]
) -> None:
    """Demander un document à la famille avant de répondre."""
    actor = acting(agent)
    _answer(lambda: answers.ask_document(actor, number, what))


def _answer(work: Callable[[], AnswerOutcome]) -> None:
    try:
        outcome = work()
    except Forbidden:
        fail("Cet agent n’a pas le rôle « enfance ».")
    except NotFound:
        fail("Il n’y a pas de demande de ce numéro.")
    except ValueError:
        fail(f"Dites pourquoi, en {answers.MAX_REASON} caractères au plus.")
    match outcome:
        case Answered(state):
            typer.echo(f"Demande : {_label(state)}.")
        case Full():
            fail("Plus de place : un autre enfant l’a.")
        case _:
            fail(f"Pas possible : la demande est à l’état « {_label(outcome.state)} ».")


def _label(state: EnrolmentState, rank: int = 0) -> str:
    label = STATE_LABELS[ProcedureState(state.value)]
    return f"{label}, rang {rank}" if rank else label
