"""«Poser une question»: from what one looks at to a message about it."""

import reflex as rx

from portail.components.icons import hidden_text, icon
from portail.components.links import link

NEW = "/messagerie/nouveau"


def ask_link(
    topic: str, number: rx.Var[int], of: str | rx.Var[str], class_name: str = "ask"
) -> rx.Component:
    """A link to a new message about this; `of` names it, for whoever hears links one by one."""
    return link(
        icon("message-circle", 20),
        rx.el.span("Poser une question", hidden_text("\u00a0: ", of)),
        to=rx.Var.create(f"{NEW}?{topic}=") + number.to_string(),
        class_name=class_name,
    )
