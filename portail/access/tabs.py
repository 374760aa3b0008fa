"""The open tabs of each session in this process, and what is pushed to them.

Every process watches its own tabs: a session ended anywhere (another tab, another process, an
agent, the clock) sends them to the sign-in page within a few seconds, at once when it ended here.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import reflex as rx
from reflex.event import Event, redirect
from reflex.state import State, StateUpdate
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import live
from portail.access.labels import Audience
from portail.access.session_state import SessionState
from portail.access.urls import SIGN_IN, sign_in_url
from portail.services import sessions
from portail.settings import settings

WATCH_SECONDS = 5.0

_tabs: defaultdict[int, set[str]] = defaultdict(set)
_warned: set[str] = set()


def seen(session_id: int, token: str) -> None:
    """A tab of this session has spoken."""
    _tabs[session_id].add(token)


async def watch(app: rx.App) -> None:
    """For as long as the process lives, tell open tabs about the end of their session."""
    await live.every(WATCH_SECONDS, "sessions", check, app)


async def check(app: rx.App) -> None:
    """One round: forget closed tabs, send out the ended, warn those about to end."""
    _forget_closed(app)
    if not _tabs:
        return
    ends = await run_in_thread(lambda: sessions.ends(list(_tabs)))
    now = clock.now()
    warn_before = now + timedelta(seconds=settings().session_warning_seconds)
    for session_id in list(_tabs):
        end = ends.get(session_id)
        if end is None or end <= now:
            await push_sign_out(app, session_id, expired=end is not None)
        else:
            await _warn(app, session_id, end, soon=end <= warn_before)


def _forget_closed(app: rx.App) -> None:
    open_tokens = live.open_tokens(app)
    for session_id in list(_tabs):
        _tabs[session_id] &= open_tokens
        if not _tabs[session_id]:
            del _tabs[session_id]
    _warned.intersection_update(open_tokens)


async def push_sign_out(app: rx.App, session_id: int, *, expired: bool = False) -> None:
    """Empty every open tab of an ended session and send it to the sign-in page.

    A session that expired is told so, and the page is found again after signing in.
    """
    from portail.access.middleware import clear  # middleware calls `seen`

    namespace = app.event_namespace
    for token in _tabs.pop(session_id, set()):
        if namespace is None or token not in namespace.token_to_sid:
            continue
        door, page = Audience.FAMILY, ""
        async with app.modify_state(rx.BaseStateToken(ident=token, cls=State)) as root:
            session = await root.get_state(SessionState)
            if session.audience == Audience.AGENT:
                door = Audience.AGENT
            page = str(root.router_data.get("asPath", ""))
            await clear(root)
            session.ready = True
        target = sign_in_url(door, page, ended=True) if expired else SIGN_IN[door]
        events = Event.from_event_type([redirect(target, replace=True)])
        await namespace.emit_update(StateUpdate(events=events), token)


async def _warn(app: rx.App, session_id: int, end: datetime, *, soon: bool) -> None:
    for token in list(_tabs.get(session_id, ())):
        if soon == (token in _warned) and not soon:
            continue
        async with app.modify_state(rx.BaseStateToken(ident=token, cls=SessionState)) as state:
            session = await state.get_state(SessionState)
            session.warning = warning_text(end) if soon else ""
        if soon:
            _warned.add(token)
        else:
            _warned.discard(token)


def warning_text(end: datetime) -> str:
    """The time left, rounded so that a screen reader is not told every second."""
    seconds = max((end - clock.now()).total_seconds(), 0)
    minutes = round(seconds / 60)
    if minutes > 1:
        return f"{minutes} minutes"
    return "une minute" if seconds > 45 else "quelques secondes"  # noqa: PLR2004
