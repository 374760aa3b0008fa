"""Online payment, through the `eopayment` library: PayFiP first, other banks by configuration."""

from portail.adapters.payment.make import current, form_origin, make_provider
from portail.adapters.payment.values import (
    Named,
    NotVerifiedError,
    Order,
    Prepared,
    Provider,
    Redirect,
    RefusedOrderError,
    UnreachableError,
    Verified,
)

__all__ = [
    "Named",
    "NotVerifiedError",
    "Order",
    "Prepared",
    "Provider",
    "Redirect",
    "RefusedOrderError",
    "UnreachableError",
    "Verified",
    "current",
    "form_origin",
    "make_provider",
]
