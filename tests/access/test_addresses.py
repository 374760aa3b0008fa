"""The address of a client, for throttles: its own word counts for nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portail.access.addresses import client_address
from portail.settings import settings

CLIENT, PROXY = "192.0.2.1", "10.0.0.1"


@pytest.fixture
def proxies(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PORTAIL_TRUSTED_PROXIES", "10.0.0.0/8")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("said", ["", "198.51.100.7", "198.51.100.7, 10.0.0.1", "x"])
def test_without_a_trusted_proxy_what_is_said_is_ignored(said: str) -> None:
    assert client_address(CLIENT, said) == CLIENT
    assert client_address(PROXY, said) == PROXY


@pytest.mark.usefixtures("proxies")
@pytest.mark.parametrize(
    ("peer", "said", "address"),
    [
        (PROXY, CLIENT, CLIENT),
        (f"::ffff:{PROXY}", CLIENT, CLIENT),
        (PROXY, f"198.51.100.7, {CLIENT}", CLIENT),  # the client wrote the first one
        (PROXY, f"198.51.100.7, {CLIENT}, 10.0.0.2", CLIENT),
        (PROXY, "", PROXY),
        (PROXY, "nonsense", PROXY),
        (PROXY, f"{CLIENT}, nonsense", PROXY),
        (CLIENT, "198.51.100.7", CLIENT),
    ],
)
def test_a_trusted_proxy_is_believed_for_the_last_stranger(
    peer: str, said: str, address: str
) -> None:
    assert client_address(peer, said) == address


def test_a_home_of_ipv6_is_one_address_and_another_is_not() -> None:
    home = client_address("2001:db8:1:2::1", "")
    assert home == client_address("2001:db8:1:2:ffff::9", "")
    assert home != client_address("2001:db8:1:3::1", "")


def test_ipv4_written_as_ipv6_is_still_one_client_each() -> None:
    """Else a server that listens on both would count the whole town as one."""
    assert client_address(f"::ffff:{CLIENT}", "") == CLIENT
    assert client_address("::ffff:192.0.2.2", "") == "192.0.2.2"


@pytest.mark.parametrize("peer", ["", "testclient", "unix:"])
def test_no_address_is_said_as_such(peer: str) -> None:
    assert client_address(peer, "") == "unknown"
