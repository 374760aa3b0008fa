"""The grid of wide screens: a column a day, a row a slot under its activity."""

from __future__ import annotations

from typing import Any

import reflex as rx

from portail.components.icons import hidden_text
from portail.components.planning import Shape
from portail.state.planning.cells import CellView, DayView, GroupView, RowView
from portail.state.planning.grid import PlanningState

State = PlanningState


def grid() -> rx.Component:
    """The table; its columns grow with the room there is."""
    return rx.el.div(
        rx.el.table(
            rx.el.caption(State.title, class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(hidden_text("Prestation"), scope="col", class_name="plan-corner"),
                    rx.foreach(State.days, _column),
                )
            ),
            rx.foreach(State.groups, _group),
            class_name="plan-grid",
        ),
        class_name="plan-scroll",
    )


def _column(day: rx.Var[DayView]) -> rx.Component:
    return rx.el.th(
        rx.el.span(day.name, rx.el.b(day.number), aria_hidden="true"),
        hidden_text(day.words, rx.cond(day.note != "", ", " + day.note.to(str), "")),
        scope="col",
        title=day.note,
        custom_attrs={"data-kind": day.kind},
        key=day.iso,
    )


def _group(group: rx.Var[GroupView]) -> rx.Component:
    head = rx.el.tr(
        rx.el.th(
            rx.cond(
                group.child != "",
                rx.fragment(rx.el.b(group.child), " · ", group.label),
                group.label,
            ),
            scope="rowgroup",
            col_span=State.days.length() + 1,
        ),
        class_name="plan-activity",
    )
    return rx.el.tbody(head, rx.foreach(group.rows.to(list[RowView]), _row), key=group.key)


def _row(row: rx.Var[RowView]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row.label, " ", rx.el.small(row.hours), scope="row"),
        rx.foreach(row.cells.to(list[CellView]), lambda cell, place: _cell(row, cell, place)),
        key=f"{row.child}-{row.slot}",
    )


def _cell(row: rx.Var[RowView], cell: rx.Var[CellView], place: Any) -> rx.Component:
    day = State.days[place].to(DayView)
    key = f"{row.child}/{row.slot}/{day.iso}"
    what = f"{row.what}, {day.words}"
    shape = Shape(
        rx.Var.create(key),
        cell.s,
        State.sentences[cell.t.to(int)],
        State.changed,
        State.mount,
    )
    fixed = rx.el.span(
        role="img",
        aria_label=f"{what}, {shape.words}",
        tab_index=-1,
        class_name="cell",
        custom_attrs={
            "data-look": shape.base,
            "data-what": what,
            "data-off": shape.words,
            "data-mark": rx.cond(shape.marked, "other", ""),
        },
    )
    return rx.el.td(
        rx.cond(
            shape.has_box,
            shape.box(what, State.editing, tab_index=-1, class_name="cell"),
            fixed,
        ),
        custom_attrs={"data-kind": day.kind},
        key=day.iso,
    )
