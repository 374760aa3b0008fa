"""A picture for a page: as large as screens show it, light, and of one format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from portail.adapters.uploads.verdicts import Kind, Sound

LONGEST_SIDE = 1_200  # pixels: a column of text on a sharp screen
WIDTHS = (480, 800)  # pixels: the same for narrower places, where it is wider
QUALITY = 80
MIME, EXTENSION = "image/webp", "webp"


@dataclass(frozen=True)
class PagePicture:
    """A picture drawn for pages, and its size in pixels; `narrower` ones are the same, by width."""

    file: Sound
    width: int
    height: int
    narrower: tuple[PagePicture, ...] = ()


def for_pages(clean: Path) -> PagePicture:
    """Draw a picture that was found sound, beside it, without anything else than its pixels."""
    with Image.open(clean, formats=["JPEG", "PNG"]) as image:
        drawn = image.convert("RGBA" if image.mode in ("RGBA", "LA", "PA") else "RGB")
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    drawn.info.clear()
    whole = _saved(drawn, clean)
    return replace(
        whole,
        narrower=tuple(
            _saved(_narrowed(drawn, width), clean) for width in WIDTHS if width < whole.width
        ),
    )


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _saved(drawn: Image.Image, clean: Path) -> PagePicture:
    target = clean.with_name(f"{clean.name}-{drawn.width}.{EXTENSION}")
    drawn.save(target, "WEBP", quality=QUALITY, method=6)
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = target.stat().st_size
    return PagePicture(Sound(Kind.PHOTO, MIME, EXTENSION, target, digest, size), *drawn.size)
