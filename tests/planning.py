"""A small town, its families and what they have pending, for the tests of the planning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from sqlmodel import col, select

from portail import clock
from portail.database import insert_unless_there, reading, writing
from portail.domain.bookings import Held, Pending
from portail.domain.calendars import CalendarRules, Period, Zone
from portail.domain.capacity import Capacity, Group
from portail.domain.catalogue import (
    SCHOOL_WEEK,
    Activity,
    ActivityType,
    Approval,
    Late,
    Package,
    Site,
    Slot,
    Town,
)
from portail.domain.deadlines import DayKind, DaysBefore
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.identity import Actor
from portail.domain.pricing import Tariff, Version
from portail.domain.pricing.forms import Among, Flat
from portail.domain.pricing.tariff import Grid, PercentOff, Rung, Siblings
from portail.domain.surcharges import Surcharge
from portail.models import Enrolment, OutboxMail, PendingChange, PlanningDraft, Reservation
from portail.services.catalogue import current, write
from tests import factories

SEASON = Period("2026-2027", date(2026, 9, 1), date(2027, 7, 2))
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
FOUR_DAYS = DaysBefore(4, time(9), DayKind.CALENDAR)  # for Monday: Thursday 26 November
TARIFFS = {
    "matin": Tariff(
        "matin",
        "Matin",
        (
            Version(
                date(2020, 9, 1),
                Grid(Flat(350)),
                siblings=Siblings((Rung(2, PercentOff(1000)),), among=Among.PRESENT),
            ),
        ),
    ),
    "jour": Tariff("jour", "Journée", (Version(date(2020, 9, 1), Grid(Flat(1200))),)),
}
MATIN = Slot(
    "MATIN", "Matin", SCHOOL_WEEK, time(7, 30), time(8, 30), tariff="matin",
    book=FOUR_DAYS, cancel=FOUR_DAYS,
)  # fmt: skip
JOUR = replace(
    MATIN, code="JOUR", label="Journée", starts_at=time(8), ends_at=time(18), tariff="jour",
    excludes=("MATIN",),
)  # fmt: skip
REPAS = replace(MATIN, code="REPAS", label="Repas", starts_at=time(12), ends_at=time(13))
SOIR = replace(
    MATIN, code="SOIR", label="Soir", starts_at=time(16, 30), ends_at=time(18), needs=("REPAS",)
)
LATE = replace(
    MATIN, code="TARD", label="Tardif",
    late_booking=Late(Surcharge(percent=50)), late_cancelling=Late(Surcharge(percent=100)),
)  # fmt: skip
ASKED = replace(MATIN, code="ACCORD", label="Accord", approval=Approval.MANUAL)
WEEK = replace(MATIN, code="SEMAINE", label="Semaine", package=Package.WEEK, tariff="jour")
EVERYTHING = (MATIN, JOUR, REPAS, SOIR, LATE, ASKED, WEEK)


def limited(slot: Slot, places: int, *, waiting_list: bool = True, hours: int = 24) -> Slot:
    """The same slot with so many places."""
    return replace(slot, capacity=Capacity(places, waiting_list=waiting_list, offer_hours=hours))


def imported(*slots: Slot, groups: tuple[Group, ...] = ()) -> None:
    """Make these the town's, in place of those of the same code."""
    offered = {slot.code: slot for slot in (*EVERYTHING, *slots)}
    town = Town(
        "Villejuif",
        CalendarRules(Zone.C),
        (ActivityType("peri", "Activités périscolaires"),),
        (Site("vilar", "Jean-Vilar", "1 rue Jean-Vilar"),),
        (
            Activity(
                "PERI",
                "Accueil",
                "peri",
                SEASON,
                tuple(offered.values()),
                site="vilar",
                groups=groups,
            ),
        ),
    )
    with writing() as session:
        write(session, town, TARIFFS)


@dataclass(frozen=True)
class Home:
    """A parent and a child."""

    actor: Actor
    family: int
    child: int

    @property
    def account(self) -> int:
        return self.actor.account()


def home(name: str = "Nora", *, state: EnrolmentState = EnrolmentState.VALIDATED) -> Home:
    """A household whose child is enrolled."""
    account = factories.account()
    family = factories.family(members=[account])
    return Home(Actor(0, account_id=account), family, child(family, name, state=state))


def child(
    family: int,
    name: str,
    *,
    born: date = date(2020, 1, 1),
    state: EnrolmentState = EnrolmentState.VALIDATED,
) -> int:
    """One more child, enrolled."""
    made = factories.child(name, family, birth_on=born, class_level="CP")
    with writing() as session:
        session.add(
            Enrolment(
                family_id=family,
                child_id=made,
                activity_id=current(session).activity_ids["PERI"],
                state=state,
                entry_on=SEASON.first_day,
                requested_at=clock.now(),
            )
        )
    return made


def other_parent(of: Home) -> Home:
    """Somebody else of the same household."""
    account = factories.account(first_name="Marc")
    factories.join_family(account, of.family)
    return replace(of, actor=Actor(0, account_id=account))


def other_household(of: Home) -> Home:
    """The child's other household."""
    account = factories.account(first_name="Paul")
    family = factories.family("MARTIN", members=[account])
    factories.share(of.child, family)
    return Home(Actor(0, account_id=account), family, of.child)


@dataclass(frozen=True)
class Asked:
    """A change to have pending; no child: the home's own."""

    slot: str
    day: date
    cancel: bool = False
    because: str = ""
    child: int = 0


def pend_all(who: Home, *changes: Asked) -> int:
    """Have changes pending, as clicks on the grid do; the version to confirm."""
    with writing() as session:
        ids = current(session).slot_ids
        session.exec(
            insert_unless_there(session, PlanningDraft, "account_id").values(
                account_id=who.account, version=1, undo=[]
            )
        )
        draft = session.get_one(PlanningDraft, who.account, with_for_update=True)
        draft.version += 1
        for one in changes:
            session.add(
                PendingChange(
                    account_id=who.account,
                    family_id=who.family,
                    child_id=one.child or who.child,
                    slot_id=ids[one.slot],
                    day=one.day,
                    kind=Pending.CANCELLATION if one.cancel else Pending.BOOKING,
                    because_slot_id=ids[one.because] if one.because else None,
                    made_at=clock.now(),
                )
            )
            session.flush()
        return draft.version


def pend(
    who: Home,
    slot: str,
    *days: date,
    cancel: bool = False,
    because: str = "",
    child_id: int = 0,
) -> int:
    """The same change on several days."""
    return pend_all(who, *(Asked(slot, day, cancel, because, child_id) for day in days))


def reserve(
    who: Home, slot: str, *days: date, held: Held = Held.BOOKED, price: int | None = 350
) -> int:
    """Write reservations; the id of the last one."""
    made = 0
    with writing() as session:
        for day in days or (MONDAY,):
            row = Reservation(
                family_id=who.family,
                child_id=who.child,
                slot_id=current(session).slot_ids[slot],
                day=day,
                state=held,
                price_cents=price,
                booked_at=clock.now(),
                account_id=who.account,
                offered_until=clock.now() + timedelta(hours=1) if held is Held.OFFERED else None,
            )
            session.add(row)
            session.flush()
            made = row.id or 0
    return made


def live(*, slot: str = "", day: date | None = None) -> list[Reservation]:
    """The live reservations, first come first."""
    query = select(Reservation).where(col(Reservation.cancelled_at).is_(None))
    with reading() as session:
        if slot:
            query = query.where(Reservation.slot_id == current(session).slot_ids[slot])
        if day:
            query = query.where(Reservation.day == day)
        return list(session.exec(query.order_by(col(Reservation.booked_at), col(Reservation.id))))


def has(who: Home) -> dict[tuple[str, date], Held]:
    """What the child has."""
    codes = current().slot_codes
    return {(codes[row.slot_id], row.day): row.state for row in live() if row.child_id == who.child}


def pending(who: Home) -> list[tuple[str, date, Pending]]:
    """What is still pending."""
    codes = current().slot_codes
    with reading() as session:
        rows = session.exec(
            select(PendingChange)
            .where(PendingChange.account_id == who.account)
            .order_by(col(PendingChange.id))
        ).all()
    return [(codes[row.slot_id], row.day, row.kind) for row in rows]


def version(who: Home) -> int:
    """Of the draft, now."""
    with reading() as session:
        return session.get_one(PlanningDraft, who.account).version


def mails(kind: str) -> list[OutboxMail]:
    """Those in the outbox, oldest first."""
    with reading() as session:
        return list(
            session.exec(
                select(OutboxMail).where(OutboxMail.kind == kind).order_by(col(OutboxMail.id))
            )
        )


def end_enrolments(state: EnrolmentState, *children: int) -> None:
    """As an agent would."""
    with writing() as session:
        for row in session.exec(select(Enrolment).where(col(Enrolment.child_id).in_(children))):
            row.state = state
            session.add(row)
