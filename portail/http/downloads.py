"""Sending a file: as a file, never as a page of ours."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import quote

from starlette.responses import FileResponse, Response

SHOWABLE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # were a browser to run it all the same: no script, no origin, no request
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


def file_response(path: Path, mime: str, name: str, *, inline: bool = False) -> Response:
    """The file, to be saved under this name; who may have it was decided before.

    Args:
        path: an existing file.
        mime: what it was found to be, not what its owner said.
        name: as `shown_name` gives it.
        inline: show it in the browser; only for the types we accept. A browser whose reader of
            PDF does not work under this policy shows nothing: send PDFs to be saved.

    Raises:
        FileNotFoundError: there is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(path.name)
    kind = "inline" if inline and mime in SHOWABLE else "attachment"
    headers = {**_HEADERS, "Content-Disposition": _disposition(kind, name)}
    return FileResponse(path, media_type=mime, headers=headers)


def content_response(content: bytes, mime: str, name: str) -> Response:
    """What we have just made, to be saved under this name."""
    headers = {**_HEADERS, "Content-Disposition": _disposition("attachment", name)}
    return Response(content, media_type=mime, headers=headers)


def _disposition(kind: str, name: str) -> str:
    """RFC 6266: the name in ASCII for old programs, and as it is for the others."""
    decomposed = unicodedata.normalize("NFKD", name.replace("’", "'").replace("œ", "oe"))
    plain = decomposed.encode("ascii", "ignore").decode()
    plain = re.sub(r'[^ -~]|["\\%/]', "_", plain).strip()
    if not plain or plain.startswith("."):
        plain = f"document{plain}"
    exact = quote(name.encode("utf-8", "replace"), safe="")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}"
