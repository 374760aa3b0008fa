"""The words that the pages of «Inscriptions» share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portail.domain.calendars import Weekday
from portail.domain.catalogue import Opens, Slot
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.pricing import Price
from portail.domain.pricing.tariff import Unit
from portail.domain.procedures import STATE_LABELS, ProcedureState
from portail.services.enrolments import ChildOffer, SlotPrice
from portail.state.dossier.words import TONES
from portail.texts import french
from portail.texts.french import NBSP, counted, euros, hour_of_day, listed
from portail.texts.prices import explained, refusal

DAYS = {
    Weekday.MONDAY: "lundi",
    Weekday.TUESDAY: "mardi",
    Weekday.WEDNESDAY: "mercredi",
    Weekday.THURSDAY: "jeudi",
    Weekday.FRIDAY: "vendredi",
    Weekday.SATURDAY: "samedi",
    Weekday.SUNDAY: "dimanche",
}
WHEN = {
    Opens.SCHOOL_DAYS: "en période scolaire",
    Opens.SCHOOL_WEEKS: "en période scolaire",
    Opens.HOLIDAYS: "pendant les vacances",
    Opens.BOTH: "toute l’année",
}
UNITS = {Unit.MONTH: " par mois", Unit.HOUR: " l’heure"}


def state_label(state: EnrolmentState, rank: int = 0) -> str:
    """«Validée», «Liste d’attente, rang 3»."""
    label = STATE_LABELS[ProcedureState(state.value)]
    return f"{label}, rang{NBSP}{rank}" if rank else label


def state_tone(state: EnrolmentState) -> str:
    """The tone of its tag."""
    return TONES[ProcedureState(state.value)]


def short_day(value: date) -> str:
    """«2 septembre 2026», without the weekday."""
    return french.day(value).split(" ", 1)[1]


def period(first: date, last: date) -> str:
    """«Du 1er septembre 2026 au 2 juillet 2027»."""
    return f"Du {short_day(first)} au {short_day(last)}"


def days_words(days: Sequence[Weekday]) -> str:
    """«lundi, mardi, jeudi et vendredi», «du lundi au vendredi»."""
    if tuple(days) == tuple(Weekday)[:5]:
        return "du lundi au vendredi"
    return listed([DAYS[day] for day in days])


def slot_words(slot: Slot) -> str:
    """«Matin : lundi et mardi, de 7 h 30 à 8 h 30, en période scolaire»."""
    hours = f"de {hour_of_day(slot.starts_at)} à {hour_of_day(slot.ends_at)}"
    days = days_words(sorted(slot.weekdays))
    return f"{slot.label}{NBSP}: {days}, {hours}, {WHEN[slot.opens]}"


def price_words(one: SlotPrice) -> tuple[str, str]:
    """The amount and how it came about; «tarif non fixé» when there is none."""
    if one.tariff is None or one.price is None:
        return "tarif non fixé", ""
    if isinstance(one.price, Price):
        unit = UNITS.get(one.tariff.unit, "")
        return euros(one.price.cents) + unit, ", puis ".join(explained(one.price))
    return "à calculer", refusal(one.price)


def places_words(offer: ChildOffer) -> str:
    """«12 places libres», «Complet, 3 enfants attendent»; empty when places are not counted."""
    if offer.places_left is None:
        return ""
    if offer.places_left:
        return counted(offer.places_left, "place libre", "places libres")
    if not offer.waiting:
        return "Complet, liste d’attente ouverte"
    verb = "attend" if offer.waiting == 1 else "attendent"
    return f"Complet, {counted(offer.waiting, 'enfant')} {verb}"
