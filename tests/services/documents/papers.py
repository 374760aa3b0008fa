"""Types of documents, and documents sent as parents send them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from sqlmodel import SQLModel, func, select

from portail.database import reading, writing
from portail.domain.documents import Sharing, Subject, Validity
from portail.domain.identity import Actor, Role
from portail.models import Document, DocumentType, Family, StoredFile
from portail.services import documents
from portail.services.documents import Destination, KeptDocument, Outcome, my_documents
from portail.services.documents.local import local_file
from portail.settings import settings
from tests import samples
from tests.services.test_account import as_parent

File = tuple[str, bytes]


def kind(
    code: str,
    subject: Subject = Subject.FAMILY,
    *,
    always: bool = True,
    sharing: Sharing = Sharing.NOTHING,
    validity: Validity = Validity.ALWAYS,
    months: int = 0,
    rank: int = 0,
) -> None:
    """A type of document that the town asks for."""
    with writing() as session:
        session.add(
            DocumentType(
                code=code,
                name=f"Type {code}",
                subject=subject,
                validity=validity,
                months=months,
                sharing=sharing,
                always=always,
                rank=rank,
            )
        )


def send(account_id: int, to: Destination, *files: File, batch: str = "lot") -> list[str]:
    """Send these files; returns what became of each."""
    return [one.code for one in send_all(as_parent(account_id), to, files, batch)]


def send_all(
    actor: Actor, to: Destination, files: Sequence[File], batch: str = "lot"
) -> tuple[Outcome, ...]:
    with ExitStack() as stack:
        received = [stack.enter_context(local_file(content, name)) for name, content in files]
        # in a thread: a test may have a loop of its own
        with ThreadPoolExecutor(1) as threads:
            sending = documents.send(actor, to, received, batch)
            return threads.submit(asyncio.run, sending).result()


def one(account_id: int, to: Destination, name: str = "a.pdf", pages: int = 1) -> int:
    """Send a good PDF; returns the document's id."""
    assert send(account_id, to, (name, samples.pdf(pages))) == ["kept"]
    with reading() as session:
        return session.exec(select(func.max(Document.id))).one() or 0


def all_files(account_id: int) -> set[str]:
    """The names of every file that a parent's page lets them open."""
    return {file.name for file in files_of(account_id)}


def files_of(account_id: int) -> list[KeptDocument]:
    return [
        file
        for family in my_documents(as_parent(account_id)).families
        for group in (
            *(asked.files for asked in family.asked),
            *(asked.elsewhere.files for asked in family.asked if asked.elsewhere),
            family.others,
            family.from_town,
        )
        for file in group
    ]


def row(document_id: int) -> Document:
    with reading() as session:
        return session.get_one(Document, document_id)


def count(table: type[SQLModel]) -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def on_disk() -> set[Path]:
    """Every file of the store, those being received included."""
    return {path for path in settings().files_dir.rglob("*") if path.is_file()}


def known_on_disk() -> bool:
    """Whether the store holds exactly what the database knows, and nothing half received."""
    with reading() as session:
        known = set(session.exec(select(StoredFile.storage_name)))
    return {path.name for path in on_disk()} == known


def ines(agent_id: int, *roles: Role) -> Actor:
    """An agent, with the role that checks documents unless others are given."""
    return Actor(session_id=1, agent_id=agent_id, roles=frozenset(roles or {Role.ENFANCE}))


def remove(account_id: int, document_id: int) -> object:
    """Take a document back."""
    return documents.remove_document(as_parent(account_id), document_id)


def number_of(family_id: int) -> int:
    """The number of a family file."""
    with reading() as session:
        return session.get_one(Family, family_id).number
