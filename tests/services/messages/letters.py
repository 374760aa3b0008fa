"""Services of a town, families that write to them, and agents who answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

import pytest
from sqlmodel import select

from portail.database import reading, writing
from portail.domain.identity import Actor, Role
from portail.domain.messages import About, Topic
from portail.models import ContactService, Thread
from portail.services import messages
from portail.services.documents.local import local_file
from portail.services.messages import NotSent, Sent, Written
from tests import factories
from tests.services.test_account import as_parent

BODY = "Bonjour,\nPouvez-vous me répondre ?"
_keys = count(1)
File = tuple[str, bytes]


@dataclass(frozen=True)
class Household:
    """A parent, their family file, a child of it."""

    account: int
    family: int
    child: int

    @property
    def actor(self) -> Actor:
        """The parent, signed in."""
        return as_parent(self.account)


@pytest.fixture
def town(db: None) -> None:
    """Two services to write to, and one that is closed."""
    with writing() as session:
        session.add_all(
            ContactService(
                code=code, label=label, answer_days=days, role=role, rank=rank, active=active
            )
            for rank, (code, label, days, role, active) in enumerate(
                (
                    ("enfance", "Le service enfance", 3, Role.ENFANCE, True),
                    ("regie", "La régie", 5, Role.REGIE, True),
                    ("ancien", "L’ancien service", 5, Role.REGIE, False),
                )
            )
        )


@pytest.fixture
def zoe(town: None) -> Household:
    return household("z-pinceau", "PINCEAU", "Nora")


@pytest.fixture
def karim(town: None) -> Household:
    return household("k-benali", "BENALI", "Lina", first_name="Karim")


@pytest.fixture
def agents(db: None) -> dict[str, Actor]:
    """One of each role."""
    return {
        role.value: Actor(
            session_id=1,
            agent_id=factories.agent(f"agent.{role.value}", roles=[role]),
            roles=frozenset({role}),
        )
        for role in Role
    }


def household(user_name: str, name: str, child: str, first_name: str = "Zoé") -> Household:
    account = factories.account(user_name, email=f"{user_name}@example.org", first_name=first_name)
    family = factories.family(name, members=[account])
    return Household(account, family, factories.child(child, family))


def key() -> str:
    return f"cle-{next(_keys):08d}"


def written(
    home: Household,
    subject: str = "Une question",
    body: str = BODY,
    *,
    service: str = "enfance",
    about: About | None = None,
    thread: int | None = None,
    named: str = "",
) -> Written:
    about = about or About(home.family)
    return Written(named or key(), body, thread, service, subject, about.code)


def send(actor: Actor, text: Written, *files: File) -> Sent | NotSent:
    """Send, as the route does."""
    return send_all(actor, text, files)


def send_all(actor: Actor, text: Written, files: Sequence[File]) -> Sent | NotSent:
    with ExitStack() as stack:
        received = [stack.enter_context(local_file(content, name)) for name, content in files]
        # in a thread: a test may have a loop of its own
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(asyncio.run, messages.send(actor, text, received)).result()


def begun(home: Household, subject: str = "Une question", body: str = BODY, **more: str) -> int:
    """A new conversation; returns its id."""
    sent = send(home.actor, written(home, subject, body, **more))  # type: ignore[arg-type]
    assert isinstance(sent, Sent)
    return sent.thread_id


def replied(home: Household, thread: int, body: str = "Merci.") -> None:
    assert send(home.actor, Written(key(), body, thread)) == Sent(thread)


def row(thread: int) -> Thread:
    with reading() as session:
        return session.exec(select(Thread).where(Thread.id == thread)).one()


def about_child(home: Household) -> About:
    return About(home.family, Topic.CHILD, home.child)
