"""What the grid, its changes and the bulk tools open first: the actor's children, what is known of
their families on some days, and what is pending.
"""  # noqa: D205

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import BindParameter, bindparam, func, select
from sqlmodel import Session, col

from portail import clock
from portail.database import ask
from portail.domain.bookings import CellKey, Pending
from portail.domain.catalogue import Package
from portail.domain.decisions import Plan
from portail.domain.identity import Actor
from portail.domain.slot_days import Rulebook
from portail.models import (
    Account,
    Child,
    Family,
    FamilyChild,
    PendingChange,
    PlanningDraft,
    Subscription,
)
from portail.services.catalogue import FamilyDays, Loaded, current, family_days
from portail.services.planning.views import Counts, Mark, PlanningChild
from portail.services.reach import NotFound

NEW = 0  # the id of a change that is not written yet
NO_VERSION = 0  # nothing was ever chosen
# days beyond are no question of a parent: the engine is not asked
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)

# made once: putting a statement together costs as much as asking it
_account: BindParameter[int] = bindparam("account")
_of_children = col(PendingChange.child_id).in_(bindparam("children", expanding=True))
_CHILDREN = (
    select(col(Child.id), col(FamilyChild.family_id), col(Child.first_name))
    .join(FamilyChild, col(FamilyChild.child_id) == col(Child.id))
    .join(Family, col(Family.id) == col(FamilyChild.family_id))
    .join(Subscription, col(Subscription.family_id) == col(Family.id))
    .where(col(Subscription.account_id) == _account)
    .order_by(col(Child.birth_on), col(Child.id), col(Family.number))
)
_CHANGES = (
    select(
        col(PendingChange.id),
        col(PendingChange.account_id),
        col(PendingChange.family_id),
        col(PendingChange.child_id),
        col(PendingChange.slot_id),
        col(PendingChange.day),
        col(PendingChange.kind),
        col(PendingChange.because_slot_id),
        col(PendingChange.made_at),
        col(Account.first_name),
    )
    .join(Account, col(Account.id) == col(PendingChange.account_id))
    .where(_of_children)
    .order_by(col(PendingChange.made_at), col(PendingChange.id))
)
_PENDING = _CHANGES.where(col(PendingChange.day).in_(bindparam("days", expanding=True)))
_MINE = _CHANGES.where(col(PendingChange.account_id) == _account)
_DRAFT = select(col(PlanningDraft.version), col(PlanningDraft.undo)).where(
    col(PlanningDraft.account_id) == _account
)
_COUNTS = (
    select(col(PendingChange.kind), func.count().label("number"))
    .where(col(PendingChange.account_id) == _account, _of_children)
    .group_by(col(PendingChange.kind))
)


@dataclass(frozen=True, slots=True)
class Change:
    """A pending change of the actor's; `because`: the slot whose change it goes with."""

    id: int
    kind: Pending
    because: str
    made_at: datetime


@dataclass(frozen=True)
class Opened:
    """The actor's children, their families on some days, and the changes pending on these days.

    `mine` keeps the order in which changes were made.
    """

    account_id: int
    loaded: Loaded
    now: datetime
    children: Mapping[int, PlanningChild]
    families: Mapping[int, FamilyDays]
    mine: Mapping[CellKey, Change]
    others: Mapping[CellKey, Mark]

    @cached_property
    def plans(self) -> Mapping[int, Plan]:
        """By family, the changes that are pending now counted."""
        return self.plans_with(self.mine)

    def plans_with(self, changes: Mapping[CellKey, Change]) -> Mapping[int, Plan]:
        """The same with other changes pending."""
        kinds: dict[int, dict[CellKey, Pending]] = {family: {} for family in self.families}
        for key, change in changes.items():
            family = self.children[key[0]].family_id
            if family in kinds and key[1] in self.loaded.rulebook.slots:
                kinds[family][key] = change.kind
        return {family: known.plan(kinds[family]) for family, known in self.families.items()}

    def known(self, child_id: int) -> FamilyDays:
        """The family through which the actor reaches this child."""
        return self.families[self.children[child_id].family_id]


def planning_children(session: Session, actor: Actor) -> dict[int, PlanningChild]:
    """The actor's children by id, eldest first; of several of their families, the first has it."""
    found: dict[int, PlanningChild] = {}
    for key, family_id, first_name in ask(session, _CHILDREN, {"account": actor.account()}):
        found.setdefault(key, PlanningChild(key, family_id, first_name))
    return found


def open_planning(
    session: Session,
    actor: Actor,
    days: Collection[date] | None,
    *,
    only: Collection[int] | None = None,
    slots: Collection[str] = (),
    loaded: Loaded | None = None,
) -> Opened:
    """Read what these days need, of the families of the children in `only` (or of all).

    The queries grow with the families of the actor, and with nothing else.

    Args:
        session: of the caller.
        actor: whose children.
        days: those that will be asked; unset: those on which the actor has something pending.
        only: children that will be asked.
        slots: those that will be asked beside the slots the children are enrolled in or booked.
        loaded: the catalogue, when the caller has it already.

    Raises:
        Forbidden: the actor is not a parent.
        NotFound: a child that is not theirs, or a day out of reason.
    """
    if days is not None and not all(FIRST <= day <= LAST for day in days):
        raise NotFound
    account_id, loaded, now = actor.account(), loaded or current(session), clock.now()
    children = planning_children(session, actor)
    if only is not None and not children.keys() >= set(only):
        raise NotFound
    if days is not None:
        days = {*days, *_booked_at_once(loaded.rulebook, days)}
    mine, others = _pending(session, loaded, account_id, children, days)
    if days is None:
        days = {day for _, _, day in mine}
    asked = {*slots, *(slot for _, slot, _ in mine)}
    wanted = {children[key].family_id for key in (children if only is None else only)}
    families = {
        family: family_days(session, family, days, now, loaded=loaded, slots=asked)
        for family in sorted(wanted)
    }
    return Opened(account_id, loaded, now, children, families, mine, others)


def _booked_at_once(rules: Rulebook, days: Collection[date]) -> set[date]:
    """The other days of the packages of these days: their changes are made and taken back so."""
    packages = [code for code, (slot, _) in rules.slots.items() if slot.package is not Package.DAY]
    return {
        other for code in packages for day in days for other in rules.slot_day(code, day).together
    }


def _pending(
    session: Session,
    loaded: Loaded,
    account_id: int,
    children: Mapping[int, PlanningChild],
    days: Collection[date] | None,
) -> tuple[dict[CellKey, Change], dict[CellKey, Mark]]:
    """The actor's own changes of these days (or of any), and the marks of other accounts."""
    families = {child.family_id for child in children.values()}
    if days is None:
        rows = ask(session, _MINE, {"account": account_id, "children": list(children)})
    else:
        rows = ask(session, _PENDING, {"children": list(children), "days": sorted(days)})
    mine: dict[CellKey, Change] = {}
    others: dict[CellKey, Mark] = {}
    for row in rows:
        key = (row.child_id, loaded.slot_codes[row.slot_id], row.day)
        if row.account_id == account_id:
            because = loaded.slot_codes[row.because_slot_id] if row.because_slot_id else ""
            mine[key] = Change(row.id, row.kind, because, row.made_at)
        else:
            name = row.first_name if row.family_id in families else ""
            others.setdefault(key, Mark(row.kind, name))
    return mine, others


@dataclass(frozen=True)
class Standing:
    """What an account has pending, and whether its last change can be undone."""

    counts: Counts
    version: int
    may_undo: bool


def standing(session: Session, account_id: int, children: Collection[int]) -> Standing:
    """The account's, of these children."""
    draft = ask(session, _DRAFT, {"account": account_id}).first()
    version, undo = draft or (NO_VERSION, [])
    return Standing(count_pending(session, account_id, children), version, bool(undo))


def count_pending(session: Session, account_id: int, children: Collection[int]) -> Counts:
    """How many changes the account has pending of these children."""
    rows = ask(session, _COUNTS, {"account": account_id, "children": list(children)})
    found = {row.kind: row.number for row in rows}
    return Counts(found.get(Pending.BOOKING, 0), found.get(Pending.CANCELLATION, 0))
