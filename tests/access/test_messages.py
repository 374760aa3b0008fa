"""Messages, called by whoever holds Zoé's ids, addresses and names of handlers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlmodel import col, delete, func, select

from portail.models import Message, MessageDraft, Thread, ThreadRead
from portail.state.messages.conversation import ConversationState
from portail.state.messages.mine import MessagesState
from portail.state.messages.new import NewMessageState
from tests.access.conftest import RunningPortal, asked, written
from tests.raw_client import tab

pytestmark = pytest.mark.usefixtures("quiet")
ZOE, KARIM = "z-pinceau", "k-benali"
FIL, NEW, LIST = (
    one.get_full_name() for one in (ConversationState, NewMessageState, MessagesState)
)
HERS = ("repas du 12", "Christopher", "10001", "PINCEAU", "Paul Girard", "arachide")


@pytest.fixture
def thread(portal: RunningPortal) -> int:
    """Her question about an invoice, which the town answered; she is writing nothing else."""
    written(portal, delete(MessageDraft))
    return int(asked(portal, select(Thread.id).where(col(Thread.invoice_id).is_not(None)))[0])


def heard(portal: RunningPortal, cookie: str, path: str, *calls: tuple[str, Any]) -> str:
    """All that a tab on this page is told, these handlers called."""

    async def talk() -> str:
        async with tab(portal.port, cookie=cookie, path=path) as client:
            for name, payload in calls:
                await client.answers(name, payload)
            return client.heard

    return asyncio.run(talk())


def addresses(portal: RunningPortal, thread: int) -> list[str]:
    found = asked(portal, select(Thread).where(Thread.id == thread))[0]
    child = asked(portal, select(Thread.child_id).where(col(Thread.child_id).is_not(None)))[0]
    return [
        f"/messagerie/fil?n={thread}",
        f"/messagerie/nouveau?facture={found.invoice_id}",
        f"/messagerie/nouveau?enfant={child}",
        f"/messagerie/nouveau?demarche={found.procedure_id}",
        "/messagerie?recherche=certificat",
        "/messagerie?service=regie&page=9",
    ]


def test_zoe_is_told_what_is_hers_and_no_note(portal: RunningPortal, thread: int) -> None:
    """Or else the silence towards others would prove nothing."""
    cookie = portal.sign_in(ZOE)
    pages = addresses(portal, thread)
    told = [heard(portal, cookie, one) for one in pages]
    assert all("repas du 12" in told[place] for place in (0, 4))
    assert "Question sur la facture" in told[1]
    assert "avoir à faire" not in "".join(told)  # what an agent noted


def test_karim_is_told_nothing_of_it_and_changes_nothing(
    portal: RunningPortal, thread: int
) -> None:
    cookie = portal.sign_in(KARIM)
    counts = [select(func.count()).select_from(table) for table in (Thread, Message, ThreadRead)]
    states = select(Thread.id, Thread.state, Thread.message_count)
    before = [asked(portal, one) for one in (*counts, states)]
    calls = [
        (f"{FIL}.show_all", {}),
        (f"{FIL}.ask_closing", {}),
        (f"{FIL}.close", {"form": {"fil": str(thread)}}),
        (f"{FIL}.write", {"text": "intrus"}),
        (f"{FIL}.drop_file", {"file_id": 1}),
        (f"{LIST}.look_for", {"form": {"recherche": "certificat"}}),
        (f"{LIST}.choose_service", {"service": "regie"}),
        (f"{LIST}.turn", {"page": 2**31 - 1}),
    ]
    for page in addresses(portal, thread):
        told = heard(portal, cookie, page, *calls)
        assert not [word for word in HERS if word in told], page
    assert [asked(portal, one) for one in (*counts, states)] == before
    drafts = asked(portal, select(MessageDraft.body).where(MessageDraft.thread_id == thread))
    assert "intrus" not in drafts


def test_what_karim_chooses_is_among_what_is_his(portal: RunningPortal, thread: int) -> None:
    cookie = portal.sign_in(KARIM)
    hers = asked(portal, select(Thread).where(Thread.id == thread))[0]
    about = f"{hers.family_id}-facture-{hers.invoice_id}"
    heard(
        portal,
        cookie,
        "/messagerie/nouveau",
        (f"{NEW}.choose_about", {"about": about}),
        (f"{NEW}.write", {"text": "Essai"}),
    )
    kept = asked(portal, select(MessageDraft).where(MessageDraft.body == "Essai"))
    assert [one.about for one in kept if one.about == about] == []
    heard(portal, cookie, "/messagerie/nouveau", (f"{NEW}.begin_again", {}))
