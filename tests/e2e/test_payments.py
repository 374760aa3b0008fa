"""What becomes of a payment: at the bank, in two tabs, of two parents, and in the books after."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers import invoices as bills
from tests.e2e.helpers.browser import PHONE, visit, watch
from tests.e2e.helpers.people import MARC, let_in
from tests.e2e.helpers.server import Server
from tests.e2e.test_invoices import town, zoe

__all__ = ["town", "zoe"]


@pytest.mark.parametrize(
    ("button", "title"),
    [("Refuser", "Paiement refusé"), ("Abandonner", "Paiement abandonné")],
)
def test_what_is_not_paid_can_be_tried_again(
    button: str, title: str, zoe: Page, town: Server
) -> None:
    before = bills.owed(town)
    invoice = bills.begin(zoe, town)
    bills.choose(zoe, button)
    bills.come_back(zoe)
    bills.outcome(zoe, "again")
    expect(zoe.get_by_role("heading", name=title)).to_be_visible()
    bills.settled(town, invoice, before, paid=False)
    zoe.get_by_role("link", name="Réessayer").click()
    expect(zoe.locator("[aria-current=step]")).to_contain_text("Mon récapitulatif")
    bills.to_bank(zoe)
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "paid")
    bills.settled(town, invoice, before, paid=True)


def test_the_browser_is_closed_at_the_bank_and_the_notification_settles(
    zoe: Page, town: Server
) -> None:
    before = bills.owed(town)
    invoice = bills.begin(zoe, town)
    bills.choose(zoe, "Payer")
    context = zoe.context
    zoe.close()
    page = context.new_page()
    visit(page, f"/facturation/paiement?n={bills.last_payment(town, invoice)}")
    bills.outcome(page, "paid")
    bills.settled(town, invoice, before, paid=True)


def test_a_lost_notification_and_no_return_are_found_by_the_background_task(
    zoe: Page, town: Server
) -> None:
    bills.set_bank(zoe.context, town, notices="dropped")
    before = bills.owed(town)
    invoice = bills.begin(zoe, town)
    number = bills.last_payment(town, invoice)
    bank = zoe.url
    # the other tab waits for the outcome, and is not reloaded
    waiting = zoe.context.new_page()
    visit(waiting, f"/facturation/paiement?n={number}")
    bills.outcome(waiting, "waiting")
    assert bills.states(town, invoice) == ["sent"]
    zoe.goto(bank)
    bills.choose(zoe, "Payer")
    zoe.close()
    # as if the minute had passed
    town.sql("UPDATE payment SET look_at = '2020-01-01 00:00:00.000000' WHERE id = ?", number)
    bills.outcome(waiting, "paid", within=bills.BACKGROUND_MS)
    bills.settled(town, invoice, before, paid=True)


@pytest.mark.parametrize("notices", ["at_once", "delayed", "dropped", "repeated", "reordered"])
def test_notifications_as_they_come(notices: str, zoe: Page, town: Server) -> None:
    """Before the return, after it, never, three times, in another order."""
    bills.set_bank(zoe.context, town, notices=notices)
    before = bills.owed(town)
    invoice = bills.begin(zoe, town)
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "paid")
    bills.set_bank(zoe.context, town)  # what was held goes now
    assert bills.states(town, invoice) == ["paid"]
    bills.settled(town, invoice, before, paid=True)


def test_the_outcome_comes_by_itself_when_the_bank_did_not_know_it(zoe: Page, town: Server) -> None:
    bills.set_bank(zoe.context, town, notices="dropped", answer="unknown")
    before = bills.owed(town)
    invoice = bills.begin(zoe, town)
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "waiting")
    bills.settled(town, invoice, before, paid=False)
    # nobody can pay it meanwhile, and the page says why
    other = zoe.context.new_page()
    visit(other, "/facturation/payer")
    expect(other.get_by_text("Vous avez commencé à la payer").first).to_be_visible()
    expect(other.locator(f"#champ-facture-{invoice}")).to_have_count(0)
    bills.set_bank(zoe.context, town)
    number = bills.last_payment(town, invoice)
    town.sql("UPDATE payment SET look_at = '2020-01-01 00:00:00.000000' WHERE id = ?", number)
    bills.outcome(zoe, "paid", within=bills.BACKGROUND_MS)
    bills.settled(town, invoice, before, paid=True)


def test_another_amount_is_shown_to_the_town_and_applied_to_nothing(
    zoe: Page, town: Server
) -> None:
    bills.set_bank(zoe.context, town, amount="one_euro_less")
    before = bills.owed(town)
    invoice = bills.begin(zoe, town)
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "checked")
    expect(zoe.get_by_text("ne payez pas une seconde fois")).to_be_visible()
    bills.settled(town, invoice, before, paid=False)
    visit(zoe, f"/facturation/payer?factures={invoice}&etape=2")
    expect(zoe.get_by_text("La mairie le vérifie").first).to_be_visible()
    expect(zoe.locator(f"#champ-facture-{invoice}")).to_have_count(0)


def test_an_unknown_operation_changes_nothing(zoe: Page, town: Server) -> None:
    before = bills.owed(town)
    answer = zoe.context.request.post(f"{town.url}/paiement/notification?idop=inconnue")
    assert answer.status == 404
    assert bills.owed(town) == before


def test_a_double_click_begins_one_payment(zoe: Page, town: Server) -> None:
    before = bills.owed(town)
    invoice = bills.new_invoice(town)
    bills.open_invoices(zoe, invoice)
    bills.to_recap(zoe)
    zoe.get_by_role("button", name="Payer", exact=True).dblclick()
    expect(zoe.get_by_role("heading", level=1)).to_have_text("Préparation du paiement")
    bills.at_bank(zoe)
    assert bills.states(town, invoice) == ["sent"]
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "paid")
    bills.settled(town, invoice, before, paid=True)


def test_two_tabs_pay_once(zoe: Page, town: Server) -> None:
    before = bills.owed(town)
    invoice = bills.new_invoice(town)
    tabs = [zoe, zoe.context.new_page()]
    for tab in tabs:
        bills.open_invoices(tab, invoice)
        bills.to_recap(tab)
    for tab in tabs:  # the second takes up the first one's payment
        bills.to_bank(tab)
    assert bills.states(town, invoice) == ["sent"]
    bills.choose(tabs[0], "Payer")
    watch(tabs[1]).allow("status of 410")  # the bank says that it has been used
    tabs[1].get_by_role("button", name="Payer", exact=True).click()
    expect(tabs[1].get_by_role("heading", level=1)).to_have_text("Paiement impossible")
    bills.come_back(tabs[0])
    bills.outcome(tabs[0], "paid")
    assert bills.states(town, invoice) == ["paid"]
    bills.settled(town, invoice, before, paid=True)


def test_both_parents_at_once_pay_once(zoe: Page, town: Server, open_context: OpenContext) -> None:
    before = bills.owed(town)
    invoice = bills.new_invoice(town)
    bills.make_parent_of(town, MARC)
    context = open_context(town, PHONE)
    let_in(context, town, MARC)
    marc = context.new_page()
    for page in (zoe, marc):
        bills.open_invoices(page, invoice)
        bills.to_recap(page)
    bills.to_bank(zoe)
    marc.get_by_role("button", name="Payer", exact=True).click()
    told = marc.locator("#dit")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Un autre responsable du dossier a commencé à la payer")
    told.get_by_role("link", name="Voir où en est ce paiement").click()
    bills.outcome(marc, "waiting")
    bills.choose(zoe, "Payer")
    bills.outcome(marc, "paid")  # unasked
    expect(marc.locator(".phonebar .count")).to_have_count(0 if before == 0 else 1)
    bills.settled(town, invoice, before, paid=True)


def test_what_is_being_paid_does_not_keep_the_rest_from_being_paid(zoe: Page, town: Server) -> None:
    held, other = bills.begin(zoe, town), bills.new_invoice(town, 1_700)
    page = zoe.context.new_page()
    # an address of yesterday's, which names both
    visit(page, f"/facturation/payer?etape=2&factures={held},{other}")
    expect(page.get_by_text("1 facture, total\u00a0: 17,00\u00a0€")).to_be_visible()
    bills.to_bank(page)
    bills.choose(page, "Payer")
    bills.come_back(page)
    bills.outcome(page, "paid")
    assert (bills.left(town, other), bills.left(town, held)) == (0, 3_694)
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "paid")
    assert bills.left(town, held) == 0


def test_one_who_pays_what_another_tab_has_paid_is_told_so(zoe: Page, town: Server) -> None:
    invoice = bills.new_invoice(town)
    late = zoe.context.new_page()
    for page in (zoe, late):
        bills.open_invoices(page, invoice)
        bills.to_recap(page)
    bills.to_bank(zoe)
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "paid")
    late.get_by_role("button", name="Payer", exact=True).click()
    expect(late.locator("#dit")).to_be_focused()
    expect(late.locator("#dit")).to_contain_text("C’est déjà payé")
    assert bills.states(town, invoice) == ["paid"]
