"""/mon-compte: who one is, and the choices one may change; each card says its own outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.access.session_state import SessionState
from portail.adapters.emails import EmailProblem
from portail.domain.identity import Actor
from portail.domain.notifications import CHOSEN, Choice, Notification
from portail.services.account import my_account, set_large_targets
from portail.services.email_change import Blocked, ask_email_change, cancel_email_change
from portail.services.notifications.choices import choose, my_choices
from portail.services.open_sessions import OpenSession, end_session, open_sessions
from portail.services.password_change import Blocked as PasswordBlocked
from portail.services.password_change import (
    Common,
    WrongPassword,
    change_password,
)
from portail.services.password_reset import Weak
from portail.state.forms import FieldError, typed
from portail.state.requests import address
from portail.texts.french import ago, duration, sentence

ERRORS = "erreurs"  # id of the summary of errors: takes the focus
NEW_EMAIL, OLD, NEW, AGAIN = (
    *("nouvelle_adresse", "ancien_mot_de_passe", "mot_de_passe"),
    "mot_de_passe_confirmation",
)


def notice_field(kind: Notification) -> str:
    """The name of the field where one chooses when to be told of this."""
    return f"avis_{kind.value}"


@dataclass(frozen=True)
class SessionLine:
    """A signed-in browser as shown: ready text."""

    id: int
    device: str
    detail: str
    current: bool


class AccountState(PortalState, rx.State):
    """What /mon-compte shows, and what was just saved."""

    loaded: bool = False
    last_name: str = ""
    first_name: str = ""
    user_name: str = ""
    email: str = ""
    pending_email: str = ""
    large: bool = False
    choices: dict[str, str] = {}  # noqa: RUF012  (a Reflex variable)
    email_error: str = ""
    email_saved: str = ""
    large_saved: str = ""
    choices_saved: str = ""

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the signed-in parent's account."""
        actor = identity.actor()
        await self._show(actor)
        self.email_error = self.email_saved = self.large_saved = self.choices_saved = ""
        password = await self.get_state(PasswordChangeState)
        password._forget()  # noqa: SLF001  (states of one page)
        await (await self.get_state(OpenSessionsState))._show(actor)  # noqa: SLF001
        self.loaded = True

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: my_account(actor))
        self.last_name, self.first_name = found.last_name, found.first_name
        self.user_name, self.email = found.user_name, found.email
        self.pending_email, self.large = found.pending_email, found.large_targets
        choices = await run_in_thread(lambda: my_choices(actor))
        self.choices = {kind.value: when.value for kind, when in choices.items()}

    @allow(FAMILY)
    async def save_email(self, form: dict[str, str]) -> Any:
        """«Changer mon adresse e-mail»: a link leaves for the new one."""
        actor, new, where = identity.actor(), typed(form, NEW_EMAIL), address(self)
        outcome = await run_in_thread(lambda: ask_email_change(actor, new, address=where))
        self.email_error = self.email_saved = ""
        match outcome:
            case EmailProblem(reason):
                self.email_error = reason
            case Blocked(wait):
                self.email_error = f"Trop de demandes. Réessayez dans {duration(wait)}."
            case _:
                await self._show(actor)  # the page says where the link is
                return None
        return rx.set_focus(f"champ-{NEW_EMAIL}")

    @allow(FAMILY)
    async def cancel_email(self) -> None:
        """«Garder l’adresse actuelle»: the link already sent opens nothing."""
        actor = identity.actor()
        await run_in_thread(lambda: cancel_email_change(actor))
        await self._show(actor)
        self.email_saved = "La demande est annulée : votre adresse ne change pas."

    @allow(FAMILY)
    async def save_large(self, form: dict[str, str]) -> None:
        """«Activer l’ergonomie mobile»."""
        actor, on = identity.actor(), bool(typed(form, "ergonomie"))
        await run_in_thread(lambda: set_large_targets(actor, on))
        self.large = on
        session = await self.get_state(SessionState)
        session.large = on  # this page too, without waiting for the next
        self.large_saved = (
            "L’ergonomie mobile est activée, sur tous vos appareils."
            if on
            else "L’ergonomie mobile est désactivée."
        )

    @allow(FAMILY)
    async def save_notifications(self, form: dict[str, str]) -> None:
        """When one wants to be told of each kind; what is not said stays as it was."""
        actor = identity.actor()
        said = {kind: typed(form, notice_field(kind)) for kind in CHOSEN}
        wanted = {kind: Choice(when) for kind, when in said.items() if when in list(Choice)}
        await run_in_thread(lambda: choose(actor, wanted))
        await self._show(actor)
        self.choices_saved = "Vos choix sont enregistrés."


class PasswordChangeState(PortalState, rx.State):
    """What is wrong with a new password; never the password itself."""

    old_error: str = ""
    new_error: str = ""
    again_error: str = ""
    errors: list[FieldError] = []  # noqa: RUF012
    saved: str = ""
    version: int = 0  # another one empties the fields, once the password is changed

    def _forget(self) -> None:
        self.old_error = self.new_error = self.again_error = self.saved = ""
        self.errors = []

    @allow(FAMILY)
    async def save(self, form: dict[str, str]) -> Any:
        """«Changer mon mot de passe»: the other browsers are signed out."""
        actor = identity.actor()
        old, new, again = typed(form, OLD), typed(form, NEW), typed(form, AGAIN)
        self._forget()
        if not old:
            self.old_error = "Indiquez votre mot de passe actuel."
        if not new:
            self.new_error = "Choisissez un nouveau mot de passe."
        elif new != again:
            self.again_error = "Les deux mots de passe ne sont pas identiques."
        if not (self.old_error or self.new_error or self.again_error):
            outcome = await run_in_thread(lambda: change_password(actor, old, new))
            match outcome:
                case WrongPassword():
                    self.old_error = "Ce n’est pas votre mot de passe actuel."
                case PasswordBlocked(wait):
                    self.old_error = f"Trop d’essais ont échoué. Réessayez dans {duration(wait)}."
                case Weak(missing):
                    words = ", ".join(condition.label for condition in missing)
                    self.new_error = f"Il manque encore : {words}."
                case Common():
                    self.new_error = (
                        "Ce mot de passe est trop connu, ou trop proche de votre nom. "
                        "Choisissez-en un autre."
                    )
        wrong = ((OLD, self.old_error), (NEW, self.new_error), (AGAIN, self.again_error))
        self.errors = [FieldError(name, message) for name, message in wrong if message]
        if self.errors:
            return rx.set_focus(ERRORS)
        self.saved = "Votre mot de passe est changé. Vos autres appareils sont déconnectés."
        self.version += 1
        await (await self.get_state(OpenSessionsState))._show(actor)  # noqa: SLF001
        return None


class OpenSessionsState(PortalState, rx.State):
    """The browsers where the account is signed in."""

    lines: list[SessionLine] = []  # noqa: RUF012  (a Reflex variable)
    done: str = ""

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: open_sessions(actor))
        self.lines, self.done = [_line(one) for one in found], ""

    @allow(FAMILY)
    async def end(self, session_id: int) -> None:
        """«Déconnecter» another browser."""
        actor = identity.actor()
        ended = await run_in_thread(lambda: end_session(actor, session_id))
        gone = next((line.device for line in self.lines if line.id == session_id), "")
        await self._show(actor)
        if ended:
            self.done = f"{gone or 'L’appareil'} : déconnecté."


def _line(one: OpenSession) -> SessionLine:
    if one.current:
        return SessionLine(one.id, one.device, "C’est l’appareil que vous utilisez.", current=True)
    used = ago(one.seen_at, clock.now())
    return SessionLine(one.id, one.device, f"{sentence(used)}.", current=False)
