"""«Réserver plusieurs jours»: a week pattern, copies, a period cleared, each undone at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import Size, visit
from tests.e2e.helpers.people import let_in
from tests.e2e.helpers.planning import cell, dock, forget_changes, open_planning, pending
from tests.e2e.helpers.server import Server

both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
Pending = set[tuple[str, str, str, str]]


@pytest.fixture
def page(open_context: OpenContext, school: Server, size: Size) -> Page:
    """A tab of Zoé's, nothing pending."""
    forget_changes(school)
    context = open_context(school, size)
    let_in(context, school)
    return context.new_page()


def several_days(page: Page) -> Locator:
    """The dialog, open."""
    page.get_by_role("button", name="Réserver plusieurs jours").click()
    return page.get_by_role("dialog", name="Réserver plusieurs jours")


def over(dialog: Locator, first: str, last: str) -> None:
    """Do it, from one day to another."""
    dialog.get_by_label("Premier jour").fill(first)
    dialog.get_by_label("Dernier jour").fill(last)
    dialog.get_by_role("button", name="Appliquer").click()
    expect(dialog).to_have_count(0)


def undo(page: Page) -> None:
    """The one step back."""
    page.get_by_role("button", name="Annuler la dernière modification").click()
    expect(page.get_by_text("La dernière modification est annulée.")).to_be_visible()


@both_sizes
def test_a_week_pattern_for_the_chosen_children(school: Server, page: Page) -> None:
    open_planning(page, school, "Nora", "2026-12-10", edit=True)
    dialog = several_days(page)
    dialog.get_by_role("button", name="Appliquer").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choisissez au moins un jour")
    # only what the chosen children have, and what was ticked comes back with them
    evening = dialog.get_by_role("row").filter(has_text="2_Accueil soir maternelle")
    evening.get_by_role("checkbox", name="Nora, Soir, jeudi").check()
    expect(dialog.get_by_role("rowheader", name="Nora", exact=True)).to_be_visible()
    his = dialog.get_by_role("checkbox", name="Christopher, Matin, mardi")
    expect(his).to_have_count(0)
    dialog.get_by_role("checkbox", name="Nora", exact=True).uncheck()
    expect(evening).to_have_count(0)
    dialog.get_by_role("checkbox", name="Christopher", exact=True).check()
    his.check()
    expect(dialog.get_by_role("rowheader", name="Christopher", exact=True)).to_be_visible()
    dialog.get_by_role("checkbox", name="Nora", exact=True).check()
    expect(evening.get_by_role("checkbox", name="Nora, Soir, jeudi")).to_be_checked()
    dialog.get_by_role("checkbox", name="Christopher", exact=True).uncheck()
    over(dialog, "2026-12-07", "2026-12-18")
    expect(page.get_by_text("réservations ajoutées, en attente")).to_be_visible()
    expect(cell(page, "Nora, soir, jeudi 10 décembre")).to_be_checked()
    assert {day for _, _, day, _ in pending(school)} >= {"2026-12-10", "2026-12-17"}
    undo(page)
    expect(cell(page, "Nora, soir, jeudi 10 décembre")).not_to_be_checked()
    assert pending(school) == set()


@both_sizes
def test_the_week_shown_is_copied_and_it_is_undone_at_once(school: Server, page: Page) -> None:
    open_planning(page, school, "Nora", "2026-12-07", edit=True)
    cell(page, "Nora, soir, lundi 7 décembre").click()
    expect(dock(page)).to_contain_text("1 réservation en attente")
    alone = pending(school)
    dialog = several_days(page)
    dialog.get_by_role("radio", name="Recopier la semaine affichée").check()
    expect(dialog.get_by_text("La semaine du lundi 7 décembre est recopiée")).to_be_visible()
    expect(dialog.get_by_role("table")).to_be_hidden()
    over(dialog, "2026-12-14", "2026-12-18")
    expect(page.get_by_text("en attente. ")).to_be_visible()
    made = pending(school) - alone
    # what was only pending is copied as what is booked
    assert ("Nora", "2_SOIR_MAT_SOIR", "2026-12-14", "booking") in made
    assert {child for child, *_ in made} == {"Nora"}
    assert {day for _, _, day, _ in made} <= {f"2026-12-{day}" for day in range(14, 19)}
    visit(page, page.url.replace("2026-12-07", "2026-12-14"))
    copied = cell(page, "Nora, soir, lundi 14 décembre")
    expect(copied).to_be_checked()
    undo(page)
    expect(copied).not_to_be_checked()
    assert pending(school) == alone


def test_the_month_shown_is_copied_and_it_is_undone_at_once(school: Server, page: Page) -> None:
    open_planning(page, school, "Nora", "2026-12-03", edit=True)
    cell(page, "Nora, soir, mardi 8 décembre").click()  # the second Tuesday
    expect(dock(page)).to_contain_text("1 réservation en attente")
    alone = pending(school)
    dialog = several_days(page)
    dialog.get_by_role("radio", name="Recopier le mois affiché").check()
    expect(dialog.get_by_text("Les réservations de décembre 2026 sont recopiées")).to_be_visible()
    dialog.get_by_label("Premier jour").fill("2027-01-01")
    dialog.get_by_role("button", name="Appliquer").click()
    expect(dialog).to_have_count(0)
    made = pending(school) - alone
    assert ("Nora", "2_SOIR_MAT_SOIR", "2027-01-12", "booking") in made
    assert {day[:7] for _, _, day, _ in made} == {"2027-01"}
    page.get_by_role("link", name="Période suivante").click()
    copied = cell(page, "Nora, soir, mardi 12 janvier")
    expect(copied).to_be_checked()
    undo(page)
    expect(copied).not_to_be_checked()
    assert pending(school) == alone


@both_sizes
def test_a_period_is_cleared_and_it_is_undone_at_once(school: Server, page: Page) -> None:
    open_planning(page, school, "Nora", "2026-12-03", edit=True)
    evening = cell(page, "Nora, soir, jeudi 3 décembre")
    evening.click()
    expect(dock(page)).to_contain_text("1 réservation en attente")
    alone = pending(school)
    booked = cell(page, "Nora, repas, vendredi 4 décembre")
    expect(booked).to_be_checked()
    dialog = several_days(page)
    dialog.get_by_role("radio", name="Tout libérer").check()
    over(dialog, "2026-12-03", "2026-12-04")
    expect(page.get_by_text("en attente. Pensez à les valider")).to_be_visible()
    # what was pending is no more; what is booked waits to be cancelled
    expect(evening).not_to_be_checked()
    expect(booked).not_to_be_checked()
    made = pending(school)
    assert {kind for *_, kind in made} == {"cancellation"}
    assert {day for _, _, day, _ in made} <= {"2026-12-03", "2026-12-04"}
    undo(page)
    expect(evening).to_be_checked()
    expect(booked).to_be_checked()
    assert pending(school) == alone
