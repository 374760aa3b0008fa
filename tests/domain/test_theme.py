"""Whatever colours a town chooses, text stays readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.colours import AA_TEXT, contrast
from portail.domain.theme import DARK, LIGHT, PAIRS, Ground, tokens

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])
@given(brand=colours, accent=colours)
def test_every_pair_reaches_aa(ground: Ground, brand: str, accent: str) -> None:
    values = tokens(brand, accent, ground)
    values |= {"surface": ground.surface, "paper": ground.paper, "sunk": ground.sunk}
    low = {
        pair: round(contrast(values[pair[0]], values[pair[1]]), 2)
        for pair in PAIRS
        if contrast(values[pair[0]], values[pair[1]]) < AA_TEXT
    }
    assert low == {}


def test_a_readable_brand_is_left_as_it_is() -> None:
    assert tokens("#0b5c6b", "#f0a04b", LIGHT)["brand"] == "#0b5c6b"


@pytest.mark.parametrize(("ground", "block"), [(LIGHT, 0), (DARK, 1)])
def test_grounds_are_those_of_the_style_sheet(ground: Ground, block: int) -> None:
    css = (Path(__file__).parents[2] / "assets" / "tokens.css").read_text()

    def token(name: str) -> str:
        value = re.findall(rf"--{name}:\s*(#[0-9a-f]+)", css)[block]
        return "#" + "".join(2 * c for c in value[1:]) if len(value) == 4 else value

    assert (ground.surface, ground.paper, ground.sunk) == (
        token("surface"),
        token("paper"),
        token("surface-sunk"),
    )
