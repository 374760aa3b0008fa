"""The pages of «Dossier» that show documents and procedures: they move when the town answers."""

from __future__ import annotations

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access.labels import PortalState
from portail.access.live import Versions
from portail.domain.identity import Actor
from portail.services.family_file.versions import my_versions, versions

files = Versions[int]("files", versions)  # by family


class FileNewsState(PortalState, rx.State):
    """What has just moved on the page, for who does not see it move."""

    told: str = ""


async def opening(state: rx.State, actor: Actor) -> None:
    """The page of this state is about to read the actor's files: it will be told what moves.

    `state` is a `Page` (see `access.live`).
    """
    files.showing(state, actor, dict(await run_in_thread(lambda: my_versions(actor))))
    await tell(state, "")


async def tell(state: rx.State, what: str) -> None:
    """Say what has moved."""
    news = await state.get_state(FileNewsState)
    news.told = what
