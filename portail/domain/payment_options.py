"""What each online payment service must be told, and what is wrong in what a town has said.

The names are those of `eopayment`; a test compares this table with the library's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Service(StrEnum):
    """The back ends of `eopayment` that a town may choose."""

    PAYFIP = "payfip_ws"
    PAYZEN = "payzen"
    SYSTEMPAY = "systempayv2"
    PAYBOX = "paybox"
    SIPS = "sips2"


@dataclass(frozen=True)
class Option:
    """One option: the form of its value, in a pattern and in French."""

    pattern: str
    meaning: str
    required: bool = False


_VADS = {
    "vads_site_id": Option(r"\d{8}", "8 chiffres", required=True),
    "vads_ctx_mode": Option("TEST|PRODUCTION", "TEST ou PRODUCTION", required=True),
    "secret_test": Option(r"[A-Za-z0-9]+", "lettres et chiffres"),
    "secret_production": Option(r"[A-Za-z0-9]+", "lettres et chiffres"),
    "signature_algo": Option("sha1|hmac_sha256", "sha1 ou hmac_sha256"),
    "service_url": Option(r"https://\S+", "une adresse https://"),
}
OPTIONS: Mapping[Service, Mapping[str, Option]] = {
    Service.PAYFIP: {
        "numcli": Option(r"\d{6}", "6 chiffres", required=True),
        "saisie": Option("[TXW]", "T (test), X (activation) ou W (production)", required=True),
    },
    Service.PAYZEN: _VADS,
    Service.SYSTEMPAY: _VADS,
    Service.PAYBOX: {
        "platform": Option("test|backup|prod", "test, backup ou prod", required=True),
        "site": Option(r"\d{7}", "7 chiffres", required=True),
        "rang": Option(r"\d{2,3}", "2 ou 3 chiffres", required=True),
        "identifiant": Option(r"\d{1,9}", "9 chiffres au plus", required=True),
        "shared_secret": Option(r"([0-9A-Fa-f]{2})+", "chiffres hexadécimaux", required=True),
    },
    Service.SIPS: {
        "platform": Option("test|prod", "test ou prod", required=True),
        "merchant_id": Option(r"\d{15}", "15 chiffres", required=True),
        "secret_key": Option(r"\S+", "la clé secrète", required=True),
        "key_version": Option(r"\d{1,5}", "un nombre"),
    },
}


def problems(service: Service, options: Mapping[str, str]) -> list[str]:
    """What is missing or wrong, in French; never a value: some are secret."""
    known = OPTIONS[service]
    found = [f"{name} : option inconnue de {service}" for name in options if name not in known]
    for name, option in known.items():
        if name not in options:
            if option.required:
                found.append(f"{name} : à dire ({option.meaning})")
        elif not re.fullmatch(option.pattern, options[name]):
            found.append(f"{name} : attendu {option.meaning}")
    if mode := options.get("vads_ctx_mode"):
        secret = f"secret_{mode.lower()}"
        if secret in known and secret not in options:
            found.append(f"{secret} : à dire (vads_ctx_mode est {mode})")
    return found


def is_test(service: Service, options: Mapping[str, str]) -> bool:
    """Whether these options lead to a service where no money moves."""
    match service:
        case Service.PAYFIP:
            return options.get("saisie") == "T"
        case Service.PAYZEN | Service.SYSTEMPAY:
            return options.get("vads_ctx_mode") == "TEST"
        case Service.PAYBOX | Service.SIPS:
            return options.get("platform") == "test"
