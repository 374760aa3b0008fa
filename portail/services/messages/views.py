"""What families and agents see of conversations: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portail.domain.messages import About, Problem, ThreadState


@dataclass(frozen=True)
class ServiceView:
    """A service to write to; `answer_days` is how many working days an answer usually takes."""

    code: str
    label: str
    hint: str
    answer_days: int


@dataclass(frozen=True)
class AboutView:
    """Something a conversation is about; what does not apply is empty.

    Attributes:
        name: first name of the child, number of the invoice, title of the procedure.
        child: first name of the child of a procedure.
        on: first day of the invoice's month, day of the procedure.
    """

    about: About
    family_number: int
    family_name: str
    name: str = ""
    child: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Choices:
    """What the form of a new message offers.

    Attributes:
        wanted: what the page that led here is about, when it is the actor's.
        service: code of the service that deals with it, or empty.
    """

    services: tuple[ServiceView, ...]
    abouts: tuple[AboutView, ...]
    wanted: AboutView | None
    service: str


@dataclass(frozen=True)
class Filter:
    """Which conversations; empty: all."""

    service: str = ""
    state: ThreadState | None = None
    search: str = ""


@dataclass(frozen=True)
class ThreadLine:
    """A line of «Mes messages».

    Attributes:
        excerpt: of the last message, or of the one where what is searched was found.
        from_town: whose message that is.
        file: name of a file of it, when that is where it was found; else empty.
    """

    id: int
    service: str
    subject: str
    excerpt: str
    from_town: bool
    last_at: datetime
    state: ThreadState
    unread: bool
    files: int
    child: str
    file: str = ""


@dataclass(frozen=True)
class ThreadPage:
    """A page of the list, unread first, then newest; `any` whether there is one at all."""

    lines: tuple[ThreadLine, ...]
    page: int
    pages: int
    total: int
    services: tuple[ServiceView, ...]
    any: bool


@dataclass(frozen=True)
class FileView:
    """A file that came with a message; `size` in bytes."""

    id: int
    name: str
    size: int


@dataclass(frozen=True)
class MessageView:
    """A message; `by` is «me», «family» or «town»; `new`: not read before."""

    rank: int
    by: str
    author: str
    sent_at: datetime
    body: str
    files: tuple[FileView, ...]
    new: bool


@dataclass(frozen=True)
class Conversation:
    """A conversation as its family reads it; `messages` oldest first, the last `SHOWN` or all.

    Attributes:
        earlier: how many older messages are not given.
        last_rank: number of the last message: what has been read once this was shown.
    """

    id: int
    service: ServiceView
    subject: str
    about: AboutView
    state: ThreadState
    procedure_id: int | None
    messages: tuple[MessageView, ...]
    earlier: int
    last_rank: int


@dataclass(frozen=True)
class UnreadAnswer:
    """An answer that waits to be read."""

    thread_id: int
    service: str
    subject: str
    at: datetime


@dataclass(frozen=True)
class RefusedFile:
    """A file that was not kept, and why, in French."""

    name: str
    why: str


@dataclass(frozen=True)
class Told:
    """Why a message was not sent."""

    problems: tuple[Problem, ...] = ()
    files: tuple[RefusedFile, ...] = ()
    wait: timedelta | None = None  # too many messages: how long to wait


@dataclass(frozen=True)
class Draft:
    """What is being written; `told` is why it was not sent, unless nothing was tried."""

    key: str
    service: str
    subject: str
    body: str
    about: str
    files: tuple[FileView, ...]
    told: Told
    saved_at: datetime


@dataclass(frozen=True)
class Written:
    """What was typed; no thread: a new message."""

    key: str
    body: str
    thread_id: int | None = None
    service: str = ""
    subject: str = ""
    about: str = ""


@dataclass(frozen=True)
class Sent:
    """The message is in this conversation, now or from before."""

    thread_id: int


@dataclass(frozen=True)
class NotSent:
    """It is kept as a draft, which says why."""


@dataclass(frozen=True)
class Closed:
    """The conversation is over, until somebody writes again."""


@dataclass(frozen=True)
class NewerMessage:
    """A message came that whoever wanted to close has not read: nothing was done."""
