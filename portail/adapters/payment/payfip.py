"""PayFiP, the State's service for local authorities: SOAP, through `eopayment`.

Its notifications are not signed and only name an operation: the service is always asked again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import structlog

from portail.adapters.payment.values import (
    Named,
    NotVerifiedError,
    Order,
    Prepared,
    Redirect,
    RefusedOrderError,
    UnreachableError,
    Verified,
)
from portail.domain.payment_options import Service
from portail.domain.payments import News

log = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 10
OPERATION = re.compile(r"[A-Za-z0-9-]{8,64}")
# a code of the service: a letter and a digit. The rest are the library's words for «no answer»
_CODE = re.compile(r"[A-Z]\d{1,2}")
# the e-mail address is left out: it is the account's, and no business of a log of payments
_KEPT = (
    *("dattrans", "heurtrans", "exer", "idOp", "montant", "numauto", "numcli", "objet", "refdet"),
    *("resultrans", "saisie"),
)
_NEWS = {
    "P": News.PAID,  # by card
    "V": News.PAID,  # by direct debit
    "R": News.REFUSED,
    "Z": News.REFUSED,
    "A": News.ABANDONED,
}
_loading = Lock()


class PayFiP:
    """PayFiP, or whatever speaks its protocol at these addresses."""

    name = Service.PAYFIP.value

    def __init__(self, options: Mapping[str, str], *, service_url: str, page_url: str) -> None:
        """Nothing is loaded or called yet.

        Args:
            options: `numcli` and `saisie`.
            service_url: of its description (WSDL).
            page_url: of the page where one pays.
        """
        self._options = dict(options)
        self._service_url, self._page_url = service_url, page_url

    @cached_property
    def _soap(self) -> Any:
        """The library's client, shared: reading the service's description takes a while."""
        import requests
        import zeep
        from eopayment.payfip_ws import PayFiP as Client

        web = requests.Session()
        # a proxy has no business between the demo and itself
        web.trust_env = urlsplit(self._service_url).hostname not in (
            "127.0.0.1",
            "localhost",
            "::1",
        )
        transport = zeep.Transport(  # type: ignore[no-untyped-call]
            session=web, timeout=TIMEOUT_SECONDS, operation_timeout=TIMEOUT_SECONDS
        )
        return Client(wsdl_url=self._service_url, zeep_client_kwargs={"transport": transport})

    def _payment(self, **addresses: str) -> Any:
        """The library's object for one payment: it holds the addresses of that payment."""
        with _loading:
            soap = self._soap
            from eopayment.payfip_ws import Payment

        payment = Payment({**self._options, **addresses})
        payment.payfip = soap
        return payment

    def prepare(self, order: Order) -> Prepared:
        """See `Provider`."""
        from eopayment.payfip_ws import PayFiPError

        payment = self._payment(
            normal_return_url=order.return_url, automatic_return_url=order.notify_url
        )
        try:
            operation, _, _ = payment.request(
                Decimal(order.cents) / 100,
                email=order.email,
                refdet=order.reference,
                exer=str(order.exercise),
                subject=order.label,
                timeout=TIMEOUT_SECONDS,
            )
        except PayFiPError as error:
            raise _fault(error) from error
        except ValueError as error:
            raise RefusedOrderError("valeur") from error
        if not OPERATION.fullmatch(operation):
            raise UnreachableError("no operation in the answer")
        url = f"{self._page_url}?{urlencode({'idop': operation})}"
        return Prepared(operation, Redirect(url))

    def interpret(self, query: str, *, notified: bool) -> Named:  # noqa: ARG002
        """See `Provider`; whoever says it, it is only a name. Written `idop` or `idOp`."""
        try:
            fields = parse_qs(query, max_num_fields=20)
        except ValueError as error:
            raise NotVerifiedError from error
        for name in ("idop", "idOp"):
            for value in fields.get(name, []):
                if OPERATION.fullmatch(value):
                    return Named(value)
        raise NotVerifiedError

    def ask(self, operation: str) -> Verified:
        """See `Provider`."""
        from eopayment import EXPIRED, WAITING
        from eopayment.payfip_ws import PayFiPError

        try:
            # without its date, so that the library's clock decides nothing: ours may be frozen
            response = self._payment().payment_status(operation, timeout=TIMEOUT_SECONDS)
        except PayFiPError as error:
            raise UnreachableError(_fault(error)) from error
        facts = {key: str(response.bank_data[key]) for key in _KEPT if response.bank_data.get(key)}
        if not facts:
            news = {EXPIRED: News.EXPIRED, WAITING: News.PENDING}[response.result]
            return Verified(operation, news)
        if facts.get("idOp", operation) != operation:
            raise UnreachableError("the answer is about another operation")
        return Verified(
            operation,
            # the library holds «abandoned» back for two minutes by its own clock; it is undone if
            # the parent pays after all
            _NEWS.get(facts.get("resultrans", ""), News.ERROR),
            cents=_cents(facts.get("montant", "")),
            reference=facts.get("refdet"),
            test=bool(response.test),
            facts=facts,
        )


def _cents(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,10}", text) else None


def _fault(error: Any) -> RefusedOrderError | UnreachableError:
    code = str(error.code)
    log.warning("payfip_fault", code=code[:40])
    return RefusedOrderError(code) if _CODE.fullmatch(code) else UnreachableError(code[:40])
