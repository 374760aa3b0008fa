"""Freed places kept for the family's children, above the grid."""

from __future__ import annotations

import reflex as rx

from portail.components.buttons import button
from portail.components.cards import card
from portail.components.icons import hidden_text
from portail.components.links import anchor
from portail.components.notice import notice
from portail.components.status import status_region
from portail.components.todo import todo_item, todo_list_of
from portail.state.planning.grid import PlanningState
from portail.state.planning.offers import OffersState, OfferView


def offers() -> rx.Component:
    """Each place, until when, and «Accepter» or «Refuser»; nothing when there is none."""
    return rx.fragment(
        status_region(
            rx.cond(
                OffersState.told != "",
                rx.cond(
                    OffersState.went_wrong,
                    notice(OffersState.told, kind="warning"),
                    notice(
                        OffersState.told,
                        rx.cond(
                            OffersState.calendar != "",
                            rx.el.p(
                                anchor("Ajouter à mon agenda (.ics)", href=OffersState.calendar)
                            ),
                        ),
                        kind="success",
                    ),
                ),
            ),
            class_name="saved",
        ),
        rx.cond(
            OffersState.offers.length() > 0,
            card(
                todo_list_of(OffersState.offers, _offer),
                title="Places proposées",
                class_name="plan-offers",
            ),
        ),
    )


def _offer(one: rx.Var[OfferView]) -> rx.Component:
    return todo_item(
        "hourglass",
        one.title,
        one.detail,
        rx.el.div(
            button(
                rx.fragment("Refuser", hidden_text(" : ", one.title)),
                "plain",
                on_click=[OffersState.answer(one.id, False), PlanningState.refresh],
            ),
            button(
                rx.fragment("Accepter", hidden_text(" : ", one.title)),
                on_click=[OffersState.answer(one.id, True), PlanningState.refresh],
            ),
            class_name="beside-actions",
        ),
        tone="accent",
        key=one.id,
    )
