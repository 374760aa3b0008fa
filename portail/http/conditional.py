"""What a browser or a reader has already is not sent again (RFC 9110, §13)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response


def validators(etag: str, changed_at: datetime | None = None) -> dict[str, str]:
    """The headers that name a content, for it to be asked about later."""
    named = {"ETag": f'"{etag}"'}
    if changed_at is not None:
        named["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    return named


def has(asked: Headers, etag: str, changed_at: datetime | None = None) -> bool:
    """Whether the asker has this content: its tag says it, and only without one its date.

    Args:
        asked: headers of the request.
        etag: digest of the content.
        changed_at: when it last changed.
    """
    tags = asked.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
        return etag in known or tags.strip() == "*"
    return changed_at is not None and _since(asked, changed_at)


def not_modified(
    asked: Headers, headers: dict[str, str], etag: str, changed_at: datetime | None = None
) -> Response | None:
    """The answer 304 when the asker has this content (see `has`); nothing when it is to be sent.

    `headers`: those the content would come with.
    """
    if not has(asked, etag, changed_at):
        return None
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)


def _since(asked: Headers, changed_at: datetime) -> bool:
    try:
        since = parsedate_to_datetime(asked.get("if-modified-since", ""))
    except ValueError:
        return False
    # a date without its zone is no date of HTTP
    return since.tzinfo is not None and changed_at.replace(microsecond=0) <= since
