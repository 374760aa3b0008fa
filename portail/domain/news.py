"""News of the town: when an article is read, whom it is for, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

MAX_TITLE = 120  # characters
MAX_SUMMARY = 300
MAX_BODY = 20_000
MAX_ALT = 300
MAX_ATTACHMENTS = 10
MAX_SLUG = 80
TELLING_HOURS = range(8, 20)  # nobody is told of a holiday menu at night
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Phase(StrEnum):
    """Where an article is in its life."""

    COMING = "coming"
    CURRENT = "current"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Targets:
    """Whom an article is for: families of whom a child is in any of these; nothing: everyone.

    Schools by name, class levels as `domain.schooling` writes them, activities by code.
    """

    schools: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()

    @property
    def everyone(self) -> bool:
        """Whether it is for every family."""
        return not (self.schools or self.levels or self.activities)


@dataclass(frozen=True)
class Draft:
    """An article as somebody writes it, without its files.

    `slug` names it for ever; `from_` and `until` bound the time it is read in (unset: from now on,
    or from when it was first said; and without end);
    `picture_alt` says what its picture shows; `public`: visitors read it too.
    """

    slug: str
    title: str
    summary: str
    body: str
    from_: datetime | None = None
    until: datetime | None = None
    targets: Targets = field(default_factory=Targets)
    important: bool = False
    public: bool = False
    picture_alt: str = ""


class Fault(StrEnum):
    """What is wrong with a draft."""

    SLUG = "slug"
    NO_TITLE = "no_title"
    LONG_TITLE = "long_title"
    NO_SUMMARY = "no_summary"
    LONG_SUMMARY = "long_summary"
    NO_BODY = "no_body"
    LONG_BODY = "long_body"
    ENDS_BEFORE = "ends_before"
    NO_ALT = "no_alt"
    LONG_ALT = "long_alt"
    ALT_ALONE = "alt_alone"
    TOO_MANY_FILES = "too_many_files"


# which field of a file each is about
ABOUT = {
    Fault.SLUG: "slug",
    Fault.NO_TITLE: "title",
    Fault.LONG_TITLE: "title",
    Fault.NO_SUMMARY: "summary",
    Fault.LONG_SUMMARY: "summary",
    Fault.NO_BODY: "",
    Fault.LONG_BODY: "",
    Fault.ENDS_BEFORE: "until",
    Fault.NO_ALT: "picture",
    Fault.LONG_ALT: "alt",
    Fault.ALT_ALONE: "alt",
    Fault.TOO_MANY_FILES: "attachments",
}


def faults(draft: Draft, now: datetime, *, picture: bool, attachments: int) -> tuple[Fault, ...]:
    """All that is wrong with a draft, `picture` and `attachments` being the files beside it."""
    return tuple(_faults(draft, now, picture=picture, attachments=attachments))


def _faults(draft: Draft, now: datetime, *, picture: bool, attachments: int) -> Iterable[Fault]:
    if len(draft.slug) > MAX_SLUG or not _SLUG.fullmatch(draft.slug):
        yield Fault.SLUG
    for text, longest, missing, long in (
        (draft.title, MAX_TITLE, Fault.NO_TITLE, Fault.LONG_TITLE),
        (draft.summary, MAX_SUMMARY, Fault.NO_SUMMARY, Fault.LONG_SUMMARY),
        (draft.body, MAX_BODY, Fault.NO_BODY, Fault.LONG_BODY),
    ):
        if not text.strip():
            yield missing
        elif len(text) > longest:
            yield long
    if draft.until is not None and draft.until <= (draft.from_ or now):
        yield Fault.ENDS_BEFORE
    if picture and not draft.picture_alt.strip():
        yield Fault.NO_ALT
    if len(draft.picture_alt) > MAX_ALT:
        yield Fault.LONG_ALT
    if draft.picture_alt and not picture:
        yield Fault.ALT_ALONE
    if attachments > MAX_ATTACHMENTS:
        yield Fault.TOO_MANY_FILES


def phase(now: datetime, from_: datetime, until: datetime | None, *, withdrawn: bool) -> Phase:
    """Where an article is in its life; one that is over or withdrawn is read by nobody."""
    if withdrawn:
        return Phase.WITHDRAWN
    if now < from_:
        return Phase.COMING
    return Phase.OVER if until is not None and now >= until else Phase.CURRENT


def may_tell(now: datetime, zone: ZoneInfo, *, important: bool) -> bool:
    """Whether families are told of an article now: an important one at once, others by day."""
    return important or now.astimezone(zone).hour in TELLING_HOURS
