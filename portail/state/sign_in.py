"""What the sign-in pages say after a refusal, a sign-out, or a session that ended."""

from __future__ import annotations

from datetime import timedelta

import reflex as rx

from portail.access.labels import PUBLIC, Audience, PortalState, allow
from portail.access.urls import safe_path
from portail.state.requests import flash, query
from portail.texts.french import duration

REFUSED = "Ces identifiants n’ont pas été reconnus. Vérifiez-les, puis réessayez."
NOT_ACTIVATED = (
    "Votre compte n’est pas encore activé : suivez le lien reçu par e-mail à sa création, ou "
    "demandez-en un autre à la page « Activer mon compte »."
)
NOTICES = {
    "fin": "Votre session a pris fin faute d’activité. Connectez-vous pour reprendre.",
    "deconnecte": "Vous êtes déconnecté. À bientôt !",
    "active": "Votre compte est activé. Connectez-vous : tout est prêt.",
    "nouveau": "Votre mot de passe est changé. Connectez-vous avec le nouveau.",
}


class SignInState(PortalState, rx.State):
    """The words above the form, and what was typed in it."""

    error: str = ""
    notice: str = ""
    name: str = ""
    suite: str = ""
    version: int = 0  # changes when the name must show another value

    @allow(PUBLIC)
    def load(self) -> None:
        """Read the address, and the refusal it speaks of."""
        asked = query(self)
        door = Audience.AGENT if "/agents" in self.router.url.path else Audience.FAMILY
        kept = flash(self, f"sign-in/{door}")
        before, self.name = self.name, str(kept.get("name", ""))
        self.suite = safe_path(asked.get("suite", ""))
        self.error = ""
        if "erreur" in asked:
            self.error = _words(str(kept.get("code", "")), int(kept.get("seconds", 0)))
        self.notice = next((text for key, text in NOTICES.items() if key in asked), "")
        # a field shown anew loses what was typed while the page was loading: only if it must
        if self.name or before:
            self.version += 1


def _words(code: str, seconds: int) -> str:
    if code == "blocked":
        wait = duration(timedelta(seconds=seconds))
        return f"Trop d’essais ont échoué. Réessayez dans {wait}."
    return NOT_ACTIVATED if code == "not_activated" else REFUSED
