"""Tariffs as plain dictionaries, such as TOML and JSON hold, and back.

A value of a union says its `kind`; what has its default may be left out; JSON's dates are text.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any

from portail.domain.pricing.tariff import Tariff

Plain = dict[str, Any]


class NotATariffError(ValueError):
    """What was read is no tariff; `path` is where («versions.0.price.residents.cents»)."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path or 'tariff'}: {message}")
        self.path = path


def to_plain(tariff: Tariff) -> Plain:
    """A tariff as a dictionary of text, whole numbers, booleans, dates and lists."""
    plain: Plain = _written(tariff)
    return plain


def from_plain(plain: Mapping[str, Any]) -> Tariff:
    """The tariff that a dictionary describes.

    Raises:
        NotATariffError: a key is missing, unknown or holds a value that no tariff can have.
    """
    tariff: Tariff = _read(Tariff, plain, "")
    return tariff


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if not is_dataclass(value):
        return value
    kind = getattr(value, "KIND", None)
    plain: Plain = {} if kind is None else {"kind": kind}
    for field in fields(value):
        held = getattr(value, field.name)
        if field.default is MISSING or held != field.default:
            plain[field.name] = _written(held)
    return plain


def _read(wanted: Any, plain: Any, path: str) -> Any:
    if isinstance(wanted, UnionType):
        return _read_union(wanted, plain, path)
    if typing.get_origin(wanted) is tuple:
        if not isinstance(plain, list | tuple):
            raise NotATariffError(path, "a list is expected")
        (item, _) = typing.get_args(wanted)
        return tuple(_read(item, value, _at(path, i)) for i, value in enumerate(plain))
    if is_dataclass(wanted):
        return _read_dataclass(wanted, plain, path)
    return _read_scalar(wanted, plain, path)


def _read_scalar(wanted: type, plain: Any, path: str) -> Any:
    try:
        if wanted is date and isinstance(plain, str):
            return date.fromisoformat(plain)
        if issubclass(wanted, StrEnum):
            return wanted(plain)
    except ValueError as error:
        raise NotATariffError(path, str(error)) from error
    if type(plain) is not wanted:  # True is no number here, and no float is an amount
        raise NotATariffError(path, f"{wanted.__name__} is expected, not {plain!r}")
    return plain


def _read_union(wanted: UnionType, plain: Any, path: str) -> Any:
    members = [member for member in typing.get_args(wanted) if member is not NoneType]
    if len(members) == 1:
        return _read(members[0], plain, path)
    kinds = {member.KIND: member for member in members}
    kind = plain.get("kind") if isinstance(plain, Mapping) else None
    if kind not in kinds:
        raise NotATariffError(path, f"kind is one of {', '.join(sorted(kinds))}, not {kind!r}")
    return _read(kinds[kind], plain, path)


def _read_dataclass(wanted: Any, plain: Any, path: str) -> Any:
    if not isinstance(plain, Mapping):
        raise NotATariffError(path, "a table is expected")
    types = _types(wanted)
    given = {key: value for key, value in plain.items() if key != "kind"}
    if unknown := sorted(given.keys() - types.keys()):
        raise NotATariffError(_at(path, unknown[0]), "unknown")
    if plain.get("kind", getattr(wanted, "KIND", None)) != getattr(wanted, "KIND", None):
        raise NotATariffError(_at(path, "kind"), "unexpected")
    needed = {f.name for f in fields(wanted) if f.default is MISSING}
    if missing := sorted(needed - given.keys()):
        raise NotATariffError(_at(path, missing[0]), "missing")
    read = {key: _read(types[key], value, _at(path, key)) for key, value in given.items()}
    try:
        return wanted(**read)
    except ValueError as error:
        raise NotATariffError(path, str(error)) from error


@cache
def _types(wanted: type) -> dict[str, Any]:
    hints = typing.get_type_hints(wanted)
    return {field.name: hints[field.name] for field in fields(wanted)}


def _at(path: str, key: str | int) -> str:
    return f"{path}.{key}" if path else str(key)
