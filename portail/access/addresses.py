"""The network address of a client, for throttles."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from portail.settings import settings


def client_address(address: str, forwarded_for: str) -> str:
    """The client's address; a proxy's word is taken only from `PORTAIL_TRUSTED_PROXIES`.

    Args:
        address: who speaks to us, a client or a proxy.
        forwarded_for: the X-Forwarded-For header, whoever wrote it.
    """
    forwarded = [part.strip() for part in forwarded_for.split(",")]
    while forwarded and _trusted(address):
        previous = forwarded.pop()
        if _read(previous) is None:
            break
        address = previous
    return _network(address)


def _read(address: str) -> IPv4Address | IPv6Address | None:
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    # a socket for both versions writes 192.0.2.1 as ::ffff:192.0.2.1
    return (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip


def _trusted(address: str) -> bool:
    ip = _read(address)
    return ip is not None and any(ip in network for network in settings().trusted_proxies)


def _network(address: str) -> str:
    """IPv6 is counted by /64: one home has that many addresses."""
    ip = _read(address)
    if ip is None:
        return "unknown"
    if isinstance(ip, IPv6Address):
        return ":".join(ip.exploded.split(":")[:4])
    return str(ip)
