"""The words of the news: whom an article is for, what is wrong with one."""

from __future__ import annotations

from portail.domain.news import (
    MAX_ALT,
    MAX_ATTACHMENTS,
    MAX_BODY,
    MAX_SUMMARY,
    MAX_TITLE,
    Fault,
    Phase,
    Targets,
)
from portail.texts.french import NBSP, listed

EVERYONE = "Toutes les familles"
PHASES = {
    Phase.COMING: "à venir",
    Phase.CURRENT: "en ligne",
    Phase.OVER: "terminée",
    Phase.WITHDRAWN: "retirée",
}
FAULTS = {
    Fault.SLUG: "le nom (slug) se compose de lettres sans accent, de chiffres et de tirets",
    Fault.NO_TITLE: "il manque le titre (title)",
    Fault.LONG_TITLE: f"le titre dépasse {MAX_TITLE} caractères",
    Fault.NO_SUMMARY: "il manque le résumé (summary)",
    Fault.LONG_SUMMARY: f"le résumé dépasse {MAX_SUMMARY} caractères",
    Fault.NO_BODY: "il manque le texte, sous l’en-tête",
    Fault.LONG_BODY: f"le texte dépasse {MAX_BODY} caractères",
    Fault.ENDS_BEFORE: "la fin (until) n’est pas après le début (from)",
    Fault.NO_ALT: "l’image n’est pas décrite : dites dans « alt » ce qu’elle montre",
    Fault.LONG_ALT: f"la description de l’image dépasse {MAX_ALT} caractères",
    Fault.ALT_ALONE: "une description (alt) sans image (picture)",
    Fault.TOO_MANY_FILES: f"plus de {MAX_ATTACHMENTS} pièces jointes",
}


def concerns_words(targets: Targets) -> str:
    """«école maternelle Jean-Vilar, classes de GS et CP, 1_Accueil matin»."""
    if targets.everyone:
        return EVERYONE.lower()
    parts = [f"{name[:1].lower()}{name[1:]}" for name in targets.schools]
    if targets.levels:
        parts.append(f"classe{'s' * (len(targets.levels) > 1)} de {listed(targets.levels)}")
    parts += targets.activities
    return ", ".join(parts)


def concerns_line(targets: Targets) -> str:
    """«Concerne : école maternelle Jean-Vilar»; for everyone «Pour toutes les familles»."""
    if targets.everyone:
        return f"Pour {concerns_words(targets)}"
    return f"Concerne{NBSP}: {concerns_words(targets)}"
