"""The banks' services by configuration: signed forms out, verified messages in."""

from __future__ import annotations

import base64
import subprocess
import sys
import urllib.parse
from typing import Any

import pytest
from Cryptodome.Hash import SHA1
from Cryptodome.PublicKey import RSA
from Cryptodome.Signature import PKCS1_v1_5

from portail.adapters import payment as online
from portail.adapters.payment import NotVerifiedError, Order, RefusedOrderError
from portail.adapters.payment.cards import CardForm
from portail.domain.payment_options import OPTIONS, Service, is_test, problems
from portail.domain.payments import News
from portail.settings import Settings

OPTIONS_OF: dict[Service, dict[str, str]] = {
    Service.PAYZEN: {"vads_site_id": "12345678", "vads_ctx_mode": "TEST", "secret_test": "abc123"},
    Service.SYSTEMPAY: {
        "vads_site_id": "12345678",
        "vads_ctx_mode": "PRODUCTION",
        "secret_production": "abc123",
        "signature_algo": "hmac_sha256",
    },
    Service.PAYBOX: {
        "platform": "prod",
        "site": "1234567",
        "rang": "01",
        "identifiant": "12345",
        "shared_secret": "0123456789abcdef",
    },
    Service.SIPS: {"platform": "prod", "merchant_id": "002001000000009", "secret_key": "k3y"},
}
CARDS = list(OPTIONS_OF)
REFERENCE = "20261123010001ABCDEFGH"
ORDER = Order(
    3_694,
    REFERENCE,
    "zoe@example.org",
    "Facture 2026-00012",
    2026,
    "https://familles.ville.fr/paiement/notification",
    f"https://familles.ville.fr/paiement/retour/{REFERENCE}",
)
KEY = RSA.generate(1024)


def service(which: Service) -> CardForm:
    return CardForm(which, OPTIONS_OF[which])


def said(which: Service, *, paid: bool = True, amount: int = 3_694) -> dict[str, str]:
    """What the bank would send, but for its signature."""
    backend = service(which)._payment().backend
    match which:
        case Service.PAYZEN | Service.SYSTEMPAY:
            fields = {
                "vads_ctx_mode": OPTIONS_OF[which]["vads_ctx_mode"],
                "vads_auth_result": "00" if paid else "05",
                "vads_result": "00" if paid else "05",
                "vads_amount": str(amount),
                "vads_trans_date": "20261123080000",
                "vads_trans_id": "abc123",
                "vads_ext_info_eopayment_trans_id": REFERENCE,
                "vads_card_number": "497010XXXXXX0000",
            }
            return {**fields, "signature": backend.signature(fields)}
        case Service.SIPS:
            data = {
                "amount": str(amount),
                "merchantId": "002001000000009",
                "responseCode": "00" if paid else "17",
                "transactionReference": REFERENCE,
                "maskedPan": "4970##########00",
            }
            seal = backend.seal_data(data)
            return {
                "Data": backend.encode_data(data),
                "Seal": seal,
                "InterfaceVersion": "HP_2.3",
            }
        case _:
            fields = {
                "montant": str(amount),
                "reference": REFERENCE,
                "code_autorisation": "XXXXXX",
                "erreur": "00000" if paid else "00105",
                "numero_appel": "1",
                "numero_transaction": "2",
                "date_transaction": "20261123",
                "heure_transaction": "08:00:00",
            }
            text = "&".join(f"{k}={urllib.parse.quote(v)}" for k, v in fields.items())
            signature = PKCS1_v1_5.new(KEY).sign(SHA1.new(text.encode()))
            return {**fields, "signature": base64.b64encode(signature).decode()}


@pytest.fixture(autouse=True)
def _key_of_paybox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paybox signs with a key of its own, which we have not."""
    from eopayment import paybox

    verify, public = paybox.verify, KEY.publickey().export_key()
    monkeypatch.setattr(paybox, "verify", lambda data, sig: verify(data, sig, public))


@pytest.mark.parametrize("which", CARDS)
def test_the_browser_brings_a_signed_form(which: Service) -> None:
    prepared = service(which).prepare(ORDER)
    assert prepared.operation == REFERENCE
    assert prepared.redirect.method == "POST"
    assert prepared.redirect.url.startswith(f"{service(which).posts_to()}/")
    text = str(prepared.redirect.fields)
    for part in ("3694", REFERENCE, ORDER.return_url, ORDER.notify_url, ORDER.email):
        assert part in text
    assert not any(secret in text for secret in ("abc123", "0123456789abcdef", "k3y"))


@pytest.mark.parametrize("which", CARDS)
@pytest.mark.parametrize("notified", [True, False])
@pytest.mark.parametrize("paid", [True, False])
def test_a_signed_message_is_understood(which: Service, notified: bool, paid: bool) -> None:
    query = urllib.parse.urlencode(said(which, paid=paid))
    heard = service(which).interpret(query, notified=notified)
    assert heard.operation == heard.reference == REFERENCE
    assert heard.cents == 3_694
    assert heard.news is News.PAID if paid else heard.news in (News.REFUSED, News.ABANDONED)
    assert heard.test is (which is Service.PAYZEN)
    assert "4970" not in str(heard.facts)
    assert heard.facts


@pytest.mark.parametrize("which", CARDS)
def test_a_message_that_was_touched_is_refused(which: Service) -> None:
    good = said(which)
    for name in good:
        if name == "InterfaceVersion":  # SIPS does not seal it
            continue
        for value in ("1" + good[name].replace("3694", "1"), ""):
            query = urllib.parse.urlencode({**good, name: value})
            with pytest.raises(NotVerifiedError):
                service(which).interpret(query, notified=True)
    unsigned = {k: v for k, v in good.items() if k not in ("signature", "Seal")}
    for query in ("", "a=b", "%ff", "x" * 20_000, urllib.parse.urlencode(unsigned)):
        with pytest.raises(NotVerifiedError):
            service(which).interpret(query, notified=False)


@pytest.mark.parametrize("which", CARDS)
def test_these_services_are_only_listened_to(which: Service) -> None:
    assert service(which).ask(REFERENCE) is None  # type: ignore[func-returns-value]


def test_an_order_that_the_library_refuses_is_refused() -> None:
    from dataclasses import replace

    with pytest.raises(RefusedOrderError):
        service(Service.PAYZEN).prepare(replace(ORDER, reference="é" * 40))


@pytest.mark.parametrize("which", list(Service))
def test_our_options_are_the_librarys(which: Service) -> None:
    import eopayment

    parameters: list[dict[str, Any]] = eopayment.get_backend(which.value).description["parameters"]
    ours = OPTIONS[which]
    theirs = {one["name"]: one for one in parameters}
    assert set(ours) <= set(theirs)
    for name, one in theirs.items():
        given_by_us = name in ("normal_return_url", "automatic_return_url")
        if one.get("required") and not one.get("default") and not given_by_us:
            # the secret that is needed depends on the mode: `problems` says so
            assert ours[name].required or name.startswith("secret_")


def test_what_is_missing_or_wrong_is_named() -> None:
    for which, options in OPTIONS_OF.items():
        assert problems(which, options) == []
        for name, option in OPTIONS[which].items():
            if option.required:
                without = {k: v for k, v in options.items() if k != name}
                assert any(line.startswith(name) for line in problems(which, without))
        assert problems(which, {**options, "nouveau": "x"}) != []
    live = {**OPTIONS_OF[Service.PAYZEN], "vads_ctx_mode": "PRODUCTION"}
    assert problems(Service.PAYZEN, live)[0].startswith("secret_production")


def test_where_no_money_moves() -> None:
    moves = {which: not is_test(which, options) for which, options in OPTIONS_OF.items()}
    assert moves == {
        Service.PAYZEN: False,
        Service.SYSTEMPAY: True,
        Service.PAYBOX: True,
        Service.SIPS: True,
    }
    assert [is_test(Service.PAYFIP, {"saisie": one}) for one in "TXW"] == [True, False, False]


def test_the_settings_name_the_service() -> None:
    from pydantic import SecretStr

    chosen = Settings(
        payment_provider=Service.SIPS,
        payment_options=SecretStr(
            '{"platform": "test", "merchant_id": "002001000000001", "secret_key": "x"}'
        ),
    )
    made = online.make_provider(chosen)
    assert isinstance(made, CardForm)
    assert made.posts_to() == "https://payment-webinit.simu.sips-services.com"


def test_the_library_is_loaded_when_it_is_needed() -> None:
    """Its SOAP client takes half a second to load: not at the start of the portal."""
    check = "import sys, portail.adapters.payment as p; p.current(); print('zeep' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
