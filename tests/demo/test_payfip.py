"""The local PayFiP: what it takes, what it answers, its pages, through its own HTTP."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from portail import clock
from portail.adapters import payment as online
from portail.adapters.payment.payfip import PayFiP
from portail.adapters.payment.places import DEMO_PAGE, DEMO_SERVICE
from portail.demo.payfip.bank import (
    CLOSED,
    MEANINGS,
    Amount,
    Answer,
    Ending,
    FunctionalError,
    Notices,
    Switches,
    demo_bank,
)
from portail.demo.payfip.routes import CONTROL, END_PAGE
from portail.settings import settings

ENVELOPE = (
    b'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>%s</S:Body>'
    b"</S:Envelope>"
)
pytestmark = pytest.mark.usefixtures("bank")


def soap() -> Any:
    provider = online.current()
    assert isinstance(provider, PayFiP)
    return provider._soap


def order(**changes: str) -> dict[str, str]:
    good = {
        "numcli": "094076",
        "saisie": "T",
        "exer": "2026",
        "refdet": "20261123010001AB",
        "montant": "3694",
        "mel": "zoe@example.org",
        "objet": "Facture 2026 12",
        "url_notification": f"{settings().base_url}/paiement/notification",
        "url_redirect": f"{settings().base_url}/paiement/retour/X",
    }
    return {**good, **changes}


def announced(**changes: str) -> str:
    operation: str = soap().get_idop(**order(**changes))
    return operation


def fault(call: Any, *args: str, **values: str) -> str:
    from eopayment.payfip_ws import PayFiPError

    with pytest.raises(PayFiPError) as caught:
        call(*args, **values)
    code = str(caught.value.code)
    if code in MEANINGS:
        assert caught.value.message == MEANINGS[code]
    return code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"numcli": "12345"}, "T1"),
        ({"numcli": ""}, "T1"),
        ({"numcli": "999999"}, "T2"),
        ({"numcli": CLOSED}, "T4"),
        ({"saisie": "Z"}, "T4"),
        ({"montant": "99"}, "M3"),
        ({"montant": "10000001"}, "M3"),
        ({"montant": "12,50"}, "M3"),
        ({"mel": "zoe"}, "A2"),
        ({"mel": "z@a.b" + "c" * 80}, "A2"),
        ({"refdet": "ABC"}, "R3"),
        ({"refdet": "AB-1234567"}, "R3"),
        ({"refdet": "A" * 31}, "R3"),
        ({"url_notification": "x"}, "N1"),
        ({"url_notification": "http://192.0.2.1/"}, "N1"),
        ({"url_redirect": "https://evil.example/"}, "D1"),
        ({"exer": "26"}, "unknown"),
        ({"objet": "n° 12"}, "unknown"),
    ],
)
def test_a_wrong_order_is_refused_by_its_code(change: dict[str, str], code: str) -> None:
    assert fault(soap().get_idop, **order(**change)) == code


def test_an_address_is_under_250_characters() -> None:
    long = f"{settings().base_url}/".ljust(250, "x")
    assert fault(soap().get_idop, **order(url_notification=long)) == "N1"
    assert announced(url_notification=long[:-1])


def test_the_client_is_described() -> None:
    assert soap().get_info_client("094076").libelleN1 == "COMMUNE VILLEJUIF"
    assert fault(soap().get_info_client, "999999") == "T2"


def test_an_operation_is_unknown_until_it_ends() -> None:
    idop = announced()
    assert fault(soap().get_info_paiement, idop) == "P5"
    assert fault(soap().get_info_paiement, "autre-chose") == "P1"
    clock.advance(timedelta(hours=14, minutes=59))
    assert fault(soap().get_info_paiement, idop) == "P5"
    clock.advance(timedelta(minutes=1))  # midnight: purged
    assert fault(soap().get_info_paiement, idop) == "P1"


@pytest.mark.parametrize("ending", list(Ending))
def test_an_operation_tells_how_it_ended(ending: Ending) -> None:
    idop = announced()
    demo_bank().end(idop, ending)
    told = soap().get_info_paiement(idop)
    assert (told.resultrans, told.montant, told.refdet, told.idOp) == (
        ending.value,
        "3694",
        "20261123010001AB",
        idop,
    )
    assert (told.dattrans, told.heurtrans) == ("23112026", "0900")
    assert bool(told.numauto) is (ending in (Ending.PAID, Ending.DEBIT))


def test_an_operation_lives_a_quarter_of_an_hour() -> None:
    idop = announced()
    clock.advance(timedelta(minutes=14, seconds=59))
    assert demo_bank().usable(idop).idop == idop
    clock.advance(timedelta(seconds=1))
    with pytest.raises(FunctionalError, match="P4"):
        demo_bank().end(idop, Ending.PAID)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"<a/>",
        b"not xml",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        ENVELOPE % b"",
        ENVELOPE % b"<x/>",
    ],
)
def test_a_message_that_is_none_is_a_fault(message: bytes) -> None:
    answer = httpx.post(f"{settings().base_url}{DEMO_SERVICE}", content=message)
    assert answer.status_code == 500
    assert "TechProtocolaireErreur" in answer.text
    assert "root:" not in answer.text


def test_it_remembers_after_a_restart_and_between_processes() -> None:
    idop = announced()
    demo_bank().set(Switches(Notices.DROPPED, Amount.ONE_EURO_LESS, Answer.UNKNOWN))
    again = demo_bank()
    assert again is not demo_bank()
    assert again.found(idop).refdet == "20261123010001AB"
    assert again.switches() == Switches(Notices.DROPPED, Amount.ONE_EURO_LESS, Answer.UNKNOWN)


def test_each_notification_is_sent_by_one_process() -> None:
    idop = announced()
    demo_bank().set(Switches(Notices.REPEATED))
    demo_bank().end(idop, Ending.PAID)
    assert len(demo_bank().due()) == 3
    assert demo_bank().due() == []


def test_notifications_that_were_held_go_when_the_switch_is_turned_back() -> None:
    idop = announced()
    demo_bank().set(Switches(Notices.REORDERED))
    demo_bank().end(idop, Ending.PAID)
    assert demo_bank().due(late=1_000) == []
    demo_bank().set(Switches())
    assert demo_bank().due() == [f"{settings().base_url}/paiement/notification?idop={idop}"]


# --- its pages


def page(path: str, **query: str) -> httpx.Response:
    return httpx.get(f"{settings().base_url}{path}", params=query)


@pytest.mark.parametrize(
    ("choice", "title"),
    [("P", "Paiement accepté"), ("R", "Paiement refusé"), ("A", "Paiement abandonné")],
)
def test_the_page_pays_refuses_and_abandons(choice: str, title: str) -> None:
    idop = announced()
    shown = page(DEMO_PAGE, idop=idop)
    for label in ("Payer", "Refuser", "Abandonner", "36,94\u00a0€", "20261123010001AB"):
        assert label in shown.text
    with httpx.Client(base_url=settings().base_url) as http:
        chosen = http.post(DEMO_PAGE, data={"idop": idop, "choix": choice})
        assert (chosen.status_code, chosen.headers["location"]) == (303, f"{END_PAGE}?idop={idop}")
        ended = http.get(chosen.headers["location"])
    assert title in ended.text
    assert f'href="{settings().base_url}/paiement/retour/X?idop={idop}"' in ended.text
    again = page(DEMO_PAGE, idop=idop)
    assert again.status_code == (200 if choice == "A" else 410)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"idop": "inconnue", "choix": "P"}, 410),
        ({"idop": "x", "choix": "Q"}, 400),
        ({}, 400),
    ],
)
def test_a_choice_that_is_none_is_refused(data: dict[str, str], status: int) -> None:
    answer = httpx.post(f"{settings().base_url}{DEMO_PAGE}", data=data)
    assert answer.status_code == status


def test_the_switches_are_set_on_a_page() -> None:
    announced()
    data = {"notices": "dropped", "amount": "one_euro_less", "answer": "unknown"}
    url = f"{settings().base_url}{CONTROL}"
    assert httpx.post(url, data=data).status_code == 303
    assert demo_bank().switches() == Switches(Notices.DROPPED, Amount.ONE_EURO_LESS, Answer.UNKNOWN)
    shown = page(CONTROL).text
    assert len(re.findall(r" checked", shown)) == 3
    assert "Paiement en cours" in shown
    assert httpx.post(url, data={**data, "amount": "moitié"}).status_code == 400


def test_its_pages_run_nothing_and_draw_nothing_from_elsewhere() -> None:
    for path in (DEMO_PAGE, END_PAGE, CONTROL):
        answer = page(path, idop=announced())
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert not re.search(r"<script|style=|<style|\son\w+=", answer.text)
        assert "http" not in re.sub(rf"{settings().base_url}", "", answer.text)
        assert answer.headers["cache-control"] == "no-store"


def test_its_description_names_its_own_address_and_nothing_odd_from_the_caller() -> None:
    answer = page(DEMO_SERVICE)
    assert f'location="{settings().base_url}{DEMO_SERVICE}"' in answer.text
    assert page("/demo/payfip/tpa/services/PaiementSecuriseService_schema1.xsd").status_code == 200
    assert page("/demo/payfip/tpa/services/PaiementSecuriseService_autre.xsd").status_code == 404
