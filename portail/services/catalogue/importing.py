"""What the command line asks: look at an import before it is made, make it, take a copy out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import select

from portail.database import reading, writing
from portail.domain.catalogue import Town
from portail.domain.pricing import Tariff
from portail.models import DocumentType, School
from portail.services.catalogue.loading import current
from portail.services.catalogue.writing import Changes, changes, write


@dataclass(frozen=True)
class Preview:
    """What an import would change, and words of the file that the portal does not know yet."""

    changes: Changes
    unknown_documents: tuple[str, ...]
    unknown_schools: tuple[str, ...]


def preview(town: Town, tariffs: Mapping[str, Tariff]) -> Preview:
    """Look at an import without making it."""
    asked = [activity.eligibility for activity in town.activities]
    with reading() as session:
        documents = set(session.exec(select(DocumentType.code)))
        schools = set(session.exec(select(School.name)))
        found = changes(session, town, tariffs)
    return Preview(
        found,
        tuple(sorted({code for one in asked for code in one.documents} - documents)),
        tuple(sorted({name for one in asked for name in one.schools} - schools)),
    )


def import_catalogue(town: Town, tariffs: Mapping[str, Tariff]) -> int:
    """Make this the town's catalogue; the version it becomes."""
    with writing() as session:
        return write(session, town, tariffs)


def in_force() -> tuple[Town, Mapping[str, Tariff]] | None:
    """The town and its tariffs; None as long as nothing was imported."""
    loaded = current()
    return (loaded.town, loaded.tariffs) if loaded.version else None
