"""Whatever colour a town chooses, what is written in it or on it can be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portail.domain.colours import AA_TEXT, at_least, contrast, mix, readable_on

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#0B5C6B", "#0b5c6b") == 1


@given(colours, colours)
def test_contrast_does_not_care_for_the_order(a: str, b: str) -> None:
    assert contrast(a, b) == contrast(b, a)
    assert 1 <= contrast(a, b) <= 21.001


@pytest.mark.parametrize(
    ("background", "ink"),
    [("#0b5c6b", "#fff"), ("#f0a04b", "#14283a"), ("#fff", "#14283a"), ("#000000", "#fff")],
)
def test_the_ink_that_reads_best(background: str, ink: str) -> None:
    assert readable_on(background) == ink


@given(colours)
def test_any_colour_of_a_town_becomes_a_button_that_reads(colour: str) -> None:
    ink = readable_on(colour)
    assert contrast(at_least(colour, ink, AA_TEXT), ink) >= AA_TEXT


@settings(deadline=None)
@given(colours, colours, st.floats(1, 21))
def test_the_ratio_is_reached_whenever_black_or_white_can(
    colour: str, background: str, ratio: float
) -> None:
    best = max(contrast(end, background) for end in ("#000", "#fff"))
    result = at_least(colour, background, ratio)
    assert contrast(result, background) >= min(ratio, best)
    assert at_least(colour, background, ratio) == result


def test_a_colour_that_reads_already_stays_as_it_is() -> None:
    assert at_least("#0b5c6b", "#ffffff", AA_TEXT) == "#0b5c6b"


def test_the_lightness_moves_no_further_than_needed() -> None:
    assert 4.5 <= contrast(at_least("#f0a04b", "#fff", 4.5), "#fff") < 4.7
    assert 7 <= contrast(at_least("#0b5c6b", "#172733", 7), "#172733") < 7.3


def test_it_crosses_to_the_other_side_when_its_own_is_too_short() -> None:
    assert contrast(at_least("#202020", "#333333", 4.5), "#333333") >= 4.5  # black gives 1.7


def test_what_nothing_can_reach_gives_the_best_there_is() -> None:
    assert at_least("#888888", "#808080", 21) == "#000000"


def test_mixtures() -> None:
    assert mix("#000", "#fff", 0) == "#000000"
    assert mix("#000000", "#FFFFFF", 1) == "#ffffff"
    assert mix("#ff0000", "#0000ff", 0.5) == "#800080"


@pytest.mark.parametrize("word", ["", "red", "#12345", "#gggggg", "#0b5c6b;", "#fff\n", "fff"])
def test_what_is_not_a_colour_is_refused(word: str) -> None:
    for call in (readable_on, lambda w: contrast(w, "#fff"), lambda w: mix("#fff", w, 0.5)):
        with pytest.raises(ValueError, match="Not a colour"):
            call(word)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        mix("#000", "#fff", share)
