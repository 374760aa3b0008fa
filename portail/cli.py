"""The `portail` command: start, serve, migrate, demo, create-agent, build, doctor."""

from __future__ import annotations

import signal
import sys
from typing import Annotated, NoReturn

import typer

from portail import cli_documents, frontend, logs, migrations, server
from portail.demo import build as demo_build
from portail.demo import town
from portail.doctor import diagnose
from portail.domain.identity import Role
from portail.services import health
from portail.services.agents import AgentRefused
from portail.services.agents import create_agent as create
from portail.settings import SettingsError, settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Portail Famille")

app.add_typer(cli_documents.app, name="documents")


def _fail(message: str) -> NoReturn:
    typer.secho(message, err=True, fg=typer.colors.RED)
    raise typer.Exit(1)


@app.callback()
def _settings() -> None:
    try:
        settings()
    except SettingsError as error:
        _fail(str(error))
    logs.configure()


@app.command()
def start() -> None:
    """Tout ce qu’il faut pour démarrer : pages, base, ville de démonstration, puis le service."""
    _build_if_needed()
    migrations.upgrade()
    if settings().demo and not demo_build.exists():
        typer.echo("Construction de la ville de démonstration…")
        demo_build.build()
    _serve()


def _serve() -> None:
    if not server.port_is_free():
        port = settings().port
        _fail(f"Le port {port} est déjà pris. Essayez : PORT={port + 1} make run")
    _announce()
    server.serve()


def _build_if_needed() -> None:
    if frontend.is_current():
        return
    typer.echo("Construction des pages (une seule fois, une vingtaine de secondes)…")
    try:
        frontend.build()
    except RuntimeError as error:
        _fail(str(error))


def _announce() -> None:
    typer.secho(f"\n  {settings().portal_name} – {settings().town_name}", bold=True)
    typer.echo(f"  {settings().base_url}\n")
    if not settings().demo:
        return
    typer.echo(f"  Parents   z-pinceau, k-benali           {town.PASSWORD}")
    names = ", ".join(agent.user_name for agent in town.AGENTS)
    typer.echo(f"  Agents    {names}   {town.PASSWORD}   ({settings().base_url}/agents)")
    typer.echo(f"  Courriels {settings().base_url}/demo/courriels")
    typer.echo("\n  Ctrl-C pour arrêter.\n")
    sys.stdout.flush()


@app.command()
def serve() -> None:
    """Servir le portail ; les pages sont construites et la base est à jour."""
    if not frontend.is_current():
        _fail("Les pages ne sont pas à jour : portail build (ou make run).")
    if problems := health.problems():
        _fail("La base n’est pas prête : " + " ; ".join(problems) + ". Essayez : portail migrate.")
    _serve()


@app.command()
def build() -> None:
    """Construire les pages si elles ont changé."""
    _build_if_needed()


@app.command()
def migrate() -> None:
    """Mettre la base de données au schéma le plus récent."""
    migrations.upgrade()
    typer.echo(f"Base à jour : {migrations.current_revision()}")


@app.command()
def demo(
    families: Annotated[
        int, typer.Option(min=0, max=100_000, help="Familles inventées à ajouter")
    ] = 0,
) -> None:
    """Construire la ville de démonstration, ou lui ajouter des familles."""
    if not settings().demo:
        _fail("La ville de démonstration est refusée en production.")
    migrations.upgrade()
    if demo_build.exists():
        demo_build.add_families(families)
    else:
        demo_build.build(families)
    typer.echo("Ville de démonstration prête.")


@app.command()
def create_agent(
    user_name: Annotated[str, typer.Argument(help="Nom d’utilisateur")],
    email: Annotated[str, typer.Option(prompt="Adresse e-mail")],
    first_name: Annotated[str, typer.Option(prompt="Prénom")],
    last_name: Annotated[str, typer.Option(prompt="Nom")],
    role: Annotated[list[Role], typer.Option(help="Rôle, plusieurs fois si besoin")],
    password: Annotated[
        str, typer.Option(prompt="Mot de passe", hide_input=True, confirmation_prompt=True)
    ],
) -> None:
    """Créer un agent."""
    made = create(user_name, email, first_name, last_name, password, role)
    if isinstance(made, AgentRefused):
        _fail(made.reason)
    typer.echo(f"Agent créé : {user_name}")


@app.command()
def doctor() -> None:
    """Dire ce qui manque à l’installation."""
    findings = diagnose()
    for finding in findings:
        mark = "✓" if finding.ok else "✗"
        typer.echo(f" {mark} {finding.name} : {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Entry point of `portail`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    app()


if __name__ == "__main__":
    main()
