"""A freed place kept for a child: what its family sees, and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from portail import clock
from portail.database import ask, lock_places, reading, writing
from portail.domain.bookings import EXPECTED, QUEUED, CellKey, Held, Pending
from portail.domain.calendars import monday
from portail.domain.confirmations import LineOutcome
from portail.domain.decisions import Plan
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import (
    Account,
    ActivityRow,
    Child,
    Confirmation,
    Reservation,
    SlotRow,
    Subscription,
)
from portail.services import procedures
from portail.services.audit import log_action
from portail.services.catalogue import Loaded, current, plan_for
from portail.services.enrolments.places import lock_children
from portail.services.planning import queues, receipts
from portail.services.planning.day_places import is_limited, read_places
from portail.services.planning.places import note_places
from portail.services.planning.recording import write_lines
from portail.services.planning.settling import Change, Existing, Settled, Settling
from portail.services.planning.sums import due, kept
from portail.services.planning.views import (
    Offer,
    OfferAccepted,
    OfferDeclined,
    OfferOutcome,
    OfferOver,
    OfferRefused,
)
from portail.services.reach import NotFound, my_family_ids
from portail.texts.french import NBSP, day
from portail.texts.reasons import reason_sentence

BOOKED, REQUESTED = LineOutcome.BOOKED, LineOutcome.REQUESTED
# asked by each opening of the planning, and nearly always nothing: made once
_OFFERED = (
    select(col(Reservation.id))
    .join(Subscription, col(Subscription.family_id) == col(Reservation.family_id))
    .where(
        col(Subscription.account_id) == bindparam("account"),
        col(Reservation.state) == Held.OFFERED,
        col(Reservation.cancelled_at).is_(None),
        col(Reservation.offered_until) > bindparam("now"),
    )
    .limit(1)
)


def offers(actor: Actor) -> tuple[Offer, ...]:
    """The places kept for the children of the actor's families, the most pressing first.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        now = clock.now()
        if ask(session, _OFFERED, {"account": actor.account(), "now": now}).first() is None:
            return ()
        rows = session.exec(
            select(Reservation, Child.first_name, SlotRow.label, ActivityRow.label)
            .join(Child, col(Child.id) == col(Reservation.child_id))
            .join(SlotRow, col(SlotRow.id) == col(Reservation.slot_id))
            .join(ActivityRow, col(ActivityRow.id) == col(SlotRow.activity_id))
            .where(
                col(Reservation.family_id).in_(my_family_ids(actor)),
                Reservation.state == Held.OFFERED,
                col(Reservation.cancelled_at).is_(None),
                col(Reservation.offered_until) > now,
            )
            .order_by(col(Reservation.offered_until), col(Reservation.day), col(Reservation.id))
        ).all()
        loaded = current(session)
        grouped: dict[tuple[int, queues.Unit], list[Reservation]] = {}
        words: dict[int, tuple[str, str, str]] = {}
        for row, child, slot, activity in rows:
            grouped.setdefault((row.child_id, queues.unit_of(loaded, row)), []).append(row)
            words[row.id or 0] = child, slot, activity
        return tuple(
            _offer(session, loaded, group, words[group[0].id or 0], now)
            for group in grouped.values()
        )


def answer_offer(actor: Actor, reservation_id: int, accept: bool) -> OfferOutcome:
    """Take the place, at the price of today, or leave it to the next one.

    Every rule is asked again. Accepting twice is accepting once.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: not a reservation of one of the actor's families.
    """
    with writing() as session:
        found = session.exec(
            select(Reservation).where(
                Reservation.id == reservation_id,
                col(Reservation.family_id).in_(my_family_ids(actor)),
            )
        ).first()
        if found is None:
            raise NotFound
        lock_children(session, [found.child_id])
        loaded, now = current(session), clock.now()
        slot_id, days = queues.unit_of(loaded, found)
        lock_places(session, ((slot_id, one) for one in days))
        rows = _kept_together(session, found, days)
        session.refresh(found)
        if accept and found.cancelled_at is None and found.state in EXPECTED:
            return _accepted([found], _confirmation(session, actor, found), again=True)
        if found not in rows or found.offered_until is None:
            return OfferOver()
        if not accept:
            queues.end(session, rows, now, "declined")
            return OfferDeclined()
        if now > found.offered_until or loaded.slot_codes[slot_id] not in loaded.rulebook.slots:
            return OfferOver()
        return _accept(session, actor, loaded, rows, now)


def _accept(
    session: Session, actor: Actor, loaded: Loaded, rows: Sequence[Reservation], now: datetime
) -> OfferOutcome:
    settled, known = _settled(session, loaded, rows, now)
    stopped = [
        one
        for one in settled
        if one.change.kind is Pending.BOOKING and one.outcome not in (BOOKED, REQUESTED)
    ]
    if stopped:
        return OfferRefused(stopped[0].told)
    for one in settled:
        _write(one, known[one.change.key], actor, now)
    moved = (known[one.change.key] for one in settled)
    note_places(session, ((row.slot_id, row.day) for row in moved))
    return _accepted(rows, _tell(session, actor, loaded, rows[0], settled, known))


def _settled(
    session: Session, loaded: Loaded, rows: Sequence[Reservation], now: datetime
) -> tuple[list[Settled], dict[CellKey, Reservation]]:
    """What booking the places kept would make now, what they replace included."""
    child, slot = rows[0].child_id, loaded.slot_codes[rows[0].slot_id]
    days = [row.day for row in rows]
    keys = [(child, slot, day) for day in days]
    plan = plan_for(
        session,
        rows[0].family_id,
        days,
        now,
        pending=dict.fromkeys(keys, Pending.BOOKING),
        loaded=loaded,
    )
    known = _live(session, loaded, rows[0], days)
    cancelled = [key for key in _replaced(plan, keys) if key in known]
    changes = [
        *(Change(n, *key, Pending.BOOKING) for n, key in enumerate(keys)),
        *(
            Change(n, *key, Pending.CANCELLATION, slot)
            for n, key in enumerate(cancelled, start=len(keys))
        ),
    ]
    places = read_places(
        session,
        loaded,
        {(code, day) for _, code, day in (*keys, *cancelled) if is_limited(loaded.rulebook, code)},
    )
    existing = {
        key: Existing(row.id or 0, row.state, row.group_code)
        for key, row in known.items()
        if key not in keys
    }
    settling = Settling(
        {child: plan},
        {child: plan.price_of},
        existing,
        places,
        lambda reason: reason_sentence(reason, loaded.label),
        loaded.label,
    )
    # the place kept is its own: as if it were free, and nobody before the child
    for key in keys:
        settling.held[child, monday(key[2])].pop(key, None)
        place = settling.places.get(key[1:])
        if place is not None:
            place.queue.clear()
            place.held[known[key].group_code] -= 1
    return settling.run(changes), known


def _replaced(plan: Plan, keys: Sequence[CellKey]) -> list[CellKey]:
    """What the child has of the same days and cannot keep beside."""
    held = {
        key
        for key, how in plan.context.held.items()
        if how not in QUEUED and key not in plan.context.elsewhere
    }
    return [
        (child, other, day)
        for child, slot, day in keys
        for other in plan.rules.links.replaced_by(
            slot, {s for c, s, d in held if (c, d) == (child, day)}
        )
    ]


def _live(
    session: Session, loaded: Loaded, row: Reservation, days: Sequence[date]
) -> dict[CellKey, Reservation]:
    """The household's live reservations of the child on these days."""
    rows = session.exec(
        select(Reservation)
        .where(
            Reservation.child_id == row.child_id,
            Reservation.family_id == row.family_id,
            col(Reservation.day).in_(days),
            col(Reservation.cancelled_at).is_(None),
        )
        .execution_options(populate_existing=True)
    )
    return {(one.child_id, loaded.slot_codes[one.slot_id], one.day): one for one in rows}


def _kept_together(session: Session, row: Reservation, days: Sequence[date]) -> list[Reservation]:
    """The places of the same offer."""
    return list(
        session.exec(
            select(Reservation)
            .where(
                Reservation.child_id == row.child_id,
                Reservation.family_id == row.family_id,
                Reservation.slot_id == row.slot_id,
                col(Reservation.day).in_(days),
                Reservation.state == Held.OFFERED,
                col(Reservation.cancelled_at).is_(None),
            )
            .order_by(col(Reservation.day))
            .execution_options(populate_existing=True)
        )
    )


def _write(one: Settled, row: Reservation, actor: Actor, now: datetime) -> None:
    if one.outcome in (BOOKED, REQUESTED) and one.decision is not None:
        row.state, row.offered_until = Held(one.outcome.value), None
        row.price_cents = one.decision.price_cents
        row.surcharge_cents = one.decision.surcharge_cents
        row.booked_at, row.account_id = now, actor.account_id
    elif one.outcome is LineOutcome.CANCELLED:
        row.kept_cents = kept(one, {one.change.key: row})
        row.cancelled_at = now


def _tell(
    session: Session,
    actor: Actor,
    loaded: Loaded,
    row: Reservation,
    settled: Sequence[Settled],
    known: Mapping[CellKey, Reservation],
) -> int:
    """A procedure and its receipt; the id of the confirmation that this is."""
    child, slot = session.get_one(Child, row.child_id).first_name, loaded.slot_codes[row.slot_id]
    procedure = procedures.open_procedure(
        session,
        actor,
        ProcedureKind.RESERVATIONS,
        f"Place libérée acceptée{NBSP}: {receipts.named(loaded, slot)}, {day(row.day)}",
        family_id=row.family_id,
        child_id=row.child_id,
        state=ProcedureState.DONE,
    )
    made = Confirmation(
        account_id=actor.account(), version=_version(row), confirmed_at=row.booked_at
    )
    session.add(made)
    session.flush()
    families = {row.child_id: row.family_id}
    write_lines(session, loaded, made, settled, known, families, {row.family_id: procedure})
    lines = [receipts.line(one, child, loaded, known) for one in settled]
    receipts.confirmed(session, session.get_one(Account, actor.account()), [procedure], lines)
    log_action(
        session,
        "offer_accepted",
        account_id=actor.account_id,
        subject=f"reservation {row.id}",
    )
    session.flush()
    return made.id or 0


def _version(row: Reservation) -> int:
    """Below zero: never that of a draft."""
    return -(row.id or 0)


def _confirmation(session: Session, actor: Actor, row: Reservation) -> int:
    """What the actor's own acceptance of this place became; zero, when it was another's."""
    found = session.exec(
        select(Confirmation.id).where(
            Confirmation.account_id == actor.account(), Confirmation.version == _version(row)
        )
    ).first()
    return found or 0


def _accepted(
    rows: Sequence[Reservation], confirmation: int, *, again: bool = False
) -> OfferAccepted:
    costs = [due(row) for row in rows]
    return OfferAccepted(
        None if None in costs else sum(cost or 0 for cost in costs),
        rows[0].state is Held.REQUESTED,
        again,
        confirmation,
    )


def _offer(
    session: Session,
    loaded: Loaded,
    rows: Sequence[Reservation],
    words: tuple[str, str, str],
    now: datetime,
) -> Offer:
    settled, _ = _settled(session, loaded, rows, now)
    costs = [
        one.decision.total_cents if one.decision else None
        for one in settled
        if one.change.kind is Pending.BOOKING
    ]
    child, slot, activity = words
    return Offer(
        rows[0].id or 0,
        rows[0].child_id,
        child,
        activity,
        slot,
        tuple(row.day for row in rows),
        rows[0].offered_until or now,
        None if None in costs else sum(cost or 0 for cost in costs),
        tuple(
            loaded.label(one.change.slot)
            for one in settled
            if one.change.kind is Pending.CANCELLATION
        ),
    )
