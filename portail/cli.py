"""The `portail` command. The groups of commands are in `portail.commands`."""

from __future__ import annotations

import signal
import sys
from typing import Annotated

import typer

from portail import frontend, logs, migrations, server
from portail.adapters.sealing import SealBrokenError
from portail.commands import (
    billing,
    catalogue,
    documents,
    enrolments,
    file_fields,
    messages,
    news,
    payments,
    procedures,
)
from portail.commands.acting import fail
from portail.demo import build as demo_build
from portail.demo import town
from portail.doctor import diagnose
from portail.domain.identity import Role
from portail.services import health
from portail.services.agents import AgentRefused
from portail.services.agents import create_agent as create
from portail.services.family_file.medical import reseal_everything
from portail.services.planning.feed_addresses import reseal_calendars
from portail.settings import SettingsError, settings
from portail.texts.french import counted

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Portail Famille")
app.add_typer(catalogue.app, name="catalogue")
app.command()(catalogue.explain)
app.add_typer(procedures.app, name="procedures")
app.add_typer(documents.app, name="documents")
app.add_typer(file_fields.app, name="fields")
app.add_typer(enrolments.app, name="enrolments")
app.add_typer(payments.app, name="payments")
app.add_typer(billing.app, name="billing")
app.add_typer(messages.app, name="messages")
app.add_typer(news.app, name="news")


@app.callback()
def _settings() -> None:
    try:
        settings()
    except SettingsError as error:
        fail(str(error))
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
        fail(f"Le port {port} est déjà pris. Essayez : PORT={port + 1} make run")
    _announce()
    server.serve()


def _build_if_needed() -> None:
    if frontend.is_current():
        return
    typer.echo("Construction des pages (une seule fois, une vingtaine de secondes)…")
    try:
        frontend.build()
    except RuntimeError as error:
        fail(str(error))


def _announce() -> None:
    typer.secho(f"\n  {settings().portal_name} – {settings().town_name}", bold=True)
    typer.echo(f"  {settings().base_url}\n")
    if not settings().demo:
        return
    typer.echo(f"  Parents   z-pinceau, k-benali, m-delmas   {town.PASSWORD}")
    names = ", ".join(agent.user_name for agent in town.AGENTS)
    typer.echo(f"  Agents    {names}   {town.PASSWORD}   ({settings().base_url}/agents)")
    typer.echo(f"  Courriels {settings().base_url}/demo/courriels")
    typer.echo("\n  Ctrl-C pour arrêter.\n")
    sys.stdout.flush()


@app.command()
def serve() -> None:
    """Servir le portail ; les pages sont construites et la base est à jour."""
    if not frontend.is_current():
        fail("Les pages ne sont pas à jour : portail build (ou make run).")
    if problems := health.problems():
        fail("La base n’est pas prête : " + " ; ".join(problems) + ". Essayez : portail migrate.")
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
        fail("La ville de démonstration est refusée en production.")
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
        fail(made.reason)
    typer.echo(f"Agent créé : {user_name}")


@app.command()
def reseal() -> None:
    """Sceller de nouveau ce qui est scellé avec la première clé de PORTAIL_SEALING_KEYS."""
    try:
        count = reseal_everything() + reseal_calendars()
    except SealBrokenError:
        fail("Un texte a été scellé avec une clé qui n’est plus dans PORTAIL_SEALING_KEYS.")
    typer.echo(f"{counted(count, 'texte scellé', 'textes scellés')} avec la nouvelle clé.")


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
