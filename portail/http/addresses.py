"""The network address of a client, for throttles."""

from __future__ import annotations

from ipaddress import ip_address

from starlette.requests import Request

from portail.settings import settings


def client_address(request: Request) -> str:
    """The client's address; a proxy's word is taken only from `PORTAIL_TRUSTED_PROXIES`."""
    address = request.client.host if request.client else ""
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",")]
    while forwarded and _trusted(address):
        previous = forwarded.pop()
        if not _valid(previous):
            break
        address = previous
    return _network(address)


def _valid(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return True


def _trusted(address: str) -> bool:
    return _valid(address) and any(
        ip_address(address) in network for network in settings().trusted_proxies
    )


def _network(address: str) -> str:
    """IPv6 is counted by /64: one home has that many addresses."""
    if not _valid(address):
        return "unknown"
    ip = ip_address(address)
    if ip.version == 4:  # noqa: PLR2004
        return str(ip)
    return ":".join(ip.exploded.split(":")[:4])
