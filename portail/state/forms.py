"""What forms and their states agree on: the ids of fields and the errors beside them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """What is wrong with a field, for `error_summary`; `field` is the field's name."""

    field: str
    message: str


def field_id(name: str) -> str:
    """The id of the field called `name`: what an error links to."""
    return f"champ-{name}"


def typed(form: dict[str, str], name: str) -> str:
    """What was typed in a field of a submitted form; empty when the form has no such field.

    Beside each field's text, Reflex sends the values of controls by their ids: a box's is a bool.
    """
    value: object = form.get(name, "")
    return value if isinstance(value, str) else ""
