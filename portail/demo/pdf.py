"""A PDF of one page and a few lines: enough to stand for a document in the demo."""

from __future__ import annotations

from collections.abc import Sequence


def pdf(title: str, lines: Sequence[str] = ()) -> bytes:
    """A valid PDF, in Helvetica, of a title and lines that fit the page's width."""
    shown = [_shown(title, 20, 770), *(_shown(x, 11, 735 - 20 * i) for i, x in enumerate(lines))]
    content = b"\n".join(shown)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, value in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    )


def _shown(text: str, size: int, height: int) -> bytes:
    # what Helvetica's encoding has no sign for is left out: a demo's own texts
    encoded = text.encode("cp1252", "ignore")
    for special in (b"\\", b"(", b")"):
        encoded = encoded.replace(special, b"\\" + special)
    return b"BT /F1 %d Tf 60 %d Td (%s) Tj ET" % (size, height, encoded)
