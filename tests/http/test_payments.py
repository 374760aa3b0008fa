"""Notifications and returns over HTTP, as the portal serves them: by the bank, by anybody."""

from __future__ import annotations

import re

import pytest
from structlog.testing import capture_logs

from portail.adapters.payment.places import DEMO_PAGE, DEMO_SERVICE
from portail.demo.payfip.bank import Ending
from portail.domain.payments import PaymentState
from portail.domain.throttling import PAYMENT_STRANGER
from portail.services.payments import payment
from portail.services.payments.starting import NOTIFICATION, RETURN
from tests.access.asgi import Answer, ask
from tests.http.browser import APP, Browser
from tests.payments import Home, home

pytestmark = pytest.mark.usefixtures("bank")
FORM = "application/x-www-form-urlencoded"
STRANGE = ["", "x" * 5, "é", "a" * 200, "%00", "..", "' OR 1=1 --", "REF\r\nX: y", "20261123"]


@pytest.fixture
def zoe(bank: None) -> Home:
    return home()


async def machine(
    path: str, method: str = "GET", query: str = "", body: str = "", kind: str = FORM
) -> Answer:
    """A request of no browser: no cookie, no origin."""
    headers = {"content-type": kind} if body else {}
    return await ask(APP, path, method, headers, query, [body.encode()])


@pytest.mark.parametrize("name", ["idop", "idOp"])
@pytest.mark.parametrize("way", ["get", "post, in the address", "post, in the body"])
async def test_the_bank_notifies_without_a_cookie(zoe: Home, name: str, way: str) -> None:
    payment_id = zoe.start().payment_id
    said = f"{name}={zoe.operation(payment_id)}"
    zoe.end(payment_id, Ending.PAID)
    match way:
        case "get":
            answer = await machine(NOTIFICATION, query=said)
        case "post, in the address":
            answer = await machine(NOTIFICATION, "POST", said)
        case _:
            answer = await machine(NOTIFICATION, "POST", body=said)
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert zoe.state(payment_id) is PaymentState.PAID


async def test_what_a_notification_says_is_not_believed(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    said = f"idop={zoe.operation(payment_id)}&resultrans=P&montant=3694"
    assert (await machine(NOTIFICATION, "POST", body=said)).status == 200
    assert zoe.state(payment_id) is PaymentState.SENT


@pytest.mark.parametrize("value", STRANGE)
async def test_an_unknown_operation_is_not_found(zoe: Home, value: str) -> None:
    zoe.start()
    with capture_logs() as log:
        for answer in (
            await machine(
                NOTIFICATION, query=f"idop={value}".replace("é", "%C3%A9").split("\r")[0]
            ),
            await machine(NOTIFICATION, "POST", body=f"idop={value}"),
            await machine(
                NOTIFICATION, "POST", body=f'{{"idop": "{value}"}}', kind="application/json"
            ),
        ):
            assert answer.status == 404
            assert b"Traceback" not in answer.body
    assert "request_failed" not in [line["event"] for line in log]


async def test_whoever_invents_operations_is_slowed_down(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    statuses = [
        (await machine(NOTIFICATION, query=f"idop=inventee-{n}")).status
        for n in range(PAYMENT_STRANGER.free + 5)
    ]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    zoe.end(payment_id, Ending.PAID)
    known = await machine(NOTIFICATION, query=f"idop={zoe.operation(payment_id)}")
    assert known.status == 200


async def test_the_return_leads_to_the_page_of_the_payment(zoe: Home) -> None:
    payment_id = zoe.start().payment_id
    zoe.end(payment_id, Ending.REFUSED)
    reference = zoe.row(payment_id).reference
    answer = await Browser().get(f"{RETURN}/{reference}")
    assert answer.status == 303
    assert answer.headers["location"] == f"/facturation/paiement?n={payment_id}"
    assert answer.headers["cache-control"] == "no-store"
    assert zoe.state(payment_id) is PaymentState.REFUSED
    # a bank whose page posts back, from its own site
    posted = await machine(f"{RETURN}/{reference}", "POST", body="a=b")
    assert posted.headers["location"] == answer.headers["location"]


@pytest.mark.parametrize("reference", ["INCONNUE1", "abc", "x" * 99, "..", "%00", "１２３４５６"])
async def test_a_return_of_nothing_leads_to_the_invoices(zoe: Home, reference: str) -> None:
    answer = await machine(f"{RETURN}/{reference}")
    assert (answer.status, answer.headers["location"]) == (303, "/facturation/payer")


async def test_another_family_sees_nothing_by_coming_back(zoe: Home) -> None:
    """The address says which payment, not what became of it."""
    karim = home("2026-00013")
    payment_id = zoe.start().payment_id
    answer = await machine(f"{RETURN}/{zoe.row(payment_id).reference}")
    assert answer.body == b""
    with pytest.raises(Exception, match=r"^$"):
        payment(karim.actor, payment_id)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_refused(zoe: Home, method: str) -> None:
    assert (await machine(NOTIFICATION, method)).status in (403, 405)


async def test_a_long_body_is_refused(zoe: Home) -> None:
    answer = await machine(NOTIFICATION, "POST", body="idop=" + "x" * 70_000)
    assert answer.status == 413


async def test_the_demos_service_is_called_by_a_machine_and_its_page_by_a_browser() -> None:
    assert (await machine(DEMO_SERVICE, "POST", body="<x/>", kind="text/xml")).status == 500
    assert (await machine(DEMO_PAGE, "POST", body="idop=x&choix=P")).status == 403
    assert (await Browser().post(DEMO_PAGE, idop="x", choix="P")).status == 410


async def test_other_sites_still_post_nothing_elsewhere() -> None:
    assert (await machine("/connexion", "POST", body="identifiant=z")).status == 403


async def test_nothing_of_a_payment_is_logged_but_its_number(zoe: Home) -> None:
    with capture_logs() as log:
        payment_id = zoe.start().payment_id
        operation = zoe.operation(payment_id)
        zoe.end(payment_id, Ending.PAID)
        await machine(NOTIFICATION, query=f"idop={operation}")
    assert not re.search(rf"{operation}|@|36,94", str(log))
