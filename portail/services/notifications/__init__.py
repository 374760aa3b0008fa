"""What families are told of by mail: now, or not at all, as each account chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from portail.domain.notifications import Notification
from portail.models import Account, MutedNotification
from portail.services import mails


@dataclass(frozen=True)
class Notice:
    """Something to tell.

    `template` is a kind of mail and `context` what its texts ask, `url` among it; `line` says it
    in one sentence; `about` names what it is about, such as «message 12».
    """

    kind: Notification
    template: str
    context: Mapping[str, object]
    line: str
    about: str


def tell(session: Session, account: Account, notice: Notice) -> None:
    """Tell an account, in the caller's transaction, as it chose."""
    muted = select(MutedNotification).where(
        MutedNotification.account_id == account.id, MutedNotification.kind == notice.kind
    )
    if session.exec(muted).first() is None:
        mails.queue(session, notice.template, account.email, notice.context)
