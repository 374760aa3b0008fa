"""Sign-up in five steps. What was typed lives in a draft of the database, found by a cookie.

Nothing of a sign-up lives only in a screen: a reload, another server or two hours change nothing.
The password is kept hashed from the first step on.
"""

from portail.services.registration.drafts import DRAFT_LIVES, purge
from portail.services.registration.finish import finish, resend
from portail.services.registration.outcomes import (
    AlreadyRegistered,
    Blocked,
    Draft,
    Identity,
    Incomplete,
    Invalid,
    NotRecognised,
    Registered,
    Saved,
    Taken,
)
from portail.services.registration.steps import (
    accept,
    cancel,
    go_back,
    keep_typed,
    load,
    save_identity,
    save_references,
    summary_family,
)

__all__ = [
    "DRAFT_LIVES",
    "AlreadyRegistered",
    "Blocked",
    "Draft",
    "Identity",
    "Incomplete",
    "Invalid",
    "NotRecognised",
    "Registered",
    "Saved",
    "Taken",
    "accept",
    "cancel",
    "finish",
    "go_back",
    "keep_typed",
    "load",
    "purge",
    "resend",
    "save_identity",
    "save_references",
    "summary_family",
]
