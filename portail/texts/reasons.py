"""The engine's reasons said in French: «Réservation possible jusqu’au jeudi 12 mars à 9 h»."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from portail.clock import paris
from portail.domain.reasons import Code, Reason
from portail.texts.french import NBSP, counted, day, hour, listed

Labels = Callable[[str], str]
_Say = Callable[[Reason, Labels], str]


def reason_sentence(reason: Reason, label: Labels = str) -> str:
    """One sentence. `label` turns the code of a slot, document, group… into its French name."""
    return _SENTENCES[reason.code](reason, label)


def at(instant: datetime) -> str:
    """«jeudi 12 mars 2026 à 9 h», on a clock in Europe/Paris."""
    return f"{day(paris(instant).date())} à {hour(instant)}"


def age(months: int) -> str:
    """«3 ans», «2 ans et 6 mois», «18 mois»."""
    years, rest = divmod(months, 12)
    if years < 2 and rest:  # noqa: PLR2004  («18 mois» rather than «1 an et 6 mois»)
        return counted(months, "mois", "mois")
    return listed([counted(years, "an")] + ([counted(rest, "mois", "mois")] if rest else []))


def _until(start: str) -> _Say:
    def say(reason: Reason, _label: Labels) -> str:
        return f"{start} jusqu’au {at(reason.at)}." if reason.at else f"{start}."

    return say


def _late(start: str) -> _Say:
    def say(reason: Reason, _label: Labels) -> str:
        passed = f" (le délai était le {at(reason.since)})" if reason.since else ""
        until = f" jusqu’au {at(reason.at)}" if reason.at else ""
        return f"{start} en retard, avec supplément, encore possible{until}{passed}."

    return say


def _passed(act: str) -> _Say:
    def say(reason: Reason, _label: Labels) -> str:
        if reason.at is None:
            return "Trop tard."
        return f"Trop tard{NBSP}: il fallait {act} avant le {at(reason.at)}."

    return say


def _closed(why: str) -> _Say:
    return lambda _reason, _label: f"Fermé{NBSP}: {why}."


def _closed_words(kind: str = "") -> _Say:
    def say(reason: Reason, _label: Labels) -> str:
        name = listed(reason.words)
        if kind:
            return f"Fermé{NBSP}: {kind} ({name})." if name else f"Fermé{NBSP}: {kind}."
        return f"Fermé{NBSP}: {_lower_first(name)}." if name else "Fermé."

    return say


def _said(text: str) -> _Say:
    return lambda _reason, _label: text


def _about(text: str) -> _Say:
    """A sentence with `{words}`, `{day}`, `{last}`, `{at}`, `{number}`, `{age}` filled in."""

    def say(reason: Reason, label: Labels) -> str:
        return text.format(
            words=listed([label(word) for word in reason.words]),
            day=day(reason.days[0]) if reason.days else "",
            last=day(reason.days[-1]) if reason.days else "",
            at=at(reason.at) if reason.at else "",
            number=reason.number,
            age=age(reason.number or 0),
        )

    return say


def _out_of_season(reason: Reason, _label: Labels) -> str:
    first, last = reason.days
    return f"Fermé{NBSP}: l’activité a lieu du {day(first)} au {day(last)}."


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


_SENTENCES: dict[Code, _Say] = {
    Code.BOOKABLE: _until("Réservation possible"),
    Code.CANCELLABLE: _until("Annulation possible"),
    Code.LATE_BOOKING: _late("Réservation"),
    Code.LATE_CANCELLATION: _late("Annulation"),
    Code.FORCED: _said("Possible en cas de force majeure, hors délai."),
    Code.NOT_A_DAY_OF_THE_SLOT: _closed("pas d’accueil ce jour de la semaine"),
    Code.SLOT_CLOSED: _closed("pas d’accueil ce jour-là, exceptionnellement"),
    Code.TOWN_CLOSED: _closed_words(),
    Code.PUBLIC_HOLIDAY: _closed_words("jour férié"),
    Code.SCHOOL_HOLIDAYS: _closed_words(),
    Code.NO_SCHOOL: _closed("pas d’école ce jour-là"),
    Code.NOT_IN_HOLIDAYS: _closed("ouvert pendant les vacances scolaires seulement"),
    Code.OUT_OF_SEASON: _out_of_season,
    Code.UNKNOWN_CALENDAR: _about(
        f"Fermé{NBSP}: le calendrier scolaire n’est pas encore connu après le {{day}}."
    ),
    Code.NO_LONGER_OFFERED: _said("Cette prestation n’est plus proposée."),
    Code.NOT_ENROLLED: _said("L’enfant n’est pas inscrit à cette activité."),
    Code.ENROLMENT_PENDING: _said("L’inscription à cette activité n’est pas encore validée."),
    Code.BEFORE_ENTRY: _about("L’inscription commence le {day}."),
    Code.AFTER_END: _about("L’inscription a pris fin le {day}."),
    Code.TOO_YOUNG: _about("L’enfant doit avoir au moins {age} le {day}."),
    Code.TOO_OLD: _about("L’enfant doit avoir {age} au plus le {day}."),
    Code.WRONG_LEVEL: _about("Cette activité est ouverte aux classes de {words}."),
    Code.WRONG_SCHOOL: _about(f"Cette activité est ouverte aux élèves de{NBSP}: {{words}}."),
    Code.RESIDENTS_ONLY: _said("Cette activité est réservée aux habitants de la commune."),
    Code.MISSING_DOCUMENTS: _about(f"Il manque{NBSP}: {{words}}."),
    Code.PAYMENTS_DUE: _said("Des factures restent à payer avant de s’inscrire."),
    Code.TWIN_ACTIVITY: _about(f"L’enfant est déjà inscrit à{NBSP}: {{words}}."),
    Code.ALREADY_ASKED: _said("Une demande existe déjà pour cet enfant et cette activité."),
    Code.ACTIVITY_OVER: _about("Cette activité a pris fin le {last}."),
    Code.ENTRY_OUT_OF_SEASON: _about(
        "La date d’entrée doit être comprise entre le {day} et le {last}."
    ),
    Code.ENTRY_IMPOSED: _about("La date d’entrée est fixée au {day}."),
    Code.ENTRY_PAST: _said("La date d’entrée est déjà passée."),
    Code.BOOKING_TOO_LATE: _passed("réserver"),
    Code.CANCELLING_TOO_LATE: _passed("annuler"),
    Code.NEVER_BOOKABLE: _said("Ne se réserve pas en ligne."),
    Code.NEVER_CANCELLABLE: _said("Ne peut pas être annulé."),
    Code.WINDOW_NOT_OPEN: _about(f"Pas encore ouvert{NBSP}: ouverture le {{at}}."),
    Code.WINDOW_RESIDENTS_FIRST: _about(
        "Réservé pour l’instant aux habitants de la commune, ouvert à tous le {at}."
    ),
    Code.WINDOW_OVER: _about("Fermé depuis le {at}."),
    Code.NO_WINDOW: _said("Aucune période de réservation n’est prévue pour ce jour."),
    Code.FULL: _said("Complet."),
    Code.GROUP_FULL: _about("Complet pour le groupe {words}."),
    Code.NO_GROUP: _said("Aucune place n’est prévue pour l’âge ou la classe de l’enfant."),
    Code.WEEK_LIMIT: _about(f"Pas plus de {{number}}{NBSP}fois par semaine."),
    Code.NEEDS_SLOT: _about(f"Il faut d’abord réserver{NBSP}: {{words}}."),
    Code.REPLACES_LOCKED: _about(f"Ne peut plus remplacer{NBSP}: {{words}} (trop tard)."),
    Code.NEEDED_LOCKED: _about(
        f"Ne peut pas être annulé sans{NBSP}: {{words}} (trop tard pour l’annuler aussi)."
    ),
    Code.WAITING: _said("Sur liste d’attente."),
    Code.OFFERED: _said("Une place s’est libérée et vous attend."),
    Code.OTHER_HOUSEHOLD: _said("Réservé par l’autre foyer de l’enfant."),
    Code.ATTENDED: _said("Présence enregistrée."),
    Code.ABSENT: _said("Absence non justifiée."),
    Code.ABSENT_JUSTIFIED: _said("Absence justifiée\u00a0: rien n’est dû."),
}
