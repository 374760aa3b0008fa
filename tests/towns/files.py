"""The towns as files of catalogue, read as `portail catalogue import` reads them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from portail.adapters.catalogue_file import parse
from portail.domain.catalogue import Town
from portail.domain.pricing import Tariff

HERE = Path(__file__).parent
FILES = tuple(sorted(HERE.glob("*.toml")))


@lru_cache
def _read(name: str) -> tuple[Town, dict[str, Tariff]]:
    return parse((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def rules(name: str) -> Town:
    """What a town offers and when it may be booked."""
    return _read(name)[0]


def tariff(name: str, code: str = "") -> Tariff:
    """Its tariff of this code, or its only one."""
    tariffs = _read(name)[1]
    if code:
        return tariffs[code]
    (found,) = tariffs.values()
    return found
