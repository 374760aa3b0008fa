"""A family asks for enrolments: one form, one transaction, an outcome for each line of it.

Each line is whole: made with its procedure, or refused with every reason. All is asked of the
engine again, under the locks of the children and of the activities: what the screen showed is
never taken at its word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from portail import clock
from portail.database import writing
from portail.domain.calendars import Weekday
from portail.domain.catalogue import Activity
from portail.domain.enrolling import enrolment_group, entry_day
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.domain.reasons import Reason
from portail.models import Enrolment, Procedure
from portail.services import procedures
from portail.services.audit import log_action
from portail.services.catalogue import Loaded, current
from portail.services.enrolments import places, receipts
from portail.services.enrolments.days import days_text, usual_days
from portail.services.enrolments.facts import Known, known_child, known_children
from portail.services.enrolments.moving import advance
from portail.services.enrolments.offers import ask
from portail.services.reach import NotFound

MAX_LINES = 100
# a post that comes again within this time, word for word, is the same post
SAME_POST = timedelta(minutes=15)


@dataclass(frozen=True)
class Wanted:
    """A line of the form; without a day of entry, the one the activity proposes."""

    child_id: int
    activity: str
    entry_on: date | None = None
    usual_days: tuple[Weekday, ...] = ()


@dataclass(frozen=True)
class Made:
    """The request is there; `rank` on the waiting list, else 0. `again`: it was made before."""

    enrolment_id: int
    procedure_id: int
    state: EnrolmentState
    rank: int
    again: bool = False


class DaysProblem(StrEnum):
    """What is wrong with the usual days."""

    MISSING = "missing"
    NOT_OPEN = "not_open"  # a day when the activity is never open


@dataclass(frozen=True)
class Refused:
    """Nothing was made of this line: every reason why."""

    reasons: tuple[Reason, ...] = ()
    days: DaysProblem | None = None


Outcome = Made | Refused


def request(actor: Actor, wanted: Sequence[Wanted]) -> tuple[Outcome, ...]:
    """«Enregistrer»: an outcome for each line, in their order.

    Raises:
        NotFound: a child that is not the actor's, or an activity that is not in the catalogue.
    """
    if not 0 < len(wanted) <= MAX_LINES:
        raise NotFound
    try:
        return _request(actor, wanted)
    except IntegrityError:
        # somebody wrote the same between our look and our write: the second look sees it
        return _request(actor, wanted)


def _request(actor: Actor, wanted: Sequence[Wanted]) -> tuple[Outcome, ...]:
    with writing() as session:
        ids = current(session).activity_ids
        if any(line.activity not in ids for line in wanted):
            raise NotFound
        places.lock_children(session, {line.child_id for line in wanted})
        places.lock(session, {ids[line.activity] for line in wanted})
        form = _Form(session, actor)
        outcomes = tuple(form.line(line) for line in wanted)
        if form.made:
            form.acknowledge()
        return tuple(form.with_rank(one) for one in outcomes)


class _Form:
    """The lines of a form, one after the other: each sees what the ones before it made."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor, self.now = session, actor, clock.now()
        self.loaded: Loaded = current(session)
        self.activities = {one.code: one for one in self.loaded.town.activities}
        self.known = known_children(session, actor, self.loaded)
        self.made: list[tuple[Enrolment, Procedure]] = []
        self._advanced: set[str] = set()
        self.ranks: dict[int, int] = {}

    def line(self, line: Wanted) -> Outcome:
        activity = self.activities.get(line.activity)
        if activity is None:  # withdrawn from the catalogue meanwhile
            raise NotFound
        activity_id = self.loaded.activity_ids[activity.code]
        known = known_child(self.known, line.child_id)
        if activity.code not in self._advanced:
            # whoever waits is served before whoever comes
            advance(self.session, activity_id, activity)
            self._advanced.add(activity.code)
        entry = line.entry_on or entry_day(activity, self.now)
        live = next((one for one in known.enrolments if one.activity_id == activity_id), None)
        if live is not None and self._same_post(live, entry, line):
            return Made(live.id or 0, live.procedure_id or 0, live.state, 0, again=True)
        held = places.taken(self.session, [activity_id])[activity_id]
        answer = ask(activity, self.loaded, known, held, self.now, current_one=live, entry_on=entry)
        days = _days_problem(activity, line)
        if not answer.allowed or answer.state is None or days is not None:
            return Refused(answer.reasons, days)
        return self._make(known, activity, answer.state, entry, line)

    def _same_post(self, live: Enrolment, entry: date, line: Wanted) -> bool:
        procedure = self.session.get(Procedure, live.procedure_id) if live.procedure_id else None
        return (
            procedure is not None
            and procedure.account_id == self.actor.account_id
            and live.entry_on == entry
            and live.usual_days == days_text(line.usual_days)
            and self.now - live.requested_at <= SAME_POST
        )

    def _make(
        self,
        known: Known,
        activity: Activity,
        state: EnrolmentState,
        entry: date,
        line: Wanted,
    ) -> Made:
        child_id, family_id = known.child.id or 0, known.family.id or 0
        procedure = procedures.open_procedure(
            self.session,
            self.actor,
            ProcedureKind.ENROLMENT,
            f"Demande d’inscription à l’activité {activity.label}",
            family_id=family_id,
            child_id=child_id,
            state=ProcedureState(state.value),
        )
        enrolment = Enrolment(
            family_id=family_id,
            child_id=child_id,
            activity_id=self.loaded.activity_ids[activity.code],
            procedure_id=procedure.id,
            state=state,
            group_code=enrolment_group(activity, known.facts, entry),
            entry_on=entry,
            usual_days=days_text(line.usual_days),
            requested_at=self.now,
            waiting_since=_waiting_since(state, self.now),
        )
        self.session.add(enrolment)
        self.session.flush()
        log_action(
            self.session,
            "enrolment_requested",
            account_id=self.actor.account_id,
            subject=f"enrolment {enrolment.id}",
        )
        self.made.append((enrolment, procedure))
        self.known[child_id] = replace(
            known,
            enrolments=(*known.enrolments, enrolment),
            facts=replace(known.facts, activities=known.facts.activities | {activity.code}),
        )
        return Made(enrolment.id or 0, procedure.id or 0, state, 0)

    def acknowledge(self) -> None:
        """One receipt for the whole form."""
        receipts.received(
            self.session,
            self.actor,
            [receipts.Received(procedure, self._rank(one)) for one, procedure in self.made],
        )

    def with_rank(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Refused) or outcome.state is not EnrolmentState.WAITING_LIST:
            return outcome
        return replace(
            outcome, rank=self._rank(self.session.get_one(Enrolment, outcome.enrolment_id))
        )

    def _rank(self, enrolment: Enrolment) -> int:
        if enrolment.state is not EnrolmentState.WAITING_LIST:
            return 0
        if enrolment.id not in self.ranks:
            code = self.loaded.activity_codes[enrolment.activity_id]
            rule = {enrolment.activity_id: self.activities[code].capacity}
            self.ranks |= places.ranks_now(self.session, rule)
        return self.ranks[enrolment.id or 0]


def _days_problem(activity: Activity, line: Wanted) -> DaysProblem | None:
    proposed = set(usual_days(activity))
    if proposed and not line.usual_days:
        return DaysProblem.MISSING
    return None if set(line.usual_days) <= proposed else DaysProblem.NOT_OPEN


def _waiting_since(state: EnrolmentState, now: datetime) -> datetime | None:
    return now if state is EnrolmentState.WAITING_LIST else None
