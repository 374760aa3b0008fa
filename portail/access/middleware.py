"""The one gate of every event: websocket, page load, chained. Denies by default."""

from __future__ import annotations

import structlog
from reflex.app import App
from reflex.event import Event, redirect
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, State, StateUpdate
from reflex_base.registry import RegistrationContext

from portail.access import identity, live, tabs
from portail.access.labels import HYDRATE, Audience, FirstSeen, access_of, wrong_arguments
from portail.access.session_state import SessionState
from portail.access.urls import after_sign_in, consent_url, sign_in_url
from portail.services.sessions import SignedIn

log = structlog.get_logger("portail.access")


class AccessMiddleware(Middleware):
    """Decides who acts, keeps one state tree to one session, and refuses the rest."""

    async def preprocess(
        self,
        app: App,  # noqa: ARG002  (Reflex's signature)
        state: BaseState,
        event: Event,
    ) -> StateUpdate | None:
        """Let the event pass (nothing returned), or answer in its place."""
        root = state._get_root_state()
        headers = root.router_data.get("headers", {})
        # the variable is set here, in the task that will run the handler
        signed_in = await identity.of_event(headers.get("cookie", ""))
        identity.become(signed_in)
        await _bind(root, signed_in)
        access = access_of(event.name)
        actor = signed_in.actor if signed_in else None
        must_consent = signed_in is not None and signed_in.must_consent
        page = str(root.router_data.get("asPath", ""))
        if access is not None and access.admits(actor):
            if access.waits_for_consent(must_consent):
                return await _answer(root, consent_url(page))
            problem = wrong_arguments(event.name, event.payload)
            if problem is None:
                if event.name == HYDRATE and event.payload.get("hashes"):
                    await _opened(root)
                return None
            log.warning("event_refused", handler=event.name, problem=problem)
            return await _answer(root)
        log.info("event_denied", handler=event.name, signed_in=signed_in is not None)
        if access is None:
            return await _answer(root)
        door = Audience.AGENT if access.audience is Audience.AGENT else Audience.FAMILY
        if actor is None:
            target = sign_in_url(door, page)
        else:
            target = after_sign_in(Audience.AGENT if actor.is_agent else Audience.FAMILY)
        return await _answer(root, target)


async def _bind(root: BaseState, signed_in: SignedIn | None) -> None:
    """A state tree belongs to one session: another one finds it empty."""
    session = await root.get_state(SessionState)
    owner = str(signed_in.actor.session_id) if signed_in else ""
    if session._owner != owner:
        if session._owner:
            await clear(root)
        session._owner = owner
    if signed_in is not None:
        tabs.seen(signed_in.actor.session_id, live.token_of(root))
    audience = ""
    if signed_in is not None:
        audience = Audience.AGENT if signed_in.actor.is_agent else Audience.FAMILY
    name = signed_in.display_name if signed_in else ""
    large = signed_in is not None and signed_in.large
    shown = (session.ready, session.audience, session.name, session.large)
    if shown != (True, audience, name, large):
        session.ready, session.audience, session.name = True, str(audience), name
        session.large = large


async def _opened(root: BaseState) -> None:
    """A page was loaded anew: it alone sends hashes, a page that comes back does not."""
    for state_class in list(RegistrationContext.get().base_states.values()):
        if issubclass(state_class, FirstSeen):
            state = await root.get_state(state_class)
            if state.loaded:
                state._opened()


async def clear(root: BaseState) -> None:
    """Empty a whole state tree, keeping only where its browser is."""
    router_data = root.router_data
    for state_class in list(RegistrationContext.get().base_states.values()):
        await root.get_state(state_class)  # with Redis, what is not loaded would not be emptied
    root.reset()
    root.router_data = router_data
    if isinstance(root, State):
        root.is_hydrated = True


async def _answer(root: BaseState, target: str | None = None) -> StateUpdate:
    delta = await root._get_resolved_delta()
    root._clean()
    events = Event.from_event_type([redirect(target, replace=True)]) if target else []
    return StateUpdate(delta=delta, events=events)
