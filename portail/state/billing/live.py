"""The tabs of this process that wait for the outcome of a payment, and what is pushed to them.

Each process watches its own tabs, and reads once for all of them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import reflex as rx
import structlog
from reflex.state import BaseState
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access.session_state import SessionState
from portail.domain.identity import Actor
from portail.services import payments, sessions
from portail.services.payments import PaymentView
from portail.services.reach import NotFound

log = structlog.get_logger("portail.billing")
WATCH_SECONDS = 2.0


class Waiting(Protocol):
    """What the state of a page does with the outcome."""

    async def _outcome(self, actor: Actor, found: PaymentView) -> None:
        """Show it."""


@dataclass(frozen=True)
class _Tab:
    actor: Actor
    state: type[BaseState]
    page: str
    payment_id: int


_tabs: dict[str, _Tab] = {}


def waiting(state: rx.State, actor: Actor, payment_id: int) -> None:
    """The tab of this state waits for this attempt, until it ends or the tab leaves the page.

    `state` is a `Waiting`.
    """
    _tabs[state.router.session.client_token] = _Tab(actor, type(state), _page(state), payment_id)


async def watch(app: rx.App) -> None:
    """For as long as the process lives, tell the tabs what has come."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            await check(app)
        except Exception:
            log.exception("payment_watch_failed")


async def check(app: rx.App) -> None:
    """One round: forget closed tabs, read once, push to those whose payment has ended."""
    namespace = app.event_namespace
    open_tokens = namespace.token_to_sid if namespace else {}
    for token in [token for token in _tabs if token not in open_tokens]:
        del _tabs[token]
    tabs = dict(_tabs)
    if not tabs:
        return
    numbers = {tab.payment_id for tab in tabs.values()}
    ended = await run_in_thread(lambda: payments.ended(numbers))
    concerned = {token: tab for token, tab in tabs.items() if tab.payment_id in ended}
    if not concerned:
        return
    owners = [tab.actor.session_id for tab in concerned.values()]
    ends = await run_in_thread(lambda: sessions.ends(owners))
    now = clock.now()
    for token, tab in concerned.items():
        _forget(token, tab)
        end = ends.get(tab.actor.session_id)
        if end is not None and end > now:
            await _push(app, token, tab)


async def _push(app: rx.App, token: str, tab: _Tab) -> None:
    try:
        found = await run_in_thread(lambda: payments.payment(tab.actor, tab.payment_id))
        async with app.modify_state(rx.BaseStateToken(ident=token, cls=tab.state)) as root:
            session = await root.get_state(SessionState)
            page: Waiting = await root.get_state(tab.state)  # type: ignore[assignment]
            owner = session._owner == str(tab.actor.session_id)  # noqa: SLF001
            if owner and _page(root) == tab.page:
                await page._outcome(tab.actor, found)  # noqa: SLF001  (no client may call it)
    except NotFound:  # the family file is no longer theirs
        return
    except Exception:
        # the other tabs are told all the same
        log.exception("payment_push_failed")


def _forget(token: str, tab: _Tab) -> None:
    if _tabs.get(token) is tab:
        del _tabs[token]


def _page(state: BaseState) -> str:
    """The address a tab is on: the payment is in it."""
    parts = urlsplit(str(state.router_data.get("asPath", "")))
    return f"{parts.path}?{parts.query}"
