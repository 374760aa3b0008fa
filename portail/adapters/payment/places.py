"""Where PayFiP is: the State's, the demo's own, or wherever the settings say."""

from __future__ import annotations

from portail.settings import Settings

SERVICE = "https://www.payfip.gouv.fr/tpa/services/securite?wsdl"
PAGE = "https://www.payfip.gouv.fr/tpa/paiementws.web"
# the demo's own, on the same paths below its mount
DEMO = "/demo/payfip"
DEMO_SERVICE = f"{DEMO}/tpa/services/securite"
DEMO_PAGE = f"{DEMO}/tpa/paiementws.web"


def service_url(chosen: Settings) -> str:
    """Where PayFiP describes itself. The demo asks itself, whatever stands before it."""
    if chosen.payfip_service_url or not chosen.demo:
        return chosen.payfip_service_url or SERVICE
    host = "127.0.0.1" if chosen.host in ("0.0.0.0", "localhost") else chosen.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{chosen.port}{DEMO_SERVICE}?wsdl"


def page_url(chosen: Settings) -> str:
    """Where one pays by PayFiP."""
    if chosen.payfip_page_url or not chosen.demo:
        return chosen.payfip_page_url or PAGE
    return f"{chosen.base_url}{DEMO_PAGE}"
