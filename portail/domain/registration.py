"""The rules of a sign-up that need no database: names, user names, the order of the steps."""

from __future__ import annotations

import re

STEPS = (
    "Mes informations",
    "Mes références dossier",
    "Conditions d’utilisation",
    "Confidentialité",
    "Récapitulatif",
)
IDENTITY, REFERENCES, TERMS, PRIVACY, SUMMARY, DONE = 1, 2, 3, 4, 5, 6

MAX_NAME = 80
MIN_USER_NAME, MAX_USER_NAME = 3, 60
_USER_NAME = re.compile(r"[\w.\-]+")


def name_problem(typed: str) -> str:
    """What is wrong with a first or last name; empty when nothing is. It may be left empty."""
    if len(typed) > MAX_NAME:
        return f"{MAX_NAME} caractères au plus."
    if typed and not any(c.isalpha() for c in typed):
        return "Un nom contient au moins une lettre."
    return ""


def user_name_problem(typed: str) -> str:
    """What is wrong with a user name; empty when nothing is."""
    if not typed:
        return "Choisissez un nom d’utilisateur."
    if "@" in typed:
        return "Le signe « @ » n’est pas permis : votre adresse e-mail sert déjà à vous connecter."
    if not MIN_USER_NAME <= len(typed) <= MAX_USER_NAME:
        return f"Entre {MIN_USER_NAME} et {MAX_USER_NAME} caractères."
    if not _USER_NAME.fullmatch(typed):
        return "Lettres, chiffres, point, tiret et tiret bas seulement, sans espace."
    return ""
