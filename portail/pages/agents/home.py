"""/agents: the staff's first page."""

from __future__ import annotations

import reflex as rx

from portail.access.labels import Audience
from portail.components.cards import card
from portail.components.page import page_title
from portail.components.status import loading, skeleton
from portail.pages.frame import framed
from portail.state.agents.home import AgentHomeState, Fact


def page() -> rx.Component:
    """Who is signed in, with which roles, and how the portal is doing."""
    return framed(
        page_title(
            rx.cond(AgentHomeState.loaded, AgentHomeState.greeting, "Bonjour"),
            rx.cond(AgentHomeState.loaded, AgentHomeState.roles, "\u00a0"),
        ),
        loading(
            AgentHomeState.loaded,
            card(skeleton(4)),
            card(
                rx.el.dl(rx.foreach(AgentHomeState.facts, _fact), class_name="facts"),
                title="Le portail aujourd’hui",
            ),
            "min-h-48",
        ),
        current="agents",
        audience=Audience.AGENT,
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label), rx.el.dd(fact.value), key=fact.label)
