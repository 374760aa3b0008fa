"""Who may call a handler: a label on each, checked at import and again at every event.

Any client can call any method of any state by its name, whatever page it is on. So each handler
says who may call it, and one that says nothing stops the start of the portal.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, get_type_hints

import reflex as rx
from annotated_types import Interval, Len
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Strict,
    StringConstraints,
    ValidationError,
    create_model,
)
from reflex_base.registry import RegistrationContext
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY

from portail.domain.identity import Actor, Role

MAX_TEXT = 10_000  # characters: no field of the portal takes more in an event


class Audience(StrEnum):
    """The three kinds of people a page or a handler is for."""

    PUBLIC = "public"
    FAMILY = "family"
    AGENT = "agent"


@dataclass(frozen=True)
class Access:
    """An audience and, for agents, the roles of which one is enough (none: any agent).

    `before_consent`: open to a parent who has yet to accept the texts of today.
    """

    audience: Audience
    roles: frozenset[Role] = frozenset()
    before_consent: bool = False

    def admits(self, actor: Actor | None) -> bool:
        """Whether this person may pass."""
        match self.audience:
            case Audience.PUBLIC:
                return True
            case Audience.FAMILY:
                return actor is not None and actor.is_family
            case Audience.AGENT:
                return (
                    actor is not None
                    and actor.is_agent
                    and (not self.roles or bool(self.roles & actor.roles))
                )

    def waits_for_consent(self, must_consent: bool) -> bool:
        """Whether somebody admitted must first accept the texts of today."""
        return must_consent and self.audience is Audience.FAMILY and not self.before_consent


PUBLIC = Access(Audience.PUBLIC)
FAMILY = Access(Audience.FAMILY)
FAMILY_BEFORE_CONSENT = Access(Audience.FAMILY, before_consent=True)
AGENT = Access(Audience.AGENT)


def agent(*roles: Role) -> Access:
    """Agents who have one of these roles."""
    return Access(Audience.AGENT, frozenset(roles))


class Arguments(BaseModel):
    """Base of the model made for each handler: exactly its arguments, of exactly their types."""

    model_config = ConfigDict(extra="forbid", strict=True)


Text = Annotated[str, StringConstraints(max_length=MAX_TEXT)]
# what PostgreSQL's integers hold: no id is larger, and a larger one would be an error there
Number = Annotated[int, Interval(ge=-(2**31), le=2**31 - 1)]
Name = Annotated[str, StringConstraints(max_length=100)]


def _ours(name: str) -> str:
    if name == FORM_DATA_ENTRIES_KEY:
        raise ValueError
    return name


# how Reflex sends a form: its entries in order, and again by the ids of its controls
_Entry = Annotated[tuple[Name, Text | bool | None], Strict(strict=False)]
_Entries = Annotated[list[_Entry], Len(0, 100)]
_Form = (
    dict[Annotated[Name, AfterValidator(_ours)], Text]
    | dict[Literal["__reflex_form_data__"], _Entries]  # FORM_DATA_ENTRIES_KEY, tested
)


def _arguments_model(fn: Callable[..., Any]) -> type[Arguments]:
    hints = get_type_hints(fn)
    fields: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(fn).parameters.items())[1:]:
        hint = hints.get(name)
        if hint is None:
            msg = f"{fn.__qualname__}: argument «{name}» has no type"
            raise TypeError(msg)
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[name] = (_bounded(hint), default)
    return create_model(f"{fn.__qualname__}_arguments", __base__=Arguments, **fields)


def _bounded(hint: Any) -> Any:
    if hint is str:
        return Text
    if hint is int:
        return Number
    if hint == dict[str, str]:
        return _Form
    return hint


def allow(access: Access, *, background: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Make a method an event handler that only `access` may call, with checked arguments."""

    def mark(fn: Callable[..., Any]) -> Any:
        fn.portail_access = access  # type: ignore[attr-defined]
        fn.portail_arguments = _arguments_model(fn)  # type: ignore[attr-defined]
        return rx.event(fn, background=background)

    return mark


class PortalState(rx.State, mixin=True):
    """Base of every state of ours: refuses, at import, a handler without a label."""

    def __init_subclass__(cls, mixin: bool = False, **kwargs: Any) -> None:
        for name, value in vars(cls).items():
            fn = getattr(value, "fn", value)
            if name.startswith("_") or not (
                inspect.isfunction(fn) or isinstance(value, rx.EventHandler)
            ):
                continue
            if not hasattr(fn, "portail_access"):
                msg = f"{cls.__qualname__}.{name} does not say who may call it: @allow(...)"
                raise TypeError(msg)
        super().__init_subclass__(mixin=mixin, **kwargs)


class FirstSeen(PortalState, mixin=True):
    """Base of the state of a page that comes with a first view of its data."""

    loaded: bool = False

    def _opened(self) -> None:
        """What the tab showed before is not what its new page shows: its first view, for now."""
        self.loaded = False


class _Hydrate(Arguments):
    """`vars` is left out: it would let a client write variables."""

    hashes: list[Annotated[str, StringConstraints(max_length=100)]] | None = None


class _SetIsHydrated(Arguments):
    value: bool


# Reflex's own handlers that a page cannot do without, by their exact names, and their arguments.
# `setvar` and `update_vars_internal` are not among them: they would let a client write our
# variables.
HYDRATE = "reflex___state____state.hydrate_and_load"
FRAMEWORK_HANDLERS: dict[str, type[Arguments]] = {
    "reflex___state____state.hydrate": Arguments,
    HYDRATE: _Hydrate,
    "reflex___state____state.set_is_hydrated": _SetIsHydrated,
    "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal": Arguments,
    "reflex___state____state.reflex___state____on_load_internal_state.set_is_hydrated": (
        _SetIsHydrated
    ),
}


def handler_function(event_name: str) -> Callable[..., Any] | None:
    """The function behind an event's name, if there is one."""
    registered = RegistrationContext.get().event_handlers.get(event_name)
    return registered.handler.fn if registered else None


def access_of(event_name: str) -> Access | None:
    """Who may call this handler; nobody when it has no label."""
    if event_name in FRAMEWORK_HANDLERS:
        return PUBLIC
    return getattr(handler_function(event_name), "portail_access", None)


def wrong_arguments(event_name: str, payload: dict[str, Any]) -> str | None:
    """What is wrong with the arguments of a call, without repeating their values."""
    model: type[Arguments] | None = FRAMEWORK_HANDLERS.get(event_name) or getattr(
        handler_function(event_name), "portail_arguments", None
    )
    if model is None:
        return None
    try:
        model.model_validate(payload)
    except ValidationError as error:
        return ", ".join(sorted({_problem(item["loc"], item["type"]) for item in error.errors()}))
    return None


def _problem(place: tuple[int | str, ...], kind: str) -> str:
    # the name of an argument that we do not have is the caller's word, and not repeated
    return kind if not place or kind == "extra_forbidden" else f"{place[0]}: {kind}"
