"""«Réserver plusieurs jours»."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.dialog import modal
from portail.components.forms import error_summary, field, radio_group, two
from portail.components.icons import hidden_text
from portail.components.notice import notice
from portail.components.status import status_region
from portail.state.planning.bulk import (
    CLEAR,
    FIRST,
    LAST,
    MODE,
    MONTH,
    PATTERN,
    WEEK,
    WEEKDAYS,
    BulkState,
    ChildBox,
    ChildWeek,
    SlotLine,
)

State = BulkState


def bulk_opener() -> rx.Component:
    """The button that opens it."""
    return button(
        "Réserver plusieurs jours",
        "plain",
        icon="calendar-plus",
        aria_haspopup="dialog",
        on_click=State.open,
        class_name="bulk-opener",
    )


def bulk_outcome() -> rx.Component:
    """What was made, what was not, and why."""
    return status_region(
        rx.cond(State.done != "", notice(State.done, kind="success")),
        rx.cond(State.not_done != "", notice(State.not_done, kind="warning")),
        class_name="saved plan-told",
    )


def bulk_dialog() -> rx.Component:
    """What to do, for whom, over which days."""
    return modal(
        State.is_open,
        "Réserver plusieurs jours",
        rx.el.form(
            error_summary(State.errors),
            radio_group(
                "Que faire ?",
                MODE,
                [
                    (PATTERN, "Réserver une semaine type"),
                    (WEEK, "Recopier la semaine affichée"),
                    (MONTH, "Recopier le mois affiché"),
                    (CLEAR, "Tout libérer"),
                ],
                default_value=PATTERN,
            ),
            rx.el.fieldset(
                rx.el.legend("Pour"),
                rx.el.div(rx.foreach(State.children, _child), class_name="in-a-row"),
                id="champ-enfants",
                custom_attrs={"tabIndex": -1},  # a fieldset's own would become a style
                class_name="choices",
            ),
            _pattern(),
            rx.el.p(
                "La semaine ",
                State.week,
                " est recopiée sur chaque semaine de la période.",
                class_name="muted bulk-of-week",
            ),
            rx.el.p(
                "Les réservations de ",
                State.month,
                " sont recopiées dans le mois du premier jour, semaine par semaine.",
                class_name="muted bulk-of-month",
            ),
            rx.el.p(
                "Les réservations de la période qui peuvent encore être annulées le seront.",
                class_name="muted bulk-of-clear",
            ),
            two(
                field("Premier jour", FIRST, type="date", default_value=State.first),
                field("Dernier jour", LAST, type="date", default_value=State.last),
            ),
            rx.el.p(
                "Rien n’est définitif : tout reste en attente jusqu’à votre validation.",
                class_name="muted",
            ),
            rx.el.div(
                button("Annuler", "plain", on_click=State.close),
                button("Appliquer", type="submit"),
                class_name="dialog-actions",
            ),
            on_submit=State.apply,
            no_validate=True,
            class_name="bulk",
        ),
    )


def _child(one: rx.Var[ChildBox]) -> rx.Component:
    name = f"enfant-{one.id}"
    return rx.el.div(
        rx.el.input(
            type="checkbox",
            id=f"champ-{name}",
            name=name,
            value="oui",
            default_checked=one.chosen,
            on_change=lambda chosen: State.choose(one.id, chosen),
        ),
        rx.el.label(one.name, html_for=f"champ-{name}"),
        class_name="choice",
        key=one.id,
    )


def _pattern() -> rx.Component:
    return rx.el.table(
        rx.el.caption("Semaine type"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th(hidden_text("Prestation"), scope="col"),
                *[
                    rx.el.th(rx.el.span(day[:2], aria_hidden="true"), hidden_text(day), scope="col")
                    for day in WEEKDAYS
                ],
            )
        ),
        rx.foreach(State.weeks, _week),
        id="champ-jours",
        tab_index=-1,
        class_name="bulk-week",
    )


def _week(week: rx.Var[ChildWeek]) -> rx.Component:
    """Hidden while its child is not chosen: what was ticked is there when it is again."""
    head = rx.el.tr(
        rx.el.th(week.name, scope="rowgroup", col_span=len(WEEKDAYS) + 1), class_name="bulk-who"
    )
    return rx.el.tbody(
        head,
        rx.foreach(
            week.lines.to(list[SlotLine]),
            lambda line: _slot(line, week.name),
        ),
        hidden=~week.shown,
        key=week.child,
    )


def _slot(line: rx.Var[SlotLine], child: rx.Var[str]) -> rx.Component:
    def box(weekday: int) -> rx.Component:
        name = f"jour-{weekday}-{line.key}"
        return rx.el.td(
            rx.cond(
                line.days.to(list[bool])[weekday],
                rx.el.div(
                    rx.el.input(
                        type="checkbox",
                        name=name,
                        value="oui",
                        aria_label=f"{child}, {line.label}, {WEEKDAYS[weekday].lower()}",
                    ),
                    class_name="choice",
                ),
            )
        )

    return rx.el.tr(
        rx.el.th(line.label, " ", rx.el.small(line.activity), scope="row"),
        *[box(weekday) for weekday in range(len(WEEKDAYS))],
        key=line.key,
    )
