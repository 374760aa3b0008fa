"""Tariffs as a catalogue file writes them, and what is wrong with those that are none."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from portail.domain.pricing.plain import NotATariffError, from_plain

MEAL = """
code = "repas"
name = "Repas"
[[versions]]
valid_from = 2026-09-01
price.residents = { kind = "effort_rate", rate = 360, floor = 260, ceiling = 450 }
price.non_residents = { kind = "multiplied", basis_points = 20000 }
"""


def meal(**version: Any) -> dict[str, Any]:
    plain = tomllib.loads(MEAL)
    plain["versions"][0].update(version)
    return plain


def test_toml_is_read() -> None:
    tariff = from_plain(meal())
    assert tariff.code == "repas"
    assert tariff.versions[0].valid_from.year == 2026


@pytest.mark.parametrize(
    ("version", "path"),
    [
        ({"valid_from": "yesterday"}, "versions.0.valid_from"),
        ({"valid_from": 2026}, "versions.0.valid_from"),
        ({"prepaid": 1}, "versions.0.prepaid"),
        ({"pric": {}}, "versions.0.pric"),
        ({"price": {}}, "versions.0.price.residents"),
        ({"price": 3}, "versions.0.price"),
        ({"price": {"residents": {"kind": "flat", "cents": 3.5}}}, "versions.0.price.residents"),
        ({"price": {"residents": {"kind": "flat", "cents": True}}}, "versions.0.price.residents"),
        ({"price": {"residents": {"kind": "flat", "cents": -1}}}, "versions.0.price.residents"),
        ({"price": {"residents": {"kind": "float", "cents": 1}}}, "versions.0.price.residents"),
        ({"price": {"kind": "flat", "residents": {}}}, "versions.0.price"),
        ({"price": {"residents": {"kind": "brackets", "brackets": 1}}}, "versions.0.price"),
        ({"siblings": {"by": "size", "rungs": []}}, "versions.0.siblings.by"),
        ({"quotient": {"kind": "reference_day", "month": 2, "day": 30}}, "versions.0.quotient"),
    ],
)
def test_what_is_wrong_says_where(version: dict[str, Any], path: str) -> None:
    with pytest.raises(NotATariffError) as caught:
        from_plain(meal(**version))
    assert caught.value.path.startswith(path)
    assert str(caught.value).startswith(path)
