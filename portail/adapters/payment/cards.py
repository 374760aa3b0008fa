"""The banks' services whose page takes a signed form and answers by a signed message.

PayZen, SystemPay, Paybox and SIPS differ in their fields; `eopayment` signs and verifies. They
cannot be asked: the signed notification is the only news there is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from portail.adapters.payment.values import (
    NotVerifiedError,
    Order,
    Prepared,
    Redirect,
    RefusedOrderError,
    Verified,
)
from portail.domain.payment_options import Service, is_test
from portail.domain.payments import News

MAX_QUERY = 16_000  # characters of a notification
_AMOUNT = {
    Service.PAYZEN: "vads_amount",
    Service.SYSTEMPAY: "vads_amount",
    Service.PAYBOX: "montant",
    Service.SIPS: "amount",
}
# what the régie needs to find the payment at its bank; nothing of the card
_KEPT: dict[Service, frozenset[str]] = {
    **dict.fromkeys(
        (Service.PAYZEN, Service.SYSTEMPAY),
        frozenset(
            {
                "vads_amount",
                "vads_auth_number",
                "vads_auth_result",
                "vads_ctx_mode",
                "vads_currency",
                "vads_effective_amount",
                "vads_order_id",
                "vads_result",
                "vads_trans_date",
                "vads_trans_id",
                "vads_trans_status",
                "vads_trans_uuid",
            }
        ),
    ),
    Service.PAYBOX: frozenset(
        {
            "montant",
            "reference",
            "code_autorisation",
            "erreur",
            "numero_appel",
            "numero_transaction",
            "date_transaction",
            "heure_transaction",
        }
    ),
    Service.SIPS: frozenset(
        {
            "amount",
            "authorisationId",
            "captureMode",
            "currencyCode",
            "merchantId",
            "orderId",
            "responseCode",
            "transactionDateTime",
            "transactionReference",
        }
    ),
}


class CardForm:
    """One of the banks' services, by its back end's name."""

    def __init__(self, service: Service, options: Mapping[str, str]) -> None:
        """Nothing is loaded yet.

        Args:
            service: any but PayFiP.
            options: as `domain.payment_options` describes them.
        """
        self.service, self._options = service, dict(options)
        self.name = service.value

    def _payment(self, **addresses: str) -> Any:
        import eopayment

        return eopayment.Payment(self.name, {**self._options, **addresses})

    def prepare(self, order: Order) -> Prepared:
        """See `Provider`; nothing is sent: the browser brings the form."""
        payment = self._payment(
            normal_return_url=order.return_url, automatic_return_url=order.notify_url
        )
        said = {"email": order.email, "transaction_id": order.reference}
        if self.service is not Service.PAYBOX:  # it would write the order into the reference
            said["orderid"] = order.reference
        try:
            operation, _, form = payment.request(Decimal(order.cents) / 100, **said)
        except ValueError as error:
            raise RefusedOrderError("valeur") from error
        fields = tuple((str(one["name"]), str(one["value"])) for one in form.fields)
        return Prepared(str(operation), Redirect(form.url, form.method.upper(), fields))

    def posts_to(self) -> str:
        """The origin of the bank's page, which the portal's pages must be allowed to post to."""
        backend = self._payment().backend
        if self.service is Service.PAYBOX:
            from eopayment.paybox import URLS

            url = URLS[self._options["platform"]]
        elif self.service is Service.SIPS:
            url = backend.get_url()
        else:
            url = backend.service_url
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"

    def interpret(self, query: str, *, notified: bool) -> Verified:
        """See `Provider`."""
        from eopayment import CANCELLED, DENIED, EXPIRED, PAID, WAITING

        if len(query) > MAX_QUERY:
            raise NotVerifiedError
        try:
            response = self._payment().response(query, callback=notified)
        except Exception as error:
            # a stranger wrote it: the library fails in many ways on what is not its service's
            raise NotVerifiedError from error
        if not response.signed or not response.order_id:
            raise NotVerifiedError
        facts = {
            key: str(value[0] if isinstance(value, list) else value)
            for key, value in response.bank_data.items()
            if key in _KEPT[self.service]
        }
        news = {
            PAID: News.PAID,
            DENIED: News.REFUSED,
            CANCELLED: News.ABANDONED,
            EXPIRED: News.EXPIRED,
            WAITING: News.PENDING,
        }
        amount = facts.get(_AMOUNT[self.service], "")
        return Verified(
            str(response.order_id),
            news.get(response.result, News.ERROR),
            cents=int(amount) if re.fullmatch(r"\d{1,12}", amount) else None,
            reference=str(response.order_id),
            test=bool(response.test) or is_test(self.service, self._options),
            facts=facts,
        )

    def ask(self, operation: str) -> None:  # noqa: ARG002
        """See `Provider`: these services are only listened to."""
        return
