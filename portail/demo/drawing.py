"""A drawing made of a few shapes: the demo has pictures without anybody's photo."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1_200, 800
SCALE = 2  # drawn larger, then made smaller: edges are smooth
SKY, SUN = ("#cfeaf2", "#f7f1df"), "#f6c56f"
HILLS = (("#a9cfa2", 560, 900), ("#7fb58a", 640, 760), ("#4f9473", 720, 980))
KITES = (
    (330, 250, "#d9573f", "#f0a04b"),
    (640, 150, "#0b5c6b", "#5cc0cf"),
    (900, 310, "#8a5fa8", "#e2b6ee"),
)


def park(folder: Path) -> Path:
    """Kites above the hills of a park, as a PNG in this folder."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
    draw = ImageDraw.Draw(image)
    _sky(draw)
    _disc(draw, 1_010, 150, 80, SUN)
    for rank, (colour, top, width) in enumerate(HILLS):
        for at in range(-200 + 170 * rank, WIDTH + 400, width // 2 + 190):
            _hill(draw, at, top, width, colour)
    for x, y in ((130, 640), (205, 665), (1_060, 650)):
        _tree(draw, x, y)
    for x, y, one, other in KITES:
        _kite(draw, x, y, one, other)
    path = folder / "parc.png"
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(path, "PNG")
    return path


def _sky(draw: ImageDraw.ImageDraw) -> None:
    top, low = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in SKY)
    for y in range(HEIGHT * SCALE):
        part = min(1.0, y / (HEIGHT * SCALE * 0.75))
        colour = tuple(round(a + (b - a) * part) for a, b in zip(top, low, strict=True))
        draw.line((0, y, WIDTH * SCALE, y), fill=(colour[0], colour[1], colour[2]))


def _points(*pairs: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * SCALE, y * SCALE) for x, y in pairs]


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: str) -> None:
    draw.ellipse(_points((x - radius, y - radius), (x + radius, y + radius)), fill=colour)


def _hill(draw: ImageDraw.ImageDraw, x: int, top: int, width: int, colour: str) -> None:
    draw.ellipse(_points((x - width / 2, top), (x + width / 2, top + 700)), fill=colour)


def _tree(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    draw.rectangle(_points((x - 7, y - 30), (x + 7, y + 40)), fill="#7a5a3c")
    for dx, dy, radius in ((0, -85, 48), (-30, -50, 38), (30, -50, 38)):
        _disc(draw, x + dx, y + dy, radius, "#2f6f57")


def _kite(draw: ImageDraw.ImageDraw, x: int, y: int, one: str, other: str) -> None:
    draw.line(
        _points((x, y + 85), (x - 40, y + 190), (x + 15, y + 300), (x - 30, y + 400)),
        fill="#5b6d78",
        width=2 * SCALE,
        joint="curve",
    )
    draw.polygon(_points((x, y - 70), (x + 50, y), (x, y + 85)), fill=one)
    draw.polygon(_points((x, y - 70), (x - 50, y), (x, y + 85)), fill=other)
    for step in range(1, 4):
        at = (x - 40 * step / 3, y + 85 + 105 * step / 3)
        draw.polygon(
            _points((at[0] - 14, at[1] - 8), (at[0] + 14, at[1] + 8), at, (at[0] + 14, at[1] - 8)),
            fill=one,
        )
