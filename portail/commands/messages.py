"""`portail messages`: conversations with families, for agents until they have screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from portail.commands.acting import Agent, acting, fail
from portail.domain.identity import Forbidden, Role
from portail.domain.messages import MAX_BODY, STATE_LABELS, ThreadState
from portail.services.messages import NewerMessage, answering, contacts
from portail.services.reach import NotFound
from portail.texts.french import counted, moment

Outcome = TypeVar("Outcome")
app = typer.Typer(no_args_is_help=True, help="Les messages des familles")
Number = Annotated[int, typer.Argument(min=1, max=10**9, help="Numéro donné par « list »")]
Code = Annotated[str, typer.Argument(help="Code du service, donné par « services »")]


def _done(act: Callable[[], Outcome]) -> Outcome:
    try:
        outcome = act()
    except Forbidden:
        fail("Cet agent n’a pas le rôle qu’il faut.")
    except NotFound:
        fail("Introuvable, ou d’un service auquel cet agent ne répond pas.")
    if isinstance(outcome, answering.BadText):
        fail(f"Pas possible : vérifiez ce qui est donné ({MAX_BODY} caractères au plus).")
    if isinstance(outcome, NewerMessage):
        fail("Un message n’a pas été lu : portail messages show.")
    return outcome


@app.command("list")
def list_threads(
    agent: Agent,
    *,
    service: Annotated[str, typer.Option(help="Code d’un service")] = "",
    state: Annotated[ThreadState | None, typer.Option(help="Un seul état")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Celles de l’agent")] = False,
) -> None:
    """Les conversations, la plus ancienne d’abord."""
    actor = acting(agent)
    found = _done(lambda: answering.queue(actor, service=service, state=state, mine=mine))
    for one in found:
        sign = "*" if one.unread else " "
        to = f"  → {one.agent}" if one.agent else ""
        typer.echo(
            f"{sign}{one.id:>6}  {moment(one.last_at)}  {one.family_number} {one.family_name}  "
            f"{one.service}  « {one.subject} »  [{STATE_LABELS[one.state]}]{to}"
        )
    if not found:
        typer.echo("Aucun message.")


@app.command()
def show(number: Number, agent: Agent) -> None:
    """Lire une conversation et ses notes ; elle est lue."""
    actor = acting(agent)
    found = _done(lambda: answering.read(actor, number))
    line, about = found.line, found.about
    concerned = f" ({about.name})" if about.name else ""
    typer.echo(f"« {line.subject} »  {line.service}  [{STATE_LABELS[line.state]}]")
    typer.echo(f"Dossier {line.family_number} {line.family_name}{concerned}")
    for one in found.messages:
        typer.echo(f"\n{one.author}, {moment(one.sent_at)}\n{one.body}")
        for file in one.files:
            typer.echo(f"  pièce jointe : {file.name}")
    for note in found.notes:
        typer.echo(f"\nNote de {note.author}, {moment(note.at)}\n{note.body}")


@app.command()
def answer(
    number: Number,
    agent: Agent,
    text: Annotated[str, typer.Option(help="La réponse")] = "",
    reply: Annotated[str, typer.Option(help="Titre d’une réponse type du service")] = "",
    service: Annotated[str, typer.Option(help="Code du service de la réponse type")] = "",
) -> None:
    """Répondre à une famille, qui est prévenue par e-mail."""
    actor = acting(agent)
    if reply:
        known = _done(lambda: contacts.saved_replies(actor, service))
        text = next((one.body for one in known if one.title == reply), "")
    _done(lambda: answering.answer(actor, number, text))
    typer.echo("Réponse envoyée.")


@app.command()
def assign(
    number: Number,
    agent: Agent,
    to: Annotated[str, typer.Option(help="Nom d’utilisateur ; vide : à personne")] = "",
) -> None:
    """Confier une conversation à un agent du service."""
    actor = acting(agent)
    _done(lambda: answering.assign(actor, number, to))
    typer.echo(f"Confiée à {to}." if to else "Confiée à personne.")


@app.command()
def note(number: Number, agent: Agent, text: Annotated[str, typer.Option(help="La note")]) -> None:
    """Écrire une note que seuls les agents lisent."""
    actor = acting(agent)
    _done(lambda: answering.note(actor, number, text))
    typer.echo("Note gardée.")


@app.command()
def close(number: Number, agent: Agent) -> None:
    """Clore une conversation lue."""
    actor = acting(agent)
    _done(lambda: answering.close(actor, number))
    typer.echo("Conversation terminée.")


@app.command()
def services(agent: Agent) -> None:
    """Les services auxquels les familles écrivent."""
    actor = acting(agent)
    for one in _done(lambda: contacts.contact_services(actor)):
        delay = counted(one.answer_days, "jour ouvré", "jours ouvrés")
        closed = "" if one.active else "  (fermé)"
        typer.echo(f"{one.code}  {one.label}  {delay}  [{one.role.value}]{closed}")


@app.command("set-service")
def set_service(
    code: Code,
    agent: Agent,
    label: Annotated[str, typer.Option(help="Nom que les familles lisent")],
    role: Annotated[Role, typer.Option(help="Rôle des agents qui répondent")],
    days: Annotated[int, typer.Option(help="Délai habituel, en jours ouvrés")] = 3,
    hint: Annotated[str, typer.Option(help="Pour quoi on lui écrit")] = "",
    *,
    active: Annotated[bool, typer.Option("--active/--closed", help="Prend des messages")] = True,
) -> None:
    """Ajouter un service, ou changer celui de ce code."""
    actor = acting(agent)
    wanted = contacts.ContactView(code, label, hint, days, role, active)
    _done(lambda: contacts.set_service(actor, wanted))
    typer.echo(f"Service {code} : enregistré.")


@app.command()
def replies(code: Code, agent: Agent) -> None:
    """Les réponses types d’un service."""
    actor = acting(agent)
    for one in _done(lambda: contacts.saved_replies(actor, code)):
        typer.echo(f"{one.title}\n{one.body}\n")


@app.command("save-reply")
def save_reply(
    code: Code,
    agent: Agent,
    title: Annotated[str, typer.Option(help="Titre")],
    text: Annotated[str, typer.Option(help="La réponse ; vide : l’oublier")] = "",
) -> None:
    """Garder une réponse type."""
    actor = acting(agent)
    _done(lambda: contacts.save_reply(actor, code, title, text))
    typer.echo("Réponse type gardée." if text else "Réponse type oubliée.")
