"""Content-Security-Policy: scripts and styles of ours only, inline ones by their hash."""

from __future__ import annotations

import base64
import hashlib
import re
from http import HTTPStatus
from pathlib import Path

from portail.adapters.payment import form_origin
from portail.settings import settings

_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


def _hashes(contents: list[str]) -> str:
    digests = sorted({hashlib.sha256(content.encode()).digest() for content in contents})
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


class ContentSecurityPolicy:
    """The policy of each pre-rendered page, computed once from its file."""

    def __init__(self, static: Path) -> None:
        """Read pages from this folder."""
        self.static = static.resolve()
        self._cache: dict[tuple[Path, int], str] = {}

    def for_page(self, path: str, status: int) -> str:
        """The policy of the page that answers this path."""
        if status == HTTPStatus.NOT_FOUND:
            path = "404.html"
        elif status >= HTTPStatus.BAD_REQUEST:
            path = "erreur.html"
        file = self._file(path)
        if file is None:
            return self.for_data()
        key = (file, file.stat().st_mtime_ns)
        if key not in self._cache:
            self._cache[key] = _policy(file.read_text(encoding="utf-8"))
        return self._cache[key]

    def _file(self, path: str) -> Path | None:
        """The page of a path that has been answered with one: never a file from elsewhere."""
        file = (self.static / path.lstrip("/")).resolve()
        if file.is_dir():
            file /= "index.html"
        return file if file.is_relative_to(self.static) and file.is_file() else None

    @staticmethod
    def for_data() -> str:
        """The policy of what is not a page: nothing runs in it."""
        return "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def _policy(html: str) -> str:
    # 'self' covers wss: in current browsers; older Safari wants it said
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings().origins)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {_hashes(_SCRIPT.findall(html))}".strip(),
            f"style-src 'self' {_hashes(_STYLE.findall(html))}".strip(),
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self' {sockets}",
            "manifest-src 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
            f"form-action 'self' {form_origin()}".strip(),
            "frame-ancestors 'none'",
        ]
    )
