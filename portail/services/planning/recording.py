"""What was settled is written: reservations, lines, procedures, what moved, the receipt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from portail.domain.bookings import CellKey, Held
from portail.domain.confirmations import ACTED, LineOutcome
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import (
    Account,
    Confirmation,
    ConfirmationLine,
    Procedure,
    Reservation,
)
from portail.services import procedures
from portail.services.audit import log_action
from portail.services.catalogue import Loaded
from portail.services.planning import receipts
from portail.services.planning.day_places import is_limited
from portail.services.planning.places import note_places
from portail.services.planning.settling import Settled
from portail.services.planning.sums import NEW, cents, kept
from portail.texts.french import counted, listed

_GONE = frozenset({LineOutcome.CANCELLED, LineOutcome.LEFT_QUEUE})
MAX_TOLD = 300
# in the title of a procedure, in this order
_COUNTED = (
    ("réservation", "réservations", (LineOutcome.BOOKED, LineOutcome.REQUESTED)),
    ("annulation", "annulations", (LineOutcome.CANCELLED,)),
    ("mise en liste d’attente", "mises en liste d’attente", (LineOutcome.WAITING,)),
    ("sortie de liste d’attente", "sorties de liste d’attente", (LineOutcome.LEFT_QUEUE,)),
)


class Recording:
    """One confirmation, its locks held; `at` is its instant and the order of those who wait."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        loaded: Loaded,
        families: Mapping[int, int],
        at: datetime,
    ) -> None:
        """`families` is that of each child."""
        self.session, self.actor, self.loaded = session, actor, loaded
        self.families, self.at = families, at
        self.account = session.get_one(Account, actor.account())

    def write(
        self,
        version: int,
        settled: Sequence[Settled],
        rows: Mapping[CellKey, Reservation],
        names: Mapping[int, str],
    ) -> Confirmation:
        """All of it; `rows` are the live reservations, `names` the first names of the children."""
        confirmation = Confirmation(
            account_id=self.actor.account(), version=version, confirmed_at=self.at
        )
        self.session.add(confirmation)
        # the old rows first: a cell booked anew within one confirmation is unique all along
        for one in settled:
            if one.outcome in _GONE:
                self._end(one, rows[one.change.key])
        self.session.flush()
        _insert(
            self.session, Reservation, [self._new(one) for one in settled if one.outcome in NEW]
        )
        opened = self._procedures(settled, names)
        write_lines(self.session, self.loaded, confirmation, settled, rows, self.families, opened)
        note_places(
            self.session,
            (
                (self.loaded.slot_ids[one.change.slot], one.change.day)
                for one in settled
                if one.outcome in ACTED and is_limited(self.loaded.rulebook, one.change.slot)
            ),
        )
        if opened:
            lines = [
                receipts.line(one, names[one.change.child], self.loaded, rows) for one in settled
            ]
            receipts.confirmed(self.session, self.account, list(opened.values()), lines)
        log_action(
            self.session,
            "reservations_confirmed",
            account_id=self.actor.account_id,
            subject=f"confirmation {confirmation.id}",
        )
        self.session.flush()
        return confirmation

    def _end(self, one: Settled, row: Reservation) -> None:
        row.cancelled_at = self.at
        row.kept_cents = kept(one, {one.change.key: row})
        if row.state is Held.OFFERED:
            row.state, row.offered_until = Held.WAITING, None
        self.session.add(row)

    def _new(self, one: Settled) -> dict[str, object]:
        """A reservation; whoever waits owes no surcharge."""
        decision = one.decision
        holds = one.outcome is not LineOutcome.WAITING
        return {
            "family_id": self.families[one.change.child],
            "child_id": one.change.child,
            "slot_id": self.loaded.slot_ids[one.change.slot],
            "day": one.change.day,
            "state": Held(one.outcome.value),
            "group_code": one.group,
            "price_cents": decision.price_cents if decision else None,
            "surcharge_cents": decision.surcharge_cents if decision and holds else 0,
            "kept_cents": 0,
            "booked_at": self.at,
            "account_id": self.actor.account_id,
        }

    def _procedures(
        self, settled: Sequence[Settled], names: Mapping[int, str]
    ) -> dict[int, Procedure]:
        """One for each family something was written for."""
        by_family: dict[int, list[Settled]] = defaultdict(list)
        for one in settled:
            if one.outcome in ACTED:
                by_family[self.families[one.change.child]].append(one)
        opened: dict[int, Procedure] = {}
        for family_id, written in sorted(by_family.items()):
            children = {one.change.child for one in written}
            opened[family_id] = procedures.open_procedure(
                self.session,
                self.actor,
                ProcedureKind.RESERVATIONS,
                title(written, [name for child, name in names.items() if child in children]),
                family_id=family_id,
                child_id=children.pop() if len(children) == 1 else None,
                state=ProcedureState.DONE,
            )
        return opened


def write_lines(
    session: Session,
    loaded: Loaded,
    confirmation: Confirmation,
    settled: Sequence[Settled],
    rows: Mapping[CellKey, Reservation],
    families: Mapping[int, int],
    opened: Mapping[int, Procedure],
) -> None:
    """What became of each change; `families` by child, `opened` the procedures by family."""

    def procedure_id(family_id: int) -> int | None:
        procedure = opened.get(family_id)
        return procedure.id if procedure else None

    _insert(
        session,
        ConfirmationLine,
        [
            {
                "confirmation_id": confirmation.id,
                "family_id": families[one.change.child],
                "procedure_id": procedure_id(families[one.change.child]),
                "child_id": one.change.child,
                "slot_id": loaded.slot_ids[one.change.slot],
                "day": one.change.day,
                "kind": one.change.kind,
                "outcome": one.outcome,
                "cents": cents(one, rows),
                "kept_cents": kept(one, rows),
                "rank": one.rank,
                "told": one.told[:MAX_TOLD],
            }
            for one in settled
        ],
    )


def _insert(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, object]]) -> None:
    """Many rows in one go: a whole year is confirmed like a day."""
    if rows:
        session.execute(insert(table), rows)


def title(written: Sequence[Settled], children: Sequence[str]) -> str:
    """«2 réservations et 1 annulation (Nora, Sami)»; one child is told beside it already."""
    parts = []
    for singular, plural, outcomes in _COUNTED:
        number = sum(one.outcome in outcomes for one in written)
        if number:
            parts.append(counted(number, singular, plural))
    who = f" ({', '.join(children)})" if len(children) > 1 else ""
    return listed(parts) + who
