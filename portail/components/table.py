"""Tables that become cards on a phone and stay tables for a screen reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from portail.components.icons import hidden_text


@dataclass(frozen=True)
class Column:
    """A column; it may name the row, hold numbers, or have a title only heard (`bare`)."""

    label: str
    names_row: bool = False
    number: bool = False
    bare: bool = False


def data_table(
    caption: str | rx.Var[str],
    columns: Sequence[Column | str],
    rows: Sequence[Sequence[Any]] | rx.Var[Any],
    cells: Callable[[Any], Sequence[Any]] | None = None,
    key: Callable[[Any], Any] | None = None,
    show_caption: bool = False,
) -> rx.Component:
    """A table of static rows; or, with a list of the state, of `cells(item)` for each item.

    `key(item)` gives each row of a state list its identity (the row's id).
    """
    heads = [Column(column) if isinstance(column, str) else column for column in columns]
    if isinstance(rows, rx.Var):
        if cells is None:
            raise ValueError("A table over a list of the state needs `cells`.")
        fill, identity = cells, key

        def line(item: Any) -> rx.Component:
            props = {} if identity is None else {"key": identity(item)}
            return _row(heads, fill(item), **props)

        body = [rx.foreach(rows, line)]
    else:
        body = [_row(heads, row) for row in rows]
    return rx.el.table(
        rx.el.caption(caption, class_name="" if show_caption else "sr-only"),
        rx.el.thead(rx.el.tr(*[_head(column) for column in heads], role="row"), role="rowgroup"),
        rx.el.tbody(*body, role="rowgroup"),
        class_name="data-table",
        role="table",
    )


def _head(column: Column) -> rx.Component:
    text = hidden_text(column.label) if column.bare else column.label
    return rx.el.th(
        text, scope="col", role="columnheader", class_name="num" if column.number else ""
    )


def _row(columns: Sequence[Column], cells: Sequence[Any], **props: Any) -> rx.Component:
    return rx.el.tr(
        *[_cell(column, cell) for column, cell in zip(columns, cells, strict=True)],
        role="row",
        **props,
    )


def _cell(column: Column, content: Any) -> rx.Component:
    if column.names_row:
        return rx.el.th(content, scope="row", role="rowheader")
    # display: grid would make each piece of the content its own cell
    props: dict[str, Any] = {"role": "cell", "class_name": "num" if column.number else ""}
    if column.bare:
        return rx.el.td(content, role="cell", class_name="bare")
    return rx.el.td(rx.el.div(content), data_label=column.label, **props)
