"""`portail documents …`: what agents do with documents until they have screens for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from portail.adapters.uploads.verdicts import Unsound
from portail.commands.acting import Agent, acting, fail
from portail.domain.identity import Forbidden
from portail.services.documents import checking
from portail.services.documents.local import local_file
from portail.services.reach import NotFound
from portail.texts.french import moment

Outcome = TypeVar("Outcome")
app = typer.Typer(no_args_is_help=True, help="Vérifier les documents des familles")
Number = Annotated[int, typer.Argument(min=1, max=10**9, help="Numéro donné par « list »")]


def _checked(act: Callable[[], Outcome]) -> Outcome:
    try:
        return act()
    except Forbidden:
        fail("Cet agent ne vérifie pas les documents : il lui faut le rôle « enfance ».")
    except NotFound:
        fail("Introuvable.")


def _say(
    outcome: checking.Checked
    | checking.AlreadyChecked
    | checking.DateNeeded
    | checking.ReasonNeeded,
    done: str,
) -> None:
    match outcome:
        case checking.Checked(name):
            typer.echo(f"{name} : {done}.")
        case checking.AlreadyChecked():
            fail("Ce document est déjà vérifié.")
        case checking.DateNeeded():
            fail("Donnez la date écrite sur le document, à venir : --until AAAA-MM-JJ.")
        case checking.ReasonNeeded():
            fail(f"Donnez un motif, de {checking.MAX_REASON} caractères au plus.")


@app.command("list")
def list_documents(agent: Agent) -> None:
    """Les documents à vérifier, du plus ancien au plus récent."""
    found = _checked(lambda: checking.documents_to_check(acting(agent)))
    for one in found:
        about = " · ".join(part for part in (one.about, one.child, one.procedure) if part)
        date_asked = " (date de validité à donner)" if one.states_date else ""
        typer.echo(
            f"{one.id:>6}  {one.family_number} {one.family_name}  {about}{date_asked}"
            f"  {one.name}  reçu le {moment(one.sent_at)}"
        )
    if not found:
        typer.echo("Aucun document à vérifier.")


@app.command()
def accept(
    number: Number,
    agent: Agent,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date écrite sur le document")
    ] = None,
) -> None:
    """Accepter un document."""
    day: date | None = until.date() if until else None
    _say(_checked(lambda: checking.accept(acting(agent), number, day)), "accepté")


@app.command()
def refuse(
    number: Number,
    agent: Agent,
    reason: Annotated[str, typer.Option(help="Motif, que la famille lira")],
) -> None:
    """Refuser un document, avec un motif."""
    _say(_checked(lambda: checking.refuse(acting(agent), number, reason)), "refusé")


@app.command()
def give(
    family: Annotated[int, typer.Argument(min=1, max=10**9, help="Numéro de dossier")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    agent: Agent,
) -> None:
    """Remettre un document à une famille."""

    def given() -> checking.Given | Unsound:
        with local_file(file, file.name) as received:
            return asyncio.run(checking.give(acting(agent), family, received))

    outcome = _checked(given)
    if isinstance(outcome, Unsound):
        fail(outcome.message)
    typer.echo(f"Document remis au dossier {family}.")
