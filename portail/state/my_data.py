"""«Mes données», on two pages: asked for, being prepared, ready; it moves by itself."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY_BEFORE_CONSENT, PortalState, allow
from portail.access.live import Versions
from portail.domain.identity import Actor
from portail.services import my_data
from portail.services.my_data import MyData
from portail.texts.french import moment, weight

TOLD = "mes-donnees"  # id of what says where it stands: takes the focus
exports = Versions[int]("exports", my_data.versions)  # by account


class MyDataState(PortalState, rx.State):
    """Where the ZIP of the parent's data stands."""

    stage: str = ""  # nothing yet, «preparing» or «ready»
    told: str = ""
    download: str = ""  # label of the link, with the size of the file
    again: bool = False

    @allow(FAMILY_BEFORE_CONSENT)
    async def ask(self) -> Any:
        """«Préparer mes données»."""
        actor = identity.actor()
        await run_in_thread(lambda: my_data.ask(actor))
        await self._show(actor)
        return rx.set_focus(TOLD)

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: my_data.my_data(actor))
        exports.showing(self, actor, {actor.account(): found.version if found else None})
        self.stage = ("ready" if found.ready_at else "preparing") if found else ""
        self.told = _told(found) if found else ""
        self.download = f"Télécharger mes données (ZIP,\u00a0{weight(found.size)})" if found else ""
        self.again = found is not None and found.again

    async def _changed(self, actor: Actor) -> None:
        """The worker has made it, or another tab asked for it (see `access.live`)."""
        await self._show(actor)


def _told(found: MyData) -> str:
    if found.ready_at is None or found.until is None:
        return (
            "Vos données sont en préparation. Vous pouvez quitter cette page\u00a0: un e-mail vous "
            "dira quand elles seront prêtes."
        )
    return (
        f"Vos données sont prêtes, telles qu’elles étaient le {moment(found.ready_at)}. Vous "
        f"pouvez les télécharger jusqu’au {moment(found.until)}."
    )
