"""PDFs over HTTP: by the adults of the family, by others, by nobody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from sqlmodel import col, delete, select

from portail.database import reading, writing
from portail.demo import build
from portail.domain.identity import Role
from portail.models import Account, Consent
from portail.services.billing import certificates, documents, views
from portail.settings import settings
from portail.texts.french import euros
from tests import factories, papers
from tests.access.asgi import Answer, ask
from tests.billing import Home, home
from tests.conftest import SetClock
from tests.http.browser import APP, Browser
from tests.http.test_documents import signed_in
from tests.services.billing.test_certificates import zoe
from tests.services.test_account import as_parent

__all__ = ["zoe"]
HIDDEN = ("x-request-id", "date")


@pytest.fixture(autouse=True)
def _empty_store(db: None) -> Iterator[None]:
    shutil.rmtree(settings().files_dir, ignore_errors=True)
    yield
    shutil.rmtree(settings().files_dir, ignore_errors=True)


@pytest.fixture
def addresses(zoe: Home, set_clock: SetClock) -> list[str]:
    """Of her invoice, her receipt and her certificate."""
    invoice = zoe.invoices()[-1]
    payment = papers.attempt(zoe.family, invoice)
    set_clock("2027-01-05T09:00")
    return [
        f"/facturation/facture/{invoice}.pdf",
        f"/facturation/recu/{payment}.pdf",
        f"/facturation/attestation/{zoe.family}-2026.pdf",
    ]


def user_name(one: Home) -> str:
    with reading() as session:
        return session.get_one(Account, one.account).user_name


async def test_an_adult_of_the_family_saves_them_under_a_good_name(
    zoe: Home, addresses: list[str]
) -> None:
    browser = await signed_in(user_name(zoe))
    names = []
    for address in addresses:
        answer = await browser.get(address)
        assert answer.status == 200, address
        assert answer.body.startswith(b"%PDF-")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-length"] == str(len(answer.body))
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-store"
        assert "sandbox" in answer.headers["content-security-policy"]
        names.append(answer.headers["content-disposition"].split("''")[1])
        assert (await browser.get(address)).body == answer.body
    assert names[0] == "Facture-2026-000001.pdf"
    assert names[1].startswith("Re%C3%A7u-REF")
    assert names[2].startswith("Attestation-fiscale-2026-dossier-")


async def test_head_and_ranges(zoe: Home, addresses: list[str]) -> None:
    browser = await signed_in(user_name(zoe))
    whole = (await browser.get(addresses[0])).body
    said = browser._headers()
    head = await ask(APP, addresses[0], "HEAD", said)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(whole))
    part = await ask(APP, addresses[0], headers={**said, "range": "bytes=5-14"})
    assert (part.status, part.body) == (206, whole[5:15])


async def test_others_are_told_that_there_is_nothing(zoe: Home, addresses: list[str]) -> None:
    other = home()
    factories.share(zoe.children[0], other.family)  # the other household
    factories.account("k-benali")
    for role in Role:
        factories.agent(f"agent.{role.value}", roles=[role])
    nothing = [
        "/facturation/facture/999999.pdf",
        "/facturation/recu/999999.pdf",
        f"/facturation/attestation/{zoe.family + 1_000}-2026.pdf",
    ]
    strangers = [
        await signed_in(user_name(other)),
        await signed_in("k-benali"),
        *[await signed_in(f"agent.{role.value}", "/agents/connexion") for role in Role],
    ]
    for browser in strangers:
        for theirs, unknown in zip(addresses, nothing, strict=True):
            assert _shown(await browser.get(theirs)) == _shown(await browser.get(unknown))
            assert (await browser.get(theirs)).status == 404
    assert papers.on_disk() == set()


def _shown(answer: Answer) -> tuple[int, bytes, dict[str, str]]:
    headers = {k: v for k, v in answer.headers.items() if k not in HIDDEN}
    return answer.status, answer.body, headers


async def test_addresses_that_are_of_nothing(zoe: Home, addresses: list[str]) -> None:
    browser = await signed_in(user_name(zoe))
    ids = ("x", "0", "-1", "1.5", "9" * 30, "１", "%00", "", f"0{zoe.invoices()[-1]}", "1%2F..")
    for ident in ids:
        for kind in ("facture", "recu"):
            assert (await browser.get(f"/facturation/{kind}/{ident}.pdf")).status == 404, ident
    for which in ("x-2026", f"{zoe.family}-x", f"{zoe.family}-2025", f"{zoe.family}--2026", "-"):
        assert (await browser.get(f"/facturation/attestation/{which}.pdf")).status == 404, which
    assert (await browser.get(addresses[0].removesuffix(".pdf"))).status == 404


async def test_who_is_not_signed_in_is_shown_the_door(zoe: Home, addresses: list[str]) -> None:
    for address in addresses:
        answer = await Browser().get(address)
        assert answer.status == 303
        assert answer.headers["location"].startswith("/connexion?suite=%2Ffacturation%2F")
    browser = await signed_in(user_name(zoe))
    with writing() as session:
        session.execute(delete(Consent).where(col(Consent.account_id) == zoe.account))
    answer = await browser.get(addresses[0])
    assert answer.headers["location"].startswith("/conditions-a-accepter")
    assert papers.on_disk() == set()


async def test_one_that_was_altered_is_an_error_and_not_given(
    zoe: Home, addresses: list[str]
) -> None:
    browser = await signed_in(user_name(zoe))
    await browser.get(addresses[0])
    path = documents.invoice(as_parent(zoe.account), zoe.invoices()[-1]).path
    path.write_bytes(b"%PDF-1.7 paid")
    answer = await browser.get(addresses[0])
    assert answer.status == 500
    assert b"paid" not in answer.body


async def test_the_invoice_of_the_demo_says_what_is_due(db: None) -> None:
    build.build()
    browser = await signed_in("z-pinceau")
    with reading() as session:
        account = session.exec(select(Account).where(Account.user_name == "z-pinceau")).one()
    (year,) = certificates.years(as_parent(account.id or 0))
    (due,) = views.due(as_parent(account.id or 0)).lines
    answer = await browser.get(f"/facturation/facture/{due.id}.pdf")
    assert answer.status == 200
    said = papers.text(answer.body)
    for word in ("36,94 €", due.number, "10001", "Pinceau"):
        assert word in said, word
    # and the certificate of last year is there
    answer = await browser.get(f"/facturation/attestation/{year.family_id}-{year.year}.pdf")
    said = papers.text(answer.body)
    for word in (" ".join(euros(year.cents).split()), "2025", "Christopher"):
        assert word in said, word
