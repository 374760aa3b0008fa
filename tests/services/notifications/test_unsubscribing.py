"""«Se désabonner»: the link alone, one kind alone, nothing before the button, and back again."""

from __future__ import annotations

import base64

import pytest

from portail.adapters.sealing import seal
from portail.database import writing
from portail.domain.notifications import CHOSEN, KINDS, Choice, Notification
from portail.models import Account
from portail.services.notifications.choices import my_choices
from portail.services.notifications.unsubscribing import look, take_back, unsubscribe
from tests import factories
from tests.services.notifications.people import parent, token, wants
from tests.services.test_account import actions, as_parent

pytestmark = pytest.mark.usefixtures("db")
NOW = dict.fromkeys(Notification, Choice.NOW)


@pytest.mark.parametrize("kind", CHOSEN)
def test_a_link_stops_its_kind_and_nobody_else_s(kind: Notification) -> None:
    zoe, karim = factories.account(), factories.account()
    link = token(zoe, kind)
    seen = look(link)
    assert seen is not None
    assert (seen.label, seen.says, seen.stopped) == (KINDS[kind].label, KINDS[kind].says, False)
    assert my_choices(as_parent(zoe)) == NOW  # looking changes nothing
    stopped = unsubscribe(link)
    assert stopped is not None
    assert stopped.before == {kind.value: "now"}
    assert my_choices(as_parent(zoe)) == NOW | {kind: Choice.NEVER}
    assert my_choices(as_parent(karim)) == NOW
    again = unsubscribe(link)
    assert again is not None
    assert again.before == {}
    assert actions(zoe) == ["notifications_chosen"]
    seen = look(link)
    assert seen is not None
    assert seen.stopped


def test_one_goes_back_to_what_was_before() -> None:
    zoe = parent(news=Choice.DAILY)
    link = token(zoe, Notification.NEWS)
    stopped = unsubscribe(link)
    assert stopped is not None
    assert take_back(link, stopped.before)
    assert my_choices(as_parent(zoe))[Notification.NEWS] is Choice.DAILY
    unsubscribe(link)
    # what was before is forgotten: as for a new account
    assert take_back(link, {})
    assert my_choices(as_parent(zoe)) == NOW


def test_what_is_taken_back_is_what_the_link_stops() -> None:
    zoe = parent(news=Choice.NEVER, invoices=Choice.NEVER)
    take_back(token(zoe, Notification.NEWS), {"invoices": "now", "news": "chaque heure"})
    assert my_choices(as_parent(zoe)) == NOW | {Notification.INVOICES: Choice.NEVER}


def test_the_link_of_the_digest_stops_what_it_says_and_brings_it_back() -> None:
    zoe = parent(news=Choice.DAILY, messages=Choice.DAILY, places=Choice.NEVER)
    chosen = my_choices(as_parent(zoe))
    link = token(zoe, None)
    stopped = unsubscribe(link)
    assert stopped is not None
    assert stopped.before == {"news": "daily", "messages": "daily"}
    off = dict.fromkeys((Notification.NEWS, Notification.MESSAGES), Choice.NEVER)
    assert my_choices(as_parent(zoe)) == chosen | off
    assert take_back(link, stopped.before)
    assert my_choices(as_parent(zoe)) == chosen
    wants(zoe, dict.fromkeys(CHOSEN, Choice.NOW))
    seen = look(link)
    assert seen is not None
    assert seen.stopped  # nothing is in the digest


def _forged(account_id: int) -> list[str]:
    good = token(account_id, Notification.NEWS)
    flipped = good[:60] + ("A" if good[60] != "A" else "B") + good[61:]
    other = [
        seal(value).rstrip("=")
        for value in (
            ["autre", account_id, "x", "news"],
            ["desabonnement", account_id, "x", "news"],
            ["desabonnement", account_id, "x"],
            {"desabonnement": account_id},
            ["desabonnement", "1", "x", "news"],
        )
    ]
    return [flipped, good[:-5], good + "A", *other, "", "x", "é" * 80, "a" * 9_000, "A" * 120]


def test_a_link_that_is_not_ours_does_nothing() -> None:
    zoe = factories.account()
    for link in _forged(zoe):
        assert look(link) is None, link
        assert unsubscribe(link) is None, link
        assert not take_back(link, {}), link
    assert my_choices(as_parent(zoe)) == NOW


@pytest.mark.parametrize("kind", sorted(set(Notification) - set(CHOSEN)))
def test_no_link_stops_what_the_law_wants(kind: Notification) -> None:
    assert look(token(factories.account(), kind)) is None


def test_a_link_dies_with_the_address_it_was_sent_to() -> None:
    zoe = factories.account(email="zoe@example.org")
    link = token(zoe, Notification.NEWS)
    with writing() as session:
        row = session.get_one(Account, zoe)
        row.email = row.email_key = "nouvelle@example.org"
    assert look(link) is None
    assert unsubscribe(link) is None
    assert look(token(zoe, Notification.NEWS)) is not None


def test_a_link_tells_nothing_of_whom_it_is() -> None:
    zoe = factories.account("z-pinceau", email="zoe@example.org")
    link = token(zoe, Notification.NEWS)
    plain = base64.urlsafe_b64decode(link + "=" * (-len(link) % 4))
    assert all(word not in plain for word in (b"zoe", b"news", b"desabonnement"))
    assert link != token(zoe, Notification.NEWS)  # two mails to one person cannot be matched
