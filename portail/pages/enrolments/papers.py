"""The documents an activity asks for: their lines in the request, and the dialog that sends one."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.dialog import modal
from portail.components.icons import hidden_text, icon
from portail.components.notice import notice
from portail.components.status import status_region
from portail.components.tag import tag
from portail.components.uploads import upload_form
from portail.state.enrolments.cards import ChildLine, MissingPaper
from portail.state.enrolments.health import HealthFormState
from portail.state.enrolments.papers import PaperState

State = PaperState


def paper_dialog() -> rx.Component:
    """Choose the file, send it; the request goes on where it was."""
    return modal(
        State.code != "",
        State.title + " de " + State.name,
        status_region(rx.cond(State.refusal != "", notice(State.refusal, kind="warning"))),
        upload_form(
            ident="piece",
            family=State.family_id,
            back=State.back,
            batch=State.batch,
            on_done=State.sent,
            kind=State.code,
            child=State.child_id,
        ),
        actions=[button("Annuler", "plain", on_click=State.close)],
    )


def paper_lines(one: rx.Var[ChildLine]) -> rx.Component:
    """What an activity asks for this child: given, to fill in on screen, or to send."""
    return rx.fragment(
        rx.match(
            one.health,
            (
                "todo",
                rx.el.div(
                    rx.el.span(
                        icon("clipboard-pen", 20), rx.el.strong("Fiche sanitaire"), " à remplir"
                    ),
                    button(
                        "Remplir la fiche sanitaire",
                        "quiet",
                        aria_haspopup="dialog",
                        aria_label="Remplir la fiche sanitaire de " + one.name,
                        on_click=HealthFormState.open(one.id),
                    ),
                    class_name="paper-line",
                ),
            ),
            (
                "done",
                rx.el.div(
                    tag("Fiche sanitaire fournie", "ok"),
                    rx.el.button(
                        "Revoir",
                        hidden_text(" la fiche sanitaire de ", one.name),
                        type="button",
                        class_name="btn plain",
                        aria_haspopup="dialog",
                        on_click=HealthFormState.open(one.id),
                    ),
                    class_name="paper-line",
                ),
            ),
            rx.fragment(),
        ),
        rx.foreach(one.missing.to(list[MissingPaper]), lambda paper: _paper(one, paper)),
    )


def _paper(one: rx.Var[ChildLine], paper: rx.Var[MissingPaper]) -> rx.Component:
    return rx.el.div(
        rx.el.span(icon("file-plus", 20), rx.el.strong(paper.name), " à fournir"),
        button(
            "Déposer",
            "quiet",
            aria_haspopup="dialog",
            aria_label="Déposer : " + paper.name + " de " + one.name,
            on_click=PaperState.open(one.id, paper.code),
        ),
        class_name="paper-line",
        key=paper.code,
    )
