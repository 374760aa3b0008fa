"""Photos drawn again: the picture, upright, and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from portail.adapters.uploads.inspection import examine
from portail.adapters.uploads.verdicts import Kind, Reason, Sound, Unsound
from tests import samples

LIMIT = 10 * 1024 * 1024
Examined = Callable[[bytes], Sound | Unsound]


@pytest.fixture
def examined(tmp_path: Path) -> Examined:
    def run(content: bytes) -> Sound | Unsound:
        path = tmp_path / "0"
        path.write_bytes(content)
        return examine(path, LIMIT)

    return run


def _clean(found: Sound | Unsound) -> tuple[Sound, bytes, Image.Image]:
    assert isinstance(found, Sound)
    assert found.kind is Kind.PHOTO
    content = found.path_of_clean_copy.read_bytes()
    assert found.size == len(content)
    image = Image.open(io.BytesIO(content))
    image.load()
    return found, content, image


def _is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    red, green, blue = image.convert("RGB").getpixel(at)  # type: ignore[misc]
    return bool(red > 180 and green < 90 and blue < 90)


def _assert_bare(content: bytes, image: Image.Image) -> None:
    """Neither where nor with what, nor any word."""
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"Exif", b"Telephone", samples.SECRET_WORDS, b"xmpmeta", b"ICC_PROFILE"):
        assert trace not in content
    for chunk in (b"iCCP", b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"acTL", b"fdAT", b"tIME"):
        assert chunk not in content


@pytest.mark.parametrize("sample", [samples.photo, samples.heic])
def test_a_photo_loses_its_place_and_keeps_its_picture(
    examined: Examined, sample: Callable[[], bytes]
) -> None:
    original = sample()
    assert b"Telephone" in original
    found, content, image = _clean(examined(original))
    assert (found.mime, found.extension, image.format) == ("image/jpeg", "jpg", "JPEG")
    assert image.size == (120, 80)
    assert _is_red(image, (5, 5))
    _assert_bare(content, image)


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, (120, 80), (5, 5)),
        (2, (120, 80), (114, 5)),
        (3, (120, 80), (114, 74)),
        (4, (120, 80), (5, 74)),
        (5, (80, 120), (5, 5)),
        (6, (80, 120), (74, 5)),
        (7, (80, 120), (74, 114)),
        (8, (80, 120), (5, 114)),
        (9, (120, 80), (5, 5)),
    ],
)
def test_a_photo_stays_the_right_way_up(
    examined: Examined, orientation: int, size: tuple[int, int], corner: tuple[int, int]
) -> None:
    _, content, image = _clean(examined(samples.photo(orientation)))
    assert image.size == size
    assert _is_red(image, corner)
    _assert_bare(content, image)


@pytest.mark.parametrize("orientation", [3, 6])
def test_an_iphone_photo_too(examined: Examined, orientation: int, tmp_path: Path) -> None:
    original = samples.heic(orientation)
    _, _, image = _clean(examined(original))
    assert image.size == ((80, 120) if orientation == 6 else (120, 80))
    assert _is_red(image, (74, 5) if orientation == 6 else (114, 74))


def test_a_photo_of_nine_megabytes_is_taken_and_fits(examined: Examined) -> None:
    original = samples.large_photo()
    assert 8_500_000 < len(original) < LIMIT
    found, _, image = _clean(examined(original))
    assert found.size <= LIMIT
    assert max(image.size) == 4000


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_other_jpegs(examined: Examined, mode: str) -> None:
    _, content, image = _clean(examined(samples.jpeg(samples.picture(mode=mode))))
    assert image.mode == ("L" if mode == "L" else "RGB")
    assert mode == "L" or _is_red(image, (5, 5))
    _assert_bare(content, image)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_stays_one_without_its_words(examined: Examined, mode: str) -> None:
    picture = samples.picture().convert("L").convert("I") if mode == "I;16" else samples.picture()
    if mode == "I;16":
        picture = picture.point(lambda value: value * 257 + 0)
    found, content, image = _clean(examined(samples.png(picture.convert(mode))))
    assert (found.mime, found.extension, image.format) == ("image/png", "png", "PNG")
    assert image.size == (120, 80)
    if mode in ("P", "RGB", "RGBA"):
        assert _is_red(image, (5, 5))
    white = image.convert("L").getpixel((100, 70))
    red = image.convert("L").getpixel((5, 5))
    assert isinstance(white, int | float)
    assert isinstance(red, int | float)
    assert red < white > 250
    _assert_bare(content, image)


def test_transparency_is_kept(examined: Examined) -> None:
    picture = samples.picture(mode="RGBA")
    picture.putalpha(128)
    _, _, image = _clean(examined(samples.png(picture)))
    assert image.getpixel((100, 70)) == (255, 255, 255, 128)


def test_an_animation_is_its_first_picture(examined: Examined) -> None:
    _, content, image = _clean(examined(samples.animated_png()))
    assert getattr(image, "n_frames", 1) == 1
    assert _is_red(image, (5, 5))
    _assert_bare(content, image)


def test_what_is_hidden_after_a_photo_goes(examined: Examined) -> None:
    _, content, _ = _clean(examined(samples.photo() + samples.HTML))
    assert b"<script>" not in content


@pytest.mark.parametrize("side", [11_000, 60_000])
def test_pixels_are_counted_before_they_are_decoded(examined: Examined, side: int) -> None:
    assert examined(samples.huge_png(side)) == Unsound(Reason.TOO_MANY_PIXELS)


@pytest.mark.parametrize(
    "content",
    [
        samples.photo()[:-300],
        samples.photo()[:40],
        samples.png()[:-60],
        samples.heic()[:-100],
        samples.huge_png(9_000),  # far fewer rows than it says
        samples.png().replace(b"IDAT", b"IDAX"),
    ],
    ids=["jpeg", "jpeg head", "png", "heic", "png rows", "png chunk"],
)
def test_a_truncated_or_broken_image_is_refused(
    examined: Examined, content: bytes, tmp_path: Path
) -> None:
    assert examined(content) == Unsound(Reason.CORRUPT)
    assert [path.name for path in tmp_path.iterdir()] == ["0"]


def test_a_broken_profile_is_left_out(examined: Examined) -> None:
    content = samples.jpeg(icc_profile=b"not a profile")
    _, clean, image = _clean(examined(content))
    assert _is_red(image, (5, 5))
    _assert_bare(clean, image)
