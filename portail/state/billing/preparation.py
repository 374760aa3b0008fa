"""/facturation/preparation: the last page before the bank's; it goes on by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.adapters.payment import Redirect
from portail.domain.identity import Actor
from portail.services import payments
from portail.services.payments import PaymentView
from portail.services.reach import NotFound
from portail.state.billing.address import RECAP, pay_address, result_address
from portail.state.requests import number_in_query
from portail.texts.french import counted, euros, hour


@dataclass(frozen=True)
class Field:
    """A hidden field of the form that opens the bank's page."""

    name: str
    value: str


class PreparationState(PortalState, rx.State):
    """What the bank is asked, and whether the page goes on by itself."""

    loaded: bool = False
    found: bool = False
    amount: str = ""
    what: str = ""
    until: str = ""
    url: str = ""
    method: str = "get"
    fields: list[Field] = []  # noqa: RUF012  (a Reflex variable)
    back: str = ""
    by_itself: bool = False

    _left: int = 0  # the attempt this tab has left for: coming back from the bank, one stays

    @allow(FAMILY)
    async def load(self) -> Any:
        """Read the attempt; one whose page is closed is told on the next page."""
        actor, number = identity.actor(), number_in_query(self, "n")
        self.loaded, self.found = True, False
        try:
            found, way = await run_in_thread(lambda: _read(actor, number))
        except NotFound:
            return None
        if way is None:
            return rx.redirect(result_address(number), replace=True)
        self.found = True
        self.amount = euros(found.cents)
        numbers = [one.number for one in found.invoices]
        self.what = f"{counted(len(numbers), 'facture')} : {', '.join(numbers)}"
        self.until = hour(found.resumable_until) if found.resumable_until else ""
        self.back = pay_address(*(one.id for one in found.invoices), step=RECAP)
        self.url, self.method, self.fields = _form(way)
        self.by_itself = self._left != number
        return None

    @allow(FAMILY)
    def stay(self) -> None:
        """«Rester sur cette page»."""
        self.by_itself = False

    @allow(FAMILY)
    def leave(self) -> None:
        """The bank's page opens: whoever comes back from it is not sent there again."""
        self._left = number_in_query(self, "n")


def _read(actor: Actor, number: int) -> tuple[PaymentView, Redirect | None]:
    return payments.payment(actor, number), payments.redirect(actor, number)


def _form(way: Redirect) -> tuple[str, str, list[Field]]:
    """A form sent by GET loses what its address asks: it becomes hidden fields."""
    if way.method.upper() == "POST":
        return way.url, "post", [Field(name, value) for name, value in way.fields]
    parts = urlsplit(way.url)
    asks = parse_qsl(parts.query, keep_blank_values=True)
    fields = [Field(name, value) for name, value in (*asks, *way.fields)]
    return parts._replace(query="").geturl(), "get", fields
