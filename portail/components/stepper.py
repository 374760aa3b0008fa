"""The steps of a long form."""

from collections.abc import Sequence

import reflex as rx

from portail.components.icons import hidden_text, icon


def stepper(titles: Sequence[str], current: int | rx.Var[int]) -> rx.Component:
    """«Étape n/N», what is done, what is left; `current` counts from 1."""
    now = rx.Var.create(current).to(int)
    steps = []
    for number, title in enumerate(titles, start=1):
        done = rx.el.span(hidden_text("Fait : "), icon("check", 16), f"{number}. {title}")
        here = rx.el.span(rx.el.b(f"Étape {number}/{len(titles)}"), title)
        later = rx.el.span(f"{number}. {title}")
        state = rx.cond(now == number, "current", rx.cond(now > number, "done", "todo"))
        steps.append(
            rx.el.li(
                rx.cond(now == number, here, rx.cond(now > number, done, later)),
                data_step=state,
                aria_current=rx.cond(now == number, "step", "false"),
            )
        )
    return rx.el.ol(*steps, class_name="steps", aria_label="Étapes")
