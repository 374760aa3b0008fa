"""The planning: the walk of the reference screens, and what each cell says and does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import PHONE, Size, path_of, reload, visit
from tests.e2e.helpers.people import ZOE, let_in, sign_in
from tests.e2e.helpers.planning import (
    VALIDATION,
    cell,
    child_id,
    dock,
    fixed,
    forget_changes,
    line,
    open_planning,
    pending,
    title,
)
from tests.e2e.helpers.server import Server
from tests.e2e.test_axe import _in_every_light, axe  # noqa: F401  (a fixture)
from tests.e2e.test_layout import _fits

both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
SOIR_7 = "Nora, soir, lundi 7 décembre"
MAX_MOVED = 0.02  # cumulative layout shift
MAX_FRAME = 14_000  # bytes of the month of a child


@pytest.fixture
def context(open_context: OpenContext, school: Server, size: Size) -> BrowserContext:
    """Zoé's browser, nothing pending."""
    forget_changes(school)
    context = open_context(school, size)
    let_in(context, school)
    return context


def go_to_month(page: Page, school: Server, size: Size, name: str, day: str) -> None:
    """With the arrows; on a phone a week at a time, so by the address."""
    if size == PHONE:
        query = path_of(page).split("?")[1]
        visit(page, f"/planning?{re.sub('jour=[0-9-]+', f'jour={day}', query)}")
        return
    page.get_by_role("link", name="Période suivante").click()
    expect(title(page)).to_contain_text(name)


def begin_to_edit(page: Page) -> None:
    """«Modifier», and the boxes can be clicked."""
    page.get_by_role("link", name="Modifier", exact=True).click()
    expect(page.get_by_role("link", name="Valider", exact=True)).to_be_visible()


@both_sizes
def test_the_walk_over_three_months_and_two_children(
    school: Server, context: BrowserContext, size: Size
) -> None:
    page = context.new_page()
    visit(page, "/planning")
    expect(title(page)).to_contain_text("Tous les enfants")
    page.get_by_role("navigation", name="Famille").get_by_role("link", name="Nora").click()
    expect(title(page)).to_contain_text("Nora")
    expect(page.get_by_text("Coût de la période").first).to_be_visible()
    # December
    go_to_month(page, school, size, "décembre 2026", "2026-12-07")
    begin_to_edit(page)
    # a phone has no room for these words: the dock says it
    expect(page.get_by_text("Modification en cours")).to_be_visible(visible=size != PHONE)
    cell(page, SOIR_7).click()
    expect(dock(page)).to_contain_text("1 réservation en attente")
    expect(dock(page)).to_contain_text("0 annulation en attente")
    page.get_by_role("link", name="Valider", exact=True).click()
    expect(page.get_by_role("link", name="Terminer les modifications")).to_be_visible()
    # January, still pending
    go_to_month(page, school, size, "janvier 2027", "2027-01-11")
    begin_to_edit(page)
    cell(page, "Nora, repas, lundi 11 janvier").click()
    expect(dock(page)).to_contain_text("2 réservations en attente")
    # February, and the other child: the edit mode goes along
    go_to_month(page, school, size, "février 2027", "2027-02-22")
    page.get_by_role("navigation", name="Famille").get_by_role("link", name="Christopher").click()
    expect(title(page)).to_contain_text("Christopher")
    cell(page, "Christopher, matin, lundi 22 février").click()
    expect(dock(page)).to_contain_text("3 réservations en attente")
    page.get_by_role("link", name="Valider et terminer").click()
    expect(title(page)).to_have_text("Validation des modifications")
    expect(line(page, "Lundi 7 décembre", "Soir", "Réservation", "3,96")).to_have_count(1)
    expect(line(page, "Lundi 11 janvier", "Repas", "Réservation")).to_have_count(1)
    expect(line(page, "Lundi 22 février", "Matin", "Réservation")).to_have_count(1)
    # one line is removed, and the way back keeps the rest
    line(page, "Lundi 11 janvier").get_by_role("button", name="Retirer").click()
    expect(line(page, "Lundi 11 janvier")).to_have_count(0)
    page.get_by_role("link", name="Retour", exact=True).click()
    expect(dock(page)).to_contain_text("2 réservations en attente")
    page.get_by_role("link", name="Valider et terminer").click()
    mails = len(school.mails())
    finish = page.get_by_role("button", name="Terminer")
    finish.dblclick()
    expect(page.get_by_role("heading", name="C’est fait", exact=True)).to_be_visible()
    expect(line(page, "Lundi 7 décembre", "Réservé")).to_have_count(1)
    expect(line(page, "Lundi 22 février", "Réservé")).to_have_count(1)
    assert pending(school) == set()
    assert "Soir" in school.wait_for_mail(ZOE.email, "", mails).text
    calendar = page.get_by_role("link", name=re.compile("agenda")).get_attribute("href")
    answer = context.request.get(f"{school.url}{calendar}")
    assert answer.status == 200
    assert "BEGIN:VEVENT" in answer.text()
    page.get_by_role("link", name="Voir la démarche").click()
    expect(page.get_by_role("heading", name="Réservations et annulations")).to_be_visible()
    expect(line(page, "Lundi 7 décembre", "Réservé")).to_have_count(1)
    # for the next window
    school.sql("DELETE FROM reservation WHERE day IN ('2026-12-07', '2027-02-22')")


def test_a_cell_says_everything_and_does_nothing_while_one_reads(
    school: Server, context: BrowserContext
) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-03")
    box = cell(page, SOIR_7)
    expect(box).to_have_accessible_name(
        f"{SOIR_7}, libre, 3,96\u00a0€, modifiable jusqu’au lundi 7 décembre à 9\u00a0h"
    )
    box.click()
    expect(box).not_to_be_checked()
    expect(box).to_have_attribute("aria-readonly", "true")
    tip = page.get_by_role("tooltip")
    expect(tip).to_contain_text("3,96")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(fixed(page, "Nora, soir, mercredi 9 décembre")).to_have_accessible_name(
        re.compile("fermé")
    )
    assert pending(school) == set()
    head = page.get_by_role("columnheader", name="lundi 7 décembre")
    expect(head).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("^Soir"))).to_be_visible()


def test_the_tooltip_can_be_reached_by_the_pointer(school: Server, context: BrowserContext) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-03")
    cell(page, SOIR_7).hover()
    tip = page.get_by_role("tooltip")
    expect(tip).to_be_visible()
    tip.hover()
    expect(tip).to_be_visible()
    title(page).hover()
    expect(tip).to_be_hidden()


def test_everything_shown_is_in_the_address_and_back_works(
    school: Server, context: BrowserContext
) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-03")
    page.get_by_role("link", name="Semaine", exact=True).click()
    expect(title(page)).to_have_text("Nora\u00a0: du 30 novembre au 6 décembre 2026")
    page.get_by_role("link", name="Période suivante").click()
    expect(title(page)).to_have_text("Nora\u00a0: du 7 au 13 décembre 2026")
    assert "vue=semaine" in page.url
    page.locator("summary", has_text="Activités").click()
    page.get_by_role("checkbox", name="2_Accueil soir maternelle").uncheck()
    expect(page.get_by_role("rowheader", name=re.compile("^Soir"))).to_have_count(0)
    assert "masque=2_SOIR_MAT" in page.url
    reload(page)
    expect(page.get_by_role("rowheader", name=re.compile("^Repas"))).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("^Soir"))).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("rowheader", name=re.compile("^Soir"))).to_be_visible()
    page.go_back()
    expect(title(page)).to_have_text("Nora\u00a0: du 30 novembre au 6 décembre 2026")
    page.go_back()
    expect(title(page)).to_have_text("Nora\u00a0: décembre 2026")


def test_a_child_of_nobody_is_not_found(school: Server, context: BrowserContext) -> None:
    page = context.new_page()
    lina = child_id(school, "Lina")  # Karim's
    for wrong in (f"?enfant={lina}", "?enfant=999999", "?jour=1500-01-01", "?jour=9999-12-31"):
        visit(page, f"/planning{wrong}")
        expect(page.get_by_role("heading", name="Introuvable")).to_be_visible()
    visit(page, "/planning?enfant=x&vue=y&jour=z&masque=,,&modifier=2")
    expect(title(page)).to_have_text("Tous les enfants\u00a0: novembre 2026")


def test_a_child_has_the_same_colour_on_every_page(school: Server, context: BrowserContext) -> None:
    page = context.new_page()
    seen: dict[str, set[str]] = {}
    for route in ("/planning", "/accueil", "/dossier/enfants", "/inscriptions"):
        visit(page, route)
        for name in ("Nora", "Christopher"):
            face = page.get_by_role("listitem").filter(has_text=name).locator(".face").first
            colour = face.evaluate("one => getComputedStyle(one).backgroundColor")
            seen.setdefault(name, set()).add(str(colour))
    assert len(seen["Nora"]) == len(seen["Christopher"]) == 1
    assert seen["Nora"] != seen["Christopher"]


def test_slots_that_exclude_each_other_replace_one_another_with_a_notice(
    school: Server, context: BrowserContext
) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-03", edit=True)
    day = "mercredi 2 décembre"
    expect(cell(page, f"Nora, journée, {day}")).to_be_checked()
    cell(page, f"Nora, matin, {day}").click()
    expect(dock(page)).to_contain_text("Remplace « Journée » du même jour.")
    expect(cell(page, f"Nora, journée, {day}")).not_to_be_checked()
    expect(dock(page)).to_contain_text("1 annulation en attente")
    page.get_by_role("button", name="Annuler la dernière modification").click()
    expect(cell(page, f"Nora, journée, {day}")).to_be_checked()
    expect(cell(page, f"Nora, matin, {day}")).not_to_be_checked()
    assert pending(school) == set()


@both_sizes
def test_a_full_day_offers_the_waiting_list(
    school: Server, context: BrowserContext, size: Size
) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-16", edit=True)
    box = cell(page, "Nora, matin, mercredi 16 décembre")
    expect(box).to_have_accessible_name(re.compile("complet"))
    box.click()
    expect(box).to_have_accessible_name(re.compile("liste d’attente"))
    visit(page, VALIDATION)
    expect(line(page, "Mercredi 16 décembre", "Liste d’attente")).to_have_count(1)
    page.get_by_role("button", name="Tout supprimer").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Tout supprimer").click()
    expect(page.get_by_role("heading", name="Rien en attente")).to_be_visible()
    assert pending(school) == set()


def test_the_cost_is_told_by_child_and_activity_and_follows_the_clicks(
    school: Server, context: BrowserContext
) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-03", edit=True)
    page.locator("summary", has_text="Coût de la période").click()
    lines = page.locator(".plan-cost tr")
    evening = lines.filter(has_text="2_Accueil soir maternelle")
    expect(evening.get_by_role("cell").last).to_have_text("")
    cell(page, SOIR_7).click()
    expect(evening.get_by_role("cell").last).to_contain_text("→")
    expect(dock(page)).to_contain_text("Après vos changements")
    page.locator("summary", has_text="Coût de la période").click()
    expect(lines).to_have_count(0)
    cell(page, SOIR_7).click()
    page.locator("summary", has_text="Coût de la période").click()
    expect(evening.get_by_role("cell").last).to_have_text("")


def test_the_grid_is_walked_with_the_keyboard(school: Server, context: BrowserContext) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-03", edit=True)
    focused = page.locator("*:focus")
    cell(page, SOIR_7).focus()
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-what", "Nora, soir, mardi 8 décembre")
    page.keyboard.press("Space")
    expect(focused).to_be_checked()
    expect(dock(page)).to_contain_text("1 réservation en attente")
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("data-what", "Nora, matin, mardi 8 décembre")
    page.keyboard.press("End")
    expect(focused).to_have_attribute("data-what", "Nora, matin, jeudi 31 décembre")
    page.keyboard.press("Home")
    expect(focused).to_have_attribute("data-what", "Nora, matin, mardi 1er décembre")
    page.keyboard.press("PageDown")
    expect(title(page)).to_have_text("Nora\u00a0: janvier 2027")
    expect(focused).to_have_attribute("data-what", re.compile("janvier"))
    page.keyboard.press("PageUp")
    expect(title(page)).to_have_text("Nora\u00a0: décembre 2026")
    expect(focused).to_have_attribute("data-what", re.compile("décembre"))
    # one stop of the Tab key for the whole grid
    assert page.locator(".plan-grid [tabindex='0']").count() == 1


def test_the_month_of_a_child_is_small_on_the_wire(school: Server, context: BrowserContext) -> None:
    page = context.new_page()
    frames: list[int] = []
    page.on(
        "websocket",
        lambda ws: ws.on("framereceived", lambda f: frames.append(len(str(f).encode()))),
    )
    open_planning(page, school, "Nora", "2026-12-03", edit=True)
    assert max(frames) < MAX_FRAME
    frames.clear()
    cell(page, SOIR_7).click()
    expect(dock(page)).to_contain_text("1 réservation en attente")
    assert sum(frames) < 1200, frames


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_on_a_phone_each_day_says_its_cost_and_the_arrows_come_first(
    school: Server, context: BrowserContext
) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-03")
    # the order of the Tab key is the one of the eyes
    tools = page.locator(".plan-tools a:visible")
    places = [tools.nth(n).bounding_box() for n in range(tools.count())]
    seen = [(round(box["y"] / 20), box["x"]) for box in places if box]
    assert len(seen) == 4
    assert seen == sorted(seen)
    expect(tools.last).to_have_text("Modifier")
    tools.last.click()
    day = page.locator(".day-card").filter(has=page.get_by_role("heading", name="Jeudi 3 décembre"))
    cost = day.locator(".day-head p")
    expect(cost).to_have_text(re.compile("^Coût du jour : 1,40\u00a0€$"))
    cell(page, "Nora, soir, jeudi 3 décembre").click()
    expect(cost).to_have_text(re.compile("1,40\u00a0€ → 5,36\u00a0€$"))
    page.get_by_role("button", name="Annuler la dernière modification").click()
    expect(cost).to_have_text(re.compile(": 1,40\u00a0€$"))


@both_sizes
@pytest.mark.parametrize("view", ["mois", "semaine"])
def test_nothing_jumps_when_the_days_arrive(
    school: Server, open_context: OpenContext, size: Size, view: str
) -> None:
    # a phone says that it is one
    context = open_context(school, size, user_agent="Mobile" if size == PHONE else None)
    let_in(context, school)
    page = context.new_page()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => "
        "{ window.moved += one.value })).observe({ type: 'layout-shift', buffered: true })"
    )
    visit(page, f"/planning?enfant={child_id(school, 'Nora')}&jour=2026-12-03&vue={view}")
    expect(cell(page, "Nora, soir, jeudi 3 décembre")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate("window.moved") < MAX_MOVED


@both_sizes
def test_the_edit_mode_is_accessible_and_never_too_wide(
    school: Server,
    context: BrowserContext,
    size: Size,
    axe: str,  # noqa: F811
) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-03", edit=True)
    cell(page, "Nora, repas, jeudi 3 décembre").click()
    expect(dock(page)).to_contain_text("1 annulation en attente")
    _in_every_light(page, axe)
    _fits(page, "the planning being changed")
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.get_by_role("button", name="Réserver plusieurs jours").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    _in_every_light(page, axe)
    visit(page, VALIDATION)
    expect(line(page, "Jeudi 3 décembre")).to_have_count(1)
    _in_every_light(page, axe)
    _fits(page, "the validation")


def test_a_phone_turned_or_a_window_resized_gets_the_other_layout(
    school: Server, context: BrowserContext
) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-07", edit=True)
    expect(page.get_by_role("table")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.get_by_role("switch", name=re.compile(SOIR_7))).to_be_visible()
    assert page.locator(".plan-grid").count() == 0
    page.set_viewport_size({"width": 1366, "height": 800})
    expect(cell(page, SOIR_7)).to_be_visible()
    expect(page.get_by_role("switch")).to_have_count(0)


def test_what_was_chosen_survives_signing_out(school: Server, context: BrowserContext) -> None:
    page = context.new_page()
    open_planning(page, school, "Nora", "2026-12-03", edit=True)
    cell(page, SOIR_7).click()
    expect(dock(page)).to_contain_text("1 réservation en attente")
    school.sql("UPDATE web_session SET ended_at = seen_at WHERE ended_at IS NULL")
    page.wait_for_url("**/connexion*", timeout=20_000)
    sign_in(page)
    open_planning(page, school, "Nora", "2026-12-03")
    expect(cell(page, SOIR_7)).to_be_checked()
    expect(dock(page)).to_contain_text("1 réservation en attente")
