"""«Se désabonner» over HTTP: no session asked, nothing on a visit, one click from anywhere."""

from __future__ import annotations

import pytest

from portail.domain.notifications import Choice, Notification
from portail.services.notifications.choices import my_choices
from tests import factories
from tests.access.asgi import ask
from tests.http.browser import APP, Browser
from tests.services.notifications.people import parent, token
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("db")
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(ONE_CLICK))}


def news(account_id: int) -> Choice:
    return my_choices(as_parent(account_id))[Notification.NEWS]


async def test_following_the_link_changes_nothing_and_hides_it() -> None:
    zoe, browser = factories.account(), Browser()
    link = token(zoe, Notification.NEWS)
    for _ in range(2):  # a mail scanner, then a person
        answer = await browser.get(f"/desabonnement/{link}")
        assert (answer.status, answer.headers["location"]) == (303, "/desabonnement")
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert news(zoe) is Choice.NOW


async def test_the_button_stops_and_one_goes_back() -> None:
    zoe, browser = parent(news=Choice.DAILY), Browser()
    await browser.get(f"/desabonnement/{token(zoe, Notification.NEWS)}")
    for _ in range(2):  # pressed twice
        answer = await browser.post("/desabonnement", geste="arreter")
        assert answer.headers["location"] == "/desabonnement?fait=1"
    assert news(zoe) is Choice.NEVER
    answer = await browser.post("/desabonnement", geste="revenir")
    assert answer.headers["location"] == "/desabonnement?repris=1"
    assert news(zoe) is Choice.DAILY


async def test_the_buttons_are_for_our_own_pages_and_a_good_link() -> None:
    zoe, browser = factories.account(), Browser()
    answer = await browser.post("/desabonnement", geste="arreter")
    assert answer.headers["location"] == "/desabonnement"
    await browser.get(f"/desabonnement/{token(zoe, Notification.NEWS)}")
    evil = {**FORM, "sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert (await browser.send("/desabonnement", b"geste=arreter", evil)).status == 403
    assert news(zoe) is Choice.NOW


async def test_one_click_comes_from_anywhere_without_a_cookie_and_may_come_again() -> None:
    zoe, karim = factories.account(), factories.account()
    path = f"/desabonnement/{token(zoe, Notification.NEWS)}"
    for _ in range(2):
        answer = await ask(APP, path, "POST", FORM, body=[ONE_CLICK])
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
    assert (news(zoe), news(karim)) == (Choice.NEVER, Choice.NOW)


@pytest.mark.parametrize("path", ["x", "a" * 300, "%C3%A9", "a%0d%0ab", "..%2f..", "A" * 5000])
async def test_a_link_that_is_not_ours(path: str) -> None:
    answer = await ask(APP, f"/desabonnement/{path}", "POST", FORM, body=[ONE_CLICK])
    assert answer.status in (403, 404)
    browser = Browser()
    answer = await browser.get(f"/desabonnement/{path}")
    assert answer.status in (303, 404)
