"""What a parent decides at once for a child: permissions, collectors, the yearly certification."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading
from portail.domain.care import Permission
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import (
    ActionLog,
    Certification,
    ChildPermission,
    Collector,
    OutboxMail,
    Procedure,
    ProcedureEvent,
)
from portail.services.family_file.care import certify, decide, remove_collector
from portail.services.family_file.file import child_view, children, households
from portail.services.reach import NotFound
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import Home, as_agent, rows
from tests.services.test_account import actions, as_parent, mails

pytestmark = pytest.mark.usefixtures("db")
PHOTO, OUTINGS, ALONE = Permission.PHOTO, Permission.OUTINGS, Permission.ALONE


@pytest.fixture
def zoe(db: None) -> Home:
    return home.make(email="zoe@example.org")


@pytest.fixture
def karim(db: None) -> Home:
    return home.make("BENALI")


def granted(one: Home, child: int = 0) -> dict[Permission, bool | None]:
    view = child_view(one.actor, child or one.child)
    return {row.permission: row.granted for row in view.permissions}


def granted_rows() -> list[str]:
    with reading() as session:
        return [repr(row) for row in session.exec(select(ChildPermission))]


def nothing_happened() -> bool:
    tables = (Procedure, ProcedureEvent, ActionLog, OutboxMail, Certification)
    return not granted_rows() and not any(rows(table) for table in tables)


def test_until_something_is_decided_nothing_is(zoe: Home) -> None:
    assert granted(zoe) == {PHOTO: None, OUTINGS: None, ALONE: None}


def test_a_permission_is_decided_with_its_date_and_a_trace(zoe: Home) -> None:
    assert decide(zoe.actor, zoe.child, {PHOTO: True, ALONE: False})
    assert granted(zoe) == {PHOTO: True, OUTINGS: None, ALONE: False}
    (procedure,) = rows(Procedure)
    assert procedure.kind is ProcedureKind.PERMISSIONS
    assert procedure.state is ProcedureState.DONE
    assert procedure.title == "Autorisations (photos\u00a0: oui, retour seul\u00a0: non)"
    assert (procedure.family_id, procedure.child_id) == (zoe.family, zoe.child)
    assert actions(zoe.account) == ["permission_photo_granted", "permission_alone_refused"]
    (mail,) = mails("procedure_received")
    assert mail.recipient == "zoe@example.org"
    assert "C’EST ENREGISTRÉ" in mail.text


def test_only_what_changes_is_written(zoe: Home) -> None:
    decide(zoe.actor, zoe.child, {PHOTO: True, OUTINGS: True})
    first = clock.now()
    clock.advance(timedelta(days=1))
    assert not decide(zoe.actor, zoe.child, {PHOTO: True, OUTINGS: True})
    assert not decide(zoe.actor, zoe.child, {})
    assert len(rows(Procedure)) == len(mails("procedure_received")) == 1
    assert decide(zoe.actor, zoe.child, {PHOTO: True, OUTINGS: False})
    view = {row.permission: row for row in child_view(zoe.actor, zoe.child).permissions}
    assert (view[PHOTO].granted, view[PHOTO].decided_at) == (True, first)
    assert (view[OUTINGS].granted, view[OUTINGS].decided_at) == (False, clock.now())
    assert rows(Procedure)[-1].title == "Autorisations (sorties\u00a0: non)"


def test_a_permission_is_of_one_child(zoe: Home) -> None:
    sami = factories.child("Sami", zoe.family)
    decide(zoe.actor, zoe.child, {PHOTO: True})
    assert granted(zoe, sami)[PHOTO] is None


def test_nobody_else_decides(zoe: Home, karim: Home) -> None:
    for child in (zoe.child, 0, -1, 987_654):
        with pytest.raises(NotFound):
            decide(karim.actor, child, {PHOTO: True})
    for role in Role:
        with pytest.raises(Forbidden):
            decide(as_agent(role), zoe.child, {PHOTO: True})
    assert nothing_happened()


def test_a_person_no_longer_allowed_is_gone_with_a_trace(zoe: Home) -> None:
    zoe.ask("child.collector")
    (person,) = rows(Collector)
    assert remove_collector(zoe.actor, person.id or 0)
    assert rows(Collector) == []
    procedure = rows(Procedure)[-1]
    assert (procedure.kind, procedure.state) == (ProcedureKind.COLLECTION, ProcedureState.DONE)
    assert (procedure.family_id, procedure.child_id) == (zoe.family, zoe.child)
    assert rows(ProcedureEvent)[-1].note == "Odette Roy"
    assert "Roy" not in procedure.title
    assert actions(zoe.account)[-1] == "collector_removed"
    assert len(mails("procedure_received")) == 2
    assert not remove_collector(zoe.actor, person.id or 0)  # once
    assert len(rows(Procedure)) == 2


def test_nobody_else_removes_a_person(zoe: Home, karim: Home) -> None:
    zoe.ask("child.collector")
    (person,) = rows(Collector)
    before = len(rows(Procedure))
    for one in (person.id or 0, 0, -1, 987_654):
        assert not remove_collector(karim.actor, one)
    for role in Role:
        with pytest.raises(Forbidden):
            remove_collector(as_agent(role), person.id or 0)
    assert rows(Collector) == [person]
    assert len(rows(Procedure)) == before
    assert actions(karim.account) == []


def certified(actor: Actor) -> tuple[object, ...]:
    return (
        *(one.certified_at for one in households(actor)),
        *(one.certified_at for one in children(actor)),
    )


def test_once_a_school_year_for_the_household_and_for_each_child(zoe: Home) -> None:
    assert certified(zoe.actor) == (None, None)
    first = certify(zoe.actor, zoe.family, None)
    assert first == clock.now()
    assert certified(zoe.actor) == (first, None)
    clock.advance(timedelta(days=10))
    second = certify(zoe.actor, zoe.family, zoe.child)
    assert second == clock.now() != first
    assert certified(zoe.actor) == (first, second)
    clock.advance(timedelta(days=10))
    assert certify(zoe.actor, zoe.family, None) == first
    assert certify(zoe.actor, zoe.family, zoe.child) == second
    assert len(rows(Certification)) == len(rows(Procedure)) == 2
    assert {row.kind for row in rows(Procedure)} == {ProcedureKind.CERTIFICATION}
    assert rows(Procedure)[0].title == "Exactitude des informations certifiée, année 2026-2027"
    assert actions(zoe.account) == ["file_certified"] * 2


def test_the_next_school_year_it_is_asked_again(zoe: Home) -> None:
    first = certify(zoe.actor, zoe.family, zoe.child)
    clock.advance(timedelta(days=250))  # 31 July
    assert clock.today().isoformat() == "2027-07-31"
    assert certified(zoe.actor) == (None, first)
    clock.advance(timedelta(days=1))
    assert certified(zoe.actor) == (None, None)
    assert certify(zoe.actor, zoe.family, zoe.child) == clock.now()
    assert [row.school_year for row in rows(Certification)] == [2026, 2027]


def test_one_parent_certifies_for_the_household(zoe: Home) -> None:
    paul = factories.account()
    factories.join_family(paul, zoe.family, first_name="Paul")
    first = certify(zoe.actor, zoe.family, None)
    clock.advance(timedelta(days=1))
    assert certify(as_parent(paul), zoe.family, None) == first
    assert certified(as_parent(paul)) == (first, None)
    assert [row.account_id for row in rows(Certification)] == [zoe.account]
    assert actions(paul) == []


def test_nobody_else_certifies(zoe: Home, karim: Home) -> None:
    attempts = [
        (zoe.family, None),
        (zoe.family, zoe.child),
        (karim.family, zoe.child),  # one's own file, somebody else's child
        (0, None),
        (karim.family, 0),
        (karim.family, 987_654),
    ]
    for family, child in attempts:
        with pytest.raises(NotFound):
            certify(karim.actor, family, child)
    for role in Role:
        with pytest.raises(Forbidden):
            certify(as_agent(role), zoe.family, None)
    assert nothing_happened()
