"""Lists by pages, numbered from 1."""

from __future__ import annotations


def nearest_page(asked: int, total: int, per_page: int) -> tuple[int, int]:
    """The page that is nearest to the one asked, and how many pages there are: one at least."""
    pages = max(1, -(-total // per_page))
    return min(max(asked, 1), pages), pages
