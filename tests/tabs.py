"""Tabs without a browser: as much of the application as a round of `access.live` asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from portail.access.live import Topic
from portail.access.session_state import SessionState
from portail.database import writing
from portail.domain.identity import Actor
from portail.services import sessions


@dataclass
class Page:
    """The state of a page: who owns its tab, where it is; subclasses say what a push does."""

    token: str
    path: str
    actor: Actor
    owner: str = field(init=False)

    def __post_init__(self) -> None:
        self.owner = str(self.actor.session_id)

    @property
    def router_data(self) -> dict[str, str]:
        return {"asPath": self.path, "token": self.token}

    async def get_state(self, wanted: object) -> object:
        return SimpleNamespace(_owner=self.owner) if wanted is SessionState else self


class App:
    """The open tabs of a process."""

    def __init__(self, topic: Topic[Any, Any]) -> None:
        self.topic = topic
        self.tabs: dict[str, Page] = {}
        self.event_namespace = SimpleNamespace(token_to_sid=self.tabs)
        self.meanwhile: Callable[[], object] = int

    @asynccontextmanager
    async def modify_state(self, token: Any) -> AsyncIterator[Page]:
        self.meanwhile()  # whoever held the lock before
        yield self.tabs[token.ident]

    def new_token(self) -> str:
        return f"onglet-{len(self.tabs)}"

    async def round(self) -> None:
        await self.topic.check(self)  # type: ignore[arg-type]


def own_browser(account: int) -> Actor:
    """This person, signed in on a browser of their own."""
    with writing() as session:
        secret = sessions.open_session(session, account_id=account, device="")
    found = sessions.find(secret)
    assert found is not None
    return found.actor
