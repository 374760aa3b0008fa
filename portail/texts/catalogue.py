"""What is wrong in a town's catalogue file, said in French to whoever wrote it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from portail.domain.catalogue_checks import LONGEST_CODE, LONGEST_LABEL, Fault
from portail.domain.catalogue_plain import Flaw, Misread, Sort
from portail.texts.french import NBSP

_SORTS = {
    Sort.TEXT: "un texte entre guillemets",
    Sort.NUMBER: "un nombre entier",
    Sort.YES_NO: "true ou false",
    Sort.DAY: "une date (2026-09-01)",
    Sort.HOUR: "une heure («08:30»)",
    Sort.MOMENT: "une date et une heure (2026-09-01T09:00:00), ou un délai",
    Sort.LIST: "une liste [ … ]",
    Sort.TABLE: "un tableau { … }",
    Sort.AGE: "un âge en années (3), ou { years = 2, months = 6 }",
}
# what the dataclasses of tariffs refuse, in their own words
_RULES = {
    "A tariff has a code and a version": "un tarif a un code et au moins une version",
    "Versions follow each other": "les versions se suivent, de la plus ancienne à la plus récente",
    "A version does not end before it begins": "une version ne finit pas avant de commencer",
    "A quotient does not end before it begins": "un quotient ne finit pas avant de commencer",
    "A step is a minute at least": "un pas est d’une minute au moins",
    "A régie is 1 to 20 letters and digits": "une régie s’écrit de 1 à 20 lettres et chiffres",
    "A package is an ordinary price, nothing else": "un forfait ne peut être qu’un prix ordinaire",
    "A month or a package takes no surcharge: state a price of its own": (
        "un prix au mois ou un forfait n’a pas de majoration : dites un prix à part (own_price)"
    ),
    "A package counts units, not hours": "un forfait compte des unités, pas des heures",
    "A tariff by the hour has rates by the hour already": (
        "un tarif à l’heure a déjà des taux à l’heure : retirez per_hour"
    ),
    "A grid has a bracket": "une grille a au moins une tranche",
    "The first bracket begins at 0": "la première tranche commence à 0",
    "The limits of brackets rise": "les limites des tranches sont en ordre croissant",
    "A price is not negative": "un prix n’est pas négatif",
    "A supplement is not negative": "un supplément n’est pas négatif",
    "A surcharge is not negative": "une majoration n’est pas négative",
    "A fee is not negative": "un montant n’est pas négatif",
    "A reduction is not negative": "une réduction n’est pas négative",
    "A reduction is between 0 and 100 %": "une réduction est entre 0 et 100 % (10000)",
    "A reduction begins somewhere": "une réduction fratrie a des échelons, à partir de 1",
    "Rungs rise": "les échelons sont en ordre croissant",
    "A part is between 0 and 100 %": "une part est entre 0 et 100 % (10000)",
    "Waiting days are not negative": "un nombre de jours de carence n’est pas négatif",
    "A rate is between 0 and 100 %": "un taux est entre 0 et 100 % (100000)",
    "A floor is not negative": "un minimum n’est pas négatif",
    "A ceiling is not below its floor": "le maximum n’est pas inférieur au minimum",
    "Without a ceiling there is no highest price: say what is due without a quotient": (
        "sans maximum il n’y a pas de prix le plus élevé : dites without_quotient"
    ),
    "The first case is 1 child": "le premier cas est celui de 1 enfant",
    "Numbers of children rise": "les nombres d’enfants sont en ordre croissant",
    "A package holds a unit at least": "un forfait compte une unité au moins",
    "The calendar does not know this school year": (
        "le calendrier ne connaît pas encore cette année scolaire : écrivez les dates "
        "(first_day, last_day)"
    ),
    "A validity lasts a month at least": "une validité est d’un mois au moins",
}
_FAULTS = {
    Fault.TWICE: "« {about} » est utilisé deux fois",
    Fault.UNKNOWN: "« {about} » n’existe pas dans ce fichier",
    Fault.ITSELF: "« {about} » renvoie à lui-même",
    Fault.NO_DAY: "aucun jour de la semaine n’est dit",
    Fault.HOURS: "l’heure de fin n’est pas après celle de début",
    Fault.NO_CUTOFF: "aucun délai n’est prévu pour le jour « {about} »",
    Fault.NEVER_OPEN: (
        "ouvert les jours d’école seulement, et il n’y a jamais classe ce jour : « {about} » "
        '(attendu : opens = "school_weeks", ou un autre jour)'
    ),
    Fault.NEGATIVE: "un nombre négatif, ou un jour du mois qui n’existe pas",
    Fault.PERIOD: "la fin est avant le début",
    Fault.RESIDENTS: (
        "les habitants passent avant les autres, sans ouverture plus tardive pour ceux-ci (opens)"
    ),
    Fault.SURCHARGE: (
        "le supplément de retard n’est dans aucune version du tarif « {about} » : dites le même "
        "des deux côtés (late_booking)"
    ),
    Fault.LONG: (
        f"« {{about}} » est trop long (code : {LONGEST_CODE} signes, nom : {LONGEST_LABEL})"
    ),
}


def misread_sentence(misread: Misread) -> str:
    """What is wrong with a value, without where it is."""
    key = str(misread.path[-1]) if misread.path else ""
    match misread.flaw:
        case Flaw.MISSING:
            wanted = f" ; attendu : {_one_of(misread.expected)}" if misread.expected else ""
            return french(f"« {key} » manque{wanted}")
        case Flaw.UNKNOWN:
            return french(f"« {key} » n’est pas une clé connue ici{_close(key, misread.expected)}")
        case Flaw.KIND:
            wanted = " ou ".join(_SORTS[Sort(sort)] for sort in misread.expected)
            return french(f"« {misread.about} » ne convient pas ; attendu : {wanted}")
        case Flaw.CHOICE:
            close = _close(misread.about, misread.expected, told=True)
            wanted = _one_of(misread.expected)
            return french(f"« {misread.about} » n’est pas reconnu{close} ; attendu : {wanted}")
        case Flaw.RULE:
            why = _RULES.get(misread.about, f"valeur impossible ({misread.about})")
            return french(why)


def fault_sentence(fault: Fault, about: str) -> str:
    """What is wrong between values that are each well formed."""
    return french(_FAULTS[fault].format(about=about))


def french(text: str) -> str:
    """The same text with the non-breaking spaces of French."""
    for sign in (":", ";", "»", "?", "%"):
        text = text.replace(f" {sign}", f"{NBSP}{sign}")
    return text.replace("« ", f"«{NBSP}")


def _one_of(words: Sequence[str]) -> str:
    return ", ".join(words)


def _close(word: str, known: Sequence[str], *, told: bool = False) -> str:
    """«Did you mean»; else every word that would do."""
    found = difflib.get_close_matches(word.lower(), known, n=1)
    if found:
        return f" (vouliez-vous dire « {found[0]} » ?)"
    return "" if told or not known else f" ; attendu : {_one_of(known)}"
