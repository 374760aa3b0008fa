"""What became of each file of a sending, kept for a day for the page to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, col, select

from portail import clock
from portail.adapters.uploads.verdicts import MESSAGES, Reason
from portail.database import reading
from portail.domain.identity import Actor
from portail.models import UploadReceipt

KEPT, ALREADY = "kept", "already"


class Refusal(StrEnum):
    """Why a sound file was not kept."""

    TOO_MANY = "too_many"
    CLOSED = "closed"
    FAILED = "failed"


_OURS = {
    KEPT: "Bien reçu : la mairie va le vérifier.",
    ALREADY: "Déjà reçu : vous aviez déposé ce même fichier, rien n’a changé.",
    Refusal.TOO_MANY: (
        "Pas enregistré : votre famille a déjà déposé beaucoup de documents aujourd’hui. "
        "Réessayez demain, ou appelez la mairie si c’est urgent."
    ),
    Refusal.CLOSED: "Pas enregistré : cette démarche est terminée, elle n’attend plus rien.",
    Refusal.FAILED: (
        "Pas enregistré : le portail n’a pas pu garder ce fichier. Réessayez dans quelques minutes."
    ),
}


@dataclass(frozen=True)
class Outcome:
    """What became of a file: `KEPT`, `ALREADY`, or the code of a refusal."""

    name: str
    code: str

    @property
    def received(self) -> bool:
        """Whether the town has it, now or from before."""
        return self.code in (KEPT, ALREADY)

    @property
    def message(self) -> str:
        """What to tell who sent it."""
        if self.code in _OURS:
            return _OURS[self.code]
        return MESSAGES[Reason(self.code)]


def write_receipt(session: Session, actor: Actor, batch: str, outcome: Outcome) -> Outcome:
    """Add one line to a sending, in the caller's transaction."""
    session.add(
        UploadReceipt(
            account_id=actor.account(),
            batch=batch[:40],
            name=outcome.name[:120],
            outcome=outcome.code,
            at=clock.now(),
        )
    )
    return outcome


def receipts(actor: Actor, batch: str) -> tuple[Outcome, ...]:
    """What became of the files of a sending of the actor's own, in their order."""
    query = (
        select(UploadReceipt)
        .where(UploadReceipt.account_id == actor.account(), UploadReceipt.batch == batch)
        .order_by(col(UploadReceipt.id))
    )
    with reading() as session:
        return tuple(_known(session.exec(query)))


def _known(rows: Iterable[UploadReceipt]) -> Iterable[Outcome]:
    for row in rows:
        # a release back, the code may not exist
        if row.outcome in _OURS or row.outcome in set(Reason):
            yield Outcome(row.name, row.outcome)
