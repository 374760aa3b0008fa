"""What goes in and out of a sign-up: the draft as seen, step 1 as typed, and outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class Draft:
    """What a browser has typed and accepted so far; never the password."""

    step: int
    last_name: str
    first_name: str
    email: str
    user_name: str
    has_password: bool
    file_number: str
    file_name: str
    file_email: str
    terms_accepted: bool
    privacy_accepted: bool


@dataclass(frozen=True)
class Identity:
    """Step 1 as typed."""

    last_name: str
    first_name: str
    email: str
    email_again: str
    user_name: str
    password: str
    password_again: str


@dataclass(frozen=True)
class Saved:
    """The step is accepted."""


@dataclass(frozen=True)
class Invalid:
    """What to correct, by field."""

    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NotRecognised:
    """The three references match no family file; which one is wrong is not said."""


@dataclass(frozen=True)
class AlreadyRegistered:
    """This adult has an account already."""


@dataclass(frozen=True)
class Blocked:
    """Too many tries."""

    wait: timedelta


@dataclass(frozen=True)
class Taken:
    """Somebody took the user name or the address meanwhile: the field, and words for it."""

    errors: dict[str, str]


@dataclass(frozen=True)
class Incomplete:
    """A step before is missing: go back there."""

    step: int


@dataclass(frozen=True)
class Registered:
    """The account is created; the activation link is on its way."""

    email: str
