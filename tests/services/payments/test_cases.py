"""Whatever the bank, the parent and the network do, an invoice is paid once, or not at all.

Everything goes through the library, over HTTP, to the local PayFiP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from portail import clock
from portail.demo.payfip.bank import (
    Amount,
    Answer,
    Ending,
    Notices,
    Switches,
    demo_bank,
)
from portail.domain.payments import PAGE_RESUMED, PaymentState, Problem
from portail.domain.procedures import ProcedureState
from portail.services import payments
from portail.services.payments import (
    AlreadyPaid,
    InProgress,
    Notice,
    Started,
    ToCheck,
)
from tests.payments import Home, home

pytestmark = pytest.mark.usefixtures("bank")
S = PaymentState


def pay(home: Home, payment_id: int) -> None:
    home.pay(payment_id)


def refuse(home: Home, payment_id: int) -> None:
    home.end(payment_id, Ending.REFUSED)


def abandon(home: Home, payment_id: int) -> None:
    home.abandon(payment_id)


def notify(home: Home, payment_id: int) -> None:
    home.notify()


def notify_late(home: Home, payment_id: int) -> None:
    assert home.notify() == 0
    assert home.notify(late=11) == 1


def come_back(home: Home, payment_id: int) -> None:
    answer = home.come_back(payment_id)
    assert answer.headers["location"] == f"/facturation/paiement?n={payment_id}"


def forge(home: Home, payment_id: int) -> None:
    """Somebody who has seen the name of the operation says that it is paid."""
    said = f"idOp={home.operation(payment_id)}&resultrans=P&montant=3694"
    assert payments.notified(said, address="192.0.2.9") is Notice.HEARD


def wait(minutes: int) -> Callable[[Home, int], None]:
    def act(home: Home, payment_id: int) -> None:
        clock.advance(timedelta(minutes=minutes))
        payments.follow_open()

    act.__name__ = f"wait_{minutes}"
    return act


def switched(switches: Switches) -> Callable[[Home, int], None]:
    def act(home: Home, payment_id: int) -> None:
        home.bank.set(switches)

    act.__name__ = str(switches)
    return act


drop = switched(Switches(Notices.DROPPED))
repeat = switched(Switches(Notices.REPEATED))
delay = switched(Switches(Notices.DELAYED))
less = switched(Switches(amount=Amount.ONE_EURO_LESS))
unknown = switched(Switches(answer=Answer.UNKNOWN))
known = switched(Switches())


@dataclass(frozen=True)
class Case:
    """What happens after the parent was sent to the bank, in this order, and what it comes to."""

    name: str
    happens: tuple[Callable[[Home, int], None], ...]
    state: PaymentState
    problem: Problem | None = None


CASES = [
    Case("notified, then returned", (pay, notify, come_back), S.PAID),
    Case("returned, then notified", (pay, come_back, notify), S.PAID),
    Case("notified three times", (repeat, pay, notify, notify), S.PAID),
    Case("notified late", (delay, pay, come_back, notify_late), S.PAID),
    Case("notified late, never returned", (delay, pay, notify_late), S.PAID),
    Case("never notified, returned", (drop, pay, come_back), S.PAID),
    Case("never notified, never returned", (drop, pay, wait(1)), S.PAID),
    Case("paid at the last minute, never notified", (drop, wait(14), pay, wait(3)), S.PAID),
    Case("returned again and again", (pay, come_back, come_back, come_back), S.PAID),
    Case("by direct debit", (lambda h, p: h.end(p, Ending.DEBIT), notify), S.PAID),
    Case("nothing yet", (come_back, wait(1)), S.SENT),
    Case("forged, nothing paid", (forge, come_back), S.SENT),
    Case("forged, refused", (refuse, forge, notify), S.REFUSED),
    Case("refused", (refuse, notify, come_back), S.REFUSED),
    Case("refused, never notified", (drop, refuse, wait(1)), S.REFUSED),
    Case(
        "refused by direct debit", (lambda h, p: h.end(p, Ending.DEBIT_REFUSED), notify), S.REFUSED
    ),
    Case("abandoned", (abandon, notify, come_back), S.ABANDONED),
    Case("abandoned, then paid after all", (abandon, notify, pay, notify), S.PAID),
    Case(
        "abandoned, then paid, never notified",
        (abandon, notify, drop, pay, wait(5), wait(20)),
        S.PAID,
    ),
    Case("browser closed on the bank's page", (wait(20), wait(60)), S.SENT),
    Case("browser closed, two hours later", (wait(20), wait(60), wait(41)), S.EXPIRED),
    Case("forgotten until the next day", (wait(24 * 60),), S.EXPIRED),
    Case("result not known for an hour", (unknown, pay, notify, wait(60), known, wait(10)), S.PAID),
    Case(
        "result not known for two hours, then notified",
        (unknown, pay, wait(130), known, notify),
        S.PAID,
    ),
    Case("another amount", (less, pay, notify, come_back), S.MISMATCH, Problem.AMOUNT),
    Case(
        "another amount, twice", (less, pay, come_back, notify, forge), S.MISMATCH, Problem.AMOUNT
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_ends_right_and_balances(zoe: Home, case: Case) -> None:
    payment_id = zoe.start().payment_id
    for act in case.happens:
        act(zoe, payment_id)
    view = payments.payment(zoe.actor, payment_id)
    assert (view.state, view.problem) == (case.state, case.problem)
    # what is due, what was acknowledged and what was written down tell the same story, once
    assert zoe.due() == (0 if case.state is S.PAID else 3_694)
    told = {S.PAID: ProcedureState.DONE, S.MISMATCH: ProcedureState.REQUESTED}
    expected = [told[case.state]] if case.state in told else []
    assert [one.state for one in zoe.procedures()] == expected
    assert len(zoe.mails()) == len(expected)
    states = [state for _, state in zoe.history(payment_id)]
    assert states.count(S.PAID.value) == (case.state is S.PAID)
    # and the invoice is free, or not
    again = payments.start(zoe.actor, [zoe.invoice])
    match case.state:
        case S.PAID:
            assert again == AlreadyPaid((zoe.invoice,))
        case S.MISMATCH:
            assert again == ToCheck(payment_id)
        case S.SENT:
            same = isinstance(again, Started) and again.again and again.payment_id == payment_id
            later = isinstance(again, InProgress) and again.own
            assert same if clock.now() - view.created_at < PAGE_RESUMED else later
        case _:
            assert isinstance(again, Started)
            assert again.payment_id != payment_id


def test_two_notifications_out_of_order(zoe: Home) -> None:
    karim = home("2026-00013", 4_250)
    demo_bank().set(Switches(Notices.REORDERED))
    first, second = zoe.start().payment_id, karim.start().payment_id
    zoe.end(first, Ending.PAID)
    assert zoe.notify() == 0
    karim.end(second, Ending.PAID)
    assert zoe.notify() == 2
    assert (zoe.state(first), karim.state(second)) == (S.PAID, S.PAID)
    assert (zoe.due(), karim.due()) == (0, 0)


@pytest.mark.parametrize(
    "query", ["idop=00000000-0000-0000-0000-000000000000", "", "idop=", "idop=%00", "x" * 20_000]
)
def test_an_unknown_operation_changes_nothing(zoe: Home, query: str) -> None:
    payment_id = zoe.start().payment_id
    assert payments.notified(query, address="192.0.2.9") is Notice.UNKNOWN
    assert zoe.state(payment_id) is S.SENT


def test_strangers_are_counted_and_the_bank_is_always_heard(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    heard = [payments.notified(f"idop=inconnue-{n}", address="192.0.2.9") for n in range(40)]
    assert heard[:30] == [Notice.UNKNOWN] * 30
    assert heard[-1] is Notice.THROTTLED
    zoe.end(payment_id, Ending.PAID)
    said = f"idop={zoe.operation(payment_id)}"
    assert payments.notified(said, address="192.0.2.9") is Notice.HEARD
    assert zoe.state(payment_id) is S.PAID
