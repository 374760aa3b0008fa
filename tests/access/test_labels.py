"""Who may call a handler: no label, no start; and exactly the arguments it says."""

from __future__ import annotations

from typing import Any

import pytest
import reflex as rx
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY

from portail.access.labels import (
    AGENT,
    FAMILY,
    FAMILY_BEFORE_CONSENT,
    PUBLIC,
    Access,
    PortalState,
    agent,
    allow,
    wrong_arguments,
)
from portail.domain.identity import Actor, Role

PARENT = Actor(1, account_id=1)
REGIE = Actor(1, agent_id=1, roles=frozenset({Role.REGIE}))
NO_ROLE = Actor(1, agent_id=1)


@pytest.mark.parametrize(
    ("access", "admitted"),
    [
        (PUBLIC, [None, PARENT, REGIE, NO_ROLE]),
        (FAMILY, [PARENT]),
        (FAMILY_BEFORE_CONSENT, [PARENT]),
        (AGENT, [REGIE, NO_ROLE]),
        (agent(Role.REGIE), [REGIE]),
        (agent(Role.REGIE, Role.ENFANCE), [REGIE]),
        (agent(Role.ADMINISTRATION), []),
    ],
)
def test_an_access_admits_these_and_no_others(access: Access, admitted: list[Actor | None]) -> None:
    everyone = (None, PARENT, REGIE, NO_ROLE)
    assert [actor for actor in everyone if access.admits(actor)] == admitted


def test_only_what_is_for_families_waits_for_their_consent_and_not_all_of_it() -> None:
    everything = (PUBLIC, FAMILY, FAMILY_BEFORE_CONSENT, AGENT)
    assert [one for one in everything if one.waits_for_consent(True)] == [FAMILY]
    assert [one for one in everything if one.waits_for_consent(False)] == []


def test_a_handler_without_a_label_stops_the_start() -> None:
    with pytest.raises(TypeError, match=r"Unlabelled\.load does not say who may call it"):

        class Unlabelled(PortalState, rx.State):
            def load(self) -> None: ...


def test_neither_does_one_marked_as_an_event() -> None:
    with pytest.raises(TypeError, match="does not say who may call it"):

        class MarkedOnly(PortalState, rx.State):
            @rx.event
            def load(self) -> None: ...


def test_private_methods_need_no_label_and_are_not_handlers() -> None:
    class WithPrivate(PortalState, rx.State):
        @allow(PUBLIC)
        def load(self) -> None: ...

        def _help(self) -> None: ...

    assert set(WithPrivate.event_handlers) >= {"load"}
    assert "_help" not in WithPrivate.event_handlers


def test_an_argument_without_a_type_stops_the_start() -> None:
    with pytest.raises(TypeError, match="«value» has no type"):

        @allow(PUBLIC)
        def load(self: Any, value) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001


class ArgumentsState(PortalState, rx.State):
    """A handler with arguments of several types."""

    @allow(PUBLIC)
    def take(
        self, text: str, number: int, chosen: bool, form: dict[str, str], days: list[int]
    ) -> None: ...


TAKE = f"{ArgumentsState.get_full_name()}.take"
RIGHT: dict[str, Any] = {
    "text": "a",
    "number": 1,
    "chosen": True,
    "form": {"nom": "Pinceau"},
    "days": [1, 2],
}


def test_right_arguments_pass() -> None:
    assert wrong_arguments(TAKE, RIGHT) is None
    assert wrong_arguments(TAKE, {**RIGHT, "text": "x" * 10_000, "form": {}, "days": []}) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 1),
        ("text", None),
        ("text", "x" * 10_001),
        ("text", "\ud800"),
        ("number", "1"),
        ("number", True),
        ("number", 1.5),
        ("chosen", 1),
        ("form", {"nom": 1}),
        ("form", {"nom": "x" * 10_001}),
        ("form", {"x" * 101: "a"}),
        ("form", []),
        ("days", [1, "2"]),
        ("days", {"0": 1}),
    ],
)
def test_a_wrong_argument_is_named_and_its_value_is_not(field: str, value: object) -> None:
    problem = wrong_arguments(TAKE, {**RIGHT, field: value})
    assert problem is not None
    assert problem.startswith(f"{field}: ")
    assert "xxx" not in problem


WIRE = FORM_DATA_ENTRIES_KEY


@pytest.mark.parametrize(
    "form",
    [
        {WIRE: []},
        {WIRE: [["nom", "Pinceau"], ["champ_nom", "Pinceau"], ["champ_case", True], ["x", None]]},
        {WIRE: [["nom", "x" * 10_000]]},
    ],
)
def test_a_form_as_a_browser_sends_it_passes(form: object) -> None:
    assert wrong_arguments(TAKE, {**RIGHT, "form": form}) is None


@pytest.mark.parametrize(
    "form",
    [
        {WIRE: "x"},
        {WIRE: None},
        {WIRE: {}},
        {WIRE: [["nom"]]},
        {WIRE: [["nom", "a", "b"]]},
        {WIRE: [["nom", 1]]},
        {WIRE: [["nom", ["a"]]]},
        {WIRE: [["nom", {"a": 1}]]},
        {WIRE: [[1, "a"]]},
        {WIRE: [["x" * 101, "a"]]},
        {WIRE: [["nom", "x" * 10_001]]},
        {WIRE: [["nom", "a"]] * 101},
        {WIRE: [["nom", "a"]], "nom": "a"},
    ],
)
def test_a_form_of_another_shape_is_refused(form: object) -> None:
    problem = wrong_arguments(TAKE, {**RIGHT, "form": form})
    assert problem is not None
    assert problem.startswith("form: ")


def test_missing_and_unknown_arguments_are_refused() -> None:
    assert wrong_arguments(TAKE, {**RIGHT, "Zoé Pinceau": 1}) == "extra_forbidden"
    assert wrong_arguments(TAKE, {k: v for k, v in RIGHT.items() if k != "text"}) is not None
    assert wrong_arguments(TAKE, [1]) is not None  # type: ignore[arg-type]
