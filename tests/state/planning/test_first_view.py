"""The first view of /planning: whose data are in it, and that every word of them is escaped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portail.access.first_view import Visit
from portail.domain.bookings import Held
from portail.pages.planning import first
from portail.services.sessions import SignedIn
from tests.conftest import SetClock
from tests.planning import MATIN, MONDAY, Home, child, home, imported, limited, pend, reserve

EVIL = """<script>alert("x")</script> & l'autre"""
ESCAPED = "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; l&#39;autre"
AGENTS = {"phone": "Mozilla/5.0 (Linux; Android 10; K) Mobile Safari", "desk": "Mozilla/5.0 (X11)"}
both = pytest.mark.parametrize("agent", AGENTS.values(), ids=AGENTS)


@pytest.fixture(autouse=True)
def _town(db: None, set_clock: SetClock) -> None:
    set_clock("2026-11-23T09:00")
    imported()


def seen(who: Home, agent: str = AGENTS["desk"], large: bool = False, **query: str) -> str:
    signed_in = SignedIn(who.actor, "Zoé", datetime(2027, 1, 1, tzinfo=UTC), large=large)
    parts = first.view(Visit(signed_in, {"jour": MONDAY.isoformat()} | query, agent))
    return "".join(parts.values())


@both
def test_every_word_is_escaped(agent: str) -> None:
    who = home(EVIL)
    child(who.family, "Audrey")
    imported(limited(MATIN, 1))
    reserve(who, "MATIN", held=Held.OFFERED)
    html = seen(who, agent, masque='"><img src=x>', modifier="1")
    # the name of a child alone, in a title, on a chip, above its days, in a place offered
    assert html.count(ESCAPED) >= 3
    assert "<script" not in html
    assert "alert(&#34;" in html
    assert "<img" not in html
    alone = seen(who, agent, enfant=str(who.child))
    assert ESCAPED in alone
    assert "<script" not in alone


def test_a_phone_has_the_cards_of_a_week_and_a_wide_screen_the_grid_of_a_month() -> None:
    who = home()
    phone, desk = seen(who, AGENTS["phone"]), seen(who)
    assert phone.count('class="card day-card"') == 5
    assert "30 novembre au 6 décembre" in phone.lower()
    assert "plan-grid" not in phone
    assert desk.count('<th scope="col"') == 30
    assert "Nora\u00a0: novembre 2026" in desk
    assert "day-card" not in desk
    assert seen(who, large=True) == phone  # «ergonomie mobile»


@both
def test_what_is_booked_or_pending_is_ticked_and_nothing_answers_yet(agent: str) -> None:
    who = home()
    reserve(who, "MATIN")
    pend(who, "REPAS", MONDAY)
    html = seen(who, agent, vue="semaine")
    assert html.count(" checked>") == 2
    assert 'data-look="b" aria-readonly="true" checked>' in html
    assert 'data-look="f" aria-readonly="true" checked>' in html
    assert 'aria-readonly="false"' in seen(who, agent, vue="semaine", modifier="1")
    holder = "day-cards" if agent == AGENTS["phone"] else "card plan-card"
    assert f'<div class="{holder}" inert>' in html


@both
def test_nobody_else_s_child_is_in_it(agent: str) -> None:
    mine, other = home("Nora"), home("Sami")
    assert "Nora" in seen(mine, agent)
    assert "Sami" not in seen(mine, agent)
    assert seen(mine, agent, enfant=str(other.child)) == ""
    assert "Sami" in seen(other, agent, enfant=str(other.child))


def test_there_is_none_where_there_is_nothing_to_show() -> None:
    who = home()
    assert seen(who, masque="PERI") == ""
    assert seen(who, jour="9999-12-31") == ""
