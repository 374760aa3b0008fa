"""A client that speaks Reflex's protocol itself: it may call what no page of ours would.

engine.io 4 and socket.io 5 over one websocket; each event is a socket.io packet «42/_event,[…]».
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

NAMESPACE = "/_event"
STATE = "reflex___state____state"
HELP = f"{STATE}.portail___state___help____help_state"
GENEROUS = 30.0  # seconds: a limit for a condition that comes, never a measure


@dataclass(frozen=True)
class Frame:
    """One packet from the server."""

    kind: str  # «event», «refused», or another name
    body: dict[str, Any]
    text: str

    @property
    def delta(self) -> dict[str, dict[str, Any]]:
        """Variables by state, if any."""
        return self.body.get("delta") or {}

    @property
    def redirects(self) -> list[str]:
        """Where the server sends the tab."""
        events = self.body.get("events") or []
        return [e["payload"]["path"] for e in events if e.get("name") == "_redirect"]

    def value(self, state: str, variable: str) -> Any:
        """A variable of a state, by the end of the state's name; None when it is not there."""
        for name, variables in self.delta.items():
            if name == state or name.endswith(f"____{state}"):
                return variables.get(f"{variable}_rx_state_")
        return None


@dataclass
class RawClient:
    """An open connection: one tab."""

    socket: ClientConnection
    token: str
    path: str
    frames: list[Frame] = field(default_factory=list)
    closed: bool = False
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    _read: int = 0
    _fences: int = 0

    async def _listen(self) -> None:
        with suppress(ConnectionClosed):
            async for message in self.socket:
                text = str(message)
                if text == "2":
                    await self.socket.send("3")
                    continue
                if (frame := _frame(text)) is not None:
                    async with self._arrived:
                        self.frames.append(frame)
                        self._arrived.notify_all()
        async with self._arrived:
            self.closed = True
            self._arrived.notify_all()

    async def send(self, name: Any, payload: Any = None, path: str | None = None) -> None:
        """Call a handler, whatever its name and arguments."""
        path = self.path if path is None else path
        await self.send_raw(
            "event",
            {
                "name": name,
                "payload": {} if payload is None else payload,
                "router_data": {"pathname": path, "asPath": path},
            },
        )

    async def send_raw(self, *packet: Any) -> None:
        """Send any socket.io event."""
        await self.socket.send(f"42{NAMESPACE}," + json.dumps(packet))

    async def until(self, wanted: Callable[[Frame], object], *, since: int = 0) -> Frame:
        """Wait for a frame, among those received from `since` on."""

        def found() -> Frame | None:
            return next((frame for frame in self.frames[since:] if wanted(frame)), None)

        async with asyncio.timeout(GENEROUS), self._arrived:
            await self._arrived.wait_for(lambda: found() or self.closed)
        frame = found()
        assert frame is not None, f"closed before the frame came: {self.frames[since:]}"
        return frame

    async def until_closed(self) -> None:
        """Wait for the server to close the connection."""
        async with asyncio.timeout(GENEROUS), self._arrived:
            await self._arrived.wait_for(lambda: self.closed)

    async def settled(self) -> None:
        """Wait until everything sent so far has been handled: events of a tab are in order."""
        self._fences += 1
        # a search that finds nothing, then none: `searching` changes each time
        typed = "xyzzy" if self._fences % 2 else ""
        since = len(self.frames)
        await self.send(f"{HELP}.look_for", {"typed": typed})
        wanted = bool(typed)
        await self.until(lambda f: f.value("help_state", "searching") is wanted, since=since)

    async def answers(self, name: Any, payload: Any = None, path: str | None = None) -> list[Frame]:
        """Call a handler and return what came of it, without the fence's own frame."""
        since = len(self.frames)
        await self.send(name, payload, path)
        await self.settled()
        return [f for f in self.frames[since:] if f.value("help_state", "searching") is None]

    @property
    def heard(self) -> str:
        """Everything received, as text."""
        return "\n".join(frame.text for frame in self.frames)


def _frame(text: str) -> Frame | None:
    if text.startswith((f"44{NAMESPACE}", f"41{NAMESPACE}")):
        return Frame("refused", {}, text)
    if not text.startswith(f"42{NAMESPACE},"):
        return None
    kind, *arguments = json.loads(text[len(NAMESPACE) + 3 :])
    body = arguments[0] if arguments and isinstance(arguments[0], dict) else {}
    # readable text: names with accents are searched for in it
    return Frame(kind, body, json.dumps([kind, *arguments], ensure_ascii=False))


@asynccontextmanager
async def tab(
    port: int,
    *,
    cookie: str = "",
    path: str = "/",
    token: str = "",
    origin: str | None = "",
    hydrate: bool = True,
    connect_packet: str = "",
) -> AsyncIterator[RawClient]:
    """Open a tab on the server of this port.

    Args:
        port: of the server.
        cookie: the Cookie header.
        path: address of the page the tab says it is on.
        token: the tab's own name; a new one when empty.
        origin: the Origin header; empty for the server's own, None for none at all.
        hydrate: whether to ask for the page's data, as a real tab does.
        connect_packet: what to say instead of that when connecting.
    """
    token = token or str(uuid.uuid4())
    url = f"ws://127.0.0.1:{port}{NAMESPACE}/?EIO=4&transport=websocket&token={token}"
    header = Origin(origin or f"http://127.0.0.1:{port}") if origin is not None else None
    async with connect(
        url,
        origin=header,
        additional_headers={"Cookie": cookie} if cookie else {},
        subprotocols=[Subprotocol("0.10.1")],
        max_size=None,
        compression=None,
        open_timeout=GENEROUS,
    ) as socket:
        assert str(await socket.recv()).startswith("0")
        router_data = {"pathname": path, "asPath": path}
        boot = {"event": {"name": f"{STATE}.hydrate_and_load", "router_data": router_data}}
        said = connect_packet or json.dumps(boot if hydrate else {})
        await socket.send(f"40{NAMESPACE},{said}")
        client = RawClient(socket, token, path)
        listening = asyncio.create_task(client._listen())
        try:
            if hydrate:
                await client.until(lambda f: f.value(STATE, "is_hydrated"))
            yield client
        finally:
            await socket.close()
            await listening
