"""Open tabs: warned before their session ends, sent out and emptied when it has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlmodel import Session, col, update

from portail import clock
from portail.access.tabs import warning_text
from portail.models import Agent
from portail.settings import settings
from tests.access.conftest import RunningPortal
from tests.raw_client import STATE, RawClient, tab

pytestmark = pytest.mark.usefixtures("quiet")
HOME = f"{STATE}.portail___state___home____home_state"
SESSION = f"{STATE}.portail___access___session_state____session_state"
IDLE = timedelta(minutes=settings().session_idle_minutes)
MINUTE = timedelta(minutes=1)


@asynccontextmanager
async def zoes_tab(
    portal: RunningPortal, cookie: str, path: str = "/accueil"
) -> AsyncIterator[RawClient]:
    async with tab(portal.port, cookie=cookie, path=path) as client:
        if path == "/accueil":
            assert "Nora" in client.heard
        yield client


async def test_a_tab_is_warned_before_the_end_and_may_stay(portal: RunningPortal) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with zoes_tab(portal, cookie) as client:
        portal.change_session(cookie, seen_at=clock.now() - IDLE + MINUTE)
        frame = await client.until(lambda f: f.value("session_state", "warning"))
        assert frame.value("session_state", "warning") == "une minute"
        since = len(client.frames)
        await client.send(f"{SESSION}.stay")
        await client.until(lambda f: f.value("session_state", "warning") == "", since=since)
        assert portal.web_session(cookie).seen_at == clock.now()  # alive for a whole turn again
        assert not any(f.redirects for f in client.frames)


async def test_staying_in_one_tab_takes_the_warning_from_the_others(portal: RunningPortal) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with zoes_tab(portal, cookie) as one, zoes_tab(portal, cookie, "/aide") as other:
        portal.change_session(cookie, seen_at=clock.now() - IDLE + MINUTE)
        for client in (one, other):
            await client.until(lambda f: f.value("session_state", "warning"))
        since = len(other.frames)
        await one.send(f"{SESSION}.stay")
        await other.until(lambda f: f.value("session_state", "warning") == "", since=since)


async def test_the_absolute_end_is_warned_of_too(portal: RunningPortal) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with zoes_tab(portal, cookie) as client:
        portal.change_session(cookie, expires_at=clock.now() + 2 * MINUTE)
        frame = await client.until(lambda f: f.value("session_state", "warning"))
        assert frame.value("session_state", "warning") == "2 minutes"


@pytest.mark.parametrize(
    ("path", "target"),
    [("/accueil", "/connexion?fin=1"), ("/aide?q=a", "/connexion?fin=1&suite=%2Faide%3Fq%3Da")],
)
async def test_a_tab_whose_session_has_run_out_is_sent_out_and_emptied(
    portal: RunningPortal, path: str, target: str
) -> None:
    cookie, others = portal.sign_in("z-pinceau"), portal.sign_in("k-benali")
    async with (
        zoes_tab(portal, cookie) as client,
        tab(portal.port, cookie=others, path="/accueil") as karim,
    ):
        client.path = path
        await client.send(f"{SESSION}.stay")
        await client.settled()
        since = len(client.frames)
        portal.change_session(cookie, seen_at=clock.now() - IDLE)
        await client.until(lambda f: target in f.redirects, since=since)
        emptied = await client.until(lambda f: f.value("home_state", "families") == [], since=since)
        assert emptied.value("home_state", "greeting") == ""
        assert emptied.value("session_state", "name") == ""
        await karim.settled()
        assert not any(f.redirects for f in karim.frames)
        assert any(f.value("home_state", "families") for f in karim.frames)


async def test_a_session_ended_by_somebody_else_sends_its_tab_out(portal: RunningPortal) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with zoes_tab(portal, cookie) as client:
        portal.change_session(cookie, ended_at=clock.now())
        await client.until(lambda f: "/connexion" in f.redirects)


async def test_signing_out_sends_every_tab_of_the_session_out_at_once(
    portal: RunningPortal,
) -> None:
    cookie, elsewhere = portal.sign_in("z-pinceau"), portal.sign_in("z-pinceau")
    async with (
        zoes_tab(portal, cookie) as one,
        zoes_tab(portal, cookie, "/aide") as two,
        zoes_tab(portal, elsewhere) as phone,
    ):
        with portal.http(cookie) as http:
            answer = await asyncio.to_thread(http.post, "/deconnexion")
        assert answer.headers["location"] == "/connexion?deconnecte=1"
        for client in (one, two):
            await client.settled()  # the push was sent before the answer: no need to wait for it
            assert [path for f in client.frames for path in f.redirects] == ["/connexion"]
        assert any(f.value("home_state", "families") == [] for f in one.frames)
        assert await phone.answers(f"{HOME}.load") != []
        assert not any(f.redirects for f in phone.frames)


async def test_signing_in_again_ends_the_session_that_the_browser_forgets(
    portal: RunningPortal,
) -> None:
    cookie, elsewhere = portal.sign_in("z-pinceau"), portal.sign_in("z-pinceau")
    async with zoes_tab(portal, cookie) as client:
        with portal.http(cookie) as http:
            data = {"identifiant": "k-benali", "mot_de_passe": "Bienvenue!1"}
            answer = await asyncio.to_thread(lambda: http.post("/connexion", data=data))
        assert answer.headers["location"] == "/accueil"
        await client.until(lambda f: f.redirects == ["/connexion"])
    assert portal.web_session(cookie).ended_at is not None
    assert portal.web_session(elsewhere).ended_at is None


async def test_a_failed_sign_in_leaves_the_session_as_it_is(portal: RunningPortal) -> None:
    cookie = portal.sign_in("z-pinceau")
    with portal.http(cookie) as http:
        data = {"identifiant": "personne", "mot_de_passe": "Bienvenue!1"}
        answer = await asyncio.to_thread(lambda: http.post("/connexion", data=data))
    assert answer.headers["location"] == "/connexion?erreur=1"
    assert portal.web_session(cookie).ended_at is None


async def test_the_tab_of_a_disabled_agent_is_sent_to_the_agents_door(
    portal: RunningPortal,
) -> None:
    cookie = portal.sign_in("agent.regie", "/agents/connexion")
    try:
        async with tab(portal.port, cookie=cookie, path="/agents") as client:
            _disable(portal, at=clock.now())
            await client.until(lambda f: "/agents/connexion" in f.redirects)
    finally:
        _disable(portal, at=None)


def _disable(portal: RunningPortal, *, at: object) -> None:
    write = portal.engine.execution_options(portail_write=True)
    with Session(write) as session, session.begin():
        session.execute(
            update(Agent).where(col(Agent.user_name) == "agent.regie").values(disabled_at=at)
        )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (600, "10 minutes"),
        (120, "2 minutes"),
        (89, "une minute"),
        (46, "une minute"),
        (45, "quelques secondes"),
        (0, "quelques secondes"),
        (-5, "quelques secondes"),
    ],
)
def test_the_time_left_is_said_in_round_words(seconds: int, words: str) -> None:
    assert warning_text(clock.now() + timedelta(seconds=seconds)) == words
