"""`portail catalogue check|import|export` and `portail explain`: the town's rules, by hand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from portail import clock
from portail.adapters.catalogue_file import FileProblemsError, export, parse
from portail.commands.acting import fail
from portail.domain.calendars import Calendar
from portail.domain.catalogue import Town
from portail.domain.pricing import Price, Tariff, Unpriced
from portail.services.catalogue.explaining import Unknown, explain_cell
from portail.services.catalogue.importing import Preview, import_catalogue, in_force, preview
from portail.settings import PARIS
from portail.texts import prices
from portail.texts.explanations import explanation
from portail.texts.french import counted, day, moment

app = typer.Typer(no_args_is_help=True, help="Le catalogue de la ville : règles et tarifs.")

_KINDS = {
    "town": "la ville, son calendrier, ses habitants",
    "type": "type",
    "site": "lieu",
    "activity": "activité",
    "slot": "prestation",
    "tariff": "tarif",
}
_UNKNOWN = {
    Unknown.CHILD: "Aucun enfant n’a ce numéro (dans ce dossier).",
    Unknown.SLOT: "Aucune prestation du catalogue n’a ce code.",
}
NOT_THERE = 2  # exit code of what names nothing; a file that is there and wrong gives 1


def _absent(message: str) -> NoReturn:
    typer.secho(message, err=True, fg=typer.colors.RED)
    raise typer.Exit(NOT_THERE)


@app.command()
def check(file: Annotated[Path, typer.Argument(help="Fichier TOML de la ville")]) -> None:
    """Dire tout ce qui ne va pas dans un fichier, avec les lignes ; ne rien changer."""
    town, tariffs = _read(file)
    activities = counted(len(town.activities), "activité")
    slots = counted(sum(len(activity.slots) for activity in town.activities), "prestation")
    typer.echo(f"{town.name} : {activities}, {slots}, {counted(len(tariffs), 'tarif')}.")
    _warn_of_the_end(town)


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="Fichier TOML de la ville")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dire ce qui changerait, sans rien écrire")
    ] = False,
) -> None:
    """Mettre en service le catalogue d’un fichier : tout, ou rien s’il a un défaut."""
    town, tariffs = _read(file)
    found = preview(town, tariffs)
    _tell(found)
    _warn_of_the_end(town)
    if not found.changes:
        typer.echo("Rien à changer.")
    elif dry_run:
        typer.echo("Rien n’a été écrit (--dry-run).")
    else:
        typer.echo(f"Catalogue en service : version {import_catalogue(town, tariffs)}.")


@app.command(name="export")
def export_(
    file: Annotated[
        Path | None, typer.Argument(help="Fichier à écrire ; sinon la sortie standard")
    ] = None,
) -> None:
    """Écrire le catalogue en service comme un fichier que l’on peut importer."""
    known = in_force()
    if known is None:
        fail("Aucun catalogue n’est en service : portail catalogue import FICHIER.")
    text = export(*known)
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        _absent(f"{file} : {error.strerror}")


def explain(
    child: Annotated[int, typer.Option(help="Numéro de l’enfant")],
    slot: Annotated[str, typer.Option(help="Code de la prestation")],
    on: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Jour")],
    at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], help="À cet instant plutôt que maintenant"
        ),
    ] = None,
    family: Annotated[
        int | None, typer.Option(help="Numéro du dossier, pour un enfant qui en a deux")
    ] = None,
) -> None:
    """Dire pourquoi un enfant peut, ou ne peut pas, être réservé un jour : règle par règle."""
    now = clock.now() if at is None else at.replace(tzinfo=PARIS)
    found = explain_cell(child, slot, on.date(), now, family)
    if isinstance(found, Unknown):
        _absent(_UNKNOWN[found])
    _head(found.child, found.slot, on.date(), f"dossier {found.family_number}", now)
    for step in found.steps:
        for line in explanation(step, found.loaded.label):
            typer.echo(f"  {line}")
    if found.price is not None:
        typer.echo("\n  Le prix, pas à pas :")
    match found.price:
        case Price() as price:
            for text in prices.explained(price):
                typer.echo(f"    {text}")
        case Unpriced() as unpriced:
            typer.echo(f"    {prices.refusal(unpriced)}")


def _head(child: str, slot: str, on: date, file: str, now: datetime) -> None:
    typer.secho(f"{child}, {slot}, {day(on)}", bold=True)
    typer.echo(f"{file}, le {moment(now)}\n")


def _read(file: Path) -> tuple[Town, dict[str, Tariff]]:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        _absent(f"{file} : {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        fail(f"{file}, ligne {line} : ce n’est pas du texte UTF-8.")
    try:
        return parse(text)
    except FileProblemsError as error:
        for problem in error.problems:
            typer.secho(f"{file}, {problem}", err=True, fg=typer.colors.RED)
        fail(f"{counted(len(error.problems), 'défaut')} : rien n’a été changé.")


def _warn_of_the_end(town: Town) -> None:
    """Say which activities go on after the last day whose school holidays are known."""
    until = Calendar(town.calendar).known_until
    beyond = [one.code for one in town.activities if one.season.last_day > until]
    if beyond:
        message = (
            f" ! le calendrier scolaire n’est connu que jusqu’au {day(until)} ; après, rien ne se "
            f"réserve (extra_holidays, known_until) : {', '.join(beyond)}"
        )
        typer.secho(message, fg=typer.colors.YELLOW)


def _tell(found: Preview) -> None:
    for sign, parts in (
        ("+", found.changes.added),
        ("~", found.changes.changed),
        ("-", found.changes.removed),
    ):
        for part in parts:
            kind, _, code = part.partition(" ")
            typer.echo(f" {sign} {_KINDS[kind]} {code}".rstrip())
    for what, words in (
        ("type de document", found.unknown_documents),
        ("école", found.unknown_schools),
    ):
        for word in words:
            typer.secho(f" ! {what} inconnu(e) du portail : {word}", fg=typer.colors.YELLOW)
