"""The e-mail that tells a family of what was issued to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from portail.domain.billing.books import InvoiceKind
from portail.domain.notifications import Notification
from portail.models import Account, MutedNotification, Subscription
from portail.services import mails
from portail.services.billing import ledger
from portail.services.billing.issuing import Issued
from portail.settings import settings
from portail.texts.french import euros, month, numeric_day, of

PAGE = "/facturation/payer"


def issued(session: Session, made: Sequence[Issued]) -> None:
    """One mail for each account of these families, in the transaction that issues."""
    by_family: dict[int, list[Issued]] = defaultdict(list)
    for one in made:
        by_family[one.draft.debtor.family_id].append(one)
    left = ledger.remaining(session, [one.id for one in made])
    for family_id, accounts in _accounts(session, by_family).items():
        papers = by_family[family_id]
        due = sum(left.get(one.id, 0) for one in papers)
        lasts = [one.due_on for one in papers if left.get(one.id)]
        context: dict[str, object] = {
            "month": of(month(papers[0].draft.period_on)),
            "lines": [
                f"{_kind(one)} {one.number}\u00a0: {euros(one.draft.total_cents)}" for one in papers
            ],
            "to_pay": due > 0,
            "due": euros(due),
            "due_on": numeric_day(min(lasts)) if lasts else "",
            "invoice": any(one.draft.kind is InvoiceKind.INVOICE for one in papers),
            "service": settings().town_service,
            "url": settings().base_url + PAGE,
        }
        for email, first_name in accounts:
            mails.queue(session, "invoice_issued", email, {**context, "first_name": first_name})


def told(session: Session, family_ids: Collection[int]) -> set[int]:
    """Those of these families of which somebody has an account."""
    rows = session.exec(
        select(Subscription.family_id).where(col(Subscription.family_id).in_(family_ids))
    )
    return set(rows)


def _accounts(session: Session, family_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """By family: address and first name of those who want such mails."""
    muted = select(MutedNotification.account_id).where(
        MutedNotification.kind == Notification.INVOICES
    )
    rows = session.exec(
        select(Subscription.family_id, Account.email, Account.first_name)
        .join(Account, col(Account.id) == col(Subscription.account_id))
        .where(
            col(Subscription.family_id).in_(family_ids),
            col(Account.activated_at).is_not(None),
            col(Account.id).not_in(muted),
        )
        .order_by(col(Subscription.id))
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for family_id, email, first_name in rows:
        found[family_id].append((email, first_name))
    return found


def _kind(one: Issued) -> str:
    return "Facture" if one.draft.kind is InvoiceKind.INVOICE else "Avoir"
