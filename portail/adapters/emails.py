"""E-mail addresses as people type them, checked with email-validator, with reasons in French."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email


@dataclass(frozen=True)
class EmailProblem:
    """Why an address is refused, in words for the person who typed it."""

    reason: str


def checked_email(typed: str) -> str | EmailProblem:
    """The address in its normal form, or what is wrong with it.

    Spaces around do not count; a domain may have accents, the part before @ may not: many mail
    servers refuse it.
    """
    text = typed.strip()
    if not text:
        return EmailProblem("Indiquez votre adresse e-mail.")
    if reason := _usual_slip(text):
        return EmailProblem(reason)
    try:
        # test_environment: «.test» and the like are for trying out the portal
        checked = validate_email(
            text, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        return EmailProblem("Cette adresse e-mail n’a pas une forme valable. Vérifiez-la.")
    return checked.normalized


def _usual_slip(text: str) -> str:
    """The slip people make most, said more simply than a library would."""
    local, _, domain = text.partition("@")
    if text.count("@") != 1:
        return "Il manque le signe « @ », ou il y en a plusieurs."
    if not local:
        return "Il manque ce qui précède le signe « @ »."
    if " " in text:
        return "Une adresse e-mail ne contient pas d’espace."
    if "." not in domain.strip("."):
        return "Il manque la fin de l’adresse, par exemple « .fr »."
    return ""
