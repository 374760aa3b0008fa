"""The least that speaks Reflex’s protocol, socket.io over one websocket, for many at once."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any, Self

import reflex as rx
from reflex.state import OnLoadInternalState
from reflex_base.constants import Reflex
from websockets.asyncio.client import ClientConnection, connect

NAMESPACE = "/_event"
HYDRATE = f"{rx.State.get_full_name()}.hydrate_and_load"
ON_LOAD = f"{OnLoadInternalState.get_full_name()}.on_load_internal"
HYDRATED = '"is_hydrated_rx_state_":true'


def _at(page: str) -> dict[str, str]:
    return {"pathname": page.split("?", maxsplit=1)[0], "asPath": page}


class Client:
    """One tab."""

    def __init__(self, origin: str, cookie: str, page: str) -> None:
        """Prepare a tab on this page; `open` connects it."""
        self.origin, self.cookie = origin, cookie
        self.router_data = _at(page)
        self.updates: asyncio.Queue[str] = asyncio.Queue()
        self.heard: list[str] = []
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    async def open(self) -> float:
        """Connect; returns the seconds until the page's own data was there, kept in `heard`."""
        started = time.perf_counter()
        address = self.origin.replace("http", "ws", 1)
        self._socket = await connect(
            f"{address}{NAMESPACE}/?EIO=4&transport=websocket&token={uuid.uuid4()}",
            origin=self.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie},
            subprotocols=[Reflex.VERSION],  # type: ignore[list-item]
            compression=None,
            open_timeout=60,
        )
        await self._socket.recv()
        hello = {"event": {"name": HYDRATE, "router_data": self.router_data}}
        await self._socket.send(f"40{NAMESPACE},{json.dumps(hello)}")
        self._reader = asyncio.create_task(self._read(self._socket))
        while HYDRATED not in (text := await self.next()):
            self.heard.append(text)
        self.heard.append(text)
        return time.perf_counter() - started

    async def go(self, page: str) -> None:
        """Follow a link of the portal; the page's data follows."""
        self.router_data = _at(page)
        await self.send(ON_LOAD)

    async def send(self, name: str, **payload: Any) -> None:
        """Call a handler."""
        assert self._socket is not None
        event = {"name": name, "payload": payload, "router_data": self.router_data}
        await self._socket.send(f"42{NAMESPACE},{json.dumps(['event', event])}")

    async def next(self) -> str:
        """The next update."""
        return await asyncio.wait_for(self.updates.get(), 60)

    async def settle(self) -> None:
        """Forget what has come."""
        while not self.updates.empty():
            self.updates.get_nowait()

    async def _read(self, socket: ClientConnection) -> None:
        async for message in socket:
            text = message if isinstance(message, str) else message.decode()
            if text == "2":
                await socket.send("3")
            elif text.startswith(f"42{NAMESPACE},"):
                self.updates.put_nowait(text)

    async def __aenter__(self) -> Self:
        """A tab that closes itself."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Leave."""
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            await self._socket.close()
