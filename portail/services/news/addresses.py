"""Where articles and their files are."""

from __future__ import annotations

NEWS, ARTICLE = "/actualites", "/actualites/article"
ATOM, RSS = "/actualites/flux.atom", "/actualites/flux.rss"
PICTURES, ATTACHMENTS = "/actualites/image", "/actualites/piece"


def article_path(number: int) -> str:
    """The page of an article."""
    return f"{ARTICLE}?n={number}"


def picture_path(number: int, sha256: str, width: int = 0) -> str:
    """The picture of an article, or the narrower one: another picture has another address."""
    narrower = f"-{width}" if width else ""
    return f"{PICTURES}/{number}-{sha256[:12]}{narrower}.webp"


def attachment_path(attachment_id: int) -> str:
    """A file to download with an article."""
    return f"{ATTACHMENTS}/{attachment_id}"
