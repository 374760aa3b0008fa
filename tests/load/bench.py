"""Weight, display and load of the portal: `make bench`. Prints, and never fails on a time.

python -m tests.load.bench [--runs 5] [--people 200] [--seconds 15]
        [--only pages|load|rules|planning|confirmations|billing|papers|invoices|notifications]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from http.client import HTTPMessage
from pathlib import Path
from typing import IO

from playwright.sync_api import sync_playwright

from portail import frontend
from portail.state.help import HelpState
from tests.e2e.helpers.server import Server
from tests.load import invoices, papers, planning, rules
from tests.load.client import Client
from tests.load.cold import PROFILES, Load, Profile, cold_load
from tests.load.measures import KIB, at, memory

TARGET_KIB, TARGET_LCP = 180.0, 0.6
PEER_KIB, PEER_LCP = 690.0, 1.3  # the sign-in page of the strongest free peer
PAGES = ("/", "/connexion")
WORDS = ("dossier", "mot de passe", "compte", "carte bancaire", "téléphone", "e-mail")


def pages(server: Server, runs: int) -> None:
    """Cold loads, against the targets and the peer."""
    print("\nPremière visite, cache vide")
    print(
        f"{'page':<12}{'profil':<16}{'requêtes':>9}{'Kio':>8}{'LCP méd.':>10}{'p95':>8}"
        f"{'FCP méd.':>10}{'vivante':>10}{'CLS':>8}   compression"
    )
    by_page: dict[tuple[str, str], list[Load]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic"],
        )
        cold_load(browser, server, "/", PROFILES[0])  # the server's own first time
        for path in PAGES:
            for profile in PROFILES:
                loads = [cold_load(browser, server, path, profile) for _ in range(runs)]
                by_page[path, profile.name] = loads
                print(_line(path, profile, loads))
        browser.close()
    print(f"\nObjectifs : {TARGET_KIB:.0f} Kio, LCP {TARGET_LCP} s (téléphone lent).")
    print(
        f"Meilleur portail libre comparable, page de connexion : {PEER_KIB:.0f} Kio, {PEER_LCP} s."
    )
    for path in PAGES:
        loads = by_page[path, PROFILES[1].name]
        kib, lcp = statistics.median(x.kib for x in loads), statistics.median(x.lcp for x in loads)
        print(
            f"  {path:<11} poids {kib / TARGET_KIB:5.2f} × l’objectif, {kib / PEER_KIB:5.2f} × "
            f"le comparable ; LCP {lcp / TARGET_LCP:5.2f} × l’objectif, "
            f"{lcp / PEER_LCP:5.2f} × le comparable"
        )
    print("\nCe qui pèse (Kio transférés, en-têtes compris) :")
    for path in PAGES:
        load = by_page[path, PROFILES[0].name][0]
        parts = ", ".join(
            f"{kind} {size / KIB:.1f} ({load.requests[kind]})"
            for kind, size in load.bytes.most_common()
        )
        print(f"  {path:<11} {parts} ; plus grand élément : {load.element}")


def _line(path: str, profile: Profile, loads: Sequence[Load]) -> str:
    encodings = ", ".join(f"{name} {count}" for name, count in loads[0].encodings.most_common())
    return (
        f"{path:<12}{profile.name:<16}{loads[0].requests.total():>9}"
        f"{statistics.median(x.kib for x in loads):>8.1f}"
        f"{statistics.median(x.lcp for x in loads):>8.2f} s"
        f"{at((x.lcp for x in loads), 0.95):>6.2f} s"
        f"{statistics.median(x.fcp for x in loads):>8.2f} s"
        f"{statistics.median(x.alive for x in loads):>8.2f} s"
        f"{max(x.cls for x in loads):>8.3f}   {encodings}"
    )


class _Stay(urllib.request.HTTPRedirectHandler):
    """Does not follow: the cookie comes with the redirection."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def sign_in(server: Server, name: str) -> str:
    """The session's cookie."""
    body = urllib.parse.urlencode(
        {"identifiant": name, "mot_de_passe": "Bienvenue!1", "suite": ""}
    ).encode()
    request = urllib.request.Request(f"{server.url}/connexion", body, {"Origin": server.url})
    try:
        urllib.request.build_opener(_Stay).open(request, timeout=60)
    except urllib.error.HTTPError as answer:
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("portail_session="):
                return cookie.split(";")[0]
    raise RuntimeError(f"{name} could not sign in")


async def people(server: Server, count: int, seconds: float) -> None:
    """So many parents, signed in, each on a page and then searching the help."""
    print(f"\n{count} parents connectés, un processus")
    with ThreadPoolExecutor(8) as pool:
        names = ["z-pinceau" if i % 2 else "k-benali" for i in range(count)]
        started = time.perf_counter()
        cookies = list(pool.map(lambda name: sign_in(server, name), names))
        rate = count / (time.perf_counter() - started)
    print(f"  connexions par le formulaire : {rate:.0f} par seconde (bcrypt réduit)")
    event = f"{HelpState.get_full_name()}.look_for"
    before = memory(server)
    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(Client(server.url, c, "/accueil")) for c in cookies]
        turn = asyncio.Semaphore(10)

        async def enter(tab: Client) -> float:
            async with turn:
                return await tab.open()

        waits = await asyncio.gather(*[enter(tab) for tab in tabs])
        print(
            f"  ouverture de /accueil, données comprises : p50 {at(waits, 0.5) * 1000:.0f} ms, "
            f"p95 {at(waits, 0.95) * 1000:.0f} ms (10 à la fois)"
        )
        await asyncio.sleep(1)
        opened = memory(server)
        for tab in tabs:
            await tab.settle()
        gc.collect()
        gc.disable()
        times: list[float] = []
        end = time.perf_counter() + seconds

        async def search(tab: Client) -> None:
            await asyncio.sleep(random.random())
            while time.perf_counter() < end:
                sent = time.perf_counter()
                await tab.send(event, typed=random.choice(WORDS))
                await tab.next()
                times.append(time.perf_counter() - sent)
                await asyncio.sleep(random.expovariate(1))

        started = time.perf_counter()
        await asyncio.gather(*[search(tab) for tab in tabs])
        elapsed = time.perf_counter() - started
        gc.enable()
        after = memory(server)
    print(
        f"  recherche dans l’aide, 1 s de réflexion : {len(times) / elapsed:.0f} événements par "
        f"seconde, p50 {at(times, 0.5) * 1000:.1f} ms, p95 {at(times, 0.95) * 1000:.1f} ms, "
        f"p99 {at(times, 0.99) * 1000:.1f} ms"
    )
    if before:
        print(
            f"  mémoire : {before:.0f} Mio, puis {opened:.0f}, puis {after:.0f} ; "
            f"{(after - before) * KIB / count:.0f} Kio par personne"
        )


PARTS = (
    "pages",
    "load",
    "rules",
    "planning",
    "confirmations",
    "billing",
    "papers",
    "invoices",
    "notifications",
)


def main() -> None:
    """Measure on a server of its own."""
    parser = argparse.ArgumentParser(description="Poids, affichage et charge du portail")
    parser.add_argument("--runs", type=int, default=5, help="chargements par page et profil")
    parser.add_argument("--people", type=int, default=200, help="parents connectés")
    parser.add_argument("--seconds", type=float, default=15, help="durée de la charge")
    parser.add_argument("--only", choices=PARTS)
    chosen = parser.parse_args()
    parts = {chosen.only} if chosen.only else set(PARTS)
    if "rules" in parts:
        rules.main()
    if "papers" in parts:
        papers.measure()
    # on databases and a clock of their own
    alone = {
        "confirmations": ("confirmations", "kills"),
        "billing": ("billing",),
        "notifications": ("notifications",),
    }
    for name in (name for part, names in alone.items() if part in parts for name in names):
        subprocess.run([sys.executable, "-m", f"tests.load.{name}"], check=True)
    if not parts & {"pages", "load", "planning", "invoices"}:
        return
    frontend.build()
    if parts & {"pages", "load"}:
        _demo(parts, chosen.runs, chosen.people, chosen.seconds)
    if "planning" in parts:
        planning.measure(chosen.runs, chosen.seconds)
    if "invoices" in parts:
        invoices.measure()


def _demo(parts: set[str], runs: int, count: int, seconds: float) -> None:
    """The pages and the parents of the demo town."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), {"PORTAIL_LOG_LEVEL": "WARNING"})
        server.prepare()
        server.start()
        try:
            if "pages" in parts:
                pages(server, runs)
            if "load" in parts:
                asyncio.run(people(server, count, seconds))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
