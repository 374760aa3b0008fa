"""Invoices and payments, called by whoever holds Zoé's ids, addresses and names of handlers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert
from sqlmodel import col, func, select

from portail.domain.payments import PaymentState
from portail.models import Account, Family, Invoice, Payment, PaymentInvoice
from portail.state.billing.history import HistoryState
from portail.state.billing.pay import PayState
from portail.state.billing.preparation import PreparationState
from portail.state.billing.result import ResultState
from tests.access.conftest import RunningPortal, asked, written
from tests.raw_client import tab

pytestmark = pytest.mark.usefixtures("quiet")
ZOE, KARIM = "z-pinceau", "k-benali"
REFERENCE = "20261123010001SECRET00"
HERS = ("36,94", "10001", "PINCEAU", REFERENCE)
PAY, PREPARE, RESULT, HISTORY = (
    one.get_full_name() for one in (PayState, PreparationState, ResultState, HistoryState)
)


@pytest.fixture
def invoice(portal: RunningPortal) -> int:
    """The one that Zoé has to pay."""
    query = select(Invoice.id).where(Invoice.total_cents == 3_694)
    return int(asked(portal, query)[0])


@pytest.fixture
def payment(portal: RunningPortal, invoice: int) -> Iterator[int]:
    """An attempt of hers, at the bank's page."""
    account = asked(portal, select(Account.id).where(Account.user_name == ZOE))[0]
    family = asked(portal, select(Family.id).where(Family.number == 10_001))[0]
    at = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)
    written(
        portal,
        insert(Payment).values(
            account_id=account,
            family_id=family,
            reference=REFERENCE,
            provider="payfip_ws",
            amount_cents=3_694,
            state=PaymentState.SENT,
            operation="operation-secrete",
            redirect={"url": "/banque-secrete", "method": "GET", "fields": []},
            created_at=at,
            sent_at=at,
        ),
    )
    made = int(asked(portal, select(Payment.id).where(Payment.reference == REFERENCE))[0])
    written(
        portal,
        insert(PaymentInvoice).values(payment_id=made, invoice_id=invoice, cents=3_694, live=True),
    )
    yield made
    written(
        portal,
        delete(PaymentInvoice).where(col(PaymentInvoice.payment_id) == made),
        delete(Payment).where(col(Payment.id) == made),
    )


def heard(portal: RunningPortal, cookie: str, path: str, *calls: tuple[str, Any]) -> str:
    """All that a tab on this page is told, these handlers called."""

    async def talk() -> str:
        async with tab(portal.port, cookie=cookie, path=path) as client:
            for name, payload in calls:
                await client.answers(name, payload)
            return client.heard.replace("\u00a0", " ")

    return asyncio.run(talk())


def addresses(invoice: int, payment: int) -> list[str]:
    return [
        f"/facturation/payer?factures={invoice}",
        f"/facturation/payer?etape=2&factures={invoice}",
        f"/facturation/preparation?n={payment}",
        f"/facturation/paiement?n={payment}",
        "/facturation/historique",
        "/facturation/historique?compte=1&annee=2026",
    ]


def test_zoe_is_told_what_is_hers(portal: RunningPortal, invoice: int, payment: int) -> None:
    """Or else the silence towards others would prove nothing."""
    cookie = portal.sign_in(ZOE)
    told = [heard(portal, cookie, one) for one in addresses(invoice, payment)]
    assert all("36,94" in one for one in told[:5])
    assert "banque-secrete" in told[2]
    assert REFERENCE in told[3]


def test_karim_is_told_nothing_of_it_by_any_address(
    portal: RunningPortal, invoice: int, payment: int
) -> None:
    cookie = portal.sign_in(KARIM)
    for one in addresses(invoice, payment):
        told = heard(portal, cookie, one)
        assert not [word for word in (*HERS, "banque-secrete") if word in told], one


def test_karim_cannot_begin_or_touch_her_payment(
    portal: RunningPortal, invoice: int, payment: int
) -> None:
    cookie = portal.sign_in(KARIM)
    before = [row.model_dump() for row in asked(portal, select(Payment))]
    calls = [
        (f"{PAY}.tick", {"invoice": invoice, "ticked": True}),
        (f"{PAY}.go_on", {"form": {f"facture-{invoice}": "oui"}}),
        (f"{PAY}.remove", {"invoice": invoice}),
        (f"{PAY}.pay", {"cents": 3_694}),
        (f"{PREPARE}.stay", {}),
        (f"{PREPARE}.leave", {}),
        (f"{PREPARE}.load", {}),
        (f"{RESULT}.load", {}),
        (f"{HISTORY}.choose_account", {"account": "1"}),
        (f"{HISTORY}.turn", {"page": 2**31 - 1}),
    ]
    for page in addresses(invoice, payment):
        told = heard(portal, cookie, page, *calls)
        assert not [word for word in (*HERS, "banque-secrete") if word in told], page
    assert [row.model_dump() for row in asked(portal, select(Payment))] == before


def test_an_invented_total_pays_nothing(portal: RunningPortal, invoice: int) -> None:
    """The amount is the books', never the browser's: what she saw is only compared with it."""
    cookie, path = portal.sign_in(ZOE), f"/facturation/payer?etape=2&factures={invoice}"
    count = select(func.count()).select_from(Payment)
    before = asked(portal, count)
    for cents in (1, 0, -3_694, 2**31 - 1):
        told = heard(portal, cookie, path, (f"{PAY}.pay", {"cents": cents}))
        assert "a changé entre-temps" in told
    assert asked(portal, count) == before


def test_nobody_signed_in_is_sent_to_the_door(portal: RunningPortal, invoice: int) -> None:
    told = heard(
        portal, "", f"/facturation/payer?etape=2&factures={invoice}", (f"{PAY}.pay", {"cents": 1})
    )
    assert "36,94" not in told
    assert "/connexion" in told
