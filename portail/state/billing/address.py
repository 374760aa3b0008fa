"""The addresses of invoices and payment: what is ticked and which step is in them, not in a tab."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

PAY, PREPARE = "/facturation/payer", "/facturation/preparation"
RESULT, HISTORY = "/facturation/paiement", "/facturation/historique"
STEPS = ("Mes factures", "Mon récapitulatif", "Mon paiement")
CHOICE, RECAP, PAYMENT = 1, 2, 3
MAX_INVOICES = 50  # what one payment covers at most
MAX_DIGITS = 9
NONE = "aucune"


@dataclass(frozen=True)
class Asked:
    """What an address of «Payer» asks. `invoices` unset: nobody has chosen yet."""

    step: int = CHOICE
    invoices: tuple[int, ...] | None = None

    def address(self) -> str:
        """The address that asks this."""
        query: dict[str, str] = {}
        if self.step == RECAP:
            query["etape"] = str(RECAP)
        if self.invoices is not None:
            query["factures"] = ",".join(str(one) for one in self.invoices) or NONE
        return f"{PAY}?{urlencode(query, safe=',')}" if query else PAY

    def choosing(self, invoices: Collection[int]) -> Asked:
        """The same step with these invoices ticked."""
        return replace(self, invoices=tuple(sorted(set(invoices)))[:MAX_INVOICES])

    def at(self, step: int) -> Asked:
        """The same invoices at another step."""
        return replace(self, step=step)


def asked(query: Mapping[str, str]) -> Asked:
    """What an address asks; whatever is not understood is as if it were not there."""
    step = RECAP if query.get("etape") == str(RECAP) else CHOICE
    text = query.get("factures", "")
    if not text:
        return Asked(step)
    return Asked(step).choosing([int(one) for one in text.split(",") if _short(one)])


def pay_address(*invoices: int, step: int = CHOICE) -> str:
    """«Payer», with these invoices ticked."""
    return Asked(step).choosing(invoices).address()


def prepare_address(payment_id: int) -> str:
    """«Préparation du paiement» of an attempt."""
    return f"{PREPARE}?n={payment_id}"


def result_address(payment_id: int) -> str:
    """What became of an attempt."""
    return f"{RESULT}?n={payment_id}"


def _short(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
