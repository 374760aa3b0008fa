"""Where people are sent: never out of the portal."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portail.access.labels import Audience
from portail.access.urls import after_sign_in, consent_url, safe_path, sign_in_url

OUTSIDE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/x\r\nSet-Cookie: a=b",
    "/\x00",
    " /accueil",
    "",
]


@pytest.mark.parametrize("wanted", OUTSIDE)
def test_an_address_from_outside_is_not_followed(wanted: str) -> None:
    assert safe_path(wanted) == ""
    assert after_sign_in(Audience.FAMILY, wanted) == "/accueil"
    assert after_sign_in(Audience.AGENT, wanted) == "/agents"
    assert sign_in_url(Audience.FAMILY, wanted) == "/connexion"


@pytest.mark.parametrize("wanted", ["/planning", "/planning?semaine=48", "/a/b#c", "/é?q=à"])
def test_a_page_of_ours_is(wanted: str) -> None:
    assert safe_path(wanted) == wanted
    assert after_sign_in(Audience.FAMILY, wanted) == wanted


@given(st.text(alphabet=st.sampled_from("/\\:@?#.%\t\n\r evil\x00é2f"), max_size=20))
@example("/%2f/evil")
@example("/.//evil")
def test_whatever_is_asked_the_site_stays_the_same(wanted: str) -> None:
    """As a browser reads it: tabs and line ends left out, backslashes turned."""
    target = safe_path(wanted)
    read = "".join(c for c in target if c not in "\t\r\n").strip().replace("\\", "/")
    assert urlsplit(urljoin("https://portail.example/connexion", read)).netloc == "portail.example"


@pytest.mark.parametrize("wanted", ["/", "/accueil", "/agents", "/connexion?suite=%2Fx"])
def test_pages_one_comes_to_anyway_are_not_remembered(wanted: str) -> None:
    assert sign_in_url(Audience.FAMILY, wanted) == "/connexion"


def test_a_session_that_ended_is_told() -> None:
    expected = "/agents/connexion?fin=1&suite=%2Fagents%2Fx"
    assert sign_in_url(Audience.AGENT, "/agents/x", ended=True) == expected


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("", "/conditions-a-accepter"),
        ("/accueil", "/conditions-a-accepter"),
        ("/conditions-a-accepter?suite=%2Fx", "/conditions-a-accepter"),
        ("//evil.example", "/conditions-a-accepter"),
        ("/planning?mois=11", "/conditions-a-accepter?suite=%2Fplanning%3Fmois%3D11"),
    ],
)
def test_the_texts_to_accept_remember_the_page_asked_for(wanted: str, target: str) -> None:
    assert consent_url(wanted) == target
