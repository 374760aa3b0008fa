"""The online payment service that the settings name."""

from __future__ import annotations

from functools import lru_cache

from portail.adapters.payment.cards import CardForm
from portail.adapters.payment.payfip import PayFiP
from portail.adapters.payment.places import page_url, service_url
from portail.adapters.payment.values import Provider
from portail.domain.payment_options import Service
from portail.settings import Settings, settings


def make_provider(chosen: Settings) -> Provider | None:
    """The service these settings name; None when nobody can pay online."""
    if chosen.online_payment is None:
        return None
    if chosen.online_payment is Service.PAYFIP:
        return PayFiP(
            chosen.online_payment_options,
            service_url=service_url(chosen),
            page_url=page_url(chosen),
        )
    return CardForm(chosen.online_payment, chosen.online_payment_options)


@lru_cache(maxsize=1)
def current() -> Provider | None:
    """The service of this process."""
    return make_provider(settings())


def form_origin() -> str:
    """The bank's origin that pages post a form to; none when the browser only follows a link."""
    provider = current()
    return provider.posts_to() if isinstance(provider, CardForm) else ""
