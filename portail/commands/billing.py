"""`portail billing`: a month looked at, then issued, until the régie has screens for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from portail.commands.acting import Agent, acting, fail
from portail.domain.billing.charges import Why
from portail.domain.identity import Forbidden
from portail.services.billing.outcomes import (
    AlreadyIssued,
    Busy,
    MonthIssued,
    MonthPreview,
    NotOver,
    Sum,
    Totals,
)
from portail.services.billing.runs import Progress as Tell
from portail.services.billing.runs import issue_month, preview
from portail.texts.french import NBSP, counted, euros, month, numeric_day, of, sentence

app = typer.Typer(no_args_is_help=True, help="La facturation d’un mois")
Month = Annotated[datetime, typer.Option(formats=["%Y-%m"], help="Le mois, par exemple 2026-10")]
BUSY = 3  # exit code
_ANOMALIES = {
    Why.NO_PRICE: "sans prix, donc pas facturé (le sera quand un prix sera connu)",
    Why.NO_ADDRESS: "famille sans adresse",
    Why.NO_ACCOUNT: "famille sans compte, que personne ne prévient par e-mail",
    Why.NEGATIVE: "mois en faveur de la famille",
}


@app.command("preview")
def preview_(agent: Agent, month: Month) -> None:
    """Dire ce qui serait facturé, et ce qui est à vérifier avant ; ne rien écrire."""
    with _bar() as tell:
        found = _allowed(agent, month.date(), tell)
    _head(found)
    _tell(found.totals)
    for one in found.unanswered:
        what = "demande sans réponse, pas facturée" if one.approval else "présence non renseignée"
        typer.secho(
            f" ! {one.activity}, {one.slot}{NBSP}: {one.count} × {what}", fg=typer.colors.YELLOW
        )
    for why, number in sorted(found.totals.anomalies.items()):
        typer.secho(f" ! {number} × {_ANOMALIES[why]}", fg=typer.colors.YELLOW)
        shown = [one for one in found.totals.examples if one.why is why]
        for anomaly in shown:
            about = f"{NBSP}: {anomaly.about}" if anomaly.about else ""
            typer.echo(f"     {anomaly.family_number} {anomaly.family_name}{about}")
        if number > len(shown):
            typer.echo(f"     … et {number - len(shown)} autres")


@app.command()
def issue(
    agent: Agent,
    month: Month,
    before_end: Annotated[
        bool, typer.Option("--before-end", help="Facturer un mois qui n’est pas fini")
    ] = False,
) -> None:
    """Émettre toutes les factures du mois ; interrompu, relancer la même commande."""
    actor = acting(agent)
    try:
        with _bar() as tell:
            outcome = issue_month(actor, month.date(), tell, before_end=before_end)
    except Forbidden:
        fail("Cet agent n’a pas le rôle « régie ».")
    match outcome:
        case Busy():
            typer.secho("Une facturation est déjà en cours.", err=True, fg=typer.colors.RED)
            raise typer.Exit(BUSY)
        case NotOver():
            fail(f"Ce mois n’est pas fini{NBSP}: --before-end pour facturer d’avance.")
        case AlreadyIssued():
            typer.echo(
                f"Ce mois a été facturé le {numeric_day(outcome.issued_on)}. Ce qui a changé "
                "depuis sera corrigé avec le mois suivant."
            )
        case MonthIssued():
            if outcome.resumed:
                typer.echo("Reprise d’une facturation interrompue.")
            _tell(outcome.totals)


def _allowed(agent: str, on: date, tell: Tell) -> MonthPreview:
    try:
        return preview(acting(agent), on, tell)
    except Forbidden:
        fail("Cet agent n’a pas le rôle « régie ».")


def _head(found: MonthPreview) -> None:
    about = of(month(found.period_on))
    typer.secho(sentence(f"factures {about}, rien n’est écrit"), bold=True)
    if found.issued:
        typer.echo("Ce mois est déjà facturé.")


def _tell(totals: Totals) -> None:
    families = counted(totals.families, "famille")
    typer.echo(f"{families}{NBSP}: {_both(totals)}")
    for regie in sorted(totals.invoices.keys() | totals.credit_notes.keys()):
        _row(f"Régie {regie}", totals.invoices, totals.credit_notes, regie)
    for activity, one in sorted(totals.activities.items()):
        name = activity or "Lignes saisies par un agent"
        typer.echo(f"  {name:<48} {one.count:>9} {euros(one.cents):>16}")


def _both(totals: Totals) -> str:
    invoices = sum(one.count for one in totals.invoices.values())
    notes = sum(one.count for one in totals.credit_notes.values())
    text = f"{counted(invoices, 'facture')}, {euros(totals.invoiced_cents)}"
    if notes:
        text += f", et {counted(notes, 'avoir')}, {euros(totals.credited_cents)}"
    return text


def _row(name: str, invoices: Mapping[str, Sum], notes: Mapping[str, Sum], regie: str) -> None:
    asked, given = invoices.get(regie, Sum()), notes.get(regie, Sum())
    typer.echo(f"  {name:<48} {asked.count:>9} {euros(asked.cents):>16}")
    if given.count:
        typer.echo(f"  {'  avoirs':<48} {given.count:>9} {euros(-given.cents):>16}")


@contextmanager
def _bar() -> Iterator[Tell]:
    """A bar on a terminal; nothing in a log."""
    console = Console(stderr=True)
    shown = (
        TextColumn("{task.completed}/{task.total} familles"),
        BarColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *shown, console=console, disable=not console.is_terminal, transient=True
    ) as progress:
        task = progress.add_task("familles", total=None)

        def tell(done: int, count: int) -> None:
            progress.update(task, completed=done, total=count)

        yield tell
