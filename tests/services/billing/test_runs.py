"""A month issued: what is on the invoices, what a change afterwards makes of the next month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import delete, select

from portail import clock
from portail.database import reading, writing
from portail.domain.absences import AbsenceState
from portail.domain.billing.charges import Why
from portail.domain.bookings import Held
from portail.domain.catalogue import Activity
from portail.domain.identity import Actor, Forbidden, Role
from portail.domain.notifications import Choice, Notification
from portail.models import Absence, FamilyChild, Invoice, InvoiceLine, LedgerEntry, OutboxMail
from portail.services.billing import accounts, adjustments, runs
from portail.services.billing import credits as notes
from portail.services.billing.adjustments import NewLine
from portail.services.billing.credits import Credited, TooMuch
from portail.services.billing.outcomes import AlreadyIssued, NotOver
from portail.services.catalogue import current
from portail.services.notifications.choices import choose
from tests import factories
from tests.billing import (
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    TARIFFS,
    TOWN,
    Home,
    home,
    issued,
    regie,
    town,
)
from tests.conftest import SetClock

pytestmark = pytest.mark.usefixtures("db")
MON, TUE, THU, FRI = (date(2026, 10, day) for day in (5, 6, 8, 9))


@pytest.fixture
def zoe(db: None) -> Home:
    town()
    return home()


def test_an_invoice_for_each_regie_with_a_line_a_price(zoe: Home) -> None:
    for day in (MON, TUE):
        zoe.book("MATIN", day)
        zoe.book("REPAS", day)
    zoe.book("MATIN", THU, Held.BOOKED)  # nobody said whether it came: it is due
    issued(OCTOBER)
    assert zoe.papers() == [("invoice", "CANTINE", 666), ("invoice", "enfance", 1_050)]
    assert zoe.lines(0) == [("Repas", 2, 333)]
    assert zoe.lines(1) == [("Matin", 3, 350)]
    assert zoe.due() == zoe.balance() == 1_716
    with reading() as session:
        canteen, care = session.exec(select(Invoice).order_by(Invoice.regie)).all()
        lines = {line.invoice_id: line for line in session.exec(select(InvoiceLine))}
    assert (canteen.number, care.number) == ("CANTINE-2026-000001", "2026-000001")
    assert (care.quotient, canteen.quotient) == ("Quotient 850", "Quotient 850")
    assert (care.debtor_name, care.debtor_address) == (
        "Zoé Pinceau",
        "12 rue des Lilas\nVillejuif",
    )
    assert (care.period_on, care.issued_on, care.due_on) == (
        OCTOBER,
        date(2026, 11, 23),
        date(2026, 12, 23),
    )
    matin = lines[care.id or 0]
    assert (matin.child_name, matin.activity, matin.childcare) == ("Nora", "Accueil", True)
    assert (matin.first_on, matin.last_on) == (MON, THU)
    assert not lines[canteen.id or 0].childcare


def test_what_became_of_a_booking_is_what_it_costs(zoe: Home) -> None:
    zoe.book("MATIN", MON, Held.ABSENT_UNJUSTIFIED, late=100)
    zoe.book("MATIN", TUE, late=175)
    zoe.book("MATIN", THU, Held.WAITING)
    zoe.book("MATIN", FRI, Held.REQUESTED)
    zoe.cancel(zoe.book("MATIN", date(2026, 10, 12)))
    zoe.cancel(zoe.book("MATIN", date(2026, 10, 13)), kept=140)
    zoe.book("GRATUIT", MON)
    zoe.book("GRATUIT", TUE, told=250)  # told when it was booked, the tariff is gone since
    issued(OCTOBER)
    assert sorted(zoe.lines()) == [
        ("Gratuit", 1, 250),
        ("Matin", 1, 350),
        ("Matin – absence non justifiée", 1, 175),
        ("Matin – annulation tardive", 1, 140),
        ("Matin – majoration, réservation tardive", 1, 50),  # half, like the price
        ("Matin – majoration, réservation tardive", 1, 175),
    ]
    assert zoe.balance() == 250 + 350 + 175 + 140 + 50 + 175


def test_only_the_first_day_of_a_justified_absence_is_due(zoe: Home) -> None:
    for day in (MON, TUE, THU):
        zoe.book("MATIN", day, Held.ABSENT_JUSTIFIED)
    with writing() as session:
        session.add(
            Absence(
                family_id=zoe.family,
                child_id=zoe.children[0],
                first_on=MON,
                last_on=THU,
                state=AbsenceState.JUSTIFIED,
                told_at=clock.now(),
            )
        )
    issued(OCTOBER)
    assert zoe.lines() == [("Matin – absence, premier jour dû", 1, 350)]


def test_the_price_is_that_of_the_day_of_the_service(zoe: Home, set_clock: SetClock) -> None:
    zoe.book("MATIN", date(2026, 10, 30 - 14), told=999)
    zoe.book("MATIN", date(2026, 11, 5), told=999)
    issued(OCTOBER)
    assert zoe.lines() == [("Matin", 1, 350)]
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert zoe.lines() == [("Matin", 1, 400)]


def test_brothers_and_sisters_pay_less_and_the_invoice_says_so(db: None) -> None:
    town()
    ben = home(2)
    ben.book("MATIN", MON)
    ben.book("MATIN", MON, child=1)
    issued(OCTOBER)
    assert ben.lines() == [
        ("Matin", 1, 350),
        ("Matin – réduction fratrie (2e\u00a0enfant)", 1, 315),
    ]


def test_a_month_and_packages_are_due_whole(zoe: Home) -> None:
    zoe.book("MOIS", MON)
    zoe.book("MOIS", TUE, Held.ABSENT_JUSTIFIED)
    for day in (MON, TUE, THU):
        zoe.book("CARNET", day)
    for day in (MON, TUE, THU, FRI):
        zoe.book("SEMAINE", day)
    issued(OCTOBER)
    assert sorted(zoe.lines()) == [
        ("Carnet – forfait d’octobre 2026", 1, 1_600),
        ("Mois – forfait d’octobre 2026", 1, 4_000),
        ("Semaine – forfait du 5 au 11 octobre", 1, 6_000),
    ]


def test_a_package_that_ends_next_month_is_billed_once_and_corrected(
    zoe: Home, set_clock: SetClock
) -> None:
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 4)]
    booked = [zoe.book("SEMAINE", day) for day in days]
    month = [zoe.book("MOIS", days[0]), zoe.book("MOIS", date(2026, 11, 5))]
    set_clock("2026-12-02T09:00")
    issued(NOVEMBER)
    assert zoe.balance() == 10_000
    for one in (*booked, month[1]):
        zoe.cancel(one)
    set_clock("2027-01-02T09:00")
    issued(date(2026, 12, 1))
    # nothing is left of the week; the month, even for a day, stays due
    assert zoe.papers()[1:] == [("credit_note", "enfance", 6_000)]
    assert zoe.balance() == 4_000
    zoe.cancel(month[0])
    set_clock("2027-02-02T09:00")
    issued(date(2027, 1, 1))
    assert zoe.balance() == 0


def test_what_is_paid_beforehand_is_billed_with_the_month_before(zoe: Home) -> None:
    zoe.book("AVANCE", date(2026, 11, 30), Held.BOOKED)
    zoe.book("MATIN", date(2026, 11, 30), Held.BOOKED)
    issued(OCTOBER)
    assert zoe.lines() == [("À l’avance, novembre 2026\u00a0: Avance", 1, 1_200)]
    with reading() as session:
        (one,) = session.exec(select(Invoice)).all()
    assert one.due_on == date(2026, 11, 29)


# --- what changes once it is issued ------------------------------------------------------------


def test_an_absence_justified_afterwards_is_credited_on_its_invoice(
    zoe: Home, set_clock: SetClock
) -> None:
    booked = [zoe.book("REPAS", day) for day in (MON, TUE)]
    issued(OCTOBER)
    zoe.became(booked[0], Held.ABSENT_JUSTIFIED)
    late = zoe.book("REPAS", THU)  # noted after the issue
    zoe.book("REPAS", date(2026, 11, 3))
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert zoe.papers()[1:] == [("credit_note", "CANTINE", 333), ("invoice", "CANTINE", 666)]
    assert zoe.lines(1) == [
        ("Régularisation d’octobre 2026\u00a0: Repas – absence justifiée", 1, 333)
    ]
    assert zoe.lines(2) == [
        ("Régularisation d’octobre 2026\u00a0: Repas", 1, 333),
        ("Repas", 1, 333),
    ]
    assert zoe.due() == zoe.balance() == 3 * 333
    # it came after all: due again
    zoe.became(booked[0], Held.ATTENDED)
    zoe.cancel(late)
    set_clock("2027-01-04T09:00")
    issued(date(2026, 12, 1))
    assert zoe.papers()[3:] == [("credit_note", "CANTINE", 333), ("invoice", "CANTINE", 333)]
    assert zoe.due() == zoe.balance() == 3 * 333
    set_clock("2027-02-01T09:00")
    assert issued(date(2027, 1, 1)).totals.families == 0


def test_a_credit_on_a_paid_invoice_pays_for_the_next_one(zoe: Home, set_clock: SetClock) -> None:
    booked = [zoe.book("MATIN", day) for day in (MON, TUE)]
    issued(OCTOBER)
    factories.pay(zoe.invoices()[0], 700)
    zoe.became(booked[0], Held.ABSENT_UNJUSTIFIED)
    zoe.cancel(booked[1])
    for day in (3, 5):
        zoe.book("MATIN", date(2026, 11, day))
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    # the missed morning is given back, and billed as an absence
    assert zoe.papers()[1:] == [("credit_note", "enfance", 700), ("invoice", "enfance", 975)]
    assert zoe.due() == zoe.balance() == 800 - 525


def test_prices_that_change_later_do_not_touch_what_was_issued(
    zoe: Home, set_clock: SetClock
) -> None:
    zoe.book("REPAS", MON)
    issued(OCTOBER)
    factories.quotient(zoe.family, 10_000, valid_from=date(2026, 9, 15))
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert len(zoe.papers()) == 1


def test_a_catalogue_of_another_year_does_not_forget_what_was_used(zoe: Home) -> None:
    zoe.book("MATIN", MON)
    town(replace(TOWN, activities=(Activity("X", "X", "garde", TOWN.activities[0].season, ()),)))
    assert "MATIN" not in current().rulebook.slots
    issued(OCTOBER)
    assert zoe.lines() == [("Matin", 1, 350)]
    with reading() as session:
        (line,) = session.exec(select(InvoiceLine)).all()
    assert (line.activity, line.childcare) == ("Accueil", True)


def test_a_child_who_left_the_file_is_billed_at_the_price_told(zoe: Home) -> None:
    zoe.book("MATIN", MON, told=350)
    with writing() as session:
        session.execute(delete(FamilyChild))
    issued(OCTOBER)
    assert zoe.lines() == [("Matin", 1, 350)]
    with reading() as session:
        (line,) = session.exec(select(InvoiceLine)).all()
    assert line.child_name == "Nora"


def test_two_households_of_a_child_each_owe_what_they_booked(zoe: Home) -> None:
    other = home()
    factories.share(zoe.children[0], other.family)
    other.children = zoe.children
    zoe.book("MATIN", MON)
    other.book("MATIN", TUE)
    issued(OCTOBER)
    assert (zoe.balance(), other.balance()) == (350, 350)


# --- lines by hand, opening balance, credits of agents -----------------------------------------


def test_lines_of_agents_are_billed_once(zoe: Home, set_clock: SetClock) -> None:
    actor = regie()
    zoe.book("MATIN", MON)
    adjustments.add_line(actor, zoe.family, NewLine("Retard du 6 octobre", 1_500, OCTOBER))
    adjustments.add_line(actor, zoe.family, NewLine("Geste", -150, OCTOBER, reason="erreur"))
    later = adjustments.add_line(actor, zoe.family, NewLine("Sortie", 800, NOVEMBER))
    gone = adjustments.add_line(actor, zoe.family, NewLine("Erreur", 99, OCTOBER))
    assert adjustments.remove_line(actor, gone)
    issued(OCTOBER)
    assert zoe.lines() == [("Matin", 1, 350), ("Retard du 6 octobre", 1, 1_500), ("Geste", 1, -150)]
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert zoe.lines() == [("Sortie", 1, 800)]
    assert not adjustments.remove_line(actor, later)


def test_a_gesture_larger_than_the_month_is_a_credit_note(zoe: Home) -> None:
    zoe.book("MATIN", MON)
    adjustments.add_line(regie(), zoe.family, NewLine("Geste", -1_000, OCTOBER))
    found = runs.preview(regie(), OCTOBER).totals
    assert found.anomalies[Why.NEGATIVE] == 1
    issued(OCTOBER)
    assert zoe.papers() == [("credit_note", "enfance", 1_000), ("invoice", "enfance", 350)]
    assert (zoe.due(), zoe.balance()) == (0, -650)


def test_the_opening_balance_is_paid_first(zoe: Home) -> None:
    actor = regie()
    zoe.book("MATIN", MON)
    day = date(2026, 9, 1)
    accounts.open_balance(actor, zoe.family, 500, day, "Solde au 1er septembre")
    assert accounts.open_balance(actor, zoe.family, 1, day, "x") == accounts.AlreadyOpened()
    issued(OCTOBER)
    assert (zoe.balance(), zoe.due()) == (850, 350)
    received = accounts.receive(actor, zoe.family, 400, day, "Chèque 1")
    assert (received.left_cents, zoe.due(), zoe.balance()) == (50, 0, 450)
    # what is too much goes to what was owed before
    assert accounts.refund(actor, zoe.family, 1, day, "x") == accounts.NotEnough(0)


def test_a_balance_in_favour_of_the_family_pays_its_invoice_and_the_rest_is_given_back(
    zoe: Home,
) -> None:
    actor, day = regie(), date(2026, 9, 1)
    zoe.book("MATIN", MON)
    accounts.open_balance(actor, zoe.family, -500, day, "Avoir")
    issued(OCTOBER)
    assert (zoe.balance(), zoe.due()) == (-150, 0)
    assert accounts.refund(actor, zoe.family, 151, day, "Virement") == accounts.NotEnough(150)
    assert isinstance(accounts.refund(actor, zoe.family, 150, day, "Virement"), accounts.Written)
    assert zoe.balance() == 0


def test_an_agent_credits_part_of_an_invoice_never_more_than_it(zoe: Home) -> None:
    actor = regie()
    zoe.book("MATIN", MON)
    issued(OCTOBER)
    (invoice,) = zoe.invoices()
    made = notes.credit(actor, invoice, "Erreur de tarif", 100, "tarif")
    assert isinstance(made, Credited)
    assert notes.credit(actor, invoice, "x", 251, "x") == TooMuch(250)
    assert notes.cancel(actor, invoice, "x") == TooMuch(250)
    assert (zoe.due(), zoe.balance()) == (250, 250)
    with reading() as session:
        note = session.get_one(Invoice, made.id)
    assert (note.credits_invoice_id, note.reason, note.agent_id) == (
        invoice,
        "tarif",
        actor.agent_id,
    )


@pytest.mark.parametrize("again", [True, False])
def test_a_cancelled_invoice_is_billed_again_if_asked(
    zoe: Home, set_clock: SetClock, again: bool
) -> None:
    actor = regie()
    zoe.book("MATIN", MON, late=50)
    zoe.book("MOIS", MON)
    issued(OCTOBER)
    assert isinstance(
        notes.cancel(actor, zoe.invoices()[0], "mauvais dossier", bill_again=again), Credited
    )
    assert zoe.balance() == zoe.due() == 0
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert zoe.balance() == zoe.due() == (4_400 if again else 0)


# --- the run -----------------------------------------------------------------------------------


def test_a_preview_says_what_the_run_does_and_writes_nothing(zoe: Home) -> None:
    zoe.book("MATIN", MON)
    zoe.book("MATIN", TUE, Held.BOOKED)
    zoe.book("MATIN", THU, Held.REQUESTED)
    poor = home(quotient=None, address=False)
    poor.book("REPAS", MON)
    poor.book("MATIN", MON)
    factories.family("SANS COMPTE")
    actor = regie()
    found = runs.preview(actor, OCTOBER)
    assert zoe.papers() == poor.papers() == []
    assert (found.totals.families, found.totals.invoiced_cents) == (2, 1_050)
    assert dict(found.totals.anomalies) == {Why.NO_PRICE: 1, Why.NO_ADDRESS: 1}
    assert {(one.slot, one.count, one.approval) for one in found.unanswered} == {
        ("Matin", 1, False),
        ("Matin", 1, True),
    }
    made = issued(OCTOBER, actor)
    assert made.totals.invoices == found.totals.invoices
    assert made.totals.activities == found.totals.activities
    assert runs.preview(actor, OCTOBER).issued


def test_what_had_no_price_is_billed_once_it_has_one(db: None, set_clock: SetClock) -> None:
    town()
    poor = home(quotient=None)
    poor.book("REPAS", MON)
    issued(OCTOBER)
    assert poor.papers() == []
    factories.quotient(poor.family, 85_000)
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert poor.lines() == [("Régularisation d’octobre 2026\u00a0: Repas", 1, 333)]


def test_months_before_the_first_one_issued_are_not_looked_at(zoe: Home) -> None:
    zoe.book("MATIN", date(2026, 9, 15))
    issued(OCTOBER)
    assert zoe.papers() == []
    issued(SEPTEMBER)
    assert zoe.lines() == [("Matin", 1, 350)]


def test_a_month_is_issued_once_when_it_is_over_and_by_the_regie(zoe: Home) -> None:
    zoe.book("MATIN", MON)
    actor = regie()
    issued(OCTOBER, actor)
    assert runs.issue_month(actor, OCTOBER) == AlreadyIssued(OCTOBER, date(2026, 11, 23))
    assert runs.issue_month(actor, NOVEMBER) == NotOver(NOVEMBER)
    assert issued(NOVEMBER, actor, before_end=True).totals.families == 0
    assert len(zoe.papers()) == 1
    for who in (
        Actor(1, account_id=zoe.account),
        Actor(1, agent_id=1, roles=frozenset({Role.ENFANCE})),
    ):
        for act in (runs.preview, runs.issue_month):
            with pytest.raises(Forbidden):
                act(who, OCTOBER)


def test_each_account_is_told_once_unless_it_said_no(zoe: Home) -> None:
    zoe.book("MATIN", MON)
    zoe.book("REPAS", MON)
    other = factories.account(email="paul@example.org")
    factories.join_family(other, zoe.family)
    silent = factories.account(email="muette@example.org")
    factories.join_family(silent, zoe.family)
    choose(Actor(1, account_id=silent), {Notification.INVOICES: Choice.NEVER})
    issued(OCTOBER)
    with reading() as session:
        mails = session.exec(select(OutboxMail).where(OutboxMail.kind == "invoice_issued")).all()
    assert len(mails) == 2
    (mail,) = [one for one in mails if one.recipient == "paul@example.org"]
    assert "/facturation/payer" in mail.text
    assert "Facture 2026-000001\u00a0: 3,50\u00a0€" in mail.text
    assert "Facture CANTINE-2026-000001\u00a0: 3,33\u00a0€" in mail.text
    assert "6,83\u00a0€ à payer, au plus tard le 23/12/2026" in mail.text


def test_nothing_in_the_books_is_without_an_invoice_or_a_payment(zoe: Home) -> None:
    zoe.book("MATIN", MON)
    issued(OCTOBER)
    with reading() as session:
        (entry,) = session.exec(select(LedgerEntry)).all()
    assert (entry.label, entry.debit_cents, entry.regie) == ("Facture 2026-000001", 350, "enfance")


def test_the_town_of_these_tests_has_the_prices_it_says() -> None:
    assert {slot.tariff for activity in TOWN.activities for slot in activity.slots} - {""} == set(
        TARIFFS
    )
