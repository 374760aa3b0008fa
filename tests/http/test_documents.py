"""Files over HTTP: raw posts and downloads, by their owner, by others, by nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from sqlmodel import col, delete

from portail import clock
from portail.database import writing
from portail.domain.documents import Sharing, Subject
from portail.domain.identity import Role
from portail.http.documents import FILES, PAGE
from portail.models import Consent, Document, UploadReceipt
from portail.services.documents import Destination, receipts
from portail.services.documents.receipts import Outcome
from portail.settings import settings
from tests import factories, samples
from tests.access.asgi import Answer
from tests.adapters.uploads import multipart
from tests.factories import PASSWORD
from tests.http.browser import Browser
from tests.services.documents import papers
from tests.services.test_account import as_parent

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def zoe(db: None) -> int:
    papers.kind("quotient")
    papers.kind("carnet", Subject.CHILD, sharing=Sharing.FILE)
    return factories.account("z-pinceau")


@pytest.fixture
def family(zoe: int) -> int:
    return factories.family(members=[zoe])


async def signed_in(name: str, door: str = "/connexion") -> Browser:
    browser = Browser()
    answer = await browser.post(door, identifiant=name, mot_de_passe=PASSWORD)
    assert answer.status == 303
    return browser


async def deposit(
    browser: Browser,
    fields: Mapping[str, object],
    *files: tuple[str, bytes],
) -> Answer:
    parts = [multipart.text(name, str(value)) for name, value in fields.items()]
    parts += [multipart.file(content, name, field_name="fichiers") for name, content in files]
    body = multipart.body(*parts)
    kind = f"multipart/form-data; boundary={multipart.BOUNDARY}"
    headers = {"content-type": kind, "content-length": str(len(body))}
    return await browser.send(FILES, body, headers)


def told(account: int, batch: str = "lot-1") -> list[tuple[str, str]]:
    return [(one.name, one.code) for one in receipts(as_parent(account), batch)]


async def test_a_plain_post_keeps_the_files_and_comes_back(zoe: int, family: int) -> None:
    browser = await signed_in("z-pinceau")
    fields = {"famille": family, "type": "quotient", "lot": "lot-1", "retour": PAGE}
    files = (("a.pdf", samples.pdf()), ("../b 🎨.pdf", samples.HTML))
    answer = await deposit(browser, fields, *files)
    assert answer.status == 303
    assert answer.headers["location"] == f"{PAGE}?depot=lot-1"
    assert answer.headers["cache-control"] == "no-store"
    assert told(zoe) == [("a.pdf", "kept"), ("b 🎨.pdf", "not_allowed")]
    assert papers.count(Document) == 1


@pytest.mark.parametrize(
    ("back", "location"),
    [
        ("/dossier/enfants/4", "/dossier/enfants/4?depot=lot-1"),
        ("/x?depot=autre&onglet=2", "/x?onglet=2&depot=lot-1"),
        ("https://evil.example/", f"{PAGE}?depot=lot-1"),
        ("//evil.example", f"{PAGE}?depot=lot-1"),
        ("/\\evil.example", f"{PAGE}?depot=lot-1"),
        ("javascript:alert(1)", f"{PAGE}?depot=lot-1"),
        ("", f"{PAGE}?depot=lot-1"),
    ],
)
async def test_one_comes_back_to_a_page_of_ours(
    zoe: int, family: int, back: str, location: str
) -> None:
    browser = await signed_in("z-pinceau")
    fields = {"famille": family, "type": "quotient", "lot": "lot-1", "retour": back}
    answer = await deposit(browser, fields, ("a.pdf", samples.pdf()))
    assert answer.headers["location"] == location


@pytest.mark.parametrize("batch", ["", "a b", "x" * 41, "é", "a\r\nSet-Cookie: a=b"])
async def test_a_batch_that_is_no_name_is_given_one(zoe: int, family: int, batch: str) -> None:
    browser = await signed_in("z-pinceau")
    fields = {"famille": family, "type": "quotient", "lot": batch}
    answer = await deposit(browser, fields, ("a.pdf", samples.pdf()))
    made = answer.headers["location"].removeprefix(f"{PAGE}?depot=")
    assert re.fullmatch(r"[\w-]{16}", made)
    assert told(zoe, made) == [("a.pdf", "kept")]


async def test_nobody_sends_for_others_and_wrong_fields_are_not_found(
    zoe: int, family: int
) -> None:
    factories.account("k-benali")
    lina = factories.child("Lina", factories.family("BENALI"))
    karim, hers = await signed_in("k-benali"), await signed_in("z-pinceau")
    good = {"famille": family, "type": "quotient"}
    for browser, fields in (
        (karim, good),
        (hers, {}),
        (hers, {"type": "quotient"}),
        (hers, {**good, "famille": "abc"}),
        (hers, {**good, "famille": "-1"}),
        (hers, {**good, "famille": "9" * 30}),
        (hers, {**good, "famille": "１"}),
        (hers, {**good, "type": "inconnu"}),
        (hers, {**good, "type": "' OR 1=1 --"}),
        (hers, {**good, "demarche": "7"}),
        (hers, {**good, "enfant": "x"}),
        (hers, {"famille": family, "type": "carnet", "enfant": lina}),
        (hers, {"famille": family, "type": "carnet"}),
    ):
        answer = await deposit(browser, fields, ("a.pdf", samples.pdf()))
        assert answer.status == 404, fields
        assert b"Traceback" not in answer.body
    assert papers.count(Document) == papers.count(UploadReceipt) == 0


async def test_a_post_without_a_file_or_unreadable_is_said_on_the_page(
    zoe: int, family: int
) -> None:
    browser = await signed_in("z-pinceau")
    fields = {"famille": family, "type": "quotient", "retour": "/dossier/documents?x=1"}
    empty = await deposit(browser, fields)
    assert (empty.status, empty.headers["location"]) == (303, "/dossier/documents?x=1&erreur=1")
    many = await deposit(browser, fields, *[("a.pdf", samples.pdf())] * 11)
    assert (many.status, many.headers["location"]) == (303, f"{PAGE}?erreur=1")
    for body, kind in (
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"not multipart", f"multipart/form-data; boundary={multipart.BOUNDARY}"),
        (b"", "multipart/form-data"),
        (b"{}", "application/json"),
    ):
        headers = {"content-type": kind, "content-length": str(len(body))}
        answer = await browser.send(FILES, body, headers)
        assert (answer.status, answer.headers["location"]) == (303, f"{PAGE}?erreur=1")
    assert papers.count(Document) == 0


async def test_the_gate_takes_a_file_of_the_limit_and_no_more_than_ten(
    zoe: int, family: int
) -> None:
    browser = await signed_in("z-pinceau")
    fields = {"famille": family, "type": "quotient", "lot": "lot-1"}
    long = samples.pdf() + b"\n" * (settings().upload_bytes + 1)
    answer = await deposit(browser, fields, ("trop.pdf", long), ("a.pdf", samples.pdf()))
    assert answer.status == 303
    assert told(zoe) == [("trop.pdf", "too_large"), ("a.pdf", "kept")]
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(2 * 10**8)}
    assert (await browser.send(FILES, b"x", headers)).status == 413
    elsewhere = {**headers, "content-length": "100000"}
    assert (await browser.send("/connexion", b"x", elsewhere)).status == 413


async def test_who_is_not_signed_in_is_shown_the_door(zoe: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"))
    sent = await deposit(Browser(), {"famille": family, "type": "quotient"}, ("a.pdf", b"x"))
    assert (sent.status, sent.headers["location"]) == (
        303,
        "/connexion?suite=%2Fdossier%2Fdocuments",
    )
    opened = await Browser().get(f"{FILES}/{made}")
    assert opened.status == 303
    assert opened.headers["location"].startswith("/connexion?suite=%2Fdossier%2Ffichiers")


async def test_who_has_a_text_to_accept_accepts_it_first(zoe: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"))
    browser = await signed_in("z-pinceau")
    with writing() as session:
        session.execute(delete(Consent).where(col(Consent.account_id) == zoe))
    for answer in (
        await deposit(browser, {"famille": family, "type": "quotient"}, ("b.pdf", samples.pdf(2))),
        await browser.get(f"{FILES}/{made}"),
    ):
        assert answer.status == 303
        assert answer.headers["location"].startswith("/conditions-a-accepter")
    assert papers.count(Document) == 1


async def test_another_site_sends_nothing(zoe: int, family: int) -> None:
    browser = await signed_in("z-pinceau")
    evil = {"sec-fetch-site": "cross-site", "content-type": "multipart/form-data; boundary=x"}
    assert (await browser.send(FILES, b"", evil)).status == 403


async def test_a_download_is_a_file_and_never_a_page(zoe: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"), "Été à l’école.pdf")
    answer = await (await signed_in("z-pinceau")).get(f"{FILES}/{made}")
    assert (answer.status, answer.body) == (200, samples.pdf())
    assert answer.headers["content-type"] == "application/pdf"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment;")
    assert "%C3%89t%C3%A9" in disposition
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_others_are_told_that_there_is_nothing(zoe: int, family: int) -> None:
    made = papers.one(zoe, Destination(family, "quotient"))
    factories.account("k-benali")
    factories.agent("agent.regie", roles=[Role.REGIE])
    factories.agent("agent.enfance")
    karim = await signed_in("k-benali")
    theirs = await karim.get(f"{FILES}/{made}")
    nothing = await karim.get(f"{FILES}/{made + 1_000}")
    assert theirs.status == nothing.status == 404
    # the same page, the same headers: nothing tells one from the other
    headers = [
        {k: v for k, v in answer.headers.items() if k not in ("x-request-id", "date")}
        for answer in (theirs, nothing)
    ]
    assert (theirs.body, headers[0]) == (nothing.body, headers[1])
    for path in ("x", "0", "-1", "1.5", "9" * 30, "１", "%00", f"{made}/x", f"{made}%2e"):
        assert (await karim.get(f"{FILES}/{path}")).status == 404, path
    regie = await signed_in("agent.regie", "/agents/connexion")
    assert (await regie.get(f"{FILES}/{made}")).status == 404
    enfance = await signed_in("agent.enfance", "/agents/connexion")
    assert (await enfance.get(f"{FILES}/{made}")).body == samples.pdf()


async def test_an_agent_sends_nothing_as_a_family(family: int) -> None:
    factories.agent("agent.enfance")
    browser = await signed_in("agent.enfance", "/agents/connexion")
    answer = await deposit(
        browser, {"famille": family, "type": "quotient"}, ("a.pdf", samples.pdf())
    )
    assert (answer.status, answer.headers["location"]) == (303, "/agents")
    assert papers.count(Document) == 0


async def test_the_other_household_downloads_what_is_shared(zoe: int, family: int) -> None:
    karim = factories.account("k-benali")
    nino = factories.child("Nino", family, factories.family("BENALI", members=[karim]))
    shared = papers.one(zoe, Destination(family, "carnet", nino))
    own = papers.one(zoe, Destination(family, "quotient"), pages=2)
    browser = await signed_in("k-benali")
    assert (await browser.get(f"{FILES}/{shared}")).status == 200
    assert (await browser.get(f"{FILES}/{own}")).status == 404


def test_a_receipt_of_a_later_release_is_passed_over(zoe: int) -> None:
    with writing() as session:
        for place, code in enumerate(("kept", "nouveau")):
            row = UploadReceipt(
                account_id=zoe, batch="b", name=str(place), outcome=code, at=clock.now()
            )
            session.add(row)
    assert receipts(as_parent(zoe), "b") == (Outcome("0", "kept"),)
