"""The same PDF at the same instant: one is kept, everybody is given it, nothing else is left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from portail.models import Receipt, TaxCertificate
from portail.services.billing import documents
from portail.settings import settings
from tests import papers
from tests.billing import Home
from tests.concurrency.together import at_once
from tests.conftest import SetClock
from tests.services.billing.test_certificates import zoe
from tests.services.test_account import as_parent

__all__ = ["zoe"]


@pytest.fixture(autouse=True)
def _empty_store(db: None) -> Iterator[None]:
    shutil.rmtree(settings().files_dir, ignore_errors=True)
    yield
    shutil.rmtree(settings().files_dir, ignore_errors=True)


def test_an_invoice_asked_for_by_two_while_workers_make_it(zoe: Home) -> None:
    actor, ids = as_parent(zoe.account), zoe.invoices()

    def act(number: int) -> object:
        if number < 2:
            return documents.make_missing()
        return documents.invoice(actor, ids[number % 2]).path

    paths = {path for path in at_once(6, act) if not isinstance(path, int)}
    assert len(paths) == 2
    assert papers.on_disk() == papers.known() == {papers.row(ident).pdf_key for ident in ids}


def test_a_receipt_asked_for_in_four_tabs(zoe: Home) -> None:
    payment = papers.attempt(zoe.family, zoe.invoices()[-1])
    paths = at_once(4, lambda _: documents.receipt(as_parent(zoe.account), payment).path)
    assert len(set(paths)) == len(papers.rows(Receipt)) == 1
    assert papers.on_disk() == papers.known()


def test_a_certificate_asked_for_in_four_tabs(zoe: Home, set_clock: SetClock) -> None:
    papers.attempt(zoe.family, zoe.invoices()[-1])
    set_clock("2027-01-05T09:00")
    actor = as_parent(zoe.account)
    paths = at_once(4, lambda _: documents.certificate(actor, zoe.family, 2026).path)
    assert len(set(paths)) == len(papers.rows(TaxCertificate)) == 1
    assert papers.on_disk() == papers.known()
