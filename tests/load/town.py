"""A town of thousands of families and a school year of bookings: `python -m tests.load.town`.

Bulk inserts into the database of the settings: the demo town, families with accounts, enrolments
and papers, then bookings, some pending changes, and signed-in sessions. Called again with a larger
number, it adds the bookings that are missing. Freeze the clock (`PORTAIL_NOW`) on a day of class.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session, SQLModel, col, select

from portail import clock, migrations
from portail.adapters.sealing import seal
from portail.database import engine, writing
from portail.demo import build, catalogue
from portail.demo.town import FIRST_BULK_NUMBER
from portail.domain.bookings import Held, Pending
from portail.domain.calendars import days
from portail.domain.capacity import Capacity, PlacesException
from portail.domain.catalogue import Activity, Town
from portail.domain.documents import Check
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.medical import MedicalInformation
from portail.domain.schooling import MATERNELLE
from portail.models import (
    Account,
    Child,
    Consent,
    Document,
    DocumentType,
    Enrolment,
    Family,
    FamilyChild,
    FamilyQuotient,
    Guardian,
    MedicalRecord,
    PendingChange,
    PlanningDraft,
    Reservation,
    StoredFile,
    Subscription,
)
from portail.services import consents
from portail.services.catalogue import Loaded, current, write
from portail.services.sessions import open_session
from tests.load.bookings import BATCH, TAKES_PART, fill, kind_of

FAMILIES, BOOKINGS = 5_000, 120_000
ROOM = 60  # times the places of the demo town, whose families are a handful
FULL_PLACES = 60  # on the days that are full


def prepare(families: int = FAMILIES) -> None:
    """The demo town, then so many families with an account, enrolments and papers."""
    build.build(families)
    with writing() as session:
        town, tariffs = catalogue.read()
        write(session, _roomier(town), tariffs)
        made = select(Family.id).where(col(Family.number) >= FIRST_BULK_NUMBER)
        ids = [one or 0 for one in session.exec(made.order_by(col(Family.number)))]
        _accounts(session, ids)
        _papers(session, ids)
        _enrolments(session, ids, current(session))


def _roomier(town: Town) -> Town:
    """Places for a whole town, but for a day a month that is full in every activity."""

    def wide(activity: Activity) -> Activity:
        season = activity.season
        full = [day for day in days(season) if day.day in (10, 11)]
        exceptions = tuple(PlacesException(day, day, FULL_PLACES) for day in full)
        slots = tuple(
            replace(slot, capacity=Capacity((slot.capacity.places or 40) * ROOM, (), exceptions))
            for slot in activity.slots
        )
        return replace(activity, slots=slots, capacity=replace(activity.capacity, places=None))

    return replace(town, activities=tuple(wide(one) for one in town.activities))


def _insert(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        session.execute(insert(table), rows[start : start + BATCH])


def _accounts(session: Session, families: Sequence[int]) -> None:
    """One for the first adult of each; the password is the demo's."""
    now, taken = clock.now(), set[int]()
    hashed = session.exec(select(Account.password_hash)).first() or ""
    adults = []
    for guardian in session.exec(select(Guardian).order_by(col(Guardian.id))):
        if guardian.family_id not in taken:
            taken.add(guardian.family_id)
            adults.append(guardian)
    mine = [guardian for guardian in adults if guardian.family_id in set(families)]
    ids = session.scalars(
        insert(Account).returning(Account.id, sort_by_parameter_order=True),  # type: ignore[call-overload]
        [
            {
                "user_name": f"parent{guardian.id}",
                "user_name_key": f"parent{guardian.id}",
                "email": guardian.email,
                "email_key": guardian.email_key,
                "last_name": guardian.last_name,
                "first_name": guardian.first_name,
                "password_hash": hashed,
                "created_at": now,
                "activated_at": now,
                "password_changed_at": now,
                "large_targets": False,
            }
            for guardian in mine
        ],
    ).all()
    pairs = list(zip(ids, mine, strict=True))
    texts = [
        {"text": text, "version": page.version, "text_hash": page.digest, "accepted_at": now}
        for text, page in consents.current().items()
    ]
    _insert(session, Consent, [{"account_id": key, **text} for key, _ in pairs for text in texts])
    _insert(
        session,
        Subscription,
        [
            {
                "account_id": key,
                "family_id": guardian.family_id,
                "guardian_id": guardian.id,
                "created_at": now,
            }
            for key, guardian in pairs
        ],
    )


def _papers(session: Session, families: Sequence[int]) -> None:
    """A quotient and two documents for each family, a health record for each child."""
    now, year = clock.now(), clock.today().year
    chance = random.Random(1)
    _insert(
        session,
        FamilyQuotient,
        [
            {
                "family_id": key,
                "amount_cents": chance.randrange(10_000, 200_000),
                "valid_from": date(year, 1, 1),
                "valid_until": date(year, 12, 31),
            }
            for key in families
        ],
    )
    file = StoredFile(
        sha256="0" * 64,
        storage_name="banc",
        mime="application/pdf",
        extension="pdf",
        size=1,
        created_at=now,
    )
    session.add(file)
    session.flush()
    kinds = session.exec(select(DocumentType.id).order_by(col(DocumentType.rank)).limit(2)).all()
    paper = {
        "file_id": file.id,
        "name": "attestation.pdf",
        "check_state": Check.ACCEPTED,
        "reason": "",
        "from_town": False,
        "sent_at": now,
    }
    _insert(
        session,
        Document,
        [{**paper, "family_id": key, "type_id": kind} for key in families for kind in kinds],
    )
    sealed = seal(asdict(MedicalInformation(doctor_name="Dr Hélène Faure", vaccinated=True)))
    children = session.exec(
        select(FamilyChild.child_id).where(col(FamilyChild.family_id).in_(families))
    )
    records = [{"child_id": key, "sealed": sealed, "changed_at": now} for key in set(children)]
    _insert(session, MedicalRecord, records)


def _enrolments(session: Session, families: Sequence[int], loaded: Loaded) -> None:
    """Each child in some activities of its age, since the beginning of their season."""
    chance, asked = random.Random(2), clock.now() - timedelta(days=90)
    rows = session.exec(
        select(FamilyChild.family_id, Child)
        .join(Child, col(Child.id) == col(FamilyChild.child_id))
        .where(col(FamilyChild.family_id).in_(families))
        .order_by(col(Child.id))
    ).all()
    _insert(
        session,
        Enrolment,
        [
            {
                "family_id": family,
                "child_id": child.id,
                "activity_id": loaded.activity_ids[activity.code],
                "state": EnrolmentState.VALIDATED,
                "group_code": "",
                "entry_on": activity.season.first_day,
                "usual_days": "",
                "requested_at": asked,
            }
            for family, child in rows
            for activity in _activities(loaded, child.class_level)
            if chance.random() < TAKES_PART[kind_of(activity)][0]
        ],
    )


def _activities(loaded: Loaded, level: str) -> list[Activity]:
    end = "_MAT" if level in MATERNELLE else "_ELEM"
    return [
        one
        for one in loaded.town.activities
        if one.code.endswith(end) and kind_of(one) in TAKES_PART
    ]


def pending(accounts: int = 500) -> None:
    """Some changes not confirmed yet, of so many accounts: next month's bookings cancelled."""
    first = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    with writing() as session:
        rows = session.exec(
            select(Subscription.account_id, Reservation)
            .join(Reservation, col(Reservation.family_id) == col(Subscription.family_id))
            .where(
                col(Reservation.day).between(first, first + timedelta(days=6)),
                Reservation.state == Held.BOOKED,
                Subscription.account_id > 0,
            )
            .order_by(col(Subscription.account_id), col(Reservation.id))
            .limit(accounts * 10)
        ).all()
        mine: dict[int, list[Reservation]] = {}
        for account, row in rows:
            mine.setdefault(account, []).append(row)
        drafts = list(mine)[5:accounts]
        _insert(
            session,
            PlanningDraft,
            [{"account_id": key, "version": 2, "undo": []} for key in drafts],
        )
        _insert(
            session,
            PendingChange,
            [
                {
                    "account_id": key,
                    "family_id": row.family_id,
                    "child_id": row.child_id,
                    "slot_id": row.slot_id,
                    "day": row.day,
                    "kind": Pending.CANCELLATION,
                    "made_at": clock.now(),
                }
                for key in drafts
                for row in mine[key][:3]
            ],
        )


@dataclass(frozen=True)
class Parent:
    """A signed-in parent of the town."""

    cookie: str
    account_id: int
    children: tuple[int, ...]


def sign_in(count: int, first: int = 0) -> list[Parent]:
    """Sessions for so many parents, as the sign-in form opens them but for the password."""
    with writing() as session:
        query = (
            select(Subscription.account_id, FamilyChild.child_id)
            .join(Family, col(Family.id) == col(Subscription.family_id))
            .join(FamilyChild, col(FamilyChild.family_id) == col(Family.id))
            .where(col(Family.number) >= FIRST_BULK_NUMBER + first)
            .order_by(col(Family.number), col(FamilyChild.child_id))
            .limit(count * 5)
        )
        children: dict[int, list[int]] = {}
        for account, child in session.exec(query):
            children.setdefault(account, []).append(child)
        return [
            Parent(
                f"portail_session={open_session(session, account_id=account, device='')}",
                account,
                tuple(children[account]),
            )
            for account in list(children)[:count]
        ]


def settle() -> None:
    """What PostgreSQL does by itself after a while: visibility and statistics."""
    if engine().dialect.name == "postgresql":
        with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def main() -> None:
    """Make or fill a town; the sessions go to a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--families", type=int, default=FAMILIES)
    parser.add_argument("--bookings", type=int, default=BOOKINGS)
    parser.add_argument("--sessions", type=int, default=0)
    parser.add_argument("--into", type=Path, help="où écrire les sessions (JSON)")
    chosen = parser.parse_args()
    started = time.perf_counter()
    migrations.upgrade()
    new = not build.exists()
    if new:
        prepare(chosen.families)
    there = fill(chosen.bookings)
    if new:
        pending()
    settle()
    if chosen.into:
        parents = [asdict(one) for one in sign_in(chosen.sessions)]
        chosen.into.write_text(json.dumps(parents))
    print(f"{there} réservations, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
