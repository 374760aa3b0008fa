"""Invoices issued by several at once, or killed in the middle: no gap, no double, none skipped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from portail import database
from portail.database import Work, reading, working_alone, writing
from portail.models import BilledReservation, Invoice, OutboxMail
from portail.services.billing import accounts, issuing, ledger, runs
from portail.services.billing import credits as notes
from portail.services.billing.issuing import Terms, issue
from portail.services.billing.outcomes import AlreadyIssued, Busy, MonthIssued
from portail.settings import settings
from tests import factories
from tests.billing import NOVEMBER, OCTOBER, Home, home, regie, town
from tests.concurrency.together import GENEROUS, at_once
from tests.services.billing.drafts import one_line
from tests.services.billing.test_runs import MON, TUE

pytestmark = pytest.mark.usefixtures("db")
FAMILIES, BATCH = 7, 2
TERMS = Terms(NOVEMBER, NOVEMBER)


@pytest.fixture
def homes(db: None, monkeypatch: pytest.MonkeyPatch) -> list[Home]:
    """Families with two mornings each, billed in small batches; one of them has nothing."""
    monkeypatch.setattr(runs, "BATCH", BATCH)
    town()
    found = [home() for _ in range(FAMILIES)]
    for one in found:
        one.book("MATIN", MON)
        one.book("MATIN", TUE)
    home()
    return found


def check(homes: list[Home]) -> None:
    """One invoice a family, of all it booked, in a row of numbers; one mail each."""
    with reading() as session:
        invoices = session.exec(select(Invoice).order_by(col(Invoice.rank))).all()
        billed = Counter(session.exec(select(BilledReservation.reservation_id)))
        mails = session.exec(select(OutboxMail.recipient)).all()
    assert [one.rank for one in invoices] == list(range(1, len(homes) + 1))
    assert Counter(one.family_id for one in invoices) == Counter(one.family for one in homes)
    assert len(billed) == 2 * len(homes)
    assert set(billed.values()) == {1}
    assert len(mails) == len(set(mails)) == len(homes)
    assert all(one.balance() == one.due() == 700 for one in homes)


def test_issuers_at_once_number_without_gap_even_when_some_fail() -> None:
    families = [factories.family() for _ in range(8)]

    def act(number: int) -> bool:
        with suppress(ZeroDivisionError), writing() as session:
            issue(session, [one_line(families[number])] * 3, TERMS)
            return bool(1 / (number % 2))
        return False

    assert at_once(8, act).count(True) == 4
    with reading() as session:
        ranks = session.exec(select(Invoice.rank).order_by(col(Invoice.rank))).all()
    assert ranks == list(range(1, 13))


def test_without_the_counter_two_issuers_would_give_the_same_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What looking for the highest number would do."""
    families = [factories.family() for _ in range(2)]
    looked = Event()

    def highest(session: Any, regies: Any, _year: int) -> dict[str, Iterator[int]]:
        last = max(session.exec(select(Invoice.rank)), default=0)
        if database.engine().dialect.name == "postgresql" and not looked.is_set():
            looked.wait(1)
        looked.set()
        return {regie: iter(range(last + 1, last + 99)) for regie in regies}

    monkeypatch.setattr(issuing, "_ranks", highest)
    refused = 0

    def act(number: int) -> None:
        nonlocal refused
        try:
            with writing() as session:
                issue(session, [one_line(families[number])], TERMS)
        except IntegrityError:
            refused += 1

    at_once(2, act)
    # SQLite's writer is alone: there the look is safe already
    assert refused == (1 if database.engine().dialect.name == "postgresql" else 0)


def test_runs_at_once_are_one_run(homes: list[Home]) -> None:
    actor = regie()
    outcomes = at_once(4, lambda _: runs.issue_month(actor, OCTOBER))
    assert sum(isinstance(one, MonthIssued) for one in outcomes) == 1
    assert {type(one) for one in outcomes} <= {MonthIssued, Busy, AlreadyIssued}
    check(homes)


def test_while_one_works_the_other_says_so(homes: list[Home]) -> None:
    actor, working, over = regie(), Event(), Event()

    def hold() -> None:
        with working_alone(Work.BILLING) as alone:
            assert alone
            working.set()
            over.wait(GENEROUS)

    other = Thread(target=hold)
    other.start()
    working.wait(GENEROUS)
    try:
        assert runs.issue_month(actor, OCTOBER) == Busy()
    finally:
        over.set()
        other.join(GENEROUS)
    assert isinstance(runs.issue_month(actor, OCTOBER), MonthIssued)
    check(homes)


def test_even_without_its_lock_two_runs_make_no_double(
    homes: list[Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def everybody(_work: Work) -> Iterator[bool]:
        yield True

    monkeypatch.setattr(runs, "working_alone", everybody)
    actor = regie()
    failed = 0

    def act(_: int) -> None:
        nonlocal failed
        try:
            runs.issue_month(actor, OCTOBER)
        except Exception:  # noqa: BLE001  (whichever of the two sees it first)
            failed += 1

    at_once(3, act)
    if failed == 3:
        runs.issue_month(actor, OCTOBER)
    check(homes)


# --- killed ------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from portail.domain.identity import Actor, Role
from portail.services.billing import runs
from tests.billing import OCTOBER

point, number, agent = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
runs.BATCH = 2
seen = 0
held = getattr(runs, point)

def killed(*arguments, **named):
    global seen
    result = held(*arguments, **named)
    seen += 1
    if seen == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(runs, point, killed)
runs.issue_month(Actor(0, agent_id=agent, roles=frozenset({Role.REGIE})), OCTOBER)
"""


@pytest.mark.parametrize(
    ("point", "number"),
    [("_begin", 1), ("_finish", 1)]
    + [(point, number) for point in ("draft", "issue", "_write") for number in (1, 3)],
)
def test_killed_and_begun_again_it_is_whole(homes: list[Home], point: str, number: int) -> None:
    """`issue`: with a transaction open; `_write`: just after one."""
    actor = regie()
    environment = os.environ | {"PORTAIL_DATABASE_URL": settings().database_url}
    command = [sys.executable, "-c", KILLED, point, str(number), str(actor.agent_id)]
    dead = subprocess.run(command, env=environment, check=False, timeout=120)
    assert dead.returncode == -signal.SIGKILL
    again = runs.issue_month(actor, OCTOBER)
    if point == "_finish":
        assert isinstance(again, AlreadyIssued)
    else:
        assert isinstance(again, MonthIssued)
        assert again.resumed
    check(homes)


# --- money that moves meanwhile ----------------------------------------------------------------


def test_a_payment_and_a_credit_at_once_balance(homes: list[Home]) -> None:
    actor = regie()
    runs.issue_month(actor, OCTOBER)
    zoe = homes[0]
    (invoice,) = zoe.invoices()
    acts: list[Callable[[], object]] = [
        lambda: accounts.receive(actor, zoe.family, 700, NOVEMBER, "Chèque"),
        lambda: notes.credit(actor, invoice, "Geste", 100, "x"),
        lambda: notes.cancel(actor, invoice, "x"),
        lambda: accounts.receive(actor, zoe.family, 50, NOVEMBER, "Espèces"),
    ]
    at_once(4, lambda number: acts[number]())
    with reading() as session:
        left = ledger.remaining(session, [invoice])[invoice]
        free = sum(
            cents
            for of_regie in ledger.free_credits(session, {zoe.family}).values()
            for _, cents in of_regie
        )
    assert left == 0
    assert zoe.balance() == -free
    # either the gesture or the whole was given back, never more than the invoice
    assert zoe.balance() in (700 - 750 - 100, 700 - 750 - 700)
