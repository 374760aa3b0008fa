"""/creer-mon-compte: mirrors the draft that the database keeps; nothing lives only here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import cookies
from portail.access.labels import PUBLIC, PortalState, allow
from portail.adapters.password_strength import assess
from portail.domain import registration as rules
from portail.domain.consents import ConsentText
from portail.services import registration
from portail.services.registration import (
    AlreadyRegistered,
    Blocked,
    Draft,
    Identity,
    Incomplete,
    Invalid,
    NotRecognised,
    Registered,
    Saved,
    Taken,
)
from portail.state.forms import FieldError, field_id
from portail.state.requests import address, cookie_header
from portail.texts.french import duration

FIELDS = (
    *("last_name", "first_name", "email", "email_again", "user_name", "password"),
    *("password_again", "file_number", "file_name", "file_email", "terms", "privacy"),
)
NOT_RECOGNISED = (
    "Ces références n’ont pas été reconnues. Comparez-les avec une facture ou un courrier de la "
    "mairie : le numéro, le nom et l’adresse e-mail doivent correspondre tous les trois."
)
MUST_ACCEPT = "Cochez la case pour continuer, ou annulez votre inscription."
Form = dict[str, str]  # exactly this type: its size is bounded by `allow`
T = TypeVar("T")


def _no_errors() -> dict[str, str]:
    return dict.fromkeys(FIELDS, "")


def _text(form: Form, name: str) -> str:
    value = form.get(name, "")
    return value[:1000] if isinstance(value, str) else ""


class RegistrationState(PortalState, rx.State):
    """The step shown, what was typed before, and what is wrong with it."""

    ready: bool = False
    tied: bool = False  # whether the browser has its cookie: without it nothing can be kept
    step: int = 1
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    user_name: str = ""
    has_password: bool = False
    file_number: str = ""
    file_name: str = ""
    file_email: str = ""
    family: str = ""
    errors: dict[str, str] = _no_errors()
    summary: list[FieldError] = []  # noqa: RUF012
    refusal: str = ""
    already: bool = False
    strength: str = ""
    strength_level: int = 0
    sent_again: str = ""
    version: int = 0  # changes when fields must show what the draft holds

    @allow(PUBLIC)
    async def load(self) -> None:
        """Show the draft of this browser, at its step."""
        before = (self.ready, self.step)
        await self._show()
        # after a mere blip, fields that show anew would lose the passwords being typed
        if before != (True, self.step):
            self.version += 1

    @allow(PUBLIC)
    async def keep(self, name: str, value: str) -> None:
        """Keep what was typed in a field, as one leaves it."""
        await self._run(lambda token: registration.keep_typed(token, name, value))

    async def _show(self) -> None:
        token = cookies.draft_token(cookie_header(self))
        self.tied = bool(token)
        draft = await run_in_thread(lambda: registration.load(token))
        draft = draft or Draft(1, "", "", "", "", False, "", "", "", False, False)
        self.step = draft.step
        self.last_name, self.first_name = draft.last_name, draft.first_name
        self.email, self.user_name = draft.email, draft.user_name
        self.has_password = draft.has_password
        # not asked twice: the family's name and address are most often one's own
        self.file_number = draft.file_number
        self.file_name = draft.file_name or draft.last_name
        self.file_email = draft.file_email or draft.email
        self.family = ""
        if draft.step == rules.SUMMARY:
            found = await run_in_thread(lambda: registration.summary_family(token))
            self.family = f"n° {found[0]} « {found[1]} »" if found else ""
        self._clear()
        self.ready = True

    def _clear(self) -> None:
        self.errors, self.summary = _no_errors(), []
        self.refusal, self.already, self.sent_again = "", False, ""

    def _refuse(self, errors: dict[str, str]) -> Any:
        """Show errors beside their fields; the focus goes to the first."""
        self._clear()
        self.errors = _no_errors() | errors
        named = [FieldError(name, errors[name]) for name in FIELDS if name in errors]
        self.summary = named
        return rx.set_focus(field_id(named[0].field)) if named else None

    async def _run(self, work: Callable[[str], T]) -> T:
        token = cookies.draft_token(cookie_header(self))
        outcome: T = await run_in_thread(lambda: work(token))
        return outcome

    @allow(PUBLIC)
    async def save_identity(self, form: Form) -> Any:
        """Step 1: «Étape suivante»."""
        typed = Identity(
            last_name=_text(form, "last_name"),
            first_name=_text(form, "first_name"),
            email=_text(form, "email"),
            email_again=_text(form, "email_again"),
            user_name=_text(form, "user_name"),
            password=_text(form, "password"),
            password_again=_text(form, "password_again"),
        )
        match await self._run(lambda token: registration.save_identity(token, typed)):
            case Invalid(errors):
                return self._refuse(errors)
            case Saved():
                return await self._next()

    @allow(PUBLIC)
    async def save_references(self, form: Form) -> Any:
        """Step 2: «Enregistrer»."""
        number, name = _text(form, "file_number"), _text(form, "file_name")
        email, where = _text(form, "file_email"), address(self)
        outcome = await self._run(
            lambda token: registration.save_references(token, number, name, email, address=where)
        )
        self._clear()
        match outcome:
            case Invalid(errors):
                return self._refuse(errors)
            case NotRecognised():
                self.refusal = NOT_RECOGNISED
                return rx.set_focus(field_id("file_number"))
            case Blocked(wait):
                self.refusal = f"Trop d’essais sans succès. Réessayez dans {duration(wait)}."
            case AlreadyRegistered():
                self.already = True
            case Saved() | Incomplete():
                return await self._next()
        return None

    @allow(PUBLIC)
    async def accept_terms(self, form: Form) -> Any:
        """Step 3: «Accepter»."""
        return await self._accept(ConsentText.TERMS, "terms", form)

    @allow(PUBLIC)
    async def accept_privacy(self, form: Form) -> Any:
        """Step 4: «Accepter»."""
        return await self._accept(ConsentText.PRIVACY, "privacy", form)

    async def _accept(self, text: ConsentText, name: str, form: Form) -> Any:
        if not form.get(name):
            return self._refuse({name: MUST_ACCEPT})
        await self._run(lambda token: registration.accept(token, text))
        return await self._next()

    @allow(PUBLIC)
    async def finish(self) -> Any:
        """Step 5: «Valider mon inscription»."""
        outcome = await self._run(registration.finish)
        if isinstance(outcome, Registered):
            return await self._next()
        await self._next()
        match outcome:
            case Taken(errors):
                return self._refuse(errors)
            case AlreadyRegistered():
                self.already = True
        return None

    @allow(PUBLIC)
    async def back(self, step: int) -> Any:
        """«Retour»: an earlier step, with what was typed in it."""
        await self._run(lambda token: registration.go_back(token, step))
        return await self._next()

    @allow(PUBLIC)
    async def cancel(self) -> Any:
        """«Annuler»: nothing is kept."""
        await self._run(registration.cancel)
        await self._next()
        return rx.redirect("/", replace=True)

    @allow(PUBLIC)
    async def send_again(self) -> None:
        """«Renvoyer le lien»."""
        where = address(self)
        sent = await self._run(lambda token: registration.resend(token, address=where))
        self.sent_again = (
            "Un nouveau lien vient de partir ; le précédent ne sert plus."
            if sent
            else "Le lien a déjà été renvoyé plusieurs fois. Attendez une heure avant de réessayer."
        )

    @allow(PUBLIC)
    async def assess(self, password: str) -> None:
        """Say how strong the password is, once one leaves its field; it is not kept."""
        found = await run_in_thread(lambda: assess(password))
        self.strength = " ".join(part for part in (found.label, found.advice) if part)
        self.strength_level = found.level

    async def _next(self) -> Any:
        await self._show()
        self.version += 1
        return rx.set_focus("titre-etape")
