"""The news: visitors read the public ones, families theirs; important ones wait on the home."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenContext
from tests.e2e.helpers.browser import PHONE, visit
from tests.e2e.helpers.people import KARIM, ZOE, let_in
from tests.e2e.helpers.server import Server
from tests.e2e.test_axe import _in_every_light, axe

__all__ = ["axe"]

both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"], indirect=True)
IMPORTANT = "Le portail sera fermé une nuit, pour entretien"
VILAR = re.compile("École Jean-Vilar")


@pytest.fixture
def unread(server: Server) -> None:
    """Zoé has not read the important one."""
    server.sql("DELETE FROM article_read WHERE article_id = 1")


def titles(page: Page) -> list[str]:
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)
    return [text.strip() for text in page.locator("main li h2, main li h3").all_inner_texts()]


@both_sizes
def test_a_visitor_reads_the_public_ones_from_the_welcome_page(
    page: Page, server: Server, axe: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, "/")
    expect(page.get_by_role("heading", name=IMPORTANT)).to_be_visible()
    assert len(titles(page)) == 7  # the four services, three articles
    page.get_by_role("link", name="Toutes les actualités").click()
    expect(page.get_by_role("heading", level=1, name="Actualités")).to_be_visible()
    expect(page.get_by_text("Connectez-vous pour lire aussi")).to_be_visible()
    assert not [title for title in titles(page) if VILAR.search(title)]
    page.get_by_role("link", name="La fête des jeux revient au parc").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La fête des jeux revient au parc")
    picture = page.get_by_role("img", name="Dessin")
    expect(picture).to_be_visible()
    expect(page).to_have_title(re.compile("^La fête des jeux revient au parc – "))
    expect(page.locator("title")).to_have_count(1)
    # a phone takes the narrow one
    assert picture.evaluate("e => e.complete && e.naturalWidth > 0")
    taken = str(picture.evaluate("e => e.currentSrc"))
    phone = page.viewport_size == PHONE
    assert taken.endswith("-480.webp" if phone else "-800.webp"), taken
    pictures = {url for url in asked if "/actualites/image/" in url}
    assert taken in pictures
    # in the list it was the narrow one too
    assert {url.rsplit("-", 1)[1] for url in pictures} <= {"480.webp"} | {taken.rsplit("-", 1)[1]}
    outside = page.get_by_role("link", name="les lignes de bus (autre site)")
    expect(outside).to_have_attribute("href", "https://www.iledefrance-mobilites.fr/")
    _in_every_light(page, axe)


@both_sizes
def test_zoe_reads_hers_and_the_important_one_leaves_her_home(
    page: Page, server: Server, unread: None, axe: str
) -> None:
    let_in(page.context, server, ZOE)
    visit(page, "/accueil")
    put_forward = page.get_by_role("list", name="Actualités importantes")
    expect(put_forward).to_contain_text(IMPORTANT)
    _in_every_light(page, axe)
    put_forward.get_by_role("link", name="Lire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(IMPORTANT)
    expect(page.get_by_role("heading", level=2, name="Ce qu’il faut faire")).to_be_visible()
    _in_every_light(page, axe)
    page.get_by_role("link", name="Toutes les actualités").click()
    expect(page.get_by_role("heading", name=VILAR)).to_be_visible()
    expect(page.get_by_text("Concerne\u00a0: école maternelle Jean-Vilar")).to_be_visible()
    _in_every_light(page, axe)
    visit(page, "/accueil")
    expect(page.get_by_role("heading", name="À faire")).to_be_visible()
    expect(put_forward).to_have_count(0)


def test_i_have_read_it_is_enough(page: Page, server: Server, unread: None) -> None:
    let_in(page.context, server, ZOE)
    visit(page, "/accueil")
    page.get_by_role("button", name=f"J’ai lu\u00a0: {IMPORTANT}").click()
    expect(page.get_by_role("list", name="Actualités importantes")).to_have_count(0)
    visit(page, "/accueil")
    expect(page.get_by_role("heading", name="À faire")).to_be_visible()
    expect(page.get_by_role("list", name="Actualités importantes")).to_have_count(0)


def test_an_attachment_is_saved(page: Page, server: Server) -> None:
    visit(page, "/actualites")
    page.get_by_role("link", name="Les menus de la cantine du mois").click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="menus-de-la-cantine.pdf").click()
    assert saved.value.suggested_filename == "menus-de-la-cantine.pdf"


def test_one_for_others_says_what_to_do(server: Server, open_context: OpenContext) -> None:
    address = "/actualites/article?n=2"
    visitor = open_context(server).new_page()
    visit(visitor, address)
    visitor.get_by_role("link", name="Se connecter").last.click()
    expect(visitor).to_have_url(re.compile(r"/connexion\?suite=%2Factualites%2Farticle%3Fn%3D2"))
    context = open_context(server)
    let_in(context, server, KARIM)
    karim = context.new_page()
    visit(karim, address)
    expect(karim.get_by_text("ne concerne pas vos enfants")).to_be_visible()
    expect(karim.get_by_text("rue Pascal")).to_have_count(0)


def test_the_feed_is_announced_and_answers(page: Page, server: Server) -> None:
    visit(page, "/actualites")
    feed = page.locator("head link[rel=alternate][type='application/atom+xml']")
    assert feed.get_attribute("href") == "/actualites/flux.atom"
    answer = page.request.get(f"{server.url}/actualites/flux.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert IMPORTANT in answer.text()
