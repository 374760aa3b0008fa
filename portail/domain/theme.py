"""The town's two colours turned into tokens that stay readable, whatever colours it chose.

Every pair of ink and background named in `PAIRS` keeps WCAG AA's contrast for text (4.5).
"""

from __future__ import annotations

from dataclasses import dataclass

from portail.domain.colours import at_least, contrast, mix, readable_on

MARGIN = 4.6  # a little more than AA's 4.5: colours are rounded

STRONG = 6.5  # links and lit entries: read at a glance


@dataclass(frozen=True)
class Ground:
    """The backgrounds of a theme, as in assets/tokens.css, and how strong its tints are."""

    surface: str
    paper: str
    sunk: str
    tint: float


LIGHT = Ground("#ffffff", "#f6f4ef", "#f1eee7", 0.12)
DARK = Ground("#172733", "#0f1b24", "#12202b", 0.22)

# (ink, background) pairs of tokens used for text somewhere
PAIRS = (
    ("brand", "surface"),
    ("brand", "paper"),
    ("brand-strong", "surface"),
    ("brand-strong", "paper"),
    ("brand-strong", "sunk"),
    ("brand-strong", "brand-tint"),
    ("on-brand", "brand"),
    ("accent-ink", "accent-tint"),
    ("accent-ink", "surface"),
    ("on-accent", "accent"),
)


def tokens(brand: str, accent: str, ground: Ground) -> dict[str, str]:
    """The tokens of a theme that follow the town's colours, by name, as #rrggbb."""
    solid = _readable(brand, ground.surface, ground.paper, ground.sunk)
    # what is written on the colour: white by day, the page's own dark by night
    on_brand = max(("#ffffff", ground.paper), key=lambda ink: contrast(ink, solid))
    brand_tint = mix(ground.surface, solid, ground.tint)
    accent_solid = at_least(accent, readable_on(accent), MARGIN)
    accent_tint = mix(ground.surface, accent, ground.tint)
    return {
        "brand": solid,
        "brand-strong": _readable(
            solid, brand_tint, ground.surface, ground.paper, ground.sunk, ratio=STRONG
        ),
        "brand-tint": brand_tint,
        "on-brand": on_brand,
        "accent": accent_solid,
        "accent-ink": _readable(accent, accent_tint, ground.surface, ground.paper),
        "accent-tint": accent_tint,
        "on-accent": readable_on(accent_solid),
    }


def theme_css(brand: str, accent: str) -> str:
    """The tokens of both themes, as the style sheet that wins over assets/tokens.css."""
    light = _declared({"town-brand": brand} | tokens(brand, accent, LIGHT))
    dark = _declared(tokens(brand, accent, DARK))
    return f":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def _declared(values: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())


def _readable(colour: str, *backgrounds: str, ratio: float = MARGIN) -> str:
    for background in backgrounds:
        colour = at_least(colour, background, ratio)
    return colour
