"""«Mon compte» as anybody may call it: consents first, one's own data, links that wait."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import Iterator

import httpx
import pytest
from sqlmodel import Session, col, delete, select, update

from portail import clock
from portail.access.labels import Audience, access_of
from portail.models import Account, Consent, LinkPurpose, OneTimeLink, OutboxMail
from portail.services.secrets import secret_hash
from tests.access.conftest import RunningPortal
from tests.access.test_handlers import OURS, right_arguments
from tests.raw_client import STATE, tab

pytestmark = pytest.mark.usefixtures("quiet")
HOME = f"{STATE}.portail___state___home____home_state"
ACCOUNT = f"{STATE}.portail___state___account____account_state"
SUBSCRIPTIONS = f"{STATE}.portail___state___subscriptions____subscriptions_state"
CONSENTS = f"{STATE}.portail___state___consents____consents_state"
GATE = f"{STATE}.portail___state___consents____consent_gate_state"
MY_DATA = f"{STATE}.portail___state___my_data____my_data_state"
SESSIONS = f"{STATE}.portail___state___account____open_sessions_state"
PAGE, DATA = "/conditions-a-accepter", "/mon-compte/mes-donnees.zip"
WIRE = "__reflex_form_data__"


def account_id(session: Session, name: str) -> int:
    found = session.exec(select(Account.id).where(Account.user_name == name)).one()
    assert found is not None
    return found


@pytest.fixture
def withdrawn(portal: RunningPortal) -> Iterator[str]:
    """Karim, who has withdrawn his consent to the terms; he has it back afterwards."""
    write = portal.engine.execution_options(portail_write=True)
    with Session(write) as session, session.begin():
        karim = account_id(session, "k-benali")
        terms = session.exec(
            select(Consent.id).where(
                Consent.account_id == karim,
                Consent.text == "conditions-utilisation",
                col(Consent.withdrawn_at).is_(None),
            )
        ).one()
        mine = update(Consent).where(col(Consent.id) == terms)
        session.execute(mine.values(withdrawn_at=clock.now()))
    yield portal.sign_in("k-benali")
    with Session(write) as session, session.begin():
        again = delete(Consent).where(col(Consent.account_id) == karim, col(Consent.id) > terms)
        session.execute(again.where(col(Consent.text) == "conditions-utilisation"))
        session.execute(mine.values(withdrawn_at=None))


async def test_a_page_waits_for_the_consents(portal: RunningPortal, withdrawn: str) -> None:
    def where(cookie: str, path: str) -> str:
        with portal.http(cookie) as http:
            answer = http.get(path)
        assert answer.status_code in (200, 303)
        return str(answer.headers.get("location", ""))

    zoe = portal.sign_in("z-pinceau")
    for path, target in (
        ("/accueil", PAGE),
        ("/mon-compte", f"{PAGE}?suite=%2Fmon-compte"),
        ("/mon-compte/consentements", f"{PAGE}?suite=%2Fmon-compte%2Fconsentements"),
        (PAGE, ""),
        ("/aide", ""),
        ("/conditions-utilisation", ""),
    ):
        assert await asyncio.to_thread(where, withdrawn, path) == target
        assert await asyncio.to_thread(where, zoe, path) == ""
    assert (
        await asyncio.to_thread(where, "", PAGE) == f"/connexion?suite={PAGE.replace('/', '%2F')}"
    )


async def test_every_handler_for_families_waits_but_those_that_say_so(
    portal: RunningPortal, withdrawn: str
) -> None:
    family = [
        (name, access)
        for name in OURS
        if (access := access_of(name)) and access.audience is Audience.FAMILY
    ]
    before = [name for name, access in family if access.before_consent]
    assert {name.rsplit(".", 2)[1].rsplit("____", 1)[1] for name in before} == {
        "consent_gate_state",
        "deletion_state",
        "my_data_state",
    }
    async with tab(portal.port, cookie=withdrawn, path=PAGE) as client:
        for name, access in family:
            frames = await client.answers(name, right_arguments(name))
            sent = [path for frame in frames for path in frame.redirects]
            assert sent == ([] if access.before_consent else [PAGE]), name
        assert "Lina" not in client.heard


async def test_accepting_opens_the_portal_again(portal: RunningPortal, withdrawn: str) -> None:
    async with tab(portal.port, cookie=withdrawn, path=PAGE) as client:
        missing = [f.value("consent_gate_state", "missing") for f in client.frames]
        assert ["conditions-utilisation"] in missing
        refused = await client.answers(f"{GATE}.accept", {"form": {WIRE: []}})
        assert any(f.value("consent_gate_state", "unticked") for f in refused)
        assert await client.answers(f"{HOME}.load") != []
        assert "Lina" not in client.heard
        form = {WIRE: [["conditions-utilisation", "oui"], ["conditions_utilisation", True]]}
        accepted = await client.answers(f"{GATE}.accept", {"form": form})
        assert [path for f in accepted for path in f.redirects] == ["/accueil"]
        await client.answers(f"{HOME}.load")
        assert "Lina" in client.heard


# --- one's own and nobody else's


async def test_dialogs_and_forms_know_one_s_own_things_only(portal: RunningPortal) -> None:
    zoe, karim = portal.sign_in("z-pinceau"), portal.sign_in("k-benali")
    with Session(portal.engine) as session:
        hers = session.exec(
            select(Consent.id).where(Consent.account_id == account_id(session, "z-pinceau"))
        ).first()
    async with tab(portal.port, cookie=karim, path="/mon-compte/consentements") as his:
        ask = {"consent_id": hers}
        frames = await his.answers(f"{CONSENTS}.ask_withdrawal", ask)
        assert not any(f.value("consents_state", "chosen") for f in frames)
        await his.answers(f"{CONSENTS}.withdraw", {"form": {"consentement": str(hers)}})
        await his.answers(f"{SESSIONS}.end", {"session_id": portal.web_session(zoe).id})
    with Session(portal.engine) as session:
        kept = session.get_one(Consent, hers)
    assert kept.withdrawn_at is None
    assert portal.web_session(zoe).ended_at is None
    async with tab(portal.port, cookie=zoe, path="/mon-compte/consentements") as client:
        frames = await client.answers(f"{CONSENTS}.ask_withdrawal", {"consent_id": hers})
        assert any(f.value("consents_state", "chosen") == hers for f in frames)


async def test_a_form_acts_on_what_its_dialog_showed_and_nothing_else(
    portal: RunningPortal,
) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with tab(portal.port, cookie=cookie, path="/mon-compte/souscriptions") as client:
        lines = next(v for f in client.frames if (v := f.value("subscriptions_state", "lines")))
        for wanted in (str(lines[0]["id"]), "0", "", "9" * 9_000):
            await client.answers(f"{SUBSCRIPTIONS}.remove", {"form": {"souscription": wanted}})
        await client.answers(f"{HOME}.load")
        assert "10001" in client.heard
        again = await client.answers(f"{SUBSCRIPTIONS}.load")
        assert not any(f.value("subscriptions_state", "lines") == [] for f in again)


async def test_the_layout_one_chose_is_there_at_the_next_page(portal: RunningPortal) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with tab(portal.port, cookie=cookie, path="/mon-compte") as client:
        await client.answers(f"{ACCOUNT}.save_large", {"form": {WIRE: [["ergonomie", "oui"]]}})
    async with tab(portal.port, cookie=cookie, path="/aide") as other:
        assert any(f.value("session_state", "large") is True for f in other.frames)
        await other.answers(f"{ACCOUNT}.save_large", {"form": {WIRE: []}})
    async with tab(portal.port, cookie=cookie, path="/aide") as last:
        assert not any(f.value("session_state", "large") for f in last.frames)
    async with tab(portal.port, cookie=cookie, token=other.token, path="/aide") as same:
        assert not any(f.value("session_state", "large") for f in same.frames)


# --- the download


def download(portal: RunningPortal, cookie: str) -> httpx.Response:
    with portal.http(cookie) as http:
        return http.get(DATA)


async def prepared(portal: RunningPortal, cookie: str, path: str) -> None:
    """«Préparer mes données», until the page is told that they are ready."""
    async with tab(portal.port, cookie=cookie, path=path) as client:
        await client.send(f"{MY_DATA}.ask")
        await client.until(lambda f: f.value("my_data_state", "stage") == "ready")


async def test_each_downloads_their_own_data(portal: RunningPortal) -> None:
    zoe, karim = portal.sign_in("z-pinceau"), portal.sign_in("k-benali")
    await prepared(portal, zoe, "/mon-compte/consentements")
    # hers alone is ready: there is nothing for him at the same address
    answer = await asyncio.to_thread(download, portal, karim)
    assert answer.status_code == 404
    await prepared(portal, karim, "/mon-compte/consentements")
    for cookie, own, other in ((zoe, "Nora", "Lina"), (karim, "Lina", "Nora")):
        answer = await asyncio.to_thread(download, portal, cookie)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-disposition"].startswith("attachment")
        packed = zipfile.ZipFile(io.BytesIO(answer.content))
        text = packed.read("mes-donnees.json").decode()
        assert own in text
        assert other not in text


def test_a_stranger_and_an_agent_download_nothing(portal: RunningPortal) -> None:
    stranger = download(portal, "")
    assert stranger.status_code == 303
    assert stranger.headers["location"].startswith("/connexion?suite=")
    agent = download(portal, portal.sign_in("agent.admin", "/agents/connexion"))
    assert (agent.status_code, agent.headers["location"]) == (303, "/agents")


async def test_who_withdrew_a_consent_can_still_download(
    portal: RunningPortal, withdrawn: str
) -> None:
    await prepared(portal, withdrawn, "/conditions-a-accepter")
    assert (await asyncio.to_thread(download, portal, withdrawn)).status_code == 200


# --- the link that confirms an address


@pytest.fixture
def link(portal: RunningPortal) -> str:
    """The secret of a link that gives Karim another address; used or not, it ends with the test."""
    secret = "s" * 43
    write = portal.engine.execution_options(portail_write=True)
    with Session(write) as session, session.begin():
        session.execute(
            delete(OneTimeLink).where(col(OneTimeLink.token_hash) == secret_hash(secret))
        )
        session.add(
            OneTimeLink(
                token_hash=secret_hash(secret),
                purpose=LinkPurpose.CHANGE_EMAIL,
                account_id=account_id(session, "k-benali"),
                email="karim.nouveau@example.org",
                created_at=clock.now(),
                expires_at=clock.now().replace(year=2030),
            )
        )
    return secret


@pytest.fixture
def karims_address(portal: RunningPortal) -> Iterator[None]:
    yield
    write = portal.engine.execution_options(portail_write=True)
    with Session(write) as session, session.begin():
        row = session.get_one(Account, account_id(session, "k-benali"))
        row.email = row.email_key = "karim.benali@example.org"


def address_of_karim(portal: RunningPortal) -> str:
    with Session(portal.engine) as session:
        return session.get_one(Account, account_id(session, "k-benali")).email


@pytest.mark.usefixtures("karims_address")
def test_following_a_link_changes_nothing_and_the_button_does(
    portal: RunningPortal, link: str
) -> None:
    with portal.http() as http:  # a mail scanner, or the mailbox's owner, not signed in
        followed = http.get(f"/confirmer-adresse/{link}")
        assert (followed.status_code, followed.headers["location"]) == (303, "/adresse-confirmee")
        assert followed.headers["referrer-policy"] == "no-referrer"
        assert http.get("/adresse-confirmee").status_code == 200
        assert address_of_karim(portal) == "karim.benali@example.org"
        confirmed = http.post("/adresse-confirmee")
        assert confirmed.headers["location"] == "/adresse-confirmee?fait=1"
        assert address_of_karim(portal) == "karim.nouveau@example.org"
        again = http.post("/adresse-confirmee")
        assert again.headers["location"] == "/adresse-confirmee"
    with Session(portal.engine) as session:
        told = session.exec(select(OutboxMail).where(OutboxMail.kind == "email_changed")).all()
    assert told[-1].recipient == "karim.benali@example.org"
    assert link not in portal.log


def test_a_button_on_another_site_confirms_nothing(portal: RunningPortal, link: str) -> None:
    with portal.http(f"portail_link={link}") as http:
        headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        assert http.post("/adresse-confirmee", headers=headers).status_code == 403
    assert address_of_karim(portal) == "karim.benali@example.org"


@pytest.mark.parametrize("secret", ["x", "%22;%20a=b", "é", "a" * 3_000])
def test_a_link_that_is_none_is_said_to_be_none(portal: RunningPortal, secret: str) -> None:
    with portal.http() as http:
        followed = http.get(f"/confirmer-adresse/{secret}")
        assert followed.headers["location"] == "/adresse-confirmee"
        assert re.match(r'portail_link=(x|"");', followed.headers["set-cookie"])
        assert http.post("/adresse-confirmee").headers["location"] == "/adresse-confirmee"
