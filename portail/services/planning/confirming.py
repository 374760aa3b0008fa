"""«Terminer»: what is pending is written, all that is still allowed, in one transaction.

Locks in the order of everywhere: the account's draft, its children, then the places of the slots
and days concerned. Under them every change is asked of the engine again (`settling`); the same
version confirmed again gives the same answer, whatever happened in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from portail import clock
from portail.database import lock_places, writing
from portail.domain.bookings import CellKey, Pending, PriceOf
from portail.domain.confirmations import WRITTEN, LineOutcome
from portail.domain.decisions import Plan
from portail.domain.identity import Actor
from portail.domain.reasons import Reason
from portail.models import Confirmation, PendingChange, PlanningDraft, Reservation
from portail.services.catalogue import Loaded, Prices, current, plan_for
from portail.services.enrolments.places import lock_children
from portail.services.planning import confirmations
from portail.services.planning.day_places import DayPlaces, is_limited, read_places
from portail.services.planning.recording import Recording
from portail.services.planning.settling import Change, Existing, Settled, Settling, latest
from portail.services.planning.views import Confirmed, ConfirmOutcome, NothingPending, Stale
from portail.services.reach import my_children
from portail.texts.reasons import reason_sentence

_AS_ASKED = frozenset({LineOutcome.BOOKED, LineOutcome.REQUESTED, LineOutcome.CANCELLED})


def confirm(actor: Actor, version: int) -> ConfirmOutcome:
    """Write what the actor has pending, as version `version` showed it.

    Raises:
        Forbidden: the actor is not a parent.
    """
    try:
        return _confirm(actor, version)
    except IntegrityError:
        # somebody wrote the same cell between our look and our write: the second look sees it
        return _confirm(actor, version)


def _confirm(actor: Actor, version: int) -> ConfirmOutcome:
    with writing() as session:
        draft = session.exec(
            select(PlanningDraft)
            .where(PlanningDraft.account_id == actor.account())
            .with_for_update()
        ).first()
        before = session.exec(
            select(Confirmation).where(
                Confirmation.account_id == actor.account(), Confirmation.version == version
            )
        ).first()
        if before is not None:
            return confirmations.read(session, actor, before, again=True)
        if draft is None:
            return NothingPending()
        if draft.version != version:
            return Stale(draft.version)
        families, names = dict[int, int](), dict[int, str]()
        for child, family_id in my_children(session, actor):
            families.setdefault(child.id or 0, family_id)
            names[child.id or 0] = child.first_name
        pending = _pending(session, actor, families)
        if not pending:
            return NothingPending()
        return _Confirming(session, actor, draft, families, names, pending).write()


def _pending(session: Session, actor: Actor, families: Collection[int]) -> Sequence[PendingChange]:
    """In the order they were made; what is of a child no longer theirs is out of reach."""
    return session.exec(
        select(PendingChange)
        .where(
            PendingChange.account_id == actor.account(),
            col(PendingChange.child_id).in_(families),
        )
        .order_by(col(PendingChange.id))
    ).all()


class _Confirming:
    """One confirmation, its draft held."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        draft: PlanningDraft,
        families: Mapping[int, int],
        names: Mapping[int, str],
        pending: Sequence[PendingChange],
    ) -> None:
        self.session, self.actor, self.draft = session, actor, draft
        self.families, self.names = families, names
        self.now = clock.now()
        lock_children(session, {one.child_id for one in pending})
        self.loaded: Loaded = current(session)
        codes = self.loaded.slot_codes
        self.changes = [
            Change(
                one.id or 0,
                one.child_id,
                codes[one.slot_id],
                one.day,
                one.kind,
                codes[one.because_slot_id] if one.because_slot_id else None,
            )
            for one in pending
        ]

    def write(self) -> Confirmed:
        plans = self._plans()
        rules = self.loaded.rulebook
        limited = {
            (change.slot, day)
            for change in self.changes
            if is_limited(rules, change.slot)
            for day in rules.slot_day(change.slot, change.day).together
        }
        # last of the locks, and just before the count
        lock_places(self.session, ((self.loaded.slot_ids[slot], day) for slot, day in limited))
        places = read_places(self.session, self.loaded, limited)
        rows = self._rows()
        settled = self._settled(plans, rows, places)
        at = latest(places.values(), clock.now())
        record = Recording(self.session, self.actor, self.loaded, self.families, at)
        confirmation = record.write(self.draft.version, settled, rows, self.names)
        self._forget(settled)
        return confirmations.read(self.session, self.actor, confirmation)

    def _plans(self) -> dict[int, Plan]:
        """The plan of each child's family, these changes pending."""
        by_family: dict[int, dict[CellKey, Pending]] = defaultdict(dict)
        for change in self.changes:
            if change.slot in self.loaded.rulebook.slots:
                by_family[self.families[change.child]][change.key] = change.kind
        children = {change.child for change in self.changes}
        plans: dict[int, Plan] = {}
        for family_id in sorted({self.families[child] for child in children}):
            pending = by_family[family_id]
            plan = plan_for(
                self.session,
                family_id,
                {day for _, _, day in pending},
                self.now,
                pending=pending,
                loaded=self.loaded,
            )
            plans |= {child: plan for child in children if self.families[child] == family_id}
        return plans

    def _rows(self) -> dict[CellKey, Reservation]:
        """The live reservations of the cells that change."""
        cells = {change.key for change in self.changes}
        found = self.session.exec(
            select(Reservation)
            .where(
                col(Reservation.child_id).in_({child for child, _, _ in cells}),
                col(Reservation.day).in_({day for _, _, day in cells}),
                col(Reservation.cancelled_at).is_(None),
            )
            .execution_options(populate_existing=True)
        )
        codes = self.loaded.slot_codes
        rows = {(row.child_id, codes[row.slot_id], row.day): row for row in found}
        return {key: row for key, row in rows.items() if key in cells}

    def _settled(
        self,
        plans: Mapping[int, Plan],
        rows: Mapping[CellKey, Reservation],
        places: Mapping[tuple[str, date], DayPlaces],
    ) -> list[Settled]:
        existing = {
            key: Existing(row.id or 0, row.state, row.group_code) for key, row in rows.items()
        }

        def settling(prices: Mapping[int, PriceOf]) -> Settling:
            return Settling(plans, prices, existing, places, self._say, self.loaded.label)

        first = settling({child: plan.price_of for child, plan in plans.items()})
        settled = first.run(self.changes)
        if all(one.outcome in _AS_ASKED for one in settled):
            return settled
        # a reduction is for brothers and sisters who do come: what failed does not count
        present = first.present()
        return settling({child: _having(plan, present) for child, plan in plans.items()}).run(
            self.changes
        )

    def _say(self, reason: Reason) -> str:
        return reason_sentence(reason, self.loaded.label)

    def _forget(self, settled: Sequence[Settled]) -> None:
        """What was written is pending no more."""
        done = [one.change.id for one in settled if one.outcome in WRITTEN]
        self.session.exec(delete(PendingChange).where(col(PendingChange.id).in_(done)))
        self.draft.version += 1
        self.draft.undo = []
        self.session.add(self.draft)
        self.session.flush()


def _having(plan: Plan, present: Collection[CellKey]) -> PriceOf:
    return plan.price_of.having(present) if isinstance(plan.price_of, Prices) else plan.price_of
