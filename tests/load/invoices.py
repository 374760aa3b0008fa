"""«Mes factures» of a whole town: `python -m tests.load.bench --only invoices`.

Everything is printed, nothing fails on a time. An opening is what a parent waits for: the data of
the page by its websocket, in a tab that is open already or that arrives, and its HTML.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

from tests.e2e.helpers.server import Server
from tests.load.client import Client
from tests.load.measures import busy, memory
from tests.load.planning import AT_ONCE, Opening, timed

NOW = "2026-11-24T08:30"
PAY, HISTORY = "/facturation/payer", "/facturation/historique"
OPENINGS, PARENTS = 1_600, 64
GOAL_RATE, GOAL_P95 = 150, 120
PEER = "70 ouvertures par seconde"
# what the answers that bring the data hold
SHOWN = '"files_rx_state_":'
BOOKS = '"lines_rx_state_":'


def measure() -> None:
    """All of it, on a server of its own."""
    print(
        f"\nFactures : 5 000 familles, 60 000 factures ; générateur sur les mêmes cœurs ; {busy()}"
    )
    print(f"  comparable libre le plus solide (sur une machine comme celle-ci) : {PEER}")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), {"PORTAIL_NOW": NOW, "PORTAIL_LOG_LEVEL": "WARNING"})
        parents = _town(server)
        server.start()
        try:
            asyncio.run(_openings(server, parents))
            print(f"  mémoire : {memory(server):.0f} Mio")
        finally:
            server.stop()


def _town(server: Server) -> list[str]:
    into = server.data_dir / "parents.json"
    words = ("--bookings", "0", "--sessions", str(PARENTS), "--into", str(into))
    server.python("tests.load.town", *words)
    server.python("tests.load.statements")
    return [parent["cookie"] for parent in json.loads(into.read_text())]


async def _openings(server: Server, parents: Sequence[str]) -> None:
    await _move(server, parents[:AT_ONCE], [PAY], SHOWN, AT_ONCE * 4)  # the server's own first time
    print(f"  {AT_ONCE} parents à la fois ({busy()}) :")
    again = [PAY, f"{PAY}?factures=aucune"]  # what is shown differs each time
    for name, work in (
        ("« Mes factures », onglet ouvert", _move(server, parents[:AT_ONCE], again, SHOWN)),
        ("« Mes factures », en arrivant", _arrive(server, parents)),
        ("« Mes factures », page (HTML)", _pages(server, parents)),
    ):
        print((await work).line(name))
    print(f"    objectif : p95 {GOAL_P95} ms, {GOAL_RATE} par seconde")
    years = [HISTORY, f"{HISTORY}?annee=2026"]
    print(
        (await _move(server, parents[:AT_ONCE], years, BOOKS)).line("« Historique », onglet ouvert")
    )


async def _move(
    server: Server,
    parents: Sequence[str],
    addresses: Sequence[str],
    shown: str,
    count: int = OPENINGS,
) -> Opening:
    """Tabs that are open already, from one address to the other."""
    turns, waits = iter(range(count)), list[float]()

    async def parent(tab: Client, first: int) -> None:
        for turn, _ in enumerate(turns, start=first):
            sent = time.perf_counter()
            await tab.go(addresses[turn % len(addresses)])
            while shown not in await tab.next():
                pass
            waits.append(time.perf_counter() - sent)

    async with AsyncExitStack() as stack:
        tabs = [
            await stack.enter_async_context(Client(server.url, cookie, "/accueil"))
            for cookie in parents
        ]
        for tab in tabs:
            await tab.open()
        return await timed(server, waits, [parent(tab, 0) for tab in tabs])


async def _arrive(server: Server, parents: Sequence[str], count: int = OPENINGS // 4) -> Opening:
    """A new tab each time: its connection is counted."""
    turns, waits = iter(range(count)), list[float]()

    async def parent(cookie: str) -> None:
        for _ in turns:
            async with Client(server.url, cookie, PAY) as tab:
                waits.append(await tab.open())

    return await timed(server, waits, [parent(cookie) for cookie in parents[:AT_ONCE]])


async def _pages(server: Server, parents: Sequence[str]) -> Opening:
    """The HTML alone, which the gate gives to whoever is signed in; connections stay open."""
    turns, waits = iter(range(OPENINGS)), list[float]()

    async def parent(cookie: str) -> None:
        host = urlsplit(server.url)
        asked = f"GET {PAY} HTTP/1.1\r\nHost: {host.netloc}\r\nCookie: {cookie}\r\n\r\n"
        reader, writer = await asyncio.open_connection(host.hostname, host.port)
        for _ in turns:
            sent = time.perf_counter()
            writer.write(asked.encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            assert head.startswith("http/1.1 200"), head
            length = head.split("content-length:")[1].split("\r\n")[0]
            await reader.readexactly(int(length))
            waits.append(time.perf_counter() - sent)
        writer.close()

    return await timed(server, waits, [parent(cookie) for cookie in parents[:AT_ONCE]])
