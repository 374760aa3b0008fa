"""The local PayFiP and the portal's own payment routes, over loopback HTTP in this process."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from granian.constants import Interfaces
from granian.server.embed import Server
from sqlmodel import col, select
from starlette.applications import Starlette

from portail.database import reading
from portail.demo.payfip import notices
from portail.demo.payfip.bank import Bank, Ending, demo_bank
from portail.demo.payfip.routes import payfip_routes
from portail.domain.identity import Actor
from portail.domain.payments import PaymentState
from portail.http import payments as http_payments
from portail.models import OutboxMail, Payment, PaymentEvent, Procedure
from portail.services import payments
from portail.services.billing import ledger
from portail.services.payments import Started
from tests import factories
from tests.services.test_account import as_parent

STARTS_WITHIN = 20.0  # seconds


@contextmanager
def served(port: int) -> Iterator[None]:
    """The peer and the two routes, until the block ends."""
    app = Starlette(routes=[*payfip_routes(), *http_payments.routes])
    server = Server(
        app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()))
    thread.start()
    try:
        _wait(port)
        yield
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(STARTS_WITHIN)
        loop.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(retries=6)) as client:
        assert client.get(f"http://127.0.0.1:{port}/demo/payfip/payfip.css").status_code == 200


@dataclass
class Home:
    """A family with an invoice due, and what its parent does."""

    account: int
    family: int
    invoice: int

    @property
    def actor(self) -> Actor:
        return as_parent(self.account)

    @property
    def bank(self) -> Bank:
        return demo_bank()

    def start(self) -> Started:
        outcome = payments.start(self.actor, [self.invoice])
        assert isinstance(outcome, Started), outcome
        return outcome

    def row(self, payment_id: int) -> Payment:
        with reading() as session:
            return session.get_one(Payment, payment_id)

    def operation(self, payment_id: int) -> str:
        return self.row(payment_id).operation or ""

    def end(self, payment_id: int, ending: Ending) -> None:
        self.bank.end(self.operation(payment_id), ending)

    def pay(self, payment_id: int) -> None:
        self.end(payment_id, Ending.PAID)

    def abandon(self, payment_id: int) -> None:
        self.end(payment_id, Ending.ABANDONED)

    def notify(self, *, late: float = 0) -> int:
        return notices.deliver(self.bank, late=late)

    def come_back(self, payment_id: int) -> httpx.Response:
        operation = self.bank.found(self.operation(payment_id))
        return httpx.get(f"{operation.urlredirect}?idop={operation.idop}")

    def state(self, payment_id: int) -> PaymentState:
        return payments.payment(self.actor, payment_id).state

    def due(self) -> int:
        with reading() as session:
            return ledger.remaining(session, [self.invoice])[self.invoice]

    def mails(self) -> list[str]:
        with reading() as session:
            query = select(OutboxMail.text).where(OutboxMail.kind == "payment_received")
            return list(session.exec(query.order_by(col(OutboxMail.id))))

    def procedures(self) -> list[Procedure]:
        with reading() as session:
            return list(session.exec(select(Procedure).order_by(col(Procedure.id))))

    def history(self, payment_id: int) -> list[tuple[str, str]]:
        with reading() as session:
            query = select(PaymentEvent).where(PaymentEvent.payment_id == payment_id)
            rows = session.exec(query.order_by(col(PaymentEvent.id)))
            return [(row.heard.value, row.state.value) for row in rows]


def home(number: str = "2026-00012", cents: int = 3_694) -> Home:
    account = factories.account()
    family = factories.family(members=[account])
    return Home(account, family, factories.invoice(family, number, cents))
