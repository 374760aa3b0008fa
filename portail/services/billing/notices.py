"""The e-mail that tells a family of what was issued to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from portail.domain.billing.books import InvoiceKind
from portail.domain.notifications import Notification
from portail.models import Account, Subscription
from portail.services.billing import ledger
from portail.services.billing.issuing import Issued
from portail.services.notifications import Notice, tell_all
from portail.settings import settings
from portail.texts.french import NBSP, euros, month, numeric_day, of

PAGE = "/facturation/payer"


def issued(session: Session, made: Sequence[Issued]) -> None:
    """One mail for each account of these families, in the transaction that issues."""
    by_family: dict[int, list[Issued]] = defaultdict(list)
    for one in made:
        by_family[one.draft.debtor.family_id].append(one)
    left = ledger.remaining(session, [one.id for one in made])
    told: list[tuple[Account, Notice]] = []
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
        line = ", ".join(f"{_kind(one).lower()} {one.number}" for one in papers)
        line = f"{line[:1].upper()}{line[1:]}"
        if due > 0:
            line += f"{NBSP}: {euros(due)} à payer au plus tard le {context['due_on']}"
        for account in accounts:
            mine = {**context, "first_name": account.first_name}
            about = f"documents {family_id}, {papers[0].id}"
            told.append(
                (account, Notice(Notification.INVOICES, "invoice_issued", mine, line, about))
            )
    tell_all(session, told)


def told(session: Session, family_ids: Collection[int]) -> set[int]:
    """Those of these families of which somebody has an account."""
    rows = session.exec(
        select(Subscription.family_id).where(col(Subscription.family_id).in_(family_ids))
    )
    return set(rows)


def _accounts(session: Session, family_ids: Collection[int]) -> dict[int, list[Account]]:
    """By family: those that are activated."""
    rows = session.exec(
        select(Subscription.family_id, Account)
        .join(Account, col(Account.id) == col(Subscription.account_id))
        .where(
            col(Subscription.family_id).in_(family_ids),
            col(Account.activated_at).is_not(None),
        )
        .order_by(col(Subscription.id))
    )
    found: dict[int, list[Account]] = defaultdict(list)
    for family_id, account in rows:
        found[family_id].append(account)
    return found


def _kind(one: Issued) -> str:
    return "Facture" if one.draft.kind is InvoiceKind.INVOICE else "Avoir"
