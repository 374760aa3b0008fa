"""A month is looked at, then issued: family after family, in small transactions.

What is issued is drafted without any lock, then written under the families' rows: the portal goes
on meanwhile, and what changed between the two is corrected by the next run. The run keeps where it
is with what it writes: interrupted anywhere and begun again, it makes no double and skips nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select, update

from portail import clock
from portail.database import Work, reading, working_alone, writing
from portail.domain.bookings import Held
from portail.domain.documents import add_months
from portail.domain.identity import Actor, Forbidden, Role
from portail.models import BillingRun, Family, Reservation
from portail.services.audit import log_action
from portail.services.billing import notices
from portail.services.billing.bookings import Scope
from portail.services.billing.drafting import Drafted, draft
from portail.services.billing.issuing import AlreadyBilledError, Terms, issue
from portail.services.billing.outcomes import (
    AlreadyIssued,
    Busy,
    MonthIssued,
    MonthPreview,
    NotOver,
    Totals,
    Unanswered,
)
from portail.services.catalogue import Loaded, current
from portail.settings import settings

BATCH = 100  # families: a tenth of a second of writing
HORIZON = 12  # months: what happened to a booking later than that is a line written by an agent
TRIES = 5  # of a batch that somebody else's writing made out of date
Progress = Callable[[int, int], None]  # families done, of how many


def preview(actor: Actor, month: date, progress: Progress | None = None) -> MonthPreview:
    """What the run of this month would issue, and what to look at before; writes nothing.

    Raises:
        Forbidden: the actor is not an agent of the régie.
    """
    check(actor)
    period_on = month.replace(day=1)
    totals = Totals()
    with reading() as session:
        scope, run = _scope(session, period_on), _run(session, period_on)
        unanswered = _unanswered(session, scope)
    for drafted in _batches(scope, run.last_family_id if run else 0, progress):
        totals.add(drafted)
        with reading() as session:
            totals.untold(drafted, notices.told(session, [_id(one) for one in drafted]))
    return MonthPreview(period_on, totals, unanswered, bool(run and run.finished_at))


def issue_month(
    actor: Actor, month: date, progress: Progress | None = None, *, before_end: bool = False
) -> MonthIssued | AlreadyIssued | Busy | NotOver:
    """Issue a month, or go on with what was begun of it. Long: some ten thousand families a minute.

    Args:
        actor: an agent of the régie.
        month: any of its days.
        progress: told after each batch how many families are done, of how many.
        before_end: issue a month that is not over, as if all that is booked were to come.

    Raises:
        Forbidden: the actor is not an agent of the régie.
    """
    check(actor)
    period_on = month.replace(day=1)
    if not before_end and clock.today() < add_months(period_on, 1):
        return NotOver(period_on)
    with working_alone(Work.BILLING) as alone:
        if not alone:
            return Busy()
        run, resumed = _begin(actor, period_on)
        if run.finished_at is not None:
            return AlreadyIssued(period_on, run.issued_on)
        totals = Totals()
        with reading() as session:
            scope = _scope(session, period_on)
            count, done = _count(session), _count(session, run.last_family_id)
        while batch := _issue_batch(scope, run, totals):
            done += batch
            if progress:
                progress(done, count)
        _finish(actor, run)
        return MonthIssued(period_on, totals, resumed=resumed)


def check(actor: Actor) -> None:
    """Only the régie bills.

    Raises:
        Forbidden: the actor is not an agent of the régie.
    """
    if not actor.is_agent or Role.REGIE not in actor.roles:
        raise Forbidden


# --- a batch ----------------------------------------------------------------------------------


def _issue_batch(scope: Scope, run: BillingRun, totals: Totals) -> int:
    """The next families; how many there were."""
    for attempt in range(TRIES):
        with reading() as session:
            ids = _next(session, run.last_family_id)
            if not ids:
                return 0
            drafted = draft(session, scope, ids)
        try:
            _write(run, drafted, ids[-1])
        except (AlreadyBilledError, IntegrityError):
            # somebody billed or withdrew the same meanwhile: drafted again, it is seen
            if attempt == TRIES - 1:
                raise
            continue
        totals.add(drafted)
        run.last_family_id = ids[-1]
        return len(ids)
    return 0


def _write(run: BillingRun, drafted: Sequence[Drafted], last: int) -> None:
    drafts = [one for family in drafted for one in family.drafts]
    with writing() as session:
        holding = select(Family.id).where(col(Family.id).in_([_id(f) for f in drafted if f.drafts]))
        session.exec(holding.order_by(col(Family.id)).with_for_update()).all()
        moved = session.exec(
            update(BillingRun)
            .where(
                col(BillingRun.id) == run.id,
                col(BillingRun.last_family_id) == run.last_family_id,
            )
            .values(last_family_id=last)
        )
        if moved.rowcount != 1:
            raise RuntimeError("Another process goes on with this run")
        made = issue(session, drafts, Terms(run.issued_on, run.due_on, run.id, run.agent_id))
        notices.issued(session, made)


def _batches(scope: Scope, after: int, progress: Progress | None) -> Iterator[list[Drafted]]:
    """The families of a preview, batch after batch."""
    with reading() as session:
        count, done = _count(session), _count(session, after)
    while True:
        with reading() as session:
            ids = _next(session, after)
            if not ids:
                return
            drafted = draft(session, scope, ids)
        yield drafted
        after, done = ids[-1], done + len(ids)
        if progress:
            progress(done, count)


def _next(session: Session, after: int) -> list[int]:
    query = select(Family.id).where(col(Family.id) > after).order_by(col(Family.id)).limit(BATCH)
    return [ident or 0 for ident in session.exec(query)]


def _count(session: Session, until: int | None = None) -> int:
    query = select(func.count()).select_from(Family)
    if until is not None:
        query = query.where(col(Family.id) <= until)
    return session.exec(query).one()


def _id(drafted: Drafted) -> int:
    return drafted.household.debtor.family_id


# --- the run ----------------------------------------------------------------------------------


def _begin(actor: Actor, period_on: date) -> tuple[BillingRun, bool]:
    """The run of this month, and whether it had begun before."""
    with writing() as session:
        run = _run(session, period_on)
        if run is not None:
            return run, True
        today = clock.today()
        run = BillingRun(
            period_on=period_on,
            issued_on=today,
            due_on=today + timedelta(days=settings().invoice_due_days),
            started_at=clock.now(),
            agent_id=actor.agent_id,
        )
        session.add(run)
        session.flush()
        subject = f"month {period_on:%Y-%m}"
        log_action(session, "billing_started", agent_id=actor.agent_id, subject=subject)
        return run, False


def _finish(actor: Actor, run: BillingRun) -> None:
    with writing() as session:
        session.exec(
            update(BillingRun).where(col(BillingRun.id) == run.id).values(finished_at=clock.now())
        )
        subject = f"month {run.period_on:%Y-%m}"
        log_action(session, "billing_finished", agent_id=actor.agent_id, subject=subject)


def _run(session: Session, period_on: date) -> BillingRun | None:
    return session.exec(select(BillingRun).where(BillingRun.period_on == period_on)).first()


def _scope(session: Session, period_on: date) -> Scope:
    """From the first month ever issued, or a year before this one."""
    first = session.exec(select(func.min(BillingRun.period_on))).one() or period_on
    first = max(min(first, period_on), add_months(period_on, -HORIZON))
    return Scope(current(session), first, period_on)


def _unanswered(session: Session, scope: Scope) -> tuple[Unanswered, ...]:
    """Days of the month that are over and whose attendance, or whose request, nobody answered."""
    loaded: Loaded = scope.loaded
    rows = session.exec(
        select(Reservation.slot_id, Reservation.state, func.count())
        .where(
            col(Reservation.day).between(scope.period_on, scope.last),
            col(Reservation.day) < clock.today(),
            col(Reservation.cancelled_at).is_(None),
            col(Reservation.state).in_([Held.BOOKED, Held.REQUESTED]),
        )
        .group_by(col(Reservation.slot_id), col(Reservation.state))
    )
    found = [
        Unanswered(
            _activity(loaded, loaded.slot_codes.get(slot_id, "")),
            loaded.label(loaded.slot_codes.get(slot_id, "")),
            count,
            approval=state is Held.REQUESTED,
        )
        for slot_id, state, count in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.activity, one.slot, one.approval)))


def _activity(loaded: Loaded, slot: str) -> str:
    known = loaded.slot(slot)
    return known[1].label if known else ""
