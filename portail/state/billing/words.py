"""Invoices and payments in words."""

from __future__ import annotations

from datetime import date, datetime

from portail import clock
from portail.clock import paris
from portail.services.billing.views import DueFile, DueLine, Holding
from portail.services.payments.views import (
    AlreadyPaid,
    Closed,
    InProgress,
    SeveralFamilies,
    StartOutcome,
    ToCheck,
    TooLarge,
    TooMany,
    TooSmall,
)
from portail.texts.french import (
    NBSP,
    counted,
    day,
    duration,
    euros,
    hour,
    month,
    of,
    sentence,
    weight,
)

ONLINE_CLOSED = (
    f"Le paiement en ligne n’est pas ouvert pour le moment{NBSP}: les autres façons de payer sont "
    "indiquées sur vos factures."
)
CHANGED = "Ce qui est à payer a changé entre-temps. Relisez avant de payer."
CHECKED = (
    "La banque a pris un paiement qui ne correspond pas à cette facture. La mairie le vérifie et "
    f"vous répond{NBSP}: ne payez pas une seconde fois."
)


def invoice_title(period_on: date) -> str:
    """«Octobre 2026»."""
    return sentence(month(period_on))


def invoice_named(one: DueLine) -> str:
    """«facture d’octobre 2026 (2026-00012), 36,94 €»: for whoever hears it out of its place."""
    return f"facture {of(month(one.period_on))} ({one.number}), {euros(one.due_cents)}"


def until_words(due_on: date, today: date) -> str:
    """Until when one may pay."""
    if due_on < today:
        return f"En retard depuis le {_short(due_on)}"
    if due_on == today:
        return "À payer aujourd’hui"
    return f"À payer avant le {_short(due_on)}"


def part_words(one: DueLine) -> str:
    """What is left of an invoice already covered in part; empty otherwise."""
    if one.due_cents == one.total_cents:
        return ""
    return f"Il en reste {euros(one.due_cents)} sur {euros(one.total_cents)}."


def pdf_words(size: int | None) -> str:
    """«PDF, 38 Ko»; without the size as long as the document is not made."""
    return f"(PDF, {weight(size)})" if size else "(PDF)"


def file_title(one: DueFile) -> str:
    """The family file, where there are several."""
    return f"Dossier n°{NBSP}{one.family_number} «{NBSP}{one.family_name}{NBSP}»"


def summary(files: tuple[DueFile, ...], today: date) -> str:
    """What is due and until when, in a sentence."""
    lines = [line for file in files for line in file.lines]
    if not lines:
        return "Vous n’avez rien à payer."
    total, first = euros(sum(line.due_cents for line in lines)), min(one.due_on for one in lines)
    late = [line for line in lines if line.due_on < today]
    if late:
        words = "dont une en retard" if len(late) == 1 else f"dont {len(late)} en retard"
        if len(lines) == 1:
            return f"Vous devez {total}, en retard depuis le {_short(first)}."
        return f"Vous devez {total}{NBSP}: {counted(len(lines), 'facture')}, {words}."
    if len(lines) == 1:
        return f"Vous devez {total}, à payer avant le {_short(first)}."
    return (
        f"Vous devez {total}{NBSP}: {counted(len(lines), 'facture')}, la première à payer avant "
        f"le {_short(first)}."
    )


def chosen_words(count: int, cents: int) -> str:
    """«1 facture, 36,94 €»."""
    return f"{counted(count, 'facture')}, {euros(cents)}" if count else "Aucune facture cochée"


def total_words(count: int, cents: int) -> str:
    """The recap's last line."""
    return f"{counted(count, 'facture')}, total{NBSP}: {euros(cents)}"


def holding_words(one: Holding) -> str:
    """Why an invoice cannot be paid now, and until when."""
    if one.until is None:
        return CHECKED
    return in_progress(one.own, one.until)


def in_progress(own: bool, until: datetime) -> str:
    """An attempt is open on an invoice."""
    who = "Vous avez" if own else "Un autre responsable du dossier a"
    return (
        f"{who} commencé à la payer. Sans réponse de la banque, elle pourra être payée à nouveau "
        f"à {hour(until)}{_day_if_not_today(until)}, au plus tard."
    )


def refused(outcome: StartOutcome) -> str:
    """Why «Payer» does not go on."""
    match outcome:
        case AlreadyPaid():
            words = f"C’est déjà payé{NBSP}: il n’y a plus rien à payer ici."
        case InProgress():
            words = in_progress(outcome.own, outcome.until)
        case ToCheck():
            words = CHECKED
        case TooSmall():
            words = (
                f"La banque ne prend rien en dessous d’un euro, et il reste {euros(outcome.cents)} "
                f"à payer. Attendez la prochaine facture{NBSP}: vous paierez les deux ensemble."
            )
        case TooLarge():
            words = (
                f"La banque ne prend pas {euros(outcome.cents)} en une fois. Retirez une facture, "
                "et payez-la ensuite."
            )
        case TooMany():
            words = (
                "Vous avez commencé beaucoup de paiements en peu de temps. Recommencez dans "
                f"{duration(outcome.wait)}."
            )
        case SeveralFamilies():
            words = "Les factures de deux dossiers se paient séparément."
        case Closed():
            words = ONLINE_CLOSED
        case _:
            words = (
                f"Le service de paiement ne répond pas. Rien n’a été débité{NBSP}: recommencez "
                "dans quelques minutes."
            )
    return words


def _short(value: date) -> str:
    """«15 décembre»; with its year when it is not this one."""
    words = day(value).split(" ", 1)[1]
    return words if value.year != clock.today().year else words.rsplit(" ", 1)[0]


def _day_if_not_today(instant: datetime) -> str:
    on = paris(instant).date()
    return "" if on == clock.today() else f" le {_short(on)}"
