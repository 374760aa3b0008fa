"""PDFs asked of the served portal: made by its worker, given by its route to their family alone."""

from __future__ import annotations

import time
from hashlib import sha256

import pytest
from sqlmodel import Session, col, func, select

from portail.models import Family, Invoice
from tests import papers
from tests.access.conftest import RunningPortal

pytestmark = pytest.mark.usefixtures("quiet")
PATIENCE = 60.0  # seconds


@pytest.fixture
def due(portal: RunningPortal) -> Invoice:
    """Zoé's invoice of 36,94 €, once the worker has been."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with Session(portal.engine) as session:
            left = select(func.count()).where(col(Invoice.pdf_sha256).is_(None))
            if not session.exec(left).one():
                return session.exec(
                    select(Invoice)
                    .join(Family, col(Family.id) == col(Invoice.family_id))
                    .where(Family.number == 10001, Invoice.total_cents == 3_694)
                ).one()
        time.sleep(0.1)
    pytest.fail("the worker makes no PDF")


def test_zoe_opens_her_invoice_and_nobody_else_does(portal: RunningPortal, due: Invoice) -> None:
    address = f"/facturation/facture/{due.id}.pdf"
    with portal.http(portal.sign_in("z-pinceau")) as http:
        answer = http.get(address)
        assert answer.status_code == 200
        assert f'filename="Facture-{due.number}.pdf"' in answer.headers["content-disposition"]
        assert http.head(address).headers["content-length"] == str(due.pdf_bytes)
    assert (sha256(answer.content).hexdigest(), len(answer.content)) == (
        due.pdf_sha256,
        due.pdf_bytes,
    )
    assert "36,94 €" in papers.text(answer.content)
    for name, door in (
        ("k-benali", "/connexion"),
        ("m-delmas", "/connexion"),  # the other household of one of the children
        ("agent.regie", "/agents/connexion"),
        ("agent.admin", "/agents/connexion"),
    ):
        with portal.http(portal.sign_in(name, door)) as http:
            assert http.get(address).status_code == 404, name
    with portal.http() as http:
        assert http.get(address).status_code == 303
