"""Every setting of the portal, in one typed object read from `PORTAIL_*` variables.

A wrong value stops the start with a sentence that names the variable: see `load_settings`.
Production refuses what is only good for a demonstration (secrets, plain http, frozen clock).
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from portail.domain.passwords import PasswordRule
from portail.domain.payment_options import Service, problems

PARIS = ZoneInfo("Europe/Paris")
DATABASE_SCHEMES = ("sqlite", "postgresql")
MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls")
MIN_SECRET = 32  # characters
FERNET_BYTES = 32
MIN_BCRYPT_COST = 12  # OWASP, 2026: 10 at least
DEMO_PAYFIP = {"numcli": "094076", "saisie": "T"}
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class SettingsError(Exception):
    """The set-up cannot work; the message is meant for whoever starts the portal."""


class Mode(StrEnum):
    """`demo`: a demonstration on one machine. `production`: a town in service."""

    DEMO = "demo"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """What a town or a developer may decide without touching the code."""

    model_config = SettingsConfigDict(env_prefix="PORTAIL_", frozen=True, extra="ignore")

    # --- where and how it runs
    mode: Mode = Mode.DEMO
    data_dir: Path = Path("data")
    database_url: str = ""  # empty: SQLite under data_dir
    redis_url: str = ""
    sealing_keys: SecretStr = SecretStr("")  # Fernet keys, newest first; demo: made like the secret
    public_url: str = ""  # empty: http://localhost:PORT
    port: int = Field(default=3000, ge=1, le=65535, validation_alias="PORT")
    host: str = "127.0.0.1"
    workers: int = Field(default=1, ge=1, le=32)
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    now: datetime | None = None  # the portal's clock, frozen: demo and tests only
    secret: SecretStr = SecretStr("")  # signs short-lived cookies; demo: made once under data_dir
    log_format: str = Field(default="text", pattern="^(text|json)$")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    # --- mail
    smtp_url: str = ""  # empty in demo: .eml files under data_dir/courriels
    mail_from: str = "ne-pas-repondre@villejuif.example"
    digest_hour: int = Field(default=18, ge=8, le=21)  # of the daily digest, in Paris

    # --- uploaded files
    upload_megabytes: int = Field(default=10, ge=1, le=50)  # for each file
    clamd_url: str = ""  # tcp://host:3310 or unix:///run/clamav/clamd.ctl; empty: no antivirus

    # --- online payment
    payment_provider: Service | None = None  # none: closed; in the demo, the local PayFiP
    payment_options: SecretStr = SecretStr("")  # JSON: domain/payment_options.py
    payfip_service_url: str = ""  # of its description (WSDL); none: the State's, or the demo's
    payfip_page_url: str = ""  # of the page where one pays; likewise

    # --- invoices
    invoice_due_days: int = Field(default=30, ge=1, le=120)  # after their day of issue
    # printed on them; none: the counter takes no payment
    counter_payment: str = Field(
        default="À la régie de la mairie : espèces, carte, chèque, CESU (garde seule).",
        max_length=300,
    )

    # --- sessions and sign-in
    session_idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    session_hours: int = Field(default=12, ge=1, le=24 * 30)
    session_warning_seconds: int = Field(default=120, ge=10, le=900)
    bcrypt_cost: int = Field(default=12, ge=4, le=16)
    password_rule: PasswordRule = PasswordRule.VILLE

    # --- the town
    town_name: str = Field(default="Villejuif", min_length=1, max_length=60)
    portal_name: str = Field(default="Espace familles", min_length=1, max_length=60)
    town_logo: Path | None = None  # SVG or PNG; none: the town's initial
    town_brand: str = "#0b5c6b"
    town_accent: str = "#f0a04b"
    town_email: str = "familles@villejuif.example"
    town_phone: str = "01 00 00 00 00"
    town_address: str = "Mairie, esplanade Pierre-Yves-Cosnier, 94800 Villejuif"
    town_hours: str = "du lundi au vendredi, de 8 h 30 à 12 h et de 13 h 30 à 17 h"
    site_publisher: str = "la maire ou le maire de Villejuif"
    host_name: str = "la commune de Villejuif, sur ses propres serveurs"
    dpo_email: str = "dpd@villejuif.example"
    town_service: str = "Service enfance"  # the one that acknowledgements name
    # what silence means (CRPA L112-11), the end of «Sans réponse de notre part : …»
    deletion_silence: str = "au bout d’un mois, votre demande est considérée comme refusée."
    change_silence: str = "au bout de deux mois, votre demande est considérée comme acceptée."
    enrolment_silence: str = "au bout de deux mois, votre demande est considérée comme refusée."
    absence_silence: str = "au bout de deux mois, votre demande est considérée comme refusée."

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
        return value

    @field_validator("sealing_keys")
    @classmethod
    def _fernet(cls, value: SecretStr) -> SecretStr:
        for key in _listed(value):
            try:
                good = len(base64.urlsafe_b64decode(key)) == FERNET_BYTES
            except ValueError:
                good = False
            if not good:
                msg = "attendu : une ou plusieurs clés Fernet (base64), la nouvelle d’abord"
                raise ValueError(msg)
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and urlsplit(value).scheme.split("+")[0] not in DATABASE_SCHEMES:
            msg = "attendu : sqlite:///chemin ou postgresql://utilisateur@hôte/base"
            raise ValueError(msg)
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in MAIL_SCHEMES or not parts.hostname):
            msg = "attendu : smtp://hôte:25, smtp+starttls://utilisateur:mdp@hôte:587 ou smtps://…"
            raise ValueError(msg)
        return value

    @field_validator("clamd_url")
    @classmethod
    def _antivirus(cls, value: str) -> str:
        parts = urlsplit(value)
        here = parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/")
        if value and not here and (parts.scheme != "tcp" or not parts.hostname or not parts.port):
            msg = "attendu : tcp://hôte:3310 ou unix:///run/clamav/clamd.ctl"
            raise ValueError(msg)
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("redis", "rediss"):
            msg = "attendu : redis://hôte:6379/0"
            raise ValueError(msg)
        return value

    @field_validator("payment_provider", mode="before")
    @classmethod
    def _no_provider(cls, value: Any) -> Any:
        return value or None

    @field_validator("payment_options")
    @classmethod
    def _options(cls, value: SecretStr) -> SecretStr:
        try:
            options = json.loads(value.get_secret_value() or "{}")
        except ValueError:
            options = None
        if not isinstance(options, dict) or not all(isinstance(v, str) for v in options.values()):
            msg = 'attendu : un objet JSON de textes, {"numcli": "123456", "saisie": "W"}'
            raise ValueError(msg)
        return value

    @field_validator("payfip_service_url", "payfip_page_url")
    @classmethod
    def _service(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            msg = "attendu : une adresse https://"
            raise ValueError(msg)
        return value

    @field_validator("public_url")
    @classmethod
    def _url(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (
            parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/")
        ):
            msg = "attendu : https://familles.ma-ville.fr (sans chemin)"
            raise ValueError(msg)
        return value.rstrip("/")

    @field_validator("town_brand", "town_accent")
    @classmethod
    def _colour(cls, value: str) -> str:
        if not COLOUR.fullmatch(value):
            msg = "attendu : une couleur comme #0b5c6b"
            raise ValueError(msg)
        return value.lower()

    @field_validator("town_logo")
    @classmethod
    def _logo(cls, value: Path | None) -> Path | None:
        if value is not None and (
            value.suffix.lower() not in (".svg", ".png") or not value.is_file()
        ):
            msg = "attendu : le chemin d’un fichier .svg ou .png"
            raise ValueError(msg)
        return value

    @field_validator("now")
    @classmethod
    def _paris(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=PARIS)
        return value

    @model_validator(mode="after")
    def _payment(self) -> Self:
        if self.online_payment is None and self.payment_options.get_secret_value():
            msg = "PORTAIL_PAYMENT_PROVIDER : à dire, avec PORTAIL_PAYMENT_OPTIONS"
            raise ValueError(msg)
        if self.online_payment is not None:
            unsaid = problems(self.online_payment, self.online_payment_options)
            if unsaid:
                raise ValueError("PORTAIL_PAYMENT_OPTIONS : " + " ; ".join(unsaid))
        plain = "http://" in (self.payfip_service_url[:7], self.payfip_page_url[:7])
        if plain and not self.demo:
            msg = "PORTAIL_PAYFIP_SERVICE_URL, PORTAIL_PAYFIP_PAGE_URL : en https://"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _production(self) -> Self:
        if self.mode is not Mode.PRODUCTION:
            return self
        wrong = []
        if len(self.secret.get_secret_value()) < MIN_SECRET:
            wrong.append("PORTAIL_SECRET : au moins 32 caractères tirés au hasard")
        if not self.public_url.startswith("https://"):
            wrong.append("PORTAIL_PUBLIC_URL : une adresse https:// (les cookies l’exigent)")
        if self.now is not None:
            wrong.append("PORTAIL_NOW : l’horloge de démonstration est refusée en production")
        if not _listed(self.sealing_keys):
            wrong.append("PORTAIL_SEALING_KEYS : une clé Fernet au moins (données médicales)")
        if not self.smtp_url:
            wrong.append("PORTAIL_SMTP_URL : un serveur de courriel est nécessaire")
        if self.bcrypt_cost < MIN_BCRYPT_COST:
            wrong.append("PORTAIL_BCRYPT_COST : 12 au moins")
        if wrong:
            raise ValueError(" ; ".join(wrong))
        return self

    @property
    def demo(self) -> bool:
        """Whether the demo's helpers (readable mails, sample sign-ins) are on."""
        return self.mode is Mode.DEMO

    @property
    def base_url(self) -> str:
        """The address people type, without a trailing slash; links in mails start with it."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins from which pages may open a websocket or post a form."""
        if self.demo:
            here = tuple(f"http://{host}:{self.port}" for host in ("localhost", "127.0.0.1"))
            return (self.public_url, *here) if self.public_url else here
        return (self.base_url,)

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies carry `Secure` (and the `__Host-` prefix)."""
        return self.base_url.startswith("https://")

    @property
    def sqlalchemy_url(self) -> str:
        """The database address for SQLAlchemy, with the driver we ship."""
        if not self.database_url:
            return f"sqlite:///{(self.data_dir / 'portail.sqlite3').absolute()}"
        if self.database_url.startswith("postgresql://"):
            return "postgresql+psycopg://" + self.database_url.removeprefix("postgresql://")
        return self.database_url

    @property
    def mail_dir(self) -> Path:
        """Where the demo keeps its mails as .eml files."""
        return self.data_dir / "courriels"

    @property
    def files_dir(self) -> Path:
        """Where uploaded files are kept, away from anything served as it is."""
        return self.data_dir / "fichiers"

    @property
    def online_payment(self) -> Service | None:
        """The service families pay through; None: they cannot pay online."""
        return self.payment_provider or (Service.PAYFIP if self.demo else None)

    @property
    def online_payment_options(self) -> dict[str, str]:
        """What that service is told."""
        said = self.payment_options.get_secret_value()
        if said or self.payment_provider or not self.demo:
            options: dict[str, str] = json.loads(said or "{}")
            return options
        return DEMO_PAYFIP

    @property
    def upload_bytes(self) -> int:
        """How long one uploaded file may be."""
        return self.upload_megabytes * 1024 * 1024

    def signing_key(self) -> str:
        """The secret that signs cookies; the demo makes its own once, readable by us alone."""
        made = lambda: secrets.token_urlsafe(48)  # noqa: E731
        return self.secret.get_secret_value() or self._made_once("secret.key", made)

    def sealing_key_list(self) -> tuple[str, ...]:
        """The keys that seal medical information, newest first; the demo makes its own once."""
        made = lambda: base64.urlsafe_b64encode(os.urandom(FERNET_BYTES)).decode()  # noqa: E731
        return _listed(self.sealing_keys) or (self._made_once("sealing.key", made),)

    def _made_once(self, name: str, make: Callable[[], str]) -> str:
        path = self.data_dir / name
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        return path.read_text()


def _listed(value: SecretStr) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.get_secret_value().split(",") if part.strip())


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: one line per wrong variable, in French, naming it.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for item in error.errors():
            name = str(item["loc"][0]).upper() if item["loc"] else ""
            if name:
                name = name if name == "PORT" else f"PORTAIL_{name}"
            reason = item["msg"].removeprefix("Value error, ")
            lines.append(f"  {name} : {reason}" if name else f"  {reason}")
        raise SettingsError("Réglages incorrects :\n" + "\n".join(lines)) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()
