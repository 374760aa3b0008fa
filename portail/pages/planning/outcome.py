"""The lines of a confirmation, where it was made and on the page of its procedure."""

from __future__ import annotations

import reflex as rx

from portail.components.tag import tag
from portail.state.planning.outcomes import DoneChild, DoneLine


def done_children(children: rx.Var[list[DoneChild]]) -> rx.Component:
    """What became of each change, by child and date."""
    return rx.el.div(rx.foreach(children, _child))


def _child(child: rx.Var[DoneChild]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(child.child),
        rx.el.ul(rx.foreach(child.lines.to(list[DoneLine]), _line), class_name="confirm-lines"),
        key=child.child,
        class_name="confirm-child",
    )


def _line(line: rx.Var[DoneLine], place: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.strong(line.day),
            rx.el.span(line.what, " ", rx.el.small(line.activity)),
            rx.cond(line.why != "", rx.el.span(line.why, class_name="confirm-why")),
            class_name="confirm-what",
        ),
        tag(line.outcome, line.tone),
        rx.el.span(line.price, class_name="confirm-price"),
        key=place,
    )
