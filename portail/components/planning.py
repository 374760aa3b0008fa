"""Cells of the planning, on a grid or on the card of a day, and what listens to their boxes."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from portail.components.browser import (
    box_told,
    clicked_box,
    hide_tip,
    is_narrow,
    is_open,
    keep_clicks,
    move_in_grid,
    refuse_click_when_read,
    tell_cell,
    when_width_differs,
)
from portail.state.planning.cells import Change
from portail.state.planning.looks import FIXED, LEGEND, ON, TICKED, UNTICKED

BOX = "planning"
BEFORE, AFTER = "periode-avant", "periode-apres"


class Boxes(BaseHTML):
    """What holds the cells: every click on a box of it is heard here."""

    tag = "div"

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """Clicks on any of the boxes."""
        return super().get_event_triggers() | {"on_change": clicked_box}


class Unfolded(BaseHTML):
    """Details that tell the server when they are opened or closed."""

    tag = "details"

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """The change, with what they are now."""
        return super().get_event_triggers() | {"on_toggle": is_open}


class WidthButton(BaseHTML):
    """A hidden button that the browser presses when the layout is not the window's."""

    tag = "button"

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """The press, with what the window is."""
        return super().get_event_triggers() | {"on_click": is_narrow}


def boxes(*children: Any, on_change: Any, mount: rx.Var[int], answered: rx.Var[int]) -> Any:
    """The grid, its tooltip, and what keeps the clicks until they are answered."""
    tip = rx.el.div(rx.el.b(), rx.el.span(), role="tooltip", hidden=True, class_name="plan-tip")
    kept = rx.el.i(
        hidden=True,
        data_mount=mount,
        data_answered=answered,
        custom_attrs={"ref": keep_clicks(BOX)},
    )
    return Boxes.create(
        *children,
        tip,
        kept,
        id=BOX,
        on_change=on_change,
        class_name="plan-box",
        custom_attrs={
            "onClickCapture": refuse_click_when_read(),
            "onKeyDown": move_in_grid(BEFORE, AFTER),
            "onFocus": tell_cell(),
            "onPointerOver": tell_cell(),
            "onBlur": hide_tip(),
            "onPointerLeave": hide_tip(),
        },
    )


def width_probe(narrow: rx.Var[bool], on_differ: Any) -> rx.Component:
    """Tell the server once when the window is not of the width it believes."""
    return WidthButton.create(
        on_click=on_differ,
        hidden=True,
        custom_attrs={
            "type": "button",
            "data-narrow": rx.cond(narrow, "true", "false"),
            "ref": when_width_differs(),
        },
    )


class Shape:
    """A cell as it is now: as it came with the page, unless the server has said otherwise."""

    def __init__(
        self,
        key: rx.Var[str],
        first: rx.Var[str],
        first_words: rx.Var[str],
        changed: Any,
        mount: rx.Var[int],
    ) -> None:
        """Of the cell `key`; its look and words as they came."""
        new = changed.contains(key)
        change = changed[key].to(Change)
        look = rx.cond(new, change.s, first).to(str)
        self.key = key
        self.words = rx.cond(new, change.t, first_words).to(str)
        self.base, self.state = look[0], look[1]
        self.marked = look[2] == "m"
        version = rx.cond(new, change.v, 0)
        self.told = f"{mount}.{version}.{self.state}"

    @property
    def has_box(self) -> rx.Var[bool]:
        """Whether it can be clicked."""
        return self.state != FIXED

    @property
    def ticked(self) -> rx.Var[str]:
        """What it says ticked."""
        return rx.Var.create(TICKED)[self.base].to(str) + self.words

    @property
    def unticked(self) -> rx.Var[str]:
        """What it says when it is not."""
        return rx.Var.create(UNTICKED)[self.base].to(str) + self.words

    def box(self, what: Any, editing: rx.Var[bool], **props: Any) -> rx.Component:
        """The native box; `what` names it."""
        attributes = {
            "data-look": self.base,
            "data-set": self.told,
            "data-what": what,
            "data-on": self.ticked,
            "data-off": self.unticked,
            "data-mark": rx.cond(self.marked, "other", ""),
            "aria-readonly": rx.cond(editing, "false", "true"),
            "ref": box_told(),
        }
        return rx.el.input(
            type="checkbox",
            name=self.key,
            custom_attrs=attributes | props.pop("attrs", {}),
            **props,
        )


def sign(look: str) -> rx.Component:
    """The drawing of a look, for the legend and for lists."""
    attributes = {"data-look": look[0], "data-ticked": "yes" if look[1] == ON else "no"}
    return rx.el.span(class_name="cell", aria_hidden="true", custom_attrs=attributes)


def legend() -> rx.Component:
    """What each sign means."""
    return rx.el.ul(
        *[rx.el.li(sign(look), words) for look, words in LEGEND],
        class_name="legend",
        aria_label="Légende",
    )
