"""Every handler, called by whoever can reach the server: what Reflex registers is enumerated."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, get_origin, get_type_hints

import pytest
from reflex_base.registry import RegistrationContext
from websockets.exceptions import InvalidStatus

from portail import clock
from portail import portail as application
from portail.access.labels import FRAMEWORK_HANDLERS, Access, Audience, access_of, handler_function
from portail.access.packets import MAX_DEPTH, MAX_FRAME
from tests.access.conftest import RunningPortal
from tests.raw_client import HELP, NAMESPACE, STATE, RawClient, tab

pytestmark = pytest.mark.usefixtures("quiet")

for page in application.PAGES:
    page.build()  # a page could make states of its own
HANDLERS = sorted(RegistrationContext.get().event_handlers)
OURS = [name for name in HANDLERS if ".portail___" in name and not name.endswith(".setvar")]
PATHS = [page.route for page in application.PAGES if page.route.startswith("/")]

PUBLIC = {
    f"{STATE}.portail___{name}"
    for name in (
        "access___session_state____session_state.stay",
        "state___activation____activation_state.load",
        "state___email_change____email_confirmation_state.load",
        "state___help____help_state.look_for",
        "state___mailbox____mailbox_state.load",  # demo only: it says so itself
        "state___mailbox____mail_models_state.load",  # likewise
        "state___navigation____navigation_state.arrived",
        # open to all: what each is shown is for the services to say
        "state___news___article____article_state.load",
        "state___news___listing____news_state.load",
        "state___news___listing____news_state.turn",
        "state___news___listing____welcome_news_state.load",
        "state___passwords____forgotten_password_state.load",
        "state___passwords____new_password_state.load",
        # a sign-up under way is its browser's: a cookie says which, and the services check it
        "state___registration____registration_state.accept_privacy",
        "state___registration____registration_state.accept_terms",
        "state___registration____registration_state.assess",
        "state___registration____registration_state.back",
        "state___registration____registration_state.cancel",
        "state___registration____registration_state.finish",
        "state___registration____registration_state.keep",
        "state___registration____registration_state.load",
        "state___registration____registration_state.save_identity",
        "state___registration____registration_state.save_references",
        "state___registration____registration_state.send_again",
        "state___sign_in____sign_in_state.load",
        "state___unsubscribe____unsubscribe_state.load",  # the link says whose, and only that
    )
}
FRAMEWORK = {
    f"{STATE}.{name}"
    for name in (
        "hydrate",
        "hydrate_and_load",
        "set_is_hydrated",
        "reflex___state____on_load_internal_state.on_load_internal",
        "reflex___state____on_load_internal_state.set_is_hydrated",
    )
}
MAILBOX = {
    f"{STATE}.portail___state___mailbox____{name}.load"
    for name in ("mailbox_state", "mail_models_state")
}
HOME = f"{STATE}.portail___state___home____home_state"
SESSION = f"{STATE}.portail___access___session_state____session_state"
UPDATE_VARS = f"{STATE}.reflex___state____update_vars_internal_state.update_vars_internal"

ZOES = ("Zoé", "Pinceau", "PINCEAU", "10001", "Christopher", "Nora", "Audrey", "Sami")
KARIMS = ("Karim", "BENALI", "10002", "Lina")
WRONG: dict[type, list[Any]] = {
    str: [None, 5, 1.5, True, [], {}, ["a"], {"a": 1}, "x" * 20_000],
    int: [None, "5", 1.5, True, [], {}, 2**31, -(2**40), 10**30],
    bool: [None, "true", 1, 0, [], {}],
    float: [None, "1.5", [], {}],
    dict: [
        None,
        "x",
        5,
        [],
        [["a", "b"]],
        {"a": {"b": "c"}},
        {"a": "x" * 20_000},
        {"a" * 200: "b"},
    ],
    list: [None, "x", 5, {}],
}
RIGHT: dict[type, Any] = {str: "a", int: 1, bool: True, float: 1.5, dict: {}, list: []}


def arguments(name: str) -> dict[str, Any]:
    """The types of a handler's arguments."""
    function = handler_function(name)
    model = getattr(function, "portail_arguments", None)
    if function is None or model is None:
        return {}
    hints = get_type_hints(function)
    return {field: hints[field] for field in model.model_fields}


def right_arguments(name: str) -> dict[str, Any]:
    """Arguments that a handler would take."""
    return {field: RIGHT[get_origin(kind) or kind] for field, kind in arguments(name).items()}


def access(name: str) -> Access:
    found = access_of(name)
    assert found is not None, name
    return found


def audience(name: str) -> Audience:
    return access(name).audience


def own_data(client: RawClient, since: int) -> list[str]:
    """States of ours that said something since then, but for the help that closes a test."""
    return [
        state
        for frame in client.frames[since:]
        for state in frame.delta
        if ".portail___" in state and not state.endswith("help_state")
    ]


# --- what is registered


def test_every_handler_of_ours_says_who_may_call_it() -> None:
    assert OURS
    assert [name for name in OURS if access_of(name) is None] == []


def test_the_public_list_is_short_and_written_here() -> None:
    assert {name for name in OURS if audience(name) is Audience.PUBLIC} == PUBLIC


def test_the_handlers_of_reflex_that_may_be_called_are_written_here() -> None:
    assert set(FRAMEWORK_HANDLERS) == FRAMEWORK
    assert set(HANDLERS) >= FRAMEWORK


def test_all_others_are_for_nobody() -> None:
    others = set(HANDLERS) - set(OURS) - FRAMEWORK
    assert {name for name in others if access_of(name) is not None} == set()
    assert {name.rsplit(".", 1)[1] for name in others} == {
        "setvar",
        "update_vars_internal",
        "handle_frontend_exception",
    }


def test_there_are_handlers_for_each_audience() -> None:
    assert {audience(name) for name in OURS} == set(Audience)


# --- who is answered


async def test_an_anonymous_client_is_sent_to_the_door_by_every_private_handler(
    portal: RunningPortal,
) -> None:
    private = [name for name in OURS if name not in PUBLIC]
    doors = {Audience.FAMILY: "/connexion", Audience.AGENT: "/agents/connexion"}
    async with tab(portal.port) as stranger:
        start = len(stranger.frames)
        for name in private:
            frames = await stranger.answers(name, right_arguments(name))
            assert [path for f in frames for path in f.redirects] == [doors[audience(name)]], name
        assert own_data(stranger, start) == []


async def test_the_page_that_was_asked_for_is_remembered_and_never_another_site(
    portal: RunningPortal,
) -> None:
    async with tab(portal.port) as stranger:
        for path, target in (
            ("/planning?semaine=48", "/connexion?suite=%2Fplanning%3Fsemaine%3D48"),
            ("//evil.example", "/connexion"),
            ("/\\evil.example", "/connexion"),
            ("/\tevil.example", "/connexion"),
        ):
            frames = await stranger.answers(f"{HOME}.load", path=path)
            assert [found for f in frames for found in f.redirects] == [target]


async def test_handlers_for_nobody_answer_nobody(portal: RunningPortal) -> None:
    others = sorted(set(HANDLERS) - set(OURS) - FRAMEWORK)
    for name in ("", "z-pinceau", "agent.admin"):
        cookie = portal.sign_in(name, _door(name)) if name else ""
        async with tab(portal.port, cookie=cookie) as client:
            for other in others:
                payload = {"var_name": "name", "value": "x", "vars": {}, "info": "x"}
                assert await client.answers(other, payload) == [], other


def _door(name: str) -> str:
    return "/agents/connexion" if name.startswith("agent") else "/connexion"


async def test_a_client_cannot_write_our_variables(portal: RunningPortal) -> None:
    name = f"{SESSION}.audience_rx_state_"
    async with tab(portal.port) as client:
        await client.send(f"{SESSION}.setvar", {"var_name": "audience", "value": "agent"})
        await client.send(f"{SESSION}.set_audience", {"value": "agent"})
        await client.send(UPDATE_VARS, {"vars": {name: "agent"}})
        await client.send(f"{STATE}.hydrate_and_load", {"vars": {name: "agent"}})
        await client.settled()
        since = len(client.frames)
        await client.send(f"{STATE}.hydrate_and_load")
        frame = await client.until(lambda f: f.value("session_state", "ready"), since=since)
        assert frame.value("session_state", "audience") == ""
        assert not any(f.value("session_state", "audience") for f in client.frames)
    cookie = portal.sign_in("agent.admin", "/agents/connexion")
    async with tab(portal.port, cookie=cookie) as client:  # the real thing is seen
        assert any(f.value("session_state", "audience") == "agent" for f in client.frames)


@pytest.mark.parametrize(
    "name",
    [
        f"{HOME}.nothing",
        f"{HOME}._load",
        f"{HOME}.__init__",
        f"{HOME}.get_state",
        f"{HOME}.reset",
        f"{SESSION}._owner",
        "load",
        "",
        "nothing.at.all",
        "x" * 50_000,
        f"{HOME}.load\n",
    ],
)
async def test_unknown_and_private_names_are_not_heard(portal: RunningPortal, name: str) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with tab(portal.port, cookie=cookie) as client:
        assert await client.answers(name) == []
        assert await client.answers(f"{HOME}.load") != []


async def test_each_audience_is_refused_what_is_for_the_other(portal: RunningPortal) -> None:
    doors = {Audience.FAMILY: "/accueil", Audience.AGENT: "/agents"}
    people = {Audience.FAMILY: "z-pinceau", Audience.AGENT: "agent.enfance"}
    for mine, name in people.items():
        cookie = portal.sign_in(name, _door(name))
        async with tab(portal.port, cookie=cookie) as client:
            for handler in OURS:
                since = len(client.frames)
                frames = await client.answers(handler, right_arguments(handler))
                sent = [path for f in frames for path in f.redirects]
                if audience(handler) in (mine, Audience.PUBLIC):
                    assert doors[mine] not in sent, handler
                else:
                    assert sent == [doors[mine]], handler
                    assert own_data(client, since) == [], handler


async def test_an_agent_without_the_role_is_refused() -> None:
    """No handler asks for a role yet: the rule itself is tested in test_labels."""
    assert {bool(access(name).roles) for name in OURS} == {False}


# --- one family's session gets nothing of another's


async def test_nothing_of_a_family_reaches_the_session_of_another(portal: RunningPortal) -> None:
    zoe, karim = portal.sign_in("z-pinceau"), portal.sign_in("k-benali")
    async with (
        tab(portal.port, cookie=zoe, path="/accueil") as hers,
        tab(portal.port, cookie=karim, path="/accueil") as his,
    ):
        for path in PATHS:
            for name in [*OURS, *sorted(FRAMEWORK)]:
                if name in MAILBOX:
                    continue  # the demo's mails and samples are everybody's
                for client in (hers, his):
                    await client.send(name, right_arguments(name), path)
        await hers.settled()
        await his.settled()
        for word in ZOES:
            assert word in hers.heard
            assert word not in his.heard
        for word in KARIMS:
            assert word in his.heard
            assert word not in hers.heard


async def test_the_token_of_a_tab_opens_nothing_without_its_cookie(portal: RunningPortal) -> None:
    zoe, karim = portal.sign_in("z-pinceau"), portal.sign_in("k-benali")
    async with tab(portal.port, cookie=zoe, path="/accueil") as hers:
        assert "Nora" in hers.heard
        async with tab(portal.port, token=hers.token, path="/accueil") as thief:  # she is online
            await thief.send(f"{STATE}.hydrate")
            await thief.settled()
            assert not any(word in thief.heard for word in ZOES)
    for cookie, own in (("", ()), (karim, KARIMS)):  # she has left
        async with tab(portal.port, cookie=cookie, token=hers.token, path="/accueil") as thief:
            await thief.send(f"{STATE}.hydrate")
            await thief.settled()
            assert not any(word in thief.heard for word in ZOES)
            assert all(word in thief.heard for word in own)


async def test_a_tab_is_emptied_when_its_session_changes(portal: RunningPortal) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with tab(portal.port, cookie=cookie, path="/accueil") as first:
        assert "Nora" in first.heard
    async with tab(portal.port, cookie=cookie, token=first.token, path="/aide") as again:
        assert "Nora" in again.heard  # the same session finds its tab as it was
    async with tab(portal.port, token=first.token, path="/aide") as signed_out:
        assert "Nora" not in signed_out.heard
    async with tab(portal.port, cookie=cookie, token=first.token, path="/aide") as back:
        assert "Nora" not in back.heard  # emptied, not hidden
        await back.answers(f"{HOME}.load")
        assert "Nora" in back.heard


@pytest.mark.parametrize("ending", ["ended_at", "seen_at", "expires_at"])
async def test_an_ended_session_is_refused_at_its_next_event(
    portal: RunningPortal, ending: str
) -> None:
    past = clock.now() - timedelta(hours=1)
    cookie = portal.sign_in("z-pinceau")
    async with tab(portal.port, cookie=cookie, path="/aide") as client:
        portal.change_session(cookie, **{"created_at": past - timedelta(hours=1), ending: past})
        await client.send(f"{HOME}.load")
        await client.until(lambda f: f.redirects)
        assert "Nora" not in client.heard


@pytest.mark.parametrize("cookie", ["portail_session=", "portail_session=x", "x=y", ";;;", "é=è"])
async def test_another_cookie_is_nobody(portal: RunningPortal, cookie: str) -> None:
    async with tab(portal.port, cookie=cookie) as client:
        frames = await client.answers(f"{HOME}.load")
        assert [path for f in frames for path in f.redirects] == ["/connexion"]


# --- what is not an event of ours


@pytest.mark.parametrize("name", [name for name in OURS if arguments(name)])
async def test_wrong_arguments_are_refused(portal: RunningPortal, name: str) -> None:
    people = {Audience.FAMILY: "z-pinceau", Audience.AGENT: "agent.admin", Audience.PUBLIC: ""}
    person = people[audience(name)]
    cookie = portal.sign_in(person, _door(person)) if person else ""
    right = right_arguments(name)
    wrong = [{**right, "more": 1}, {**right, "__class__": "x"}]
    for field, kind in arguments(name).items():
        plain = get_origin(kind) or kind
        assert plain in WRONG, kind  # a new type: say above what is wrong for it
        wrong += [{**right, field: value} for value in WRONG[plain]]
        wrong.append({key: value for key, value in right.items() if key != field})
    async with tab(portal.port, cookie=cookie) as client:
        before = refusals(portal, name)
        for payload in wrong:
            assert await client.answers(name, payload) == []
        assert refusals(portal, name) == before + len(wrong)


def refusals(portal: RunningPortal, name: str) -> int:
    """How many calls of this handler were refused for their arguments."""
    lines = portal.log.splitlines()
    return sum("event_refused" in line and f"handler={name} " in line for line in lines)


async def test_handlers_without_arguments_take_none(portal: RunningPortal) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with tab(portal.port, cookie=cookie) as client:
        for name in OURS:
            if not arguments(name) and audience(name) is not Audience.AGENT:
                assert await client.answers(name, {"x": 1}) == [], name
        assert await client.answers(f"{HOME}.load", {}) != []


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("hydrate", {"x": 1}),
        ("hydrate_and_load", {"hashes": "x"}),
        ("hydrate_and_load", {"hashes": [1]}),
        ("hydrate_and_load", {"vars": {"nowhere.x": 1}}),
        ("hydrate_and_load", {"vars": 5}),
        ("set_is_hydrated", {"value": {"a": 1}}),
        ("set_is_hydrated", {"value": "<script>"}),
        ("set_is_hydrated", {}),
        ("reflex___state____on_load_internal_state.on_load_internal", {"x": 1}),
        ("reflex___state____on_load_internal_state.set_is_hydrated", {"value": None}),
    ],
)
async def test_handlers_of_reflex_take_only_their_own_arguments(
    portal: RunningPortal, name: str, payload: dict[str, Any]
) -> None:
    async with tab(portal.port) as client:
        assert await client.answers(f"{STATE}.{name}", payload) == []


async def test_hashes_that_are_not_ours_give_the_whole_state(portal: RunningPortal) -> None:
    async with tab(portal.port) as client:
        for hashes in ([], ["x"], ["x"] * 200):
            since = len(client.frames)
            await client.send(f"{STATE}.hydrate_and_load", {"hashes": hashes})
            await client.until(lambda f: f.value("session_state", "ready"), since=since)


SEARCH = {"name": f"{HELP}.look_for", "payload": {"typed": "a"}}
BAD_PACKETS = [
    "",
    "x",
    "4",
    "40",
    "42",
    "42[]",
    '42["event",{}]',
    '42/other,["event",{}]',
    f'42{NAMESPACE},1["event",{{}}]',  # asks for a receipt: our pages do not
    f"42{NAMESPACE},",
    f"42{NAMESPACE},{{",
    f"42{NAMESPACE},null",
    f'42{NAMESPACE},"event"',
    f"42{NAMESPACE},[]",
    f"42{NAMESPACE},[null]",
    f"42{NAMESPACE},[{'9' * 5_000}]",
    f"42{NAMESPACE},{'[' * 30_000}",
    f'43{NAMESPACE},1["x"]',
    f'45{NAMESPACE},1-["event",{{"_placeholder":true,"num":0}}]',
    "6",
    "b4AAAA",
]
BAD_EVENTS: list[list[Any]] = [
    ["event"],
    ["event", None],
    ["event", 5],
    ["event", "texte"],
    ["event", "{"],
    ["event", []],
    ["event", {}],
    ["event", {"name": 5}],
    ["event", {"name": None}],
    ["event", {"name": ["a"]}],
    ["event", {"name": {"a": 1}}],
    ["event", SEARCH, SEARCH],
    ["event", {**SEARCH, "payload": [1]}],
    ["event", {**SEARCH, "payload": "a"}],
    ["event", {**SEARCH, "payload": 5}],
    ["event", {**SEARCH, "router_data": "x"}],
    ["event", {**SEARCH, "router_data": {"pathname": 5}}],
    ["event", {**SEARCH, "router_data": {"asPath": {"a": 1}}}],
    ["event", {**SEARCH, "router_data": {"asPath": "[x"}}],
    ["event", {**SEARCH, "router_data": {"asPath": "/\ud800"}}],
    ["event", {**SEARCH, "router_data": {"asPath": "https://evil.example/"}}],
    ["event", {**SEARCH, "router_data": {"query": "x"}}],
    ["event", {**SEARCH, "router_data": {"headers": {"cookie": "portail_session=x"}}}],
    ["event", {**SEARCH, "router_data": {"token": "x"}}],
    ["connect", {}],
    ["disconnect"],
    ["link_token_to_sid", "x", "y"],
    ["emit_update", {}, "x"],
    ["on_event", "x", {}],
    ["client_error"],
    ["client_error", {"message": 5}],
    ["ping", 1],
]


@pytest.mark.parametrize("packet", BAD_PACKETS, ids=range(len(BAD_PACKETS)))
async def test_what_no_page_of_ours_sends_ends_the_connection(
    portal: RunningPortal, packet: str
) -> None:
    async with tab(portal.port) as client, tab(portal.port) as other:
        await client.socket.send(packet)
        await client.until_closed()
        await other.settled()


@pytest.mark.parametrize("event", BAD_EVENTS, ids=range(len(BAD_EVENTS)))
async def test_an_event_of_another_form_ends_the_connection(
    portal: RunningPortal, event: list[Any]
) -> None:
    async with tab(portal.port) as client, tab(portal.port) as other:
        await client.send_raw(*event)
        await client.until_closed()
        await other.settled()


async def test_bytes_end_the_connection(portal: RunningPortal) -> None:
    async with tab(portal.port) as client:
        await client.socket.send(b"\x04\x00")
        await client.until_closed()


async def test_what_a_browser_may_send_is_heard(portal: RunningPortal) -> None:
    async with tab(portal.port) as client:
        await client.socket.send("2")
        await client.send_raw("ping")
        await client.until(lambda f: f.kind == "ping")
        await client.send_raw("event", {**SEARCH, "token": "x", "handler": None})
        router_data = {"pathname": "/aide", "asPath": "/aide?q=a#b", "query": {"q": "a"}}
        await client.send_raw("event", {**SEARCH, "router_data": router_data})
        await client.send(f"{SESSION}.stay", None)
        await client.settled()
        assert not client.closed


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\udfff"])
async def test_text_that_cannot_be_kept_is_not_heard(portal: RunningPortal, text: str) -> None:
    async with tab(portal.port) as client:
        assert await client.answers(f"{HELP}.look_for", {"typed": text}) == []
        assert await client.answers(f"{HELP}.look_for", {"typed": "a", text: "a"}) == []


async def test_deep_values_end_the_connection(portal: RunningPortal) -> None:
    value: Any = "a"
    for _ in range(MAX_DEPTH):
        value = [value]
    async with tab(portal.port) as client:
        await client.send(f"{HELP}.look_for", {"typed": value})
        await client.until_closed()


@pytest.mark.parametrize("size", [MAX_FRAME, 1_000_000])
async def test_a_large_payload_ends_its_connection_and_no_other(
    portal: RunningPortal, size: int
) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with tab(portal.port) as client, tab(portal.port, cookie=cookie) as other:
        await client.send(f"{HELP}.look_for", {"typed": "x" * size})
        await client.until_closed()
        assert await other.answers(f"{HOME}.load") != []


@pytest.mark.parametrize(
    "boot",
    [
        '{"event": 5}',
        '{"event": {"name": "nothing"}}',
        '{"event": {"name": 5}}',
        '{"state_schema": {"a": 1}}',
        "[]",
        "{",
        '{"event": {"name": "' + "x" * 1_000_000 + '"}}',
    ],
    ids=range(7),
)
async def test_a_wrong_first_event_gets_no_answer(portal: RunningPortal, boot: str) -> None:
    async with tab(portal.port, connect_packet=boot, hydrate=False) as client:
        async with tab(portal.port) as other:
            await other.settled()
        assert client.frames == []


# --- from where


@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://evil.example", "http://localhost", "http://127.0.0.1:1", "file://"],
)
async def test_a_websocket_from_elsewhere_is_refused(
    portal: RunningPortal, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with tab(portal.port, origin=origin):
            pass
    assert caught.value.response.status_code == 403


async def test_a_websocket_from_our_own_pages_is_taken(portal: RunningPortal) -> None:
    for host in ("localhost", "127.0.0.1"):
        async with tab(portal.port, origin=f"http://{host}:{portal.port}") as client:
            await client.settled()


async def test_the_other_transport_is_closed(portal: RunningPortal) -> None:
    with portal.http() as http:
        answer = await asyncio.to_thread(http.get, "/_event/?EIO=4&transport=polling")
        assert answer.status_code == 400
