"""The planning, called by whoever ignores the page: six faults seen in another portal."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlmodel import col, delete, func, select

from portail.domain.bookings import Held, Pending
from portail.models import (
    Account,
    Child,
    Confirmation,
    ConfirmationLine,
    Family,
    OutboxMail,
    PendingChange,
    PlaceChange,
    PlanningDraft,
    Procedure,
    ProcedureEvent,
    Reservation,
    SlotRow,
)
from portail.state.planning.grid import PlanningState
from portail.state.planning.offers import OffersState
from portail.state.planning.validation import ValidationState
from tests.access.conftest import RunningPortal, asked, written
from tests.raw_client import RawClient, tab

pytestmark = pytest.mark.usefixtures("quiet")
TOGGLE = f"{PlanningState.get_full_name()}.toggle"
FINISH = f"{ValidationState.get_full_name()}.finish"
REMOVE = f"{ValidationState.get_full_name()}.remove"
ANSWER = f"{OffersState.get_full_name()}.answer"
ZOE, KARIM = "z-pinceau", "k-benali"
MEAL, MORNING, WEDNESDAY = (
    "RESTAURATION_ELEM_REPAS",
    "1_MATIN_ELEM_MATIN",
    "3_MERCREDI_MATIN_MAT_MATIN",
)
TODAY, FREE, OTHER = date(2026, 11, 23), date(2026, 12, 10), date(2026, 12, 11)
MEALS, MORNING_CENTS = 220, 350  # places of a day; the price for Zoé's family
MADE = (ConfirmationLine, Confirmation, PendingChange, Reservation, ProcedureEvent)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass
class Town:
    """The portal's database, as an attacker may guess it."""

    portal: RunningPortal

    def ask(self, query: Any) -> list[Any]:
        return asked(self.portal, query)

    def write(self, *statements: Any) -> None:
        written(self.portal, *statements)

    def child(self, name: str) -> int:
        return int(self.ask(select(Child.id).where(Child.first_name == name))[0])

    def slot(self, code: str) -> int:
        return int(self.ask(select(SlotRow.id).where(SlotRow.code == code))[0])

    def account(self, name: str) -> int:
        return int(self.ask(select(Account.id).where(Account.user_name == name))[0])

    def version(self, name: str) -> int:
        query = select(PlanningDraft.version).where(PlanningDraft.account_id == self.account(name))
        return next(iter(self.ask(query)), 0)

    def live(self, slot: str, day: date, *held: Held) -> int:
        """How many reservations of a slot are in these states that day."""
        return int(
            self.ask(
                select(func.count())
                .select_from(Reservation)
                .where(
                    Reservation.slot_id == self.slot(slot),
                    Reservation.day == day,
                    col(Reservation.state).in_(held or tuple(Held)),
                    col(Reservation.cancelled_at).is_(None),
                )
            )[0]
        )

    def of_child(self, name: str, slot: str, day: date) -> list[Reservation]:
        return self.ask(
            select(Reservation).where(
                Reservation.child_id == self.child(name),
                Reservation.slot_id == self.slot(slot),
                Reservation.day == day,
                col(Reservation.cancelled_at).is_(None),
            )
        )

    def pending(self) -> list[tuple[int, int, int, date]]:
        rows = self.ask(select(PendingChange).order_by(col(PendingChange.id)))
        return [(row.account_id, row.child_id, row.slot_id, row.day) for row in rows]

    def everything(self) -> list[Any]:
        """What a change of the planning could touch."""
        tables = (Reservation, PendingChange, PlanningDraft, Confirmation, ConfirmationLine)
        return [[row.model_dump() for row in self.ask(select(table))] for table in tables]

    def fill(self, slot: str, day: date, leave: int, places: int) -> None:
        """Book the places of a day for children of nobody, but for some."""
        wanted = places - leave - self.live(slot, day, Held.BOOKED)
        first = int(self.ask(select(func.max(Child.id)))[0]) + 1
        family = self.ask(select(func.max(Family.id)))[0]
        children = [
            {"id": first + n, "last_name": "X", "first_name": "X", "birth_on": date(2018, 1, 1)}
            for n in range(wanted)
        ]
        booking = {
            "family_id": family,
            "slot_id": self.slot(slot),
            "day": day,
            "state": Held.BOOKED,
            "booked_at": NOW,
        }
        rows = [{**booking, "child_id": child["id"]} for child in children]
        told = {"slot_id": self.slot(slot), "day": day, "changed_at": NOW}
        self.write(
            insert(Child).values(children),
            insert(Reservation).values(rows),
            insert(PlaceChange).values(told),
        )


@pytest.fixture
def town(portal: RunningPortal) -> Iterator[Town]:
    """The demo town, as it was before and after."""
    found = Town(portal)
    newest = {table: found.ask(select(func.max(table.id)))[0] or 0 for table in (*MADE, Procedure)}
    children = found.ask(select(func.max(Child.id)))[0]
    yield found
    made = select(col(Reservation.slot_id), col(Reservation.day)).where(
        col(Reservation.id) > newest[Reservation]
    )
    # what the server counted of these days holds no more
    told = [{"slot_id": slot, "day": day, "changed_at": NOW} for slot, day in set(found.ask(made))]
    found.write(
        *(delete(table).where(col(table.id) > newest[table]) for table in MADE),
        delete(PlanningDraft),
        delete(Procedure).where(col(Procedure.id) > newest[Procedure]),
        delete(Child).where(col(Child.id) > children),
        *(insert(PlaceChange).values(one) for one in told),
    )


def click(child: int, slot: str, day: date, *, checked: bool = True, **more: Any) -> dict[str, Any]:
    """The arguments of a click, and whatever else one likes to add."""
    said = {"child": child, "slot": slot, "day": day.isoformat(), "checked": checked}
    return {**said, "seen": "0.0.0", "click": 1, **more}


async def finish(client: RawClient, town: Town, name: str) -> None:
    """Confirm what this person has pending now."""
    await client.answers(FINISH, {"version": town.version(name)})


async def test_a_deadline_that_passed(portal: RunningPortal, town: Town) -> None:
    sami, account = town.child("Sami"), town.account(ZOE)
    async with tab(portal.port, cookie=portal.sign_in(ZOE), path="/planning") as client:
        frames = await client.answers(TOGGLE, click(sami, MORNING, TODAY))
        assert frames[-1].value("planning_state", "refused") is True
        assert "Sami, Matin, lundi 23 novembre" in frames[-1].text
        assert town.pending() == []
        # clicked in time, confirmed too late: as if the row had been there since yesterday
        change = {
            "account_id": account,
            "family_id": town.ask(select(Family.id).where(Family.number == 10001))[0],
            "child_id": sami,
            "slot_id": town.slot(MORNING),
            "day": TODAY,
            "kind": Pending.BOOKING,
            "made_at": NOW,
        }
        town.write(
            delete(PlanningDraft),
            insert(PlanningDraft).values(account_id=account, version=7, undo=[]),
            insert(PendingChange).values(change),
        )
        await finish(client, town, ZOE)
    assert town.of_child("Sami", MORNING, TODAY) == []
    assert len(town.pending()) == 1  # kept, for its parent to see


async def test_a_day_that_is_full(portal: RunningPortal, town: Town) -> None:
    town.fill(MEAL, FREE, leave=0, places=MEALS)
    async with tab(portal.port, cookie=portal.sign_in(KARIM), path="/planning") as client:
        await client.answers(TOGGLE, click(town.child("Lina"), MEAL, FREE))
        await finish(client, town, KARIM)
    assert town.live(MEAL, FREE, Held.BOOKED) == MEALS
    (lina,) = town.of_child("Lina", MEAL, FREE)
    assert lina.state is Held.WAITING


async def test_a_price_of_one_s_own(portal: RunningPortal, town: Town) -> None:
    sami = town.child("Sami")
    async with tab(portal.port, cookie=portal.sign_in(ZOE), path="/planning") as client:
        for more in ({"price_cents": 0}, {"cents": -100}, {"price": "0"}):
            await client.answers(TOGGLE, click(sami, MORNING, FREE, **more))
        assert town.pending() == []
        await client.answers(TOGGLE, click(sami, MORNING, FREE))
        assert len(town.pending()) == 1
        version = town.version(ZOE)
        await client.answers(FINISH, {"version": version, "total": 0})
        assert town.of_child("Sami", MORNING, FREE) == []
        await finish(client, town, ZOE)
    (booked,) = town.of_child("Sami", MORNING, FREE)
    assert (booked.state, booked.price_cents) == (Held.BOOKED, MORNING_CENTS)


async def test_the_booking_of_another_family(portal: RunningPortal, town: Town) -> None:
    audrey, nora = town.child("Audrey"), town.child("Nora")
    held = town.ask(select(Reservation).where(Reservation.child_id == audrey))
    coming = [row for row in held if row.day > TODAY and row.state is Held.BOOKED]
    codes = {row.id: row.code for row in town.ask(select(SlotRow))}
    assert coming
    async with tab(portal.port, cookie=portal.sign_in(ZOE), path="/planning") as zoe:
        await zoe.answers(TOGGLE, click(audrey, MORNING, FREE))
    (change,) = town.ask(select(PendingChange.id))
    before = town.everything()
    async with tab(portal.port, cookie=portal.sign_in(KARIM), path="/planning") as karim:
        for row in coming[:4]:
            for checked in (False, True):
                await karim.answers(
                    TOGGLE, click(audrey, codes[row.slot_id], row.day, checked=checked)
                )
            await karim.answers(ANSWER, {"offer": row.id, "accept": True})
        await karim.answers(TOGGLE, click(nora, WEDNESDAY, FREE))
        await karim.answers(REMOVE, {"change": change})
        await karim.answers(FINISH, {"version": town.version(ZOE)})
        for address in (f"enfant={audrey}", "enfant=tous"):
            await karim.send(
                f"{PlanningState.get_full_name()}.load", path=f"/planning?{address}&vue=mois"
            )
        await karim.settled()
        for name in ("Audrey", "Nora", "Sami", "Pinceau"):
            assert name not in karim.heard
    assert town.everything() == before


async def test_the_same_booking_twice(portal: RunningPortal, town: Town) -> None:
    lina, cookie = town.child("Lina"), portal.sign_in(KARIM)
    receipts = select(OutboxMail.id).where(OutboxMail.kind == "planning_confirmed")
    mails = len(town.ask(receipts))
    async with (
        tab(portal.port, cookie=cookie, path="/planning") as one,
        tab(portal.port, cookie=cookie, path="/planning") as two,
    ):
        await asyncio.gather(
            *(client.answers(TOGGLE, click(lina, MEAL, OTHER)) for client in (one, two, one))
        )
        assert len(town.pending()) == 1
        version = {"version": town.version(KARIM)}
        await asyncio.gather(*(client.answers(FINISH, version) for client in (one, two, two)))
        await one.answers(FINISH, version)
        await one.answers(TOGGLE, click(lina, MEAL, OTHER))  # booked already
        await finish(one, town, KARIM)
    assert len(town.of_child("Lina", MEAL, OTHER)) == 1
    account = town.account(KARIM)
    assert len(town.ask(select(Confirmation).where(Confirmation.account_id == account))) == 1
    assert len(town.ask(receipts)) == mails + 1


async def test_two_parents_and_one_place(portal: RunningPortal, town: Town) -> None:
    town.fill(MEAL, FREE, leave=1, places=MEALS)
    async with (
        tab(portal.port, cookie=portal.sign_in(ZOE), path="/planning") as zoe,
        tab(portal.port, cookie=portal.sign_in(KARIM), path="/planning") as karim,
    ):
        await zoe.answers(TOGGLE, click(town.child("Sami"), MEAL, FREE))
        await karim.answers(TOGGLE, click(town.child("Lina"), MEAL, FREE))
        assert len(town.pending()) == 2
        await asyncio.gather(finish(zoe, town, ZOE), finish(karim, town, KARIM))
        told = zoe.heard + karim.heard
    assert town.live(MEAL, FREE, Held.BOOKED) == MEALS
    both = [*town.of_child("Sami", MEAL, FREE), *town.of_child("Lina", MEAL, FREE)]
    assert sorted(row.state for row in both) == [Held.BOOKED, Held.WAITING]
    assert "liste d’attente" in told.lower()
    assert town.pending() == []
