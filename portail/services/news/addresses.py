"""Where articles and their files are."""

from __future__ import annotations

NEWS, ARTICLE = "/actualites", "/actualites/article"
ATOM, RSS = "/actualites/flux.atom", "/actualites/flux.rss"
PICTURES, ATTACHMENTS = "/actualites/image", "/actualites/piece"


def article_path(number: int) -> str:
    """The page of an article."""
    return f"{ARTICLE}?n={number}"


def picture_path(number: int, sha256: str) -> str:
    """The picture of an article: another picture has another address."""
    return f"{PICTURES}/{number}-{sha256[:12]}.webp"


def attachment_path(attachment_id: int) -> str:
    """A file to download with an article."""
    return f"{ATTACHMENTS}/{attachment_id}"
