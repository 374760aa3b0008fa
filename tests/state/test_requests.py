"""What a refused form needs to be shown again: signed, short-lived, for its own form only."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from itsdangerous import URLSafeTimedSerializer
from starlette.responses import Response

from portail.access import cookies
from portail.settings import settings


def header_of(response: Response) -> str:
    kept: SimpleCookie = SimpleCookie(response.headers["set-cookie"])
    return "; ".join(f"{name}={morsel.coded_value}" for name, morsel in kept.items())


def kept(form: str, **values: str | int) -> str:
    response = Response()
    cookies.set_flash(response, form, **values)
    return header_of(response)


def test_a_form_finds_again_what_was_kept_for_it() -> None:
    header = kept("sign-in/family", name="zoé", code="refused", seconds=3)
    found = cookies.flash(header, "sign-in/family")
    assert (found["name"], found["code"], found["seconds"]) == ("zoé", "refused", 3)
    assert cookies.flash(header, "new-password") == {}


@pytest.mark.parametrize("header", ["", "portail_flash=", "portail_flash=x.y.z", "a=b; ;;", "\x00"])
def test_nothing_or_nonsense_is_nothing(header: str) -> None:
    assert cookies.flash(header, "sign-in/family") == {}
    assert cookies.session_secret(header) == ""


def test_a_forged_one_is_nothing() -> None:
    content = {"form": "sign-in/family", "name": "x"}
    forged = URLSafeTimedSerializer("another key", salt="portail-flash").dumps(content)
    assert cookies.flash(f"portail_flash={forged}", "sign-in/family") == {}
    other_use = URLSafeTimedSerializer(settings().signing_key(), salt="other").dumps(content)
    assert cookies.flash(f"portail_flash={other_use}", "sign-in/family") == {}
    ours = URLSafeTimedSerializer(settings().signing_key(), salt="portail-flash").dumps(content)
    assert cookies.flash(f"portail_flash={ours}", "sign-in/family")["name"] == "x"


def test_an_old_one_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    header = kept("sign-in/family", name="x")
    assert cookies.flash(header, "sign-in/family") != {}
    monkeypatch.setattr(cookies, "FLASH_SECONDS", -1)
    assert cookies.flash(header, "sign-in/family") == {}
