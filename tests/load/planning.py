"""The planning of a town: opening a month, a thousand parents clicking, confirming, painting.

`python -m tests.load.bench --only planning`. Everything is printed, nothing fails on a time. The
load comes from this process, by the raw protocol, on the same machine as the server it measures.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portail.state.planning.grid import PlanningState
from portail.state.planning.looks import OFF
from tests.e2e.helpers.server import Server
from tests.load import painting
from tests.load.client import Client
from tests.load.measures import at, busy, cpu, memory

NOW, MONTH = "2026-11-24T08:30", "/planning?enfant=tous&vue=mois&jour=2026-11-24"
MONTHS = [MONTH, *(MONTH.replace("11-24", f"12-{day:02d}") for day in (1, 15))]
SIZES = (120_000, 1_200_000)
AT_ONCE, OPENINGS = 16, 320
PARENTS, PROCESSES = 1_000, 2
THINK_SECONDS = (30.0, 10.0)  # between two clicks of a parent, on average
GOAL_P95, GOAL_RATE, GOAL_RATIO, GOAL_CLICK = 150, 80, 1.3, 10
PEER = "10,4 ouvertures par seconde, p95 1,9 s, 5 fois plus lent à dix fois plus de données"
SETTINGS = {"PORTAIL_NOW": NOW, "PORTAIL_LOG_LEVEL": "WARNING"}
STATE = PlanningState.get_full_name()
SHOWN = '"mount_rx_state_":'  # grows each time a period is shown


@dataclass(frozen=True)
class Opening:
    """Of openings: seconds of each, how many a second, processor milliseconds of the server."""

    waits: Sequence[float]
    rate: float
    cpu: float

    def line(self, name: str) -> str:
        """The figures in French."""
        return (
            f"    {name:<34} p50 {at(self.waits, 0.5) * 1000:4.0f} ms, "
            f"p95 {at(self.waits, 0.95) * 1000:4.0f} ms, {self.rate:5.1f} par seconde ; "
            f"processeur du serveur {self.cpu:.1f} ms chacune"
        )


def measure(runs: int, seconds: float) -> None:
    """All of it, on a server of its own."""
    print(
        f"\nPlanning : 5 000 familles ; {PROCESSES} processus, générateur sur les mêmes cœurs ; "
        f"{busy()}"
    )
    print(f"  comparable libre le plus solide (sur une machine comme celle-ci) : {PEER}")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), SETTINGS | {"PORTAIL_WORKERS": str(PROCESSES)})
        parents = list[str]()
        kept: dict[int, Opening] = {}
        for size in SIZES:
            print(f"\n {size:,} réservations".replace(",", "\u202f"))
            started = time.perf_counter()
            parents = _town(server, size)
            print(f"  données en {time.perf_counter() - started:.0f} s")
            with _running(server):
                kept[size] = asyncio.run(_openings(server, parents))
                for think in THINK_SECONDS:
                    asyncio.run(_clicks(server, parents, seconds, think))
                if size == SIZES[0]:
                    painting.measure(server, parents[0], MONTH, runs)
            _services(server)
        small, large = (kept[size] for size in SIZES)
        print(
            f"\n  dix fois plus de données, onglet ouvert : p50 × "
            f"{at(large.waits, 0.5) / at(small.waits, 0.5):.2f}, p95 × "
            f"{at(large.waits, 0.95) / at(small.waits, 0.95):.2f}, processeur × "
            f"{large.cpu / max(small.cpu, 0.1):.2f} (objectif × {GOAL_RATIO})"
        )
        server.settings["PORTAIL_WORKERS"] = "1"
        print("\n un seul processus")
        with _running(server):
            asyncio.run(_openings(server, parents))
            for think in THINK_SECONDS:
                asyncio.run(_clicks(server, parents, seconds, think))


def _town(server: Server, bookings: int) -> list[str]:
    """Fill the server's database; the cookies of parents who book all year long."""
    into = server.data_dir / "parents.json"
    words = ("--bookings", str(bookings), "--sessions", str(PARENTS), "--into", str(into))
    server.python("tests.load.town", *words)
    return [parent["cookie"] for parent in json.loads(into.read_text())]


@contextmanager
def _running(server: Server) -> Iterator[None]:
    server.start()
    try:
        yield
    finally:
        server.stop()


def _services(server: Server) -> None:
    before = len(server.log)
    server.python("tests.load.services")
    server.python("tests.load.agenda")
    print(server.log[before:].rstrip())


async def _openings(server: Server, parents: Sequence[str]) -> Opening:
    """A month, 16 parents at once: by those who arrive, and by those who are already there."""
    await _arrive(server, parents[:AT_ONCE], AT_ONCE)  # the server's own first time
    arriving = await _arrive(server, parents[:AT_ONCE], OPENINGS)
    paced = await _arrive(server, parents[:AT_ONCE], OPENINGS, rate=GOAL_RATE)
    moving = await _move(server, parents[:AT_ONCE], OPENINGS)
    print(f"  ouverture d’un mois, {AT_ONCE} parents à la fois ({busy()}) :")
    print(arriving.line("en arrivant (connexion comprise)"))
    print(paced.line(f"en arrivant, {GOAL_RATE} par seconde"))
    print(moving.line("d’un mois à l’autre, onglet ouvert"))
    print(f"    objectif : p95 {GOAL_P95} ms, {GOAL_RATE} par seconde")
    return moving


async def _arrive(server: Server, parents: Sequence[str], count: int, rate: float = 0) -> Opening:
    """As fast as they can, or so many a second, each of these parents one at a time."""
    turns, waits, started = iter(range(count)), list[float](), time.perf_counter()

    async def parent(cookie: str) -> None:
        for turn in turns:
            if rate:
                await asyncio.sleep(max(started + turn / rate - time.perf_counter(), 0))
            async with Client(server.url, cookie, MONTHS[turn % len(MONTHS)]) as tab:
                waits.append(await tab.open())

    return await timed(server, waits, [parent(cookie) for cookie in parents])


async def _move(server: Server, parents: Sequence[str], count: int) -> Opening:
    turns, waits = iter(range(count)), list[float]()

    async def parent(tab: Client) -> None:
        for turn in turns:
            sent = time.perf_counter()
            await tab.go(MONTHS[turn % len(MONTHS)])
            while SHOWN not in await tab.next():
                pass
            waits.append(time.perf_counter() - sent)

    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(Client(server.url, c, MONTH)) for c in parents]
        for tab in tabs:
            await tab.open()
        return await timed(server, waits, [parent(tab) for tab in tabs])


async def timed(server: Server, waits: list[float], work: Sequence[Any]) -> Opening:
    """Do it all at once; `waits` is filled by it."""
    gc.collect()
    started, used = time.perf_counter(), cpu(server)
    await asyncio.gather(*work)
    elapsed = time.perf_counter() - started
    return Opening(waits, len(waits) / elapsed, (cpu(server) - used) / len(waits))


@dataclass
class _Box:
    """A cell that a parent clicks, again and again."""

    child: int
    slot: str
    day: str
    mount: int
    checked: bool = False
    clicks: int = 0

    def click(self) -> dict[str, Any]:
        """The arguments of the next click."""
        self.checked, self.clicks = not self.checked, self.clicks + 1
        return {
            "child": self.child,
            "slot": self.slot,
            "day": self.day,
            "checked": self.checked,
            "seen": f"{self.mount}.0.{OFF}",
            "click": self.clicks,
        }


def _box(heard: Sequence[str]) -> _Box | None:
    """A free cell of the page, from what the server said of it."""
    shown: dict[str, Any] = {}
    for text in heard:
        _, update = json.loads(text.split(",", 1)[1])
        shown |= update.get("delta", {}).get(STATE, {})
    days = [day["iso"] for day in shown["days_rx_state_"]]
    free = [
        _Box(row["child"], row["slot"], day, shown["mount_rx_state_"])
        for group in shown["groups_rx_state_"]
        for row in group["rows"]
        for day, cell in zip(days, row["cells"], strict=True)
        if cell["s"][:2] == f"f{OFF}"
    ]
    return free[-1] if free else None


async def _clicks(server: Server, parents: Sequence[str], seconds: float, think: float) -> None:
    """So many parents on the grid, each clicking from time to time."""
    times, refused, before = list[float](), 0, memory(server)
    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(Client(server.url, c, MONTHS[1])) for c in parents]
        turn = asyncio.Semaphore(8)

        async def enter(tab: Client) -> None:
            async with turn:
                await tab.open()

        await asyncio.gather(*[enter(tab) for tab in tabs])
        boxes = [_box(tab.heard) for tab in tabs]
        for tab in tabs:
            tab.heard.clear()
        await asyncio.sleep(1)
        gc.collect()
        gc.disable()
        end = time.perf_counter() + seconds

        async def pause() -> None:
            left = max(end - time.perf_counter(), 0)
            await asyncio.sleep(min(random.expovariate(1 / think), left))

        async def click(tab: Client, box: _Box) -> None:
            nonlocal refused
            await pause()
            await tab.settle()
            while time.perf_counter() < end:
                sent = time.perf_counter()
                await tab.send(f"{STATE}.toggle", **box.click())
                answer = await tab.next()
                while '"answered_rx_state_"' not in answer:
                    answer = await tab.next()
                times.append(time.perf_counter() - sent)
                refused += '"refused_rx_state_":true' in answer
                await pause()

        used = cpu(server)
        clicking = [(tab, box) for tab, box in zip(tabs, boxes, strict=True) if box is not None]
        await asyncio.gather(*[click(tab, box) for tab, box in clicking])
        used = cpu(server) - used
        gc.enable()
        after = memory(server)
    print(
        f"  clic, {len(clicking)} parents connectés, {think:.0f} s de réflexion "
        f"({len(times) / seconds:.0f} clics par seconde ; {busy()}) : "
        f"p50 {at(times, 0.5) * 1000:.1f} ms, p95 {at(times, 0.95) * 1000:.1f} ms "
        f"(objectif {GOAL_CLICK} ms), p99 {at(times, 0.99) * 1000:.1f} ms ; "
        f"processeur {used / len(times):.1f} ms, refusés {refused} ; "
        f"mémoire {before:.0f} puis {after:.0f} Mio"
    )
