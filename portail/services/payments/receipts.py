"""The mail that acknowledges a payment (CRPA L112-11)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from portail.domain.notifications import Notification
from portail.domain.payments import PaymentState
from portail.models import Account, Payment, Procedure
from portail.services.notifications import Notice, tell
from portail.settings import settings
from portail.texts.french import euros, listed


def received(
    session: Session,
    account: Account,
    payment: Payment,
    procedure: Procedure,
    invoices: Sequence[str],
) -> None:
    """Tell whoever paid, in the transaction that writes the payment down."""
    context: dict[str, object] = {
        "first_name": account.first_name,
        "number": procedure.id,
        "amount": euros(payment.amount_cents),
        "reference": payment.reference,
        "invoices": listed(invoices),
        "several": len(invoices) > 1,
        "to_check": payment.state is PaymentState.MISMATCH,
        "service": settings().town_service,
        "url": f"{settings().base_url}/facturation/historique",
    }
    line = f"Paiement {payment.reference} de {euros(payment.amount_cents)}"
    about = f"payment {payment.id}, {payment.state.value}"
    tell(session, account, Notice(Notification.PAYMENTS, "payment_received", context, line, about))
