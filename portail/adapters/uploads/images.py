"""A photo, drawn again: the picture stays, all that travelled with it goes."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

from PIL import Image, ImageCms

from portail.adapters.uploads.file_types import FileType
from portail.adapters.uploads.verdicts import Reason, UnsoundError

MAX_PIXELS = 100_000_000  # the best phones of 2026 take 50
LONGEST_SIDE = 4_000  # a page at 340 dots per inch: small print stays readable
QUALITIES = (88, 80, 70)  # the first that is not longer than what was sent may be
_DEEP = ("I", "F")  # modes of more than 8 bits a channel
_ORIENTATION = 0x0112  # EXIF
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def redraw(source: Path, kind: FileType, target: Path, max_bytes: int) -> FileType:
    """Write the first frame of an image to `target`, upright, in sRGB, without any metadata.

    Raises:
        UnsoundError: TOO_MANY_PIXELS, known from its header, before anything is decoded.
        Exception: whatever Pillow raises on a broken image.
    """
    if kind is FileType.HEIF:
        _learn_heif()
    with warnings.catch_warnings():
        # Pillow warns of large images; our own limit is below
        warnings.simplefilter("ignore")
        try:
            # no other decoder of Pillow is ever tried
            image: Image.Image = Image.open(source, formats=[kind.value])
        except Image.DecompressionBombError:
            raise UnsoundError(Reason.TOO_MANY_PIXELS) from None
        with image:
            if image.width * image.height > MAX_PIXELS:
                raise UnsoundError(Reason.TOO_MANY_PIXELS)
            clean = _upright(image, kind)
        if kind is FileType.PNG:
            clean.save(target, "PNG")
            return FileType.PNG
        return _write_jpeg(clean, target, max_bytes)


def _learn_heif() -> None:
    """Have Pillow read HEIF: one thread, the picture alone, not its thumbnails nor its depth."""
    import pillow_heif

    pillow_heif.register_heif_opener(
        thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
    )


def _upright(image: Image.Image, kind: FileType) -> Image.Image:
    if kind is FileType.JPEG:
        # decodes a very large photo at a half or a quarter: less memory, and quicker
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    profile = image.info.get("icc_profile")
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    clean = _in_eight_bits(image)
    if max(clean.size) > LONGEST_SIDE:
        clean.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    clean = _in_srgb(clean, profile)
    clean = clean.copy() if turn is None else clean.transpose(turn)
    clean.info.clear()  # what Pillow would write back: comments, profile, transparency, loops
    return clean


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """The same picture in grey, RGB (with transparency or not) or CMYK."""
    if image.mode.startswith(_DEEP):
        # scanners write 16 bits; Pillow would cut the light half off
        top = image.getextrema()[1]
        scale = 1 / 256 if isinstance(top, int | float) and top > 255 else 1  # noqa: PLR2004
        return image.convert("F").point(lambda value: value * scale + 0).convert("L")
    if "transparency" in image.info or image.mode in ("PA", "LA", "La", "RGBa"):
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    # a large one is not copied: it may take half of the memory we have
    return image if image.mode in ("L", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Its colours as every screen knows them; a profile that cannot be used is left out."""
    mode = "L" if image.mode == "L" else "RGB"
    if isinstance(profile, bytes) and profile:
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        try:
            converted = ImageCms.profileToProfile(
                image.convert("RGB") if alpha else image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
        else:
            if converted is not None:
                image = converted.convert(mode)
                if alpha:
                    image.putalpha(alpha)
    return image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB")


def _write_jpeg(image: Image.Image, target: Path, max_bytes: int) -> FileType:
    if image.mode == "RGBA":
        # a HEIC with transparency: on white, as paper
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    for quality in QUALITIES:
        image.save(target, "JPEG", quality=quality, optimize=True)
        if target.stat().st_size <= max_bytes:
            break
    return FileType.JPEG
