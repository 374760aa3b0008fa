"""What a parent sees of the planning: a first visit signed in, and how soon a click is painted."""

from __future__ import annotations

import os
import statistics
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.helpers.server import Server
from tests.load.cold import PROFILES, Profile, cold_load, slow_down

GOAL_KIB, GOAL_SECONDS, GOAL_SLOW = 200, 0.6, 1.5
PEER_LINE = "490 Kio, 0,7 s, 2,3 s"
# a cell with what the server said of it: alive, or in the whole first view that came with the page
ALIVE = "#planning input[data-set]"
DATA = f"#planning [data-first]:has(> i:last-child) input, {ALIVE}"
CLICKS = 12
# frames until the clicked box looks otherwise: 1 is the very next one
FRAMES = """([box, label]) => new Promise(done => {
  const look = () => ['', '::before', '::after'].map(part => {
    const seen = getComputedStyle(box, part)
    return [seen.backgroundColor, seen.backgroundImage, seen.borderColor, seen.boxShadow,
            seen.content, seen.color, seen.outlineStyle, seen.opacity, seen.maskImage].join()
  }).join('|')
  const before = look(), checked = box.checked
  box.addEventListener('change', () => {
    const started = performance.now()
    let frames = 0
    const next = now => {
      frames += 1
      if (look() !== before) done([frames, performance.now() - started])
      else if (frames > 120) done([frames, -1])
      else requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  }, { once: true })
  box.click()
})"""


def measure(server: Server, cookie: str, page: str, runs: int) -> None:
    """Both, printed in French."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic"],
        )
        try:
            _first_visit(browser, server, cookie, page, runs)
            for latency in (0, 150):
                _paint(browser, server, cookie, page, latency)
        finally:
            browser.close()


def _first_visit(browser: Browser, server: Server, cookie: str, page: str, runs: int) -> None:
    goals = dict(zip(PROFILES, (GOAL_SECONDS, GOAL_SLOW), strict=True))
    print("  première visite, connecté, cache vide :")
    wanted = {"cookie": cookie, "visible": DATA, "clickable": ALIVE}
    cold_load(browser, server, page, PROFILES[0], **wanted)
    for profile, goal in goals.items():
        loads = [cold_load(browser, server, page, profile, **wanted) for _ in range(runs)]
        print(
            f"    {profile.name:<16} {statistics.median(x.kib for x in loads):.1f} Kio "
            f"(objectif {GOAL_KIB}), données visibles (première vue) "
            f"{statistics.median(x.visible for x in loads):.2f} s (objectif {goal} s), cliquables "
            f"{statistics.median(x.clickable for x in loads):.2f} s, "
            f"CLS {max(x.cls for x in loads):.3f}"
        )
    print(f"    comparable : {PEER_LINE}")


def _paint(browser: Browser, server: Server, cookie: str, page: str, latency: int) -> None:
    context = browser.new_context(base_url=server.url, viewport={"width": 1366, "height": 900})
    name, value = cookie.split("=", 1)
    context.add_cookies([{"name": name, "value": value, "url": server.url}])
    tab = context.new_page()
    slow_down(context, tab, Profile("", 1366, 900, latency_ms=latency))
    tab.goto(f"{page}&modifier=1")
    tab.wait_for_selector(ALIVE)
    tab.wait_for_load_state("networkidle")
    results = [_frames(tab, place) for place in range(CLICKS)]
    context.close()
    frames = [int(one[0]) for one in results]
    print(
        f"  clic peint, réseau à {latency} ms : {max(frames)} image"
        f"{'s' if max(frames) > 1 else ''} au plus après le clic (objectif 1), "
        f"{statistics.median(one[1] for one in results):.1f} ms en médiane, {CLICKS} clics"
    )


def _frames(tab: Page, place: int) -> Any:
    boxes = tab.locator(f'{ALIVE}[aria-readonly="false"]')
    box = boxes.nth(place * 2 % boxes.count()).element_handle()
    return tab.evaluate(FRAMES, [box, ""])
