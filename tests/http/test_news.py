"""The feeds as another program reads them, and the files of articles, by whoever asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import feedparser
import pytest
from starlette.datastructures import Headers

from portail import clock
from portail.domain.news import Targets
from portail.http.conditional import not_modified
from portail.services.news import article
from portail.services.news.addresses import ATOM, RSS, article_path
from portail.services.news.publishing import Published, withdraw
from portail.settings import PARIS, settings
from tests import factories, samples
from tests.access.asgi import Answer, ask
from tests.conftest import SetClock
from tests.http.browser import APP, Browser
from tests.http.test_documents import signed_in
from tests.news import agent, draft, made, with_files
from tests.services.documents.conftest import _empty_store
from tests.services.test_account import as_parent

__all__ = ["_empty_store"]
pytestmark = pytest.mark.usefixtures("db")
VILAR = "École Jean-Vilar"
BODY = "# Titre\n\n[ici](/planning) <script>alert(1)</script> [x](javascript:1)"


def read(answer: Answer) -> feedparser.FeedParserDict:
    """The feed, refused when it is not well formed."""
    found = feedparser.parse(answer.body, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


async def test_both_feeds_tell_the_public_ones_and_no_others(set_clock: SetClock) -> None:
    site = settings().base_url
    from_ = datetime(2026, 11, 20, 8, tzinfo=PARIS)
    number = made(
        draft(
            "Fête & jeux",
            summary="De <b> 14 h",
            body="# A\n\n[ici](/planning)",
            from_=from_,
            public=True,
        )
    )
    factories.child("Nora", factories.family(), school=VILAR)
    made(draft("Secret", public=False))
    made(draft("Vilar", targets=Targets(schools=(VILAR,))))
    made(draft("Plus tard", days=5, public=True))
    made(draft("Fini", days=-5, lasts=2, public=True))
    for path, version, kind in ((ATOM, "atom10", "atom"), (RSS, "rss20", "rss")):
        answer = await ask(APP, path)
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(f"application/{kind}+xml")
        found = read(answer)
        assert found.version == version
        assert found.feed.title == "Actualités de Villejuif"
        assert found.feed.link == f"{site}/actualites"
        (entry,) = found.entries
        assert (entry.title, entry.link) == ("Fête & jeux", f"{site}{article_path(number)}")
        assert entry.id.startswith("urn:uuid:")
        assert entry.summary == "De &lt;b&gt; 14 h"
        assert entry.published_parsed[:5] == (2026, 11, 20, 7, 0)
    atom = read(await ask(APP, ATOM))
    assert f'<a href="{site}/planning">ici</a>' in atom.entries[0].content[0].value
    assert {one.rel: one.href for one in atom.feed.links}["self"] == site + ATOM


async def test_an_entry_keeps_its_id_and_its_attacks_are_text() -> None:
    by = agent()
    one = draft("Un", slug="un", body="Le texte.", public=True)
    made(one, by)
    before = read(await ask(APP, ATOM)).entries[0]
    clock.advance(timedelta(hours=2))
    from dataclasses import replace

    from portail.services.news.publishing import publish_sound

    outcome = publish_sound(by, replace(one, body=BODY.replace("[x](javascript:1)", "")))
    assert isinstance(outcome, Published)
    after = read(await ask(APP, ATOM)).entries[0]
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated > before.updated
    assert "<script" not in after.content[0].value


async def test_a_reader_who_has_it_is_told_so_until_something_changes(
    set_clock: SetClock,
) -> None:
    by = agent()
    made(draft("Un", slug="un", days=-3, public=True), by)
    made(draft("Court", days=-2, lasts=3, public=True), by)
    first = await ask(APP, ATOM)
    tag, changed = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"if-none-match": tag},
        {"if-none-match": f'"autre", W/{tag}'},
        {"if-modified-since": changed},
    ):
        again = await ask(APP, ATOM, headers=headers)
        assert (again.status, again.body) == (304, b""), headers
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == "public, max-age=300"
    both = {"if-none-match": '"autre"', "if-modified-since": changed}
    assert (await ask(APP, ATOM, headers=both)).status == 200
    set_clock("2026-11-24T09:00")  # the short one is over
    later = await ask(APP, ATOM, headers={"if-none-match": tag, "if-modified-since": changed})
    assert later.status == 200
    assert len(read(later).entries) == 1
    since = {"if-modified-since": changed}
    assert (await ask(APP, ATOM, headers=since)).status == 200
    withdraw(by, "un")
    empty = await ask(APP, ATOM)
    assert read(empty).entries == []
    assert empty.headers["etag"] == (await ask(APP, ATOM)).headers["etag"]


def test_a_date_that_is_none_asks_nothing() -> None:
    at = clock.now()
    for said in ("", "hier", "Mon, 99 Foo 2026", at.isoformat()):
        assert not_modified(Headers({"if-modified-since": said}), {}, "a", at) is None
    ahead = format_datetime(at + timedelta(days=1), usegmt=True)
    assert not_modified(Headers({"if-modified-since": ahead}), {}, "a", at) is not None
    assert not_modified(Headers({"if-modified-since": ahead}), {}, "a") is None


async def _served(public: bool) -> tuple[str, str, Browser, Browser]:
    """Addresses of a picture and an attachment for Zoé's school; Zoé, and Karim, signed in."""
    zoe, karim = factories.account("z-pinceau"), factories.account("k-benali")
    factories.child("Nora", factories.family(members=[zoe]), school=VILAR)
    factories.child("Lina", factories.family(members=[karim]), school="École Langevin")
    one = draft("Vilar", targets=Targets(schools=(VILAR,)), public=public, alt="Un dessin")
    outcome = with_files(one, ("a.png", samples.png()), [("menus.pdf", samples.pdf())])
    assert isinstance(outcome, Published)
    view = article(as_parent(zoe), outcome.number)
    assert view.line.picture is not None
    return (
        view.line.picture.address,
        view.attachments[0].address,
        await signed_in("z-pinceau"),
        await signed_in("k-benali"),
    )


async def test_files_of_an_article_for_some_are_for_them_alone() -> None:
    picture, attachment, zoe, karim = await _served(public=False)
    shown = await zoe.get(picture)
    assert (shown.status, shown.headers["content-type"]) == (200, "image/webp")
    assert shown.headers["cache-control"] == "private, no-cache"
    assert "sandbox" in shown.headers["content-security-policy"]
    sent = await zoe.get(attachment)
    assert sent.body.startswith(b"%PDF-")
    assert sent.headers["content-disposition"].startswith('attachment; filename="menus.pdf"')
    assert sent.headers["cache-control"] == "private, no-store"
    assert (await karim.get(picture)).status == (await karim.get(attachment)).status == 404
    visitor = Browser()
    assert (await visitor.get(picture)).status == 404
    for address in (attachment, "/actualites/piece/999"):  # it says nothing of what exists
        answer = await visitor.get(address)
        assert answer.status == 303
        assert answer.headers["location"].startswith("/connexion?suite=%2Factualites%2Fpiece")
    for wrong in ("/actualites/image/x.webp", "/actualites/image/0-a.webp", "/actualites/piece/a"):
        assert (await zoe.get(wrong)).status == 404


async def test_files_of_a_public_article_are_for_all_and_kept_by_browsers() -> None:
    picture, attachment, _, karim = await _served(public=True)
    visitor = Browser()
    shown = await visitor.get(picture)
    assert shown.status == 200
    assert shown.headers["cache-control"] == "public, max-age=3600"
    tag = {"if-none-match": shown.headers["etag"]}
    again = await ask(APP, picture, headers=tag)
    assert (again.status, again.body) == (304, b"")
    assert (await visitor.get(attachment)).status == (await karim.get(attachment)).status == 200
