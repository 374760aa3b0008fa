"""Colours that stay readable: contrast as WCAG 2 counts it, and the nearest shade that reaches it.

A town chooses its colours; we keep their hue and move their lightness only as far as reading needs.
Colours are `#rgb` or `#rrggbb`; computed ones come out as lower-case `#rrggbb`.
"""

from __future__ import annotations

import colorsys
import re
from functools import lru_cache

LIGHT = "#fff"
DARK = "#14283a"
AA_TEXT = 4.5  # WCAG 2, level AA, text of ordinary size

_BLACK, _WHITE = "#000000", "#ffffff"
_STEPS = 100
_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colours, from 1 (the same) to 21 (black and white).

    Raises:
        ValueError: not a colour.
    """
    darker, lighter = sorted((_luminance(a), _luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=100)
def readable_on(colour: str) -> str:
    """White or our near-black, whichever contrasts more with this background.

    The better of the two may still be below `AA_TEXT` on a middling background (3.8 at worst):
    `at_least(background, readable_on(background), AA_TEXT)` gives a background that is safe.

    Raises:
        ValueError: not a colour.
    """
    return max((LIGHT, DARK), key=lambda ink: contrast(ink, colour))


@lru_cache(maxsize=100)  # a mail asks it several times, a month of invoices ten thousand
def at_least(colour: str, background: str, ratio: float) -> str:
    """This colour, darkened or lightened in small steps until it contrasts enough.

    It goes away from the background on its own side (a darker colour gets darker) unless that
    side ends before the ratio is reached and the other does not. A ratio that neither black nor
    white can reach gives the better of the two. The hue and its strength are kept: mixing with
    white would turn a town's blue grey.

    Raises:
        ValueError: not a colour.
    """
    darker = _luminance(colour) <= _luminance(background)
    near, far = (_BLACK, _WHITE) if darker else (_WHITE, _BLACK)
    target = near
    if contrast(near, background) < ratio:
        target = max(near, far, key=lambda end: contrast(end, background))
    shades = (_toward(colour, target, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if contrast(shade, background) >= ratio), target)


def _toward(colour: str, end: str, share: float) -> str:
    """The colour moved toward black or white in lightness alone."""
    if not share:
        return mix(colour, colour, 0)
    hue, lightness, saturation = colorsys.rgb_to_hls(*(c / 255 for c in _channels(colour)))
    lightness += ((end == _WHITE) - lightness) * share
    rgb = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)


def mix(a: str, b: str, share: float) -> str:
    """A mixture of two colours: `share` of `b`, from 0 (all `a`) to 1 (all `b`).

    Raises:
        ValueError: not a colour, or a share out of range.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"A share is between 0 and 1, not {share}")
    pairs = zip(_channels(a), _channels(b), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    if not _HEX.fullmatch(colour):
        raise ValueError(f"Not a colour: {colour!r}")
    digits = colour[1:]
    if len(digits) == 3:  # noqa: PLR2004  (#rgb)
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    return red, green, blue


def _luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
