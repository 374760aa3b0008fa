"""What the menu counts beside its entries, asked at each page."""

from __future__ import annotations

from dataclasses import dataclass

from portail.database import reading
from portail.domain.identity import Actor
from portail.services.billing import views
from portail.services.messages import mine


@dataclass(frozen=True)
class MenuCounts:
    """Invoices to pay (none: not asked), and conversations with an answer to read."""

    due: int | None
    unread: int


def menu_counts(actor: Actor, *, due: bool = True) -> MenuCounts:
    """What waits for the actor; `due` when the page has not counted the invoices itself.

    Raises:
        Forbidden: the actor is not a parent.
    """
    account = actor.account()
    with reading() as session:
        invoices = views.read_count(session, account) if due else None
        return MenuCounts(invoices, mine.count_unread(session, account))
