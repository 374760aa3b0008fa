"""/planning: a period of the children, to read or to change."""

from __future__ import annotations

import reflex as rx

from portail.access.labels import Audience
from portail.access.routes import exists
from portail.components.browser import show_whole
from portail.components.cards import card
from portail.components.empty import empty_state
from portail.components.face import face
from portail.components.first_view import first_text, first_view
from portail.components.icons import hidden_text, icon
from portail.components.links import button_link, link
from portail.components.page import page_title
from portail.components.planning import AFTER, BEFORE, Unfolded, boxes, legend, width_probe
from portail.components.status import loading, skeleton, status_region
from portail.pages.frame import framed
from portail.pages.planning.bulk import bulk_dialog, bulk_opener, bulk_outcome
from portail.pages.planning.days import days
from portail.pages.planning.first import BULK, CELLS, CHILDREN, COST, OFFERS, TITLE, TOOLS
from portail.pages.planning.grid import grid
from portail.pages.planning.offers import offers
from portail.state.planning.address import VALIDATION
from portail.state.planning.grid import PlanningState
from portail.state.planning.ways import CostLine, Shown, Way

State = PlanningState
# before, nothing of them moves: they are not shown, but for the first view of their data
READY = rx.cond(State.loaded, "yes", "no")
AROUND_TODAY, BEFORE_THEN_AFTER = "today", "period"  # what is between the arrows


def page() -> rx.Component:
    """Whose, when, the cells, and in the dock what is pending."""
    return framed(
        width_probe(State.narrow, State.fit),
        rx.el.div(
            rx.el.div(
                page_title(first_text(State.loaded, TITLE, State.title, "Planning")), _cost()
            ),
            rx.cond(State.loaded, rx.fragment(), first_view(TOOLS)),
            _tools(),
            class_name="plan-head",
            custom_attrs={"data-ready": READY},
        ),
        rx.el.p(State.period, role="status", class_name="sr-only"),
        _who(),
        rx.cond(State.loaded, rx.fragment(), first_view(OFFERS)),
        offers(),
        bulk_outcome(),
        rx.el.div(
            _cells(),
            _under(),
            class_name="plan-room",
            custom_attrs={"data-ready": READY},
        ),
        _dock(),
        bulk_dialog(),
        current="planning",
        audience=Audience.FAMILY,
    )


def _cells() -> rx.Component:
    return boxes(
        loading(
            State.loaded,
            rx.fragment(first_view(CELLS), card(skeleton(9), class_name="plan-card")),
            rx.cond(
                (State.groups.length() > 0) | (State.cards.length() > 0),
                rx.cond(State.phone, days(), card(grid(), class_name="plan-card")),
                rx.cond(State.missing, _missing(), _nothing()),
            ),
        ),
        on_change=State.toggle,
        mount=State.mount,
        answered=State.answered,
    )


def _under() -> rx.Component:
    """What the signs mean, and the ways to an absence and to the calendar to follow."""
    return rx.el.div(
        rx.el.details(rx.el.summary("Légende"), legend(), open=True, class_name="plan-legend"),
        rx.el.div(
            *[
                link(words, to=to, class_name="btn plain")
                for words, to in (
                    ("Suivre dans mon agenda", "/planning/agenda"),
                    ("Signaler une absence", "/planning/absence"),
                )
                if exists(to)
            ],
            class_name="plan-ways",
        ),
        class_name="plan-under",
    )


def _cost() -> rx.Component:
    lines = rx.el.div(
        _cost_table("Par enfant", State.by_child),
        _cost_table("Par activité", State.by_activity),
        rx.cond(
            State.cost_unknown,
            rx.el.p("Certains prix ne sont pas encore connus : le total n’en tient pas compte."),
        ),
        class_name="cost-lines",
    )
    return Unfolded.create(
        rx.el.summary(
            "Coût de la période\u00a0: ",
            rx.el.strong(first_text(State.loaded, COST, State.cost, "\u00a0")),
            hidden_text(", détail"),
        ),
        lines,
        on_toggle=State.detail_cost,
        class_name="plan-cost",
        custom_attrs={"inert": ~State.loaded},  # nobody would be told that it was opened
    )


def _cost_table(title: str, lines: rx.Var[list[CostLine]]) -> rx.Component:
    return rx.cond(
        lines.length() > 0,
        rx.el.table(
            rx.el.caption(title),
            rx.el.tbody(
                rx.foreach(
                    lines,
                    lambda one: rx.el.tr(
                        rx.el.th(one.label, scope="row"),
                        rx.el.td(one.booked),
                        rx.el.td(
                            rx.cond(
                                one.after != "",
                                rx.fragment(hidden_text("après vos changements "), "→ ", one.after),
                            )
                        ),
                        key=one.label,
                    ),
                )
            ),
        ),
    )


def _tools() -> rx.Component:
    """«Modifier», the periods, the views; on a phone the periods come first, and no views."""
    return rx.el.div(
        rx.cond(
            State.phone,
            rx.fragment(_when(BEFORE_THEN_AFTER), _mode()),
            rx.fragment(
                _mode(),
                _when(AROUND_TODAY),
                rx.el.nav(
                    rx.foreach(State.views, _view),
                    class_name="segments plan-views",
                    aria_label="Vue",
                ),
            ),
        ),
        class_name="plan-tools",
    )


def _mode() -> rx.Component:
    return rx.cond(
        State.editing,
        rx.el.span(icon("pencil", 18), "Modification en cours", class_name="plan-editing"),
        button_link("Modifier", State.edit, "quiet"),
    )


def _when(order: str) -> rx.Component:
    before = _arrow("chevron-left", "Période précédente", State.before, BEFORE)
    after = _arrow("chevron-right", "Période suivante", State.after, AFTER)
    today = link("Aujourd’hui", to=State.today, class_name="btn plain")
    period = rx.el.span(State.period, class_name="plan-period", aria_hidden="true")
    steps = (before, today, after) if order == AROUND_TODAY else (before, period, after, today)
    return rx.el.nav(*steps, class_name="plan-when", aria_label="Période")


def _arrow(shape: str, words: str, to: rx.Var[str], ident: str) -> rx.Component:
    return link(icon(shape), hidden_text(words), to=to, id=ident, class_name="round")


def _view(way: rx.Var[Way]) -> rx.Component:
    return link(
        way.label, to=way.address, aria_current=rx.cond(way.here, "page", "false"), key=way.label
    )


def _who() -> rx.Component:
    """«Famille» and «Activités»."""
    return rx.el.div(
        rx.el.nav(
            rx.cond(State.loaded, rx.fragment(), first_view(CHILDREN)),
            rx.el.ul(rx.foreach(State.children, _child), class_name="chips"),
            aria_label="Famille",
            custom_attrs={"onFocus": show_whole()},
        ),
        rx.el.details(
            rx.el.summary("Activités", icon("chevron-down", 18), class_name="chip"),
            rx.el.fieldset(
                rx.el.legend("Activités à montrer", class_name="sr-only"),
                rx.foreach(State.activities, _activity),
                class_name="plan-choices",
            ),
            class_name="plan-activities",
        ),
        rx.cond(State.loaded, rx.fragment(), first_view(BULK)),
        rx.cond(State.editing, bulk_opener()),
        class_name="plan-who",
        custom_attrs={"data-ready": READY},
    )


def _child(way: rx.Var[Way]) -> rx.Component:
    return rx.el.li(
        link(
            face(way.initial, way.child),
            way.label,
            to=way.address,
            class_name="chip",
            aria_current=rx.cond(way.here, "page", "false"),
        ),
        key=way.label,
    )


def _activity(one: rx.Var[Shown]) -> rx.Component:
    ident = f"montrer-{one.code}"
    return rx.el.div(
        rx.el.input(
            type="checkbox",
            id=ident,
            default_checked=one.shown,
            on_change=lambda shown: State.show_activity(one.code, shown),
        ),
        rx.el.label(one.label, html_for=ident),
        class_name="choice",
        key=f"{one.code}-{one.shown}",
    )


def _missing() -> rx.Component:
    return card(
        empty_state(
            "search-x",
            "Introuvable",
            "Ce planning n’existe pas, ou n’est pas celui de votre famille.",
            button_link("Voir mon planning", "/planning", "quiet"),
        )
    )


def _nothing() -> rx.Component:
    way = (
        button_link("Voir les inscriptions", "/inscriptions", "quiet")
        if exists("/inscriptions")
        else None
    )
    return card(
        rx.cond(
            State.hidden != "",
            empty_state(
                "eye-off",
                "Tout est masqué",
                "Cochez une activité dans « Activités » pour voir ses jours.",
            ),
            empty_state(
                "calendar-days",
                "Rien à réserver pour cette période",
                "Les activités apparaissent ici dès que l’inscription est validée.",
                way,
            ),
        )
    )


def _dock() -> rx.Component:
    """What is pending, what it costs, and the two ways on."""
    counts = rx.el.p(
        rx.el.strong(State.bookings),
        rx.el.span(" · ", aria_hidden="true"),
        rx.el.strong(State.cancellations),
        class_name="dock-counts",
    )
    money = rx.el.p(
        rx.el.span("Coût de la période\u00a0: ", State.cost, class_name="dock-cost"),
        rx.cond(State.cost_after != "", rx.el.span(State.cost_after)),
        rx.cond(State.difference != "", rx.el.span(State.difference, class_name="dock-difference")),
        class_name="dock-money",
    )
    told = rx.cond(
        State.told != "",
        rx.el.p(State.told, class_name="dock-told", custom_attrs={"data-refused": State.refused}),
    )
    undo = rx.cond(
        State.may_undo,
        rx.el.button(
            icon("undo-2"),
            rx.el.span("Annuler la dernière modification"),
            type="button",
            on_click=State.undo,
            class_name="btn dock-undo",
        ),
    )
    ways = rx.cond(
        State.editing,
        rx.fragment(
            button_link("Valider", State.read, "quiet"),
            button_link("Valider et terminer", VALIDATION),
        ),
        rx.cond(State.pending > 0, button_link("Terminer les modifications", VALIDATION)),
    )
    return rx.el.div(
        rx.cond(
            State.loaded & (State.editing | (State.pending > 0) | (State.told != "")),
            rx.el.div(
                status_region(counts, money, told, class_name="dock-words"),
                undo,
                rx.el.div(ways, class_name="dock-ways"),
                class_name="dock",
            ),
        ),
        class_name="dock-room",
    )
