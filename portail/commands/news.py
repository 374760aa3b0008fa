"""`portail news publish|list|withdraw`: the news, until agents have screens for it."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from portail import clock
from portail.adapters.news_file import FileProblem, FileProblemsError, NewsFile, parse
from portail.commands.acting import Agent, acting, fail
from portail.domain.identity import Actor, Forbidden
from portail.services.documents.local import local_file
from portail.services.news.listing import all_news
from portail.services.news.publishing import Change, Published, Refused, publish
from portail.services.news.publishing import withdraw as withdraw_article
from portail.services.reach import NotFound
from portail.texts.french import NBSP, counted, moment
from portail.texts.news import PHASES, concerns_line

app = typer.Typer(no_args_is_help=True, help="Les actualités de la mairie")
Place = tuple[str | int, ...]
NOT_ALLOWED = "Cet agent n’écrit pas les actualités : il lui faut le rôle « enfance » ou "
NOT_ALLOWED += "« administration »."
DONE = {
    Change.CREATED: "publiée",
    Change.CHANGED: "mise à jour",
    Change.UNCHANGED: "rien à changer",
}


@app.command("publish")
def publish_(
    file: Annotated[Path, typer.Argument(help="Fichier .md, décrit dans docs/news.md")],
    agent: Agent,
) -> None:
    """Publier l’actualité d’un fichier, ou la mettre à jour ; deux fois donne le même résultat."""
    actor = acting(agent)
    news_file = _read(file)
    _there(file, news_file)
    try:
        outcome = asyncio.run(_published(actor, news_file, file.parent))
    except Forbidden:
        fail(NOT_ALLOWED)
    if isinstance(outcome, Refused):
        _refuse(
            file, [FileProblem(news_file.line(one.place), one.text) for one in outcome.problems]
        )
    typer.echo(f"{news_file.draft.title}{NBSP}: {DONE[outcome.change]} (n°{NBSP}{outcome.number}).")


@app.command("list")
def list_(agent: Agent) -> None:
    """Toutes les actualités, de la plus récente à la plus ancienne."""
    try:
        found = all_news(acting(agent))
    except Forbidden:
        fail(NOT_ALLOWED)
    for one in found:
        until = f" – {moment(one.published_until)}" if one.published_until else ""
        marks = [PHASES[one.phase]]
        marks += ["importante"] * one.important + ["publique"] * one.public
        typer.echo(
            f"{one.number:>5}  {moment(one.published_from)}{until}  {one.slug}  {one.title}\n"
            f"       {', '.join(marks)}. {concerns_line(one.targets)}. "
            f"{counted(one.told, 'compte prévenu', 'comptes prévenus')}."
        )
    if not found:
        typer.echo("Aucune actualité.")


@app.command()
def withdraw(
    slug: Annotated[str, typer.Argument(help="Nom (slug) donné par « list »")], agent: Agent
) -> None:
    """Retirer une actualité : plus personne ne la lit."""
    try:
        was_there = withdraw_article(acting(agent), slug)
    except Forbidden:
        fail(NOT_ALLOWED)
    except NotFound:
        fail(f"Aucune actualité ne s’appelle « {slug} ».")
    typer.echo("Actualité retirée." if was_there else "Elle l’était déjà.")


def _read(file: Path) -> NewsFile:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        fail(f"{file} : {error.strerror}")
    except UnicodeDecodeError:
        fail(f"{file} : ce n’est pas un texte en UTF-8.")
    try:
        return parse(text, file.stem, clock.paris(clock.now()).replace(second=0, microsecond=0))
    except FileProblemsError as error:
        _refuse(file, list(error.problems))


def _there(file: Path, news_file: NewsFile) -> None:
    """Stop when a file that goes with the article is missing."""
    named: list[tuple[Place, str]] = [
        (("attachments", rank), name) for rank, name in enumerate(news_file.attachments)
    ]
    if news_file.picture:
        named.append((("picture",), news_file.picture))
    missing = [
        FileProblem(news_file.line(place), f"il n’y a pas de fichier « {name} » à côté de celui-ci")
        for place, name in named
        if not (file.parent / name).is_file()
    ]
    if missing:
        _refuse(file, missing)


async def _published(actor: Actor, news_file: NewsFile, folder: Path) -> Published | Refused:
    with ExitStack() as stack:
        named = (*([news_file.picture] if news_file.picture else []), *news_file.attachments)
        received = [
            stack.enter_context(local_file(folder / name, Path(name).name)) for name in named
        ]
        picture = received.pop(0) if news_file.picture else None
        return await publish(actor, news_file.draft, picture, received)


def _refuse(file: Path, problems: list[FileProblem]) -> NoReturn:
    for one in sorted(problems, key=lambda problem: problem.line):
        typer.secho(f"{file.name}, {one}", err=True, fg=typer.colors.RED)
    raise typer.Exit(1)
