"""A page in a browser that has never seen the portal: bytes, and when things are there."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.e2e.helpers.server import Server
from tests.load.client import HYDRATED
from tests.load.measures import KIB

OBSERVE = """
window.seen = { lcp: 0, fcp: 0, cls: 0, element: '', visible: 0, clickable: 0 }
new PerformanceObserver(list => { for (const e of list.getEntries()) {
  seen.lcp = e.startTime; seen.element = e.element?.tagName ?? '' } })
  .observe({ type: 'largest-contentful-paint', buffered: true })
new PerformanceObserver(list => { for (const e of list.getEntries())
  if (e.name === 'first-contentful-paint') seen.fcp = e.startTime })
  .observe({ type: 'paint', buffered: true })
new PerformanceObserver(list => { for (const e of list.getEntries())
  if (!e.hadRecentInput) seen.cls += e.value })
  .observe({ type: 'layout-shift', buffered: true })
"""
# the first frame in which each of these is on the page and takes room; asked when something has
# changed only: on a slow processor, asking at each frame is itself a good part of what is measured
WATCH = """
for (const [name, wanted] of Object.entries(%s)) {
  const look = now => {
    const found = document.querySelector(wanted)
    if (!seen[name] && found && found.getBoundingClientRect().width) {
      seen[name] = now
      changes.disconnect()
    }
  }
  const changes = new MutationObserver(() => {
    if (document.querySelector(wanted)) requestAnimationFrame(look)
  })
  changes.observe(
    document, { childList: true, subtree: true, attributeFilter: ['class', 'hidden'] })
}
"""


POLL_MS = 50


@dataclass(frozen=True)
class Profile:
    """A machine and its network."""

    name: str
    width: int
    height: int
    latency_ms: int = 0
    down_mbit: float = 0
    up_mbit: float = 0
    cpu: int = 1
    agent: str | None = None  # what the browser says it is; unset: what it is


# a phone says so: the portal sends its layout at once
PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
PROFILES = (
    Profile("ordinaire", 1366, 900),
    Profile("téléphone lent", 390, 844, 150, 1.6, 0.75, 4, PHONE),
)


@dataclass
class Load:
    """One cold load."""

    bytes: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)
    lcp: float = 0
    fcp: float = 0
    cls: float = 0
    alive: float = 0  # seconds until the server has filled the page
    visible: float = 0  # seconds until what was watched for is seen
    clickable: float = 0  # and until what answers a click is
    element: str = ""

    @property
    def kib(self) -> float:
        """What was transferred, headers included."""
        return self.bytes.total() / KIB


def slow_down(context: BrowserContext, page: Page, profile: Profile) -> CDPSession:
    """Give a tab the network and the processor of a profile."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    if profile.latency_ms:
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": profile.latency_ms,
                "downloadThroughput": profile.down_mbit * 1e6 / 8 or -1,
                "uploadThroughput": profile.up_mbit * 1e6 / 8 or -1,
            },
        )
    if profile.cpu > 1:
        session.send("Emulation.setCPUThrottlingRate", {"rate": profile.cpu})
    return session


def cold_load(
    browser: Browser,
    server: Server,
    path: str,
    profile: Profile,
    *,
    cookie: str = "",
    visible: str = "",
    clickable: str = "",
) -> Load:
    """Load a page in a browser that has never seen the portal.

    Args:
        browser: to open a new context in.
        server: that answers.
        path: of the page.
        profile: the machine and its network.
        cookie: of a session, to be signed in.
        visible: a selector of what is waited for.
        clickable: a selector of what is there once the page answers clicks.
    """
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": profile.width, "height": profile.height},
        locale="fr-FR",
        user_agent=profile.agent,
    )
    if cookie:
        name, value = cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": server.url}])
    page = context.new_page()
    wanted = {"visible": visible, "clickable": clickable}
    wanted = {name: selector for name, selector in wanted.items() if selector}
    page.add_init_script(OBSERVE + (WATCH % json.dumps(wanted)))
    network = slow_down(context, page, profile)
    done, kinds, started = Load(), dict[str, str](), list[float]()

    def received(event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        kinds[event["requestId"]] = event["type"]
        if event["type"] in ("Document", "Stylesheet", "Script"):
            done.encodings[headers.get("content-encoding", "aucun")] += 1

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        done.bytes[kind] += int(event["encodedDataLength"])
        done.requests[kind] += 1

    def sent(event: dict[str, Any]) -> None:
        started.append(event["timestamp"])

    def frame(event: dict[str, Any]) -> None:
        if not done.alive and HYDRATED in event["response"]["payloadData"]:
            done.alive = event["timestamp"] - started[0]

    network.on("Network.requestWillBeSent", sent)
    network.on("Network.webSocketFrameReceived", frame)
    network.on("Network.responseReceived", received)
    network.on("Network.loadingFinished", finished)
    page.goto(path, wait_until="load")
    # the page's policy forbids what `wait_for_function` evaluates
    while not all(page.evaluate("window.seen")[name] for name in wanted):
        page.wait_for_timeout(POLL_MS)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    seen = page.evaluate("window.seen")
    done.lcp, done.fcp, done.cls = seen["lcp"] / 1000, seen["fcp"] / 1000, seen["cls"]
    done.element, done.visible = seen["element"], seen["visible"] / 1000
    done.clickable = seen["clickable"] / 1000
    context.close()
    return done
