"""PDFs of invoices, receipts and certificates: made once, the same for ever, for their family."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portail import clock
from portail.adapters.pdf import invoice_pdf
from portail.database import Work, working_alone, writing
from portail.domain.identity import Actor, Role
from portail.domain.payments import PaymentState
from portail.models import Invoice, Receipt, TaxCertificate
from portail.services.billing import accounts, documents
from portail.services.billing.credits import cancel
from portail.services.billing.documents import LostPaperError, Opened
from portail.services.documents.storing import ORPHAN_AFTER, tidy
from portail.services.reach import NotFound
from portail.settings import settings
from tests import factories, papers
from tests.billing import NOVEMBER, Home, home, issued, regie
from tests.conftest import SetClock
from tests.services.billing.test_certificates import zoe
from tests.services.test_account import as_parent

__all__ = ["zoe"]
YEAR = "2027-01-05T09:00"


@pytest.fixture(autouse=True)
def _empty_store(db: None) -> Iterator[None]:
    shutil.rmtree(settings().files_dir, ignore_errors=True)
    yield
    shutil.rmtree(settings().files_dir, ignore_errors=True)


@pytest.fixture
def never(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, nothing is made any more."""

    def refuse(*_: object) -> bytes:
        raise AssertionError("made again")

    def begin() -> None:
        for name in ("invoice_pdf", "receipt_pdf", "certificate_pdf"):
            monkeypatch.setattr(documents, name, refuse)

    return begin


def content(opened: Opened) -> bytes:
    return opened.path.read_bytes()


def test_an_invoice_is_made_once_with_its_hash(zoe: Home, never: Callable[[], None]) -> None:
    actor, (meals, care) = as_parent(zoe.account), zoe.invoices()
    first = documents.invoice(actor, care)
    assert first.name == "Facture-2026-000001.pdf"
    assert documents.invoice(actor, meals).name == "Facture-CANTINE-2026-000001.pdf"
    made = papers.row(care)
    assert (made.pdf_sha256, made.pdf_bytes) == (
        sha256(content(first)).hexdigest(),
        len(content(first)),
    )
    said = papers.text(content(first))
    for word in ("7,00 €", "2026-000001", "Nora", "3,50 €", "850"):
        assert word in said, word
    assert "3,33" not in said
    never()
    assert content(documents.invoice(actor, care)) == content(first)
    assert papers.on_disk() == papers.known()


def test_a_credit_note_has_its_own(zoe: Home) -> None:
    cancelled = cancel(regie(), zoe.invoices()[-1], "Erreur de la mairie")
    opened = documents.invoice(as_parent(zoe.account), getattr(cancelled, "id", 0))
    assert opened.name == "Avoir-2026-000002.pdf"
    said = papers.text(content(opened))
    for word in ("2026-000001", "Erreur de la mairie", "7,00 €"):
        assert word in said, word


@pytest.mark.parametrize(
    ("paid", "said", "unsaid"),
    [
        (100, ("Crédit -1,00 €", "Reste à payer", "3,00 €", "régler avant", "En ligne"), ()),
        (400, ("Crédit -4,00 €", "Reste à payer", "0,00 €"), ("régler avant", "En ligne")),
        (0, ("Total à payer", "4,00 €"), ("Crédit", "Reste à payer")),
    ],
)
def test_an_invoice_says_what_a_credit_paid_when_it_was_issued_and_nothing_later(
    zoe: Home, set_clock: SetClock, paid: int, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    accounts.receive(regie(), zoe.family, 700 + paid, clock.today(), "Chèque")
    set_clock("2026-12-01T09:00")
    zoe.book("MATIN", NOVEMBER.replace(day=5))
    issued(NOVEMBER)
    set_clock("2026-12-02T09:00")
    accounts.receive(regie(), zoe.family, 150, clock.today(), "Chèque")
    text = papers.text(content(documents.invoice(as_parent(zoe.account), zoe.invoices()[-1])))
    text = text.replace("Déjà réglé par le crédit de votre compte", "Crédit")
    for words in said:
        assert words in text, words
    for words in unsaid:
        assert words not in text, words


def test_only_the_adults_of_the_family_by_their_account(zoe: Home) -> None:
    care = zoe.invoices()[-1]
    payment = papers.attempt(zoe.family, care)
    other = home()
    factories.share(zoe.children[0], other.family)  # the other household of the child
    agents = [
        Actor(3, agent_id=factories.agent(roles=[role]), roles=frozenset({role})) for role in Role
    ]
    for actor in (as_parent(other.account), as_parent(factories.account()), *agents):
        for ask in (
            lambda actor=actor: documents.invoice(actor, care),
            lambda actor=actor: documents.receipt(actor, payment),
            lambda actor=actor: documents.certificate(actor, zoe.family, 2026),
        ):
            with pytest.raises(NotFound):
                ask()
    assert papers.on_disk() == set()
    second = factories.account()
    factories.join_family(second, zoe.family)
    assert content(documents.invoice(as_parent(second), care))


@pytest.mark.parametrize("harm", ["altered", "gone", "cut"])
def test_what_is_not_what_it_was_is_neither_given_nor_made_again(zoe: Home, harm: str) -> None:
    actor, care = as_parent(zoe.account), zoe.invoices()[-1]
    path = documents.invoice(actor, care).path
    if harm == "gone":
        path.unlink()
    else:
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] if harm == "cut" else whole[:-1] + b"x")
    with pytest.raises(LostPaperError):
        documents.invoice(actor, care)
    assert documents.make_missing() == 1  # the other invoice's


def test_a_receipt_is_of_what_was_paid_and_made_once(zoe: Home, never: Callable[[], None]) -> None:
    actor, care = as_parent(zoe.account), zoe.invoices()[-1]
    refused = papers.attempt(zoe.family, care, PaymentState.REFUSED)
    payment = papers.attempt(zoe.family, care)
    for wrong in (refused, payment + 1_000):
        with pytest.raises(NotFound):
            documents.receipt(actor, wrong)
    first = documents.receipt(actor, payment)
    assert first.name == f"Reçu-REF{care:07d}PAID.pdf"
    said = papers.text(content(first))
    for word in ("7,00 €", "2026-000001", f"REF{care:07d}PAID"):
        assert word in said, word
    never()
    assert content(documents.receipt(actor, payment)) == content(first)
    (row,) = papers.rows(Receipt)
    assert (row.pdf_sha256, row.pdf_bytes) == (
        sha256(content(first)).hexdigest(),
        len(content(first)),
    )
    assert papers.on_disk() == papers.known()


def test_a_certificate_is_another_one_only_when_what_it_says_changes(
    zoe: Home, set_clock: SetClock, never: Callable[[], None]
) -> None:
    actor = as_parent(zoe.account)
    receive(zoe, 300)
    with pytest.raises(NotFound):
        documents.certificate(actor, zoe.family, 2026)  # the year is not over
    set_clock(YEAR)
    first = content(documents.certificate(actor, zoe.family, 2026))
    assert "3,00 €" in papers.text(first)
    assert "Nora" in papers.text(first)
    # a cheque of the year that was lost in a drawer
    receive(zoe, 400)
    opened = documents.certificate(actor, zoe.family, 2026)
    assert opened.name == "Attestation-fiscale-2026-dossier-{}.pdf".format(
        opened.name.rsplit("-", 1)[1].removesuffix(".pdf")
    )
    assert "7,00 €" in papers.text(content(opened))
    never()
    assert content(documents.certificate(actor, zoe.family, 2026)) == content(opened)
    assert len(papers.rows(TaxCertificate)) == 2
    assert papers.on_disk() == papers.known()
    for year in (2025, 2027, 0):
        with pytest.raises(NotFound):
            documents.certificate(actor, zoe.family, year)


def receive(one: Home, cents: int) -> None:
    accounts.receive(regie(), one.family, cents, date(2026, 11, 20), "Chèque")


def test_the_worker_makes_those_that_are_missing_once(zoe: Home, never: Callable[[], None]) -> None:
    asked = documents.invoice(as_parent(zoe.account), zoe.invoices()[0])
    with working_alone(Work.PAPERS) as mine:
        assert mine
        assert documents.make_missing() == 0  # another process is at it
    assert documents.make_missing(most=0) == 0
    assert documents.make_missing(most=1) == 1
    never()
    assert documents.make_missing() == 0
    assert content(documents.invoice(as_parent(zoe.account), zoe.invoices()[1]))
    assert asked.path.is_file()


def test_one_that_cannot_be_made_does_not_hold_up_the_others(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = invoice_pdf
    monkeypatch.setattr(documents, "BATCH", 1)
    broken = papers.row(zoe.invoices()[0]).number

    def breaks(paper: object) -> bytes:
        if getattr(paper, "number", "") == broken:
            raise RuntimeError
        return made(paper)  # type: ignore[arg-type]

    monkeypatch.setattr(documents, "invoice_pdf", breaks)
    assert documents.make_missing() == 1
    assert [one.pdf_key is None for one in papers.rows(Invoice)] == [True, False]
    monkeypatch.undo()
    assert documents.make_missing() == 1


def test_a_failure_of_the_database_leaves_the_row_as_it_was_and_the_file_to_the_sweep(
    zoe: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(documents, "writing", fails)
        with pytest.raises(OSError):  # noqa: PT011
            documents.invoice(as_parent(zoe.account), zoe.invoices()[0])
    assert papers.row(zoe.invoices()[0]).pdf_key is None
    assert documents.make_missing() == 2
    assert len(papers.on_disk()) == 3
    _grow_old()
    tidy(clock.now())
    assert papers.on_disk() == papers.known()


def test_the_sweep_keeps_the_papers_however_old(zoe: Home, set_clock: SetClock) -> None:
    actor, care = as_parent(zoe.account), zoe.invoices()[-1]
    payment = papers.attempt(zoe.family, care)
    set_clock(YEAR)
    documents.receipt(actor, payment)
    documents.certificate(actor, zoe.family, 2026)
    assert documents.make_missing() == 2
    assert len(papers.on_disk()) == 4
    _grow_old()
    tidy(clock.now())
    assert papers.on_disk() == papers.known()
    assert len(papers.known()) == 4


def _grow_old() -> None:
    before = time.time() - (ORPHAN_AFTER + timedelta(minutes=1)).total_seconds()
    for path in settings().files_dir.glob("*/*/*"):
        os.utime(path, (before, before))


@pytest.mark.parametrize("table", ["receipt", "tax_certificate"])
@pytest.mark.parametrize("change", ["UPDATE {} SET pdf_sha256 = 'x'", "DELETE FROM {}"])
def test_what_was_given_is_never_changed(
    zoe: Home, set_clock: SetClock, table: str, change: str
) -> None:
    payment = papers.attempt(zoe.family, zoe.invoices()[-1])
    set_clock(YEAR)
    documents.receipt(as_parent(zoe.account), payment)
    documents.certificate(as_parent(zoe.account), zoe.family, 2026)
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text(change.format(table)))


def test_a_month_issued_later_has_its_documents_too(zoe: Home, set_clock: SetClock) -> None:
    assert documents.make_missing() == 2
    zoe.book("MATIN", date(2026, 11, 5))
    set_clock("2026-12-01T09:00")
    issued(NOVEMBER)
    assert documents.make_missing() == 1
