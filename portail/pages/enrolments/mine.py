"""/inscriptions «Les activités de mes enfants»."""

from __future__ import annotations

import reflex as rx

from portail.access.routes import exists
from portail.components.buttons import button
from portail.components.cards import card
from portail.components.dialog import modal
from portail.components.empty import empty_state
from portail.components.face import face
from portail.components.forms import hidden_field
from portail.components.icons import hidden_text, icon
from portail.components.links import button_link, link
from portail.components.notice import notice
from portail.components.status import loading, skeleton, status_region
from portail.components.tag import tag
from portail.pages.enrolments.section import MINE, NEW, enrolments_page
from portail.state.enrolments.mine import (
    ActivityCard,
    ChildDoor,
    Line,
    MyEnrolmentsState,
    TypeCard,
)


def page() -> rx.Component:
    """By type, each activity with its enrolments; above, the way to a new request."""
    return enrolments_page(
        "Les activités de mes enfants",
        "Les inscriptions de vos enfants, et où en sont vos demandes.",
        MINE,
        loading(
            MyEnrolmentsState.loaded,
            rx.el.div(card(skeleton(3)), card(skeleton(8)), class_name="stack"),
            rx.el.div(_told(), _doors(), _types(), _past(), class_name="stack"),
            "min-h-[48rem]",
        ),
        _withdrawal(),
    )


def _told() -> rx.Component:
    return status_region(
        rx.cond(MyEnrolmentsState.done != "", notice(MyEnrolmentsState.done, kind="success")),
        rx.cond(MyEnrolmentsState.refusal != "", notice(MyEnrolmentsState.refusal, kind="warning")),
        class_name="saved",
    )


def _doors() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(MyEnrolmentsState.children, _door), class_name="child-doors"),
        title="Inscrire un enfant",
        actions=button_link("Inscrire plusieurs enfants", NEW, "quiet"),
    )


def _door(child: rx.Var[ChildDoor]) -> rx.Component:
    return rx.el.li(
        link(
            face(child.initial, child.id),
            rx.el.span(hidden_text("Inscrire "), child.name),
            icon("chevron-right", 20),
            to=child.address,
        ),
        key=child.id,
    )


def _types() -> rx.Component:
    return rx.cond(
        MyEnrolmentsState.types.length() > 0,
        rx.el.div(rx.foreach(MyEnrolmentsState.types, _type), class_name="stack"),
        card(
            empty_state(
                "clipboard-list",
                "Aucune inscription",
                "Choisissez un enfant pour voir les activités qui lui sont ouvertes.",
            )
        ),
    )


def _type(one: rx.Var[TypeCard]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            rx.el.h2(one.label), rx.el.span(one.count, class_name="muted"), class_name="fold"
        ),
        rx.el.ul(
            rx.foreach(one.activities.to(list[ActivityCard]), _activity), class_name="enrolments"
        ),
        open=True,
        class_name="card folding",
        key=one.code,
    )


def _activity(one: rx.Var[ActivityCard]) -> rx.Component:
    return rx.el.li(
        rx.el.h3(one.label),
        rx.el.p(one.period, class_name="muted"),
        rx.el.ul(rx.foreach(one.lines.to(list[Line]), _line), class_name="enrolled"),
        key=one.code,
    )


def _line(one: rx.Var[Line]) -> rx.Component:
    planning = (
        rx.cond(
            one.planning != "", link("Planning", hidden_text(" de ", one.child), to=one.planning)
        )
        if exists("/planning")
        else rx.fragment()
    )
    return rx.el.li(
        rx.el.div(
            face(one.initial, one.child_id),
            rx.el.div(
                rx.el.strong(one.child),
                rx.el.span(one.since, class_name="muted block"),
                rx.cond(one.days != "", rx.el.span(one.days, class_name="muted block")),
            ),
            class_name="enrolled-who",
        ),
        rx.el.div(
            tag(one.state, one.tone),
            rx.cond(one.note != "", rx.el.p(one.note, class_name="enrolled-why")),
            class_name="enrolled-state",
        ),
        rx.el.div(
            planning,
            rx.cond(
                one.procedure != "",
                link(
                    rx.cond(one.asked, "Déposer le document", "Détail"),
                    hidden_text(" pour ", one.child),
                    to=one.procedure,
                ),
            ),
            rx.cond(
                one.withdrawable,
                rx.el.button(
                    "Retirer",
                    hidden_text(" la demande pour ", one.child),
                    type="button",
                    # leaving what was validated is rare: the button does not ask for attention
                    class_name=rx.cond(one.validated, "btn plain", "btn quiet"),
                    aria_haspopup="dialog",
                    on_click=MyEnrolmentsState.ask_withdrawal(one.id),
                ),
            ),
            class_name="beside-actions",
        ),
        key=one.id,
    )


def _past() -> rx.Component:
    return rx.cond(
        MyEnrolmentsState.past.length() > 0,
        rx.el.details(
            rx.el.summary(
                rx.el.h2("Terminées ou retirées"),
                rx.el.span(MyEnrolmentsState.past_count, class_name="muted"),
                class_name="fold",
            ),
            rx.el.ul(rx.foreach(MyEnrolmentsState.past, _activity), class_name="enrolments"),
            class_name="card folding",
        ),
    )


def _withdrawal() -> rx.Component:
    return modal(
        MyEnrolmentsState.asking != 0,
        "Retirer cette demande ?",
        rx.el.p(rx.el.strong(MyEnrolmentsState.asking_title)),
        rx.el.p(
            rx.cond(
                MyEnrolmentsState.asking_validated,
                "L’inscription prend fin et la place est donnée à un autre enfant. Pour revenir, "
                "il faudra une nouvelle demande.",
                "La place, ou le rang sur la liste d’attente, est donné à un autre enfant.",
            ),
            class_name="mt-2",
        ),
        rx.el.form(
            hidden_field("inscription", MyEnrolmentsState.asking.to_string()),
            rx.el.div(
                button("Annuler", "plain", on_click=MyEnrolmentsState.keep, auto_focus=True),
                button("Retirer ma demande", "danger", type="submit"),
                class_name="dialog-actions",
            ),
            on_submit=MyEnrolmentsState.withdraw,
        ),
        role="alertdialog",
    )
