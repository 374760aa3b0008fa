"""Articles for some families, called by whoever holds their numbers and the names of handlers."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from portail.models import Article, ArticleAttachment, ArticleRead
from portail.state.home import HomeState
from portail.state.news.article import ArticleState
from portail.state.news.listing import NewsState, WelcomeNewsState
from tests.access.conftest import RunningPortal
from tests.access.test_invoices import heard

pytestmark = pytest.mark.usefixtures("quiet")
ZOE, KARIM = "z-pinceau", "k-benali"
SECRET = "rue Pascal"
NEWS, ARTICLE, WELCOME, HOME = (
    one.get_full_name() for one in (NewsState, ArticleState, WelcomeNewsState, HomeState)
)
LATER, OVER = "vacances-prochaines", "rentree"


def number(portal: RunningPortal, slug: str) -> int:
    with Session(portal.engine) as session:
        return session.exec(select(Article.id).where(Article.slug == slug)).one() or 0


def reads(portal: RunningPortal) -> set[tuple[int, int]]:
    with Session(portal.engine) as session:
        rows = session.exec(select(ArticleRead))
        return {(row.account_id, row.article_id) for row in rows}


def everything(portal: RunningPortal, cookie: str, wanted: int) -> str:
    """All that one is told who opens every page of the news and calls every handler."""
    calls: list[tuple[str, Any]] = [
        (f"{ARTICLE}.load", {}),
        (f"{NEWS}.load", {}),
        (f"{NEWS}.turn", {"page": 2}),
        (f"{NEWS}.turn", {"page": -(2**31)}),
        (f"{WELCOME}.load", {}),
        (f"{HOME}.read_news", {"number": wanted}),
    ]
    pages = ("/", "/actualites", "/actualites?page=2", f"/actualites/article?n={wanted}")
    return "".join(heard(portal, cookie, page, *calls) for page in pages)


def test_zoe_is_told_of_her_school(portal: RunningPortal) -> None:
    """Or else the silence towards others would prove nothing."""
    wanted = number(portal, "entree-jean-vilar")
    told = heard(portal, portal.sign_in(ZOE), f"/actualites/article?n={wanted}")
    assert SECRET in told
    assert "trois semaines" in told


@pytest.mark.parametrize("who", ["", KARIM])
def test_others_are_told_nothing_of_it(portal: RunningPortal, who: str) -> None:
    wanted, before = number(portal, "entree-jean-vilar"), reads(portal)
    told = everything(portal, portal.sign_in(who) if who else "", wanted)
    assert "La fête des jeux" in told
    assert SECRET not in told
    assert "trois semaines" not in told
    assert {pair for pair in reads(portal) - before if pair[1] == wanted} == set()


@pytest.mark.parametrize("slug", [LATER, OVER])
def test_nobody_is_told_of_one_before_or_after_its_time(portal: RunningPortal, slug: str) -> None:
    wanted, before = number(portal, slug), reads(portal)
    for who in ("", ZOE):
        told = everything(portal, portal.sign_in(who) if who else "", wanted)
        assert "Bonne rentrée" not in told
        assert "inscriptions vont ouvrir" not in told
    assert {pair for pair in reads(portal) - before if pair[1] == wanted} == set()


def test_an_agent_is_not_a_family(portal: RunningPortal) -> None:
    before = reads(portal)
    cookie = portal.sign_in("agent.enfance", "/agents/connexion")
    everything(portal, cookie, number(portal, "maintenance"))
    assert reads(portal) == before


def test_the_served_files_follow_the_article(portal: RunningPortal) -> None:
    with Session(portal.engine) as session:
        attachment = session.exec(select(ArticleAttachment.id)).one()
    with portal.http() as visitor:
        assert visitor.get(f"/actualites/piece/{attachment}").content.startswith(b"%PDF-")
        fete = number(portal, "fete-des-jeux")
        shown = visitor.get(f"/actualites/image/{fete}-x.webp")
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
        other = number(portal, "entree-jean-vilar")
        assert visitor.get(f"/actualites/image/{other}-x.webp").status_code == 404
