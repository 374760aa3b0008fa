"""Files as families, careless or hostile people send them, built when a test asks."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache

import pillow_heif
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><title>x</title><script>alert(1)</script>"
PARIS_GPS = {1: "N", 2: (48.0, 47.0, 30.0), 3: "E", 4: (2.0, 21.0, 36.0)}
SECRET_WORDS = b"3 rue des Lilas"


# --- images


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes in a photo: where, with what, which way up."""
    data = Image.Exif()
    data[0x010F] = "Telephone"
    data[0x010E] = SECRET_WORDS.decode()
    data[0x0112] = orientation
    data.get_ifd(0x8825).update(PARIS_GPS)
    return data


def picture(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    """A page with a red corner, top left: which way is up can be seen."""
    image = Image.new("RGB", (width, height), "white")
    corner = (0, 0, width // 4, height // 4)
    ImageDraw.Draw(image).rectangle(corner, fill=(220, 20, 20))
    return image.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """What does not compress."""
    return Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    """A JPEG."""
    out = io.BytesIO()
    (image or picture()).save(out, "JPEG", **{"quality": 90, **options})
    return out.getvalue()


def photo(orientation: int = 1) -> bytes:
    """A JPEG with all that may travel in one."""
    return jpeg(
        exif=exif(orientation),
        comment=SECRET_WORDS,
        xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET_WORDS + b"</x:xmpmeta>",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )


def large_photo() -> bytes:
    """About 9 MB, as a good telephone takes them."""
    return jpeg(noise(4200, 3000), quality=82)


def heic(orientation: int = 1) -> bytes:
    """An iPhone's photo."""
    out = io.BytesIO()
    file = pillow_heif.from_pillow(picture())
    file.save(out, quality=80, exif=exif(orientation).tobytes())
    return out.getvalue()


def png(image: Image.Image | None = None) -> bytes:
    """A PNG with words in it."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", SECRET_WORDS.decode())
    words.add_itxt("Description", SECRET_WORDS.decode())
    out = io.BytesIO()
    (image or picture()).save(out, "PNG", pnginfo=words, exif=exif(), dpi=(300, 300))
    return out.getvalue()


def animated_png() -> bytes:
    """Two frames: the page, then something else."""
    out = io.BytesIO()
    other = Image.new("RGB", (120, 80), "blue")
    picture().save(out, "PNG", save_all=True, append_images=[other], duration=100)
    return out.getvalue()


def huge_png(side: int = 60_000) -> bytes:
    """A few bytes that say they are billions of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


# --- PDF


def written(writer: PdfWriter) -> bytes:
    """The bytes of a PDF."""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _pages(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(595, 842)
        content = DecodedStreamObject()
        content.set_data(b"BT /F1 12 Tf 72 720 Td (Certificat) Tj ET")
        page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    return writer


def pdf(pages: int = 1) -> bytes:
    """Pages with a word on each."""
    return written(_pages(pages))


def pdf_opening_on_a_page() -> bytes:
    """An /OpenAction that is a destination only."""
    writer = _pages()
    target = ArrayObject(
        [writer.pages[0].indirect_reference or NumberObject(0), NameObject("/Fit")]
    )
    writer.root_object[NameObject("/OpenAction")] = target
    return written(writer)


def pdf_opening_a_site() -> bytes:
    """An /OpenAction that goes elsewhere."""
    writer = _pages()
    writer.root_object[NameObject("/OpenAction")] = _action("URI", "URI", "http://example.org/")
    return written(writer)


def encrypted_pdf(password: str = "secret", owner: str | None = None) -> bytes:
    """A PDF with a password."""
    writer = _pages()
    writer.encrypt(password, owner, algorithm="AES-256")
    return written(writer)


def pdf_with_script() -> bytes:
    """A script run on opening."""
    return pdf_with("/OpenAction", action("JavaScript", "JS", "app.alert('x')"))


def pdf_with_attachment() -> bytes:
    """A file within the file."""
    writer = _pages()
    writer.add_attachment("macro.exe", b"MZ")
    return written(writer)


def pdf_with(key: str, value: DictionaryObject | ArrayObject) -> bytes:
    """Something more in the catalogue."""
    writer = _pages()
    writer.root_object[NameObject(key)] = value
    return written(writer)


def _action(kind: str, key: str, text: str) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Action"),
            NameObject("/S"): NameObject(f"/{kind}"),
            NameObject(f"/{key}"): TextStringObject(text),
        }
    )


def action(kind: str, key: str = "F", text: str = "x") -> DictionaryObject:
    """An action of this kind."""
    return _action(kind, key, text)


def raw_pdf(objects: Iterable[bytes], trailer: bytes = b"/Root 1 0 R", head: bytes = b"") -> bytes:
    """A PDF written by hand: its objects, from number 1, as they are."""
    out = bytearray(head + b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d %s >>\n" % (len(offsets) + 1, trailer)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object, its data as given."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


PAGES = (
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
)


def page_pdf(*objects: bytes, catalogue: bytes = b"", head: bytes = b"") -> bytes:
    """One page whose content is the first of these objects."""
    root = b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue
    return raw_pdf([root, *PAGES, *(objects or (stream(b"BT ET"),))], head=head)


@lru_cache
def bomb(megabytes: int) -> bytes:
    """Zeros by the megabyte, deflated to a thousandth."""
    squeezer = zlib.compressobj(9)
    pieces = [squeezer.compress(bytes(1024 * 1024)) for _ in range(megabytes)]
    return b"".join([*pieces, squeezer.flush()])


def bomb_pdf(megabytes: int = 600) -> bytes:
    """A page whose content is that long."""
    return page_pdf(stream(bomb(megabytes), b"/Filter /FlateDecode"))


def bombs_pdf(streams: int = 9, megabytes: int = 60) -> bytes:
    """Each stream could be a scanned page; all of them could not."""
    one = stream(bomb(megabytes), b"/Filter /FlateDecode")
    return page_pdf(*[one] * streams)


def nested_bomb_pdf() -> bytes:
    """A bomb in a bomb: each layer alone looks fine."""
    twice = zlib.compress(bomb(600), 9)
    return page_pdf(stream(twice, b"/Filter [/FlateDecode /FlateDecode]"))


def hidden_nested_bomb_pdf() -> bytes:
    """The same, its filters written elsewhere and one of them in letters."""
    letters = zlib.compress(bomb(600), 9).hex().encode() + b">"
    filters = b"[/ASCIIHexDecode /FlateDecode /FlateDecode]"
    return page_pdf(stream(letters, b"/Filter 5 0 R"), filters)


def letters_bomb_pdf() -> bytes:
    """A bomb in letters: nothing deflated is seen in the file."""
    letters = bomb(600).hex().encode() + b">"
    return page_pdf(stream(letters, b"/Filter [/ASCIIHexDecode /FlateDecode]"))


def objects_bomb_pdf() -> bytes:
    """A stream of objects whose only one is a very long string."""
    return object_stream_pdf(b"(" + bytes(64 * 1024 * 1024) + b")")


def object_stream_pdf(inner: bytes, *, live: bool = True, entries: bytes = b"") -> bytes:
    """A PDF 1.5 whose object 5 is in a stream of objects, used by the catalogue or left over."""
    index = b"5 0 "
    packed = zlib.compress(index + inner)
    described = b"/Type /ObjStm /N 1 /First %d /Filter /FlateDecode %s" % (len(index), entries)
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % (b"/OpenAction 5 0 R" if live else b""),
        *PAGES,
        stream(b"BT ET"),
        stream(packed, described),  # object 6
    ]
    numbers = [1, 2, 3, 4, 6]
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, body in zip(numbers, bodies, strict=True):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    offsets[7] = start
    rows = [struct.pack(">BIH", 0, 0, 65_535)]
    for number in range(1, 8):
        if number == 5:
            rows.append(struct.pack(">BIH", *((2, 6, 0) if live else (0, 0, 0))))
        else:
            rows.append(struct.pack(">BIH", 1, offsets[number], 0))
    table = stream(b"".join(rows), b"/Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R")
    out += b"7 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, start)
    return bytes(out)


def updated_pdf(first: bytes, number: int, body: bytes) -> bytes:
    """The same file with one object replaced by an incremental update."""
    start = first.rindex(b"startxref\n") + len(b"startxref\n")
    previous = int(first[start:].split()[0])
    out = bytearray(first)
    offset = len(out)
    out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n%d 1\n%010d 00000 n \n" % (number, offset)
    out += b"trailer\n<< /Size 10 /Root 1 0 R /Prev %d >>\n" % previous
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)
