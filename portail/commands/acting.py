"""What the commands of agents share: who acts, and how a failure is said."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

from portail.domain.identity import Actor
from portail.services.agents import acting_agent

Agent = Annotated[str, typer.Option("--agent", help="Nom d’utilisateur de l’agent qui agit")]


def fail(message: str) -> NoReturn:
    """Stop with a sentence."""
    typer.secho(message, err=True, fg=typer.colors.RED)
    raise typer.Exit(1)


def acting(user_name: str) -> Actor:
    """The agent who acts."""
    actor = acting_agent(user_name)
    if actor is None:
        fail(f"Aucun agent ne s’appelle « {user_name} ».")
    return actor
