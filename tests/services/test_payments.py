"""Whatever the bank, the parent and the network do, an invoice is paid once, or not at all.

Everything goes through the library, over HTTP, to the local PayFiP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from portail import clock
from portail.adapters import payment as online
from portail.adapters.payment import Named, UnreachableError, Verified
from portail.database import reading, writing
from portail.demo.payfip.bank import (
    Amount,
    Answer,
    Ending,
    FunctionalError,
    Notices,
    Switches,
    demo_bank,
)
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.payments import PAGE_RESUMED, UNKNOWN_LIVES, News, PaymentState, Problem
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.domain.throttling import PAYMENTS
from portail.models import Account, Heard, Invoice, Payment, PaymentEvent, PaymentInvoice
from portail.services import payments
from portail.services.payments import (
    AlreadyPaid,
    Closed,
    InProgress,
    Notice,
    SeveralFamilies,
    Started,
    ToCheck,
    TooLarge,
    TooMany,
    TooSmall,
    Unavailable,
    ledger,
)
from portail.services.payments.settling import settle
from portail.services.reach import NotFound
from portail.settings import Mode, settings
from tests import factories
from tests.payments import Home, home
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("db", "bank_server")
S = PaymentState
REGIE = Actor(session_id=2, agent_id=1, roles=frozenset({Role.REGIE}))


@pytest.fixture(autouse=True)
def _quiet_bank(bank_server: None) -> Iterator[None]:
    yield
    demo_bank().due(late=1_000_000)
    demo_bank().set(Switches())


@pytest.fixture
def zoe(db: None, bank_server: None) -> Home:
    return home()


# --- the table of cases


def pay(home: Home, payment_id: int) -> None:
    home.end(payment_id, Ending.PAID)


def refuse(home: Home, payment_id: int) -> None:
    home.end(payment_id, Ending.REFUSED)


def abandon(home: Home, payment_id: int) -> None:
    home.end(payment_id, Ending.ABANDONED)


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


# --- two attempts


def test_an_abandoned_page_paid_after_another_one_is_for_an_agent(zoe: Home) -> None:
    first = zoe.start().payment_id
    abandon(zoe, first)
    zoe.notify()
    second = zoe.start().payment_id
    pay(zoe, second)
    pay(zoe, first)
    assert zoe.notify() == 2
    assert {zoe.state(first), zoe.state(second)} == {S.PAID, S.MISMATCH}
    assert payments.start(zoe.actor, [zoe.invoice]) == AlreadyPaid((zoe.invoice,))
    assert [one.problem for one in payments.flagged(REGIE)] == [Problem.SETTLED]


def test_an_invoice_paid_otherwise_meanwhile(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    with writing() as session:
        ledger.record_payment(session, 0, date(2026, 11, 23), [(zoe.invoice, 3_694)], "Chèque")
    pay(zoe, payment_id)
    zoe.notify()
    view = payments.payment(zoe.actor, payment_id)
    assert (view.state, view.problem) == (S.MISMATCH, Problem.SETTLED)
    (mail,) = zoe.mails()
    assert "ne correspond pas" in mail


def test_the_database_itself_forbids_a_second_attempt(zoe: Home) -> None:
    zoe.start()
    with pytest.raises(IntegrityError, match=r"live|payment_invoice"), writing() as session:
        row = Payment(
            family_id=zoe.family,
            reference="ABCDEF123456",
            provider="payfip_ws",
            amount_cents=3_694,
            state=S.CREATED,
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        session.add(
            PaymentInvoice(payment_id=row.id or 0, invoice_id=zoe.invoice, cents=3_694, live=True)
        )
        session.flush()


def test_the_other_parent_waits_and_the_first_goes_on(zoe: Home) -> None:
    begun = zoe.start()
    other = factories.account()
    factories.join_family(other, zoe.family)
    outcome = payments.start(as_parent(other), [zoe.invoice])
    assert outcome == InProgress(begun.payment_id, own=False, until=clock.now() + UNKNOWN_LIVES)
    taken_up = zoe.start()
    assert (taken_up.payment_id, taken_up.redirect, taken_up.again) == (
        begun.payment_id,
        begun.redirect,
        True,
    )
    clock.advance(PAGE_RESUMED)
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), InProgress)
    assert payments.redirect(zoe.actor, begun.payment_id) is None


def test_one_who_begins_again_learns_that_it_is_paid(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    clock.advance(PAGE_RESUMED)
    pay(zoe, payment_id)
    assert payments.start(zoe.actor, [zoe.invoice]) == AlreadyPaid((zoe.invoice,))


def test_another_choice_of_invoices_waits_for_the_first(zoe: Home) -> None:
    more = factories.invoice(zoe.family, "2026-00014", 1_000)
    begun = zoe.start()
    outcome = payments.start(zoe.actor, [zoe.invoice, more])
    assert isinstance(outcome, InProgress)
    assert outcome.payment_id == begun.payment_id


# --- what is asked of the bank


def test_several_invoices_in_one_payment(zoe: Home) -> None:
    more = factories.invoice(zoe.family, "2026-00014", 1_006)
    outcome = payments.start(zoe.actor, [more, zoe.invoice, more])
    assert isinstance(outcome, Started)
    assert outcome.cents == 4_700
    asked = demo_bank().found(zoe.operation(outcome.payment_id))
    assert (asked.montant, asked.exer, asked.saisie) == (4_700, "2026", "T")
    assert asked.objet == "Factures 2026 00012 2026 00014"
    with reading() as session:
        assert asked.mel == session.get_one(Account, zoe.account).email
    pay(zoe, outcome.payment_id)
    zoe.notify()
    with reading() as session:
        assert set(ledger.remaining(session, [zoe.invoice, more]).values()) == {0}
    (procedure,) = zoe.procedures()
    assert procedure.kind is ProcedureKind.PAYMENT
    assert procedure.account_id == zoe.account
    assert procedure.title == "Paiement de 47,00\u00a0€ (factures 2026-00012 et 2026-00014)"
    (mail,) = zoe.mails()
    for part in (
        "47,00\u00a0€",
        asked.refdet,
        "2026-00012 et 2026-00014",
        settings().town_phone[:2],
    ):
        assert part in mail
    (view,) = payments.mine(zoe.actor)
    assert [(one.number, one.cents) for one in view.invoices] == [
        ("2026-00012", 3_694),
        ("2026-00014", 1_006),
    ]


@pytest.mark.parametrize(
    ("cents", "outcome"), [(99, TooSmall(99)), (10_000_001, TooLarge(10_000_001))]
)
def test_the_bank_takes_neither_too_little_nor_too_much(
    zoe: Home, cents: int, outcome: object
) -> None:
    invoice = factories.invoice(zoe.family, "2026-00014", cents)
    assert payments.start(zoe.actor, [invoice]) == outcome
    assert payments.mine(zoe.actor) == ()


def test_nobody_pays_for_others_nor_for_nothing(zoe: Home) -> None:
    karim = home("2026-00013")
    begun = zoe.start().payment_id
    for wanted in ([], [zoe.invoice], [karim.invoice, zoe.invoice], [0], list(range(1, 60))):
        with pytest.raises(NotFound):
            payments.start(karim.actor, wanted)
    for ask in (payments.payment, payments.redirect, payments.refresh):
        with pytest.raises(NotFound):
            ask(karim.actor, begun)
    assert payments.mine(karim.actor) == ()
    with pytest.raises(Forbidden):
        payments.start(REGIE, [zoe.invoice])


def test_one_does_not_begin_for_ever(zoe: Home) -> None:
    for _ in range(PAYMENTS.lock_after):
        abandon(zoe, zoe.start().payment_id)
        assert zoe.notify() == 1
    outcome = payments.start(zoe.actor, [zoe.invoice])
    assert outcome == TooMany(PAYMENTS.lock)
    clock.advance(PAYMENTS.lock)
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), Started)


def test_two_families_are_two_payments(zoe: Home) -> None:
    other = factories.family("AUTRE", members=[zoe.account])
    invoice = factories.invoice(other, "2026-00020")
    assert payments.start(zoe.actor, [zoe.invoice, invoice]) == SeveralFamilies()


def test_a_long_address_is_not_the_banks_affair() -> None:
    account = factories.account(email=f"{'z' * 60}@{'x' * 20}.example.org")
    zoe = Home(account, family := factories.family(members=[account]), 0)
    zoe.invoice = factories.invoice(family, "2026-00012")
    assert demo_bank().found(zoe.operation(zoe.start().payment_id)).mel == settings().town_email


# --- when something is down


@pytest.fixture
def nobody_answers(bank_server: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("PORTAIL_PAYFIP_SERVICE_URL", "http://127.0.0.1:9/?wsdl")
        settings.cache_clear()
        online.current.cache_clear()
        yield
    settings.cache_clear()
    online.current.cache_clear()


def test_a_service_that_does_not_answer_holds_nothing(zoe: Home, nobody_answers: None) -> None:
    assert payments.start(zoe.actor, [zoe.invoice]) == Unavailable()
    (view,) = payments.mine(zoe.actor)
    assert view.state is S.FAILED
    assert zoe.history(view.id) == [("started", "created"), ("failed", "failed")]
    assert payments.start(zoe.actor, [zoe.invoice]) == Unavailable()


def test_a_service_that_is_down_concludes_nothing(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = zoe.start().payment_id
    pay(zoe, payment_id)

    def down(_operation: str) -> Verified:
        raise UnreachableError

    provider = online.current()
    assert provider is not None
    with monkeypatch.context() as patch:
        patch.setattr(provider, "ask", down)
        said = f"idop={zoe.operation(payment_id)}"
        assert payments.notified(said, address="192.0.2.1") is Notice.UNANSWERED
        clock.advance(timedelta(hours=5))
        assert payments.follow_open() == 1
        assert payments.follow_open() == 0  # a minute later
        assert zoe.state(payment_id) is S.SENT
    clock.advance(timedelta(minutes=1))
    assert payments.follow_open() == 1
    assert zoe.state(payment_id) is S.PAID


def test_a_crash_before_the_bank_is_asked_frees_the_invoice(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = online.current()
    assert provider is not None

    def crash(_order: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(provider, "prepare", crash)
        payments.start(zoe.actor, [zoe.invoice])
    (view,) = payments.mine(zoe.actor)
    assert view.state is S.CREATED
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), InProgress)
    clock.advance(timedelta(minutes=5))
    assert payments.follow_open() == 1
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), Started)


def test_a_town_without_a_bank_takes_no_payment(zoe: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(online, "current", lambda: None)
    assert payments.start(zoe.actor, [zoe.invoice]) == Closed()
    assert payments.notified("idop=abcdefgh", address="192.0.2.1") is Notice.UNKNOWN


def test_a_town_that_has_changed_its_bank_lets_time_decide(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = zoe.start().payment_id
    monkeypatch.setattr(online, "current", lambda: None)
    clock.advance(timedelta(minutes=30))
    payments.follow_open()
    assert zoe.state(payment_id) is S.SENT
    clock.advance(timedelta(hours=2))
    payments.follow_open()
    assert zoe.state(payment_id) is S.EXPIRED


# --- what is kept, and what is for agents


def test_every_step_is_kept_without_a_card_or_an_address(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    pay(zoe, payment_id)
    zoe.notify()
    assert zoe.history(payment_id) == [
        ("started", "created"),
        ("prepared", "sent"),
        ("notified", "paid"),
    ]
    with reading() as session:
        events = session.exec(select(PaymentEvent.facts).order_by("id")).all()
        row = session.get_one(Payment, payment_id)
    assert events[2]["resultrans"] == "P"
    assert events[2]["numauto"]
    assert "@" not in str(events)
    assert row.redirect is None
    assert row.look_at is None


def test_asking_in_vain_adds_no_line(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    for _ in range(5):
        clock.advance(timedelta(minutes=1))
        assert payments.follow_open() == 1
    assert len(zoe.history(payment_id)) == 2
    assert payments.refresh(zoe.actor, payment_id).state is S.SENT


def test_a_payment_of_another_amount_is_shown_to_the_regie_and_cleared(zoe: Home) -> None:
    demo_bank().set(Switches(amount=Amount.ONE_EURO_LESS))
    payment_id = zoe.start().payment_id
    pay(zoe, payment_id)
    zoe.notify()
    for actor in (zoe.actor, Actor(session_id=3, agent_id=1, roles=frozenset({Role.ENFANCE}))):
        with pytest.raises(Forbidden):
            payments.flagged(actor)
        with pytest.raises(Forbidden):
            payments.clear(actor, payment_id, "")
    agent = factories.agent("agent.regie", roles=[Role.REGIE])
    regie = Actor(session_id=3, agent_id=agent, roles=frozenset({Role.REGIE}))
    (one,) = payments.flagged(regie)
    assert (one.cents, one.paid_cents, one.problem) == (3_694, 3_594, Problem.AMOUNT)
    assert payments.clear(regie, payment_id, "Remboursé le 24 novembre.")
    assert not payments.clear(regie, payment_id, "encore")
    assert not payments.clear(regie, payment_id + 1_000, "")
    assert payments.flagged(regie) == ()
    assert [one.state for one in zoe.procedures()] == [ProcedureState.VALIDATED]
    assert isinstance(payments.start(zoe.actor, [zoe.invoice]), Started)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"cents": None}, Problem.AMOUNT),
        ({"reference": "AUTRE123"}, Problem.REFERENCE),
        ({"reference": None}, Problem.REFERENCE),
        ({}, None),
    ],
)
def test_what_the_bank_says_is_compared_with_what_was_asked(
    zoe: Home, change: dict[str, object], problem: Problem | None
) -> None:
    row = zoe.row(zoe.start().payment_id)
    values = {"cents": 3_694, "reference": row.reference, **change}
    said = Verified(row.operation or "", News.PAID, **values)  # type: ignore[arg-type]
    assert settle(row.id or 0, Heard.NOTIFIED, said) is (S.MISMATCH if problem else S.PAID)
    assert payments.payment(zoe.actor, row.id or 0).problem is problem


def test_a_test_card_pays_nothing_in_service(zoe: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    row = zoe.row(zoe.start().payment_id)
    said = Verified(row.operation or "", News.PAID, 3_694, row.reference, test=True)
    served = settings().model_copy(update={"mode": Mode.PRODUCTION})
    monkeypatch.setattr("portail.services.payments.settling.settings", lambda: served)
    assert settle(row.id or 0, Heard.NOTIFIED, said) is S.MISMATCH
    assert payments.payment(zoe.actor, row.id or 0).problem is Problem.TEST


def test_an_account_that_is_gone_leaves_its_payments(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    with writing() as session:
        session.delete(session.get_one(Account, zoe.account))
    pay(zoe, payment_id)
    zoe.notify()
    assert zoe.row(payment_id).state is S.PAID
    assert zoe.due() == 0
    assert zoe.mails() == []


def test_a_returning_browser_is_not_believed(zoe: Home) -> None:
    row = zoe.row(zoe.start().payment_id)
    found = payments.returned(row.reference, "idop=autre-operation&resultrans=P", address="x")
    assert found == row.id
    assert zoe.state(row.id or 0) is S.SENT
    assert payments.returned("INCONNUE1", "", address="x") is None


def test_a_notification_names_it_in_either_case(zoe: Home) -> None:
    provider = online.current()
    assert provider is not None
    for name in ("idop", "idOp"):
        assert provider.interpret(f"{name}=abcd-1234", notified=True) == Named("abcd-1234")


def test_an_invoice_keeps_its_amount(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    pay(zoe, payment_id)
    zoe.notify()
    with reading() as session:
        invoice = session.get_one(Invoice, zoe.invoice)
    assert (invoice.total_cents, invoice.paid_on) == (3_694, clock.today())


def test_the_bank_page_is_used_once(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    pay(zoe, payment_id)
    with pytest.raises(FunctionalError, match="P3"):
        pay(zoe, payment_id)
