"""A parent pays an invoice: the three steps, the bank, what becomes of it, and the books after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext, checked
from tests.e2e.helpers import invoices as bills
from tests.e2e.helpers.browser import Size, path_of, reload, visit
from tests.e2e.helpers.people import KARIM, ZOE, let_in
from tests.e2e.helpers.server import Server
from tests.e2e.test_axe import _in_every_light, axe
from tests.e2e.test_layout import _fits

__all__ = ["axe"]

AMOUNT = "36,94\u00a0€"


@pytest.fixture(scope="module")
def town(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal of these scenarios' own: what is in the books stays there."""
    yield from checked(Server(tmp_path_factory.mktemp("factures")))


@pytest.fixture
def zoe(town: Server, open_context: OpenContext, size: Size) -> Page:
    """Zoé's tab, and a bank that behaves."""
    context = open_context(town, size)
    let_in(context, town, ZOE)
    bills.set_bank(context, town)
    town.sql("DELETE FROM failure_count")
    return context.new_page()


@pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
def test_zoe_pays_through_the_three_steps(zoe: Page, town: Server) -> None:
    before = bills.owed(town)
    invoice = bills.new_invoice(town)
    mails = len(town.mails())
    visit(zoe, "/accueil")
    door = zoe.locator("main").get_by_role("link", name=re.compile("^Payer.*36,94")).last
    door.click()
    expect(zoe.get_by_role("heading", level=1)).to_have_text("Payer mes factures")
    bills.open_invoices(zoe, invoice)
    expect(bills.box(zoe, "36,94").and_(zoe.locator(f"#champ-facture-{invoice}"))).to_be_checked()
    bills.to_recap(zoe)
    expect(zoe.get_by_text(f"1 facture, total : {AMOUNT}".replace(" :", "\u00a0:"))).to_be_visible()
    bills.pay(zoe)
    expect(zoe.locator("[aria-current=step]")).to_contain_text("Mon paiement")
    expect(zoe.get_by_text(AMOUNT, exact=True)).to_be_visible()
    bills.at_bank(zoe)  # by itself
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "paid")
    expect(zoe.get_by_role("heading", name="Paiement accepté")).to_be_visible()
    mail = town.wait_for_mail(ZOE.email, "reçu de votre paiement", mails)
    assert "36,94 €" in mail.text
    visit(zoe, "/dossier")
    zoe.get_by_role("link", name=re.compile("^Paiement de 36,94")).first.click()
    zoe.get_by_role("link", name="Voir le paiement").click()
    bills.outcome(zoe, "paid")
    bills.settled(town, invoice, before, paid=True)


def test_what_is_ticked_survives_back_and_reload(zoe: Page, town: Server) -> None:
    first, second = bills.new_invoice(town, 2_000), bills.new_invoice(town, 1_550)
    bills.open_invoices(zoe, first, second)
    zoe.locator(f"#champ-facture-{first}").uncheck()
    expect(zoe.get_by_role("status").filter(has_text="1 facture, 15,50")).to_be_visible()
    reload(zoe)
    expect(zoe.locator(f"#champ-facture-{first}")).not_to_be_checked()
    expect(zoe.locator(f"#champ-facture-{second}")).to_be_checked()
    zoe.locator(f"#champ-facture-{first}").check()
    bills.to_recap(zoe)
    expect(zoe.get_by_text("35,50\u00a0€").first).to_be_visible()
    zoe.get_by_role("button", name=re.compile(r"^Retirer : .*20,00")).click()
    expect(zoe.get_by_text("total\u00a0: 15,50\u00a0€")).to_be_visible()
    reload(zoe)
    expect(zoe.get_by_text("total\u00a0: 15,50\u00a0€")).to_be_visible()
    zoe.go_back()
    expect(zoe.locator("[aria-current=step]")).to_contain_text("Mes factures")
    for one in (first, second):
        expect(zoe.locator(f"#champ-facture-{one}")).to_be_checked()
        zoe.locator(f"#champ-facture-{one}").uncheck()
    zoe.get_by_role("button", name="Étape suivante").click()
    expect(zoe.locator("#dit")).to_be_focused()
    expect(zoe.locator("#dit")).to_contain_text("Cochez d’abord au moins une facture")


def test_the_preparation_page_waits_when_it_is_asked_to(zoe: Page, town: Server) -> None:
    invoice = bills.new_invoice(town)
    bills.open_invoices(zoe, invoice)
    bills.to_recap(zoe)
    bills.pay(zoe)
    zoe.get_by_role("button", name="Rester sur cette page").click()
    expect(zoe.get_by_text("quand vous êtes prêt")).to_be_visible()
    zoe.wait_for_timeout(5_000)  # it would have left
    expect(zoe.get_by_role("heading", level=1)).to_have_text("Préparation du paiement")
    zoe.get_by_role("button", name="Effectuer le paiement").press("Enter")
    bills.at_bank(zoe)
    # who comes back from the bank's page is not sent there again
    zoe.go_back()
    expect(zoe.get_by_role("heading", level=1)).to_have_text("Préparation du paiement")
    expect(zoe.get_by_text("quand vous êtes prêt")).to_be_visible()
    expect(zoe.get_by_role("button", name="Rester sur cette page")).to_have_count(0)


def test_the_whole_walk_by_keyboard(zoe: Page, town: Server) -> None:
    before = bills.owed(town)
    invoice = bills.new_invoice(town)
    visit(zoe, "/facturation/payer?factures=aucune")
    zoe.locator(f"#champ-facture-{invoice}").focus()
    zoe.keyboard.press("Space")
    expect(zoe.get_by_role("status").filter(has_text=f"1 facture, {AMOUNT}")).to_be_visible()
    for name in ("Étape suivante", "Payer", "Effectuer le paiement"):
        zoe.get_by_role("button", name=name, exact=True).press("Enter")
    bills.at_bank(zoe)
    zoe.get_by_role("button", name="Payer", exact=True).press("Enter")
    bills.come_back(zoe)
    bills.outcome(zoe, "paid")
    bills.settled(town, invoice, before, paid=True)


def test_karim_sees_nothing_of_it(zoe: Page, town: Server, open_context: OpenContext) -> None:
    invoice = bills.begin(zoe, town)
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    number = bills.last_payment(town, invoice)
    context = open_context(town)
    let_in(context, town, KARIM)
    page = context.new_page()
    for address in (f"/facturation/paiement?n={number}", f"/facturation/preparation?n={number}"):
        visit(page, address)
        expect(page.get_by_role("heading", name="Introuvable")).to_be_visible()
        assert "36,94" not in page.content()
    visit(page, f"/facturation/payer?factures={invoice}&etape=2")
    expect(page.get_by_role("heading", name="Tout est payé")).to_be_visible()
    visit(page, "/facturation/historique?compte=1")
    expect(page).to_have_url(re.compile("/facturation/historique$"))
    assert path_of(page) == "/facturation/historique"


def test_every_step_is_accessible_and_fits(zoe: Page, town: Server, axe: str) -> None:
    """In both windows, light and dark; 320 px wide, and with text twice as big."""

    def look(what: str) -> None:
        _in_every_light(zoe, axe)
        _fits(zoe, what)

    invoice, other = bills.new_invoice(town), bills.new_invoice(town, 123_456)
    bills.open_invoices(zoe, invoice, other)
    look("the invoices")
    bills.to_recap(zoe)
    look("the recap")
    zoe.get_by_role("button", name=re.compile(r"^Retirer : .*1 ?234,56")).click()
    expect(zoe.get_by_text(f"1 facture, total\u00a0: {AMOUNT}")).to_be_visible()
    bills.pay(zoe)
    zoe.get_by_role("button", name="Rester sur cette page").click()
    look("the preparation")
    number = bills.last_payment(town, invoice)
    bank = zoe.context.new_page()
    bank.goto(zoe.url)
    bank.get_by_role("button", name="Effectuer le paiement").click()
    visit(zoe, f"/facturation/paiement?n={number}")
    bills.outcome(zoe, "waiting")
    look("what is not known yet")
    visit(zoe, "/facturation/payer")
    expect(zoe.get_by_text("Vous avez commencé à la payer").first).to_be_visible()
    look("an invoice being paid")
    visit(zoe, f"/facturation/paiement?n={number}")
    bills.choose(bank, "Refuser")
    bills.outcome(zoe, "again")
    look("a refusal")
    bills.open_invoices(zoe, invoice)
    bills.to_recap(zoe)
    bills.to_bank(zoe)
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "paid")
    look("what is paid")
    visit(zoe, "/facturation/historique")
    expect(zoe.get_by_role("table").first).to_be_visible()
    look("the statement of account")


def test_invoice_and_receipt_are_downloaded_by_the_family_alone(
    zoe: Page, town: Server, open_context: OpenContext
) -> None:
    bills.begin(zoe, town)
    bills.choose(zoe, "Payer")
    bills.come_back(zoe)
    bills.outcome(zoe, "paid")
    links = (
        zoe.get_by_role("link", name=re.compile("^Télécharger le reçu")),
        zoe.get_by_role("link", name=re.compile(r"^Télécharger \(PDF.*facture")),
    )
    context = open_context(town)
    let_in(context, town, KARIM)
    for link in links:
        with zoe.expect_download() as started:
            link.click()
        assert Path(started.value.path()).read_bytes().startswith(b"%PDF-")
        address = str(link.get_attribute("href"))
        assert context.request.get(f"{town.url}{address}").status == 404


def test_the_statement_of_account_is_narrowed_and_paged_by_its_address(
    zoe: Page, town: Server
) -> None:
    for cents in range(100, 125):
        bills.new_invoice(town, cents)
    owed = bills.owed(town)
    visit(zoe, "/facturation/historique")
    books = zoe.get_by_role("table").first
    whole = f"{owed // 100},{owed % 100:02d}\u00a0€"
    expect(zoe.get_by_text(f"Vous devez {whole} à la mairie.")).to_be_visible()
    expect(books.get_by_role("row")).to_have_count(21)
    zoe.get_by_role("button", name="Suivant").click()
    expect(zoe).to_have_url(re.compile(r"page=2"))
    expect(zoe.get_by_text("Page 2 sur")).to_be_visible()
    zoe.get_by_label("Opérations").select_option("Paiements et avoirs")
    expect(zoe).to_have_url(re.compile(r"type=paiements$"))
    expect(books.get_by_role("rowheader", name=re.compile("^Facture"))).to_have_count(0)
    zoe.go_back()
    expect(zoe.get_by_text("Page 2 sur")).to_be_visible()
    reload(zoe)
    expect(zoe.get_by_text("Page 2 sur")).to_be_visible()
