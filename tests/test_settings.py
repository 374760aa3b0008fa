"""Settings: a wrong one stops the start with a sentence that names it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from portail.adapters.payment import places
from portail.domain.payment_options import Service
from portail.settings import DEMO_PAYFIP, Mode, Settings, SettingsError, load_settings

Set = Callable[..., None]
SECRET = "s3cr3t-" + "x" * 32
SEALING_KEY = "dGVzdHMtb25seS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0="
PRODUCTION = {
    "PORTAIL_MODE": "production",
    "PORTAIL_SECRET": SECRET,
    "PORTAIL_SEALING_KEYS": SEALING_KEY,
    "PORTAIL_PUBLIC_URL": "https://familles.ville.fr",
    "PORTAIL_SMTP_URL": "smtp+starttls://portail:motdepasse@smtp.ville.fr:587",
    "PORTAIL_BCRYPT_COST": "12",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set exactly these variables."""
    for name in list(os.environ):
        if name.startswith("PORTAIL_") or name == "PORT":
            monkeypatch.delenv(name)

    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "abc"),
        ("PORTAIL_MODE", "test"),
        ("PORTAIL_DATABASE_URL", "mysql://x/y"),
        ("PORTAIL_REDIS_URL", "http://localhost"),
        ("PORTAIL_PUBLIC_URL", "familles.ville.fr"),
        ("PORTAIL_PUBLIC_URL", "https://ville.fr/familles"),
        ("PORTAIL_PUBLIC_URL", "ftp://ville.fr"),
        ("PORTAIL_WORKERS", "0"),
        ("PORTAIL_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("PORTAIL_TRUSTED_PROXIES", "proxy.ville.fr"),
        ("PORTAIL_NOW", "demain"),
        ("PORTAIL_LOG_FORMAT", "xml"),
        ("PORTAIL_LOG_LEVEL", "debug"),
        ("PORTAIL_SMTP_URL", "smtp.ville.fr"),
        ("PORTAIL_SMTP_URL", "smtp://"),
        ("PORTAIL_SMTP_URL", "http://smtp.ville.fr"),
        ("PORTAIL_UPLOAD_MEGABYTES", "0"),
        ("PORTAIL_UPLOAD_MEGABYTES", "51"),
        ("PORTAIL_CLAMD_URL", "127.0.0.1:3310"),
        ("PORTAIL_CLAMD_URL", "tcp://127.0.0.1"),
        ("PORTAIL_CLAMD_URL", "tcp://127.0.0.1:port"),
        ("PORTAIL_CLAMD_URL", "unix://run/clamd.ctl"),
        ("PORTAIL_CLAMD_URL", "http://127.0.0.1:3310"),
        ("PORTAIL_PAYMENT_PROVIDER", "dummy"),
        ("PORTAIL_PAYMENT_PROVIDER", "tipi"),
        ("PORTAIL_PAYMENT_OPTIONS", "numcli=123456"),
        ("PORTAIL_PAYMENT_OPTIONS", "[]"),
        ("PORTAIL_PAYMENT_OPTIONS", '{"numcli": 123456}'),
        ("PORTAIL_PAYMENT_OPTIONS", '{"numcli": "12345", "saisie": "W"}'),
        ("PORTAIL_PAYMENT_OPTIONS", '{"numcli": "123456", "saisie": "W", "mel": "x"}'),
        ("PORTAIL_PAYFIP_SERVICE_URL", "payfip.gouv.fr"),
        ("PORTAIL_PAYFIP_PAGE_URL", "ftp://payfip.gouv.fr"),
        ("PORTAIL_SESSION_IDLE_MINUTES", "0"),
        ("PORTAIL_SESSION_HOURS", "-1"),
        ("PORTAIL_SESSION_WARNING_SECONDS", "5"),
        ("PORTAIL_BCRYPT_COST", "3"),
        ("PORTAIL_PASSWORD_RULE", "facile"),
        ("PORTAIL_TOWN_NAME", ""),
        ("PORTAIL_TOWN_NAME", "x" * 61),
        ("PORTAIL_TOWN_BRAND", "bleu"),
        ("PORTAIL_TOWN_ACCENT", "#12345"),
        ("PORTAIL_TOWN_LOGO", "/nowhere/logo.svg"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(environment: Set, name: str, value: str) -> None:
    environment(**{name: value})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert name in str(caught.value)


def test_several_wrong_values_are_named_together(environment: Set) -> None:
    environment(PORT="0", PORTAIL_TOWN_BRAND="bleu", PORTAIL_BCRYPT_COST="3")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    for name in ("PORT :", "PORTAIL_TOWN_BRAND :", "PORTAIL_BCRYPT_COST :"):
        assert name in str(caught.value)


def test_a_logo_is_a_drawing_or_a_picture(environment: Set, tmp_path: Path) -> None:
    for name in ("logo.svg", "logo.PNG", "logo.gif"):
        (tmp_path / name).touch()
    for name in ("logo.svg", "logo.PNG"):
        environment(PORTAIL_TOWN_LOGO=str(tmp_path / name))
        assert load_settings().town_logo == tmp_path / name
    environment(PORTAIL_TOWN_LOGO=str(tmp_path / "logo.gif"))
    with pytest.raises(SettingsError, match="PORTAIL_TOWN_LOGO"):
        load_settings()


def test_a_demonstration_needs_nothing(environment: Set) -> None:
    settings = load_settings()
    assert settings.mode is Mode.DEMO
    assert settings.demo
    assert settings.host == "127.0.0.1"
    assert not settings.secure_cookies
    assert settings.base_url == "http://localhost:3000"
    assert settings.origins == ("http://localhost:3000", "http://127.0.0.1:3000")


def test_production_starts_when_all_is_said(environment: Set) -> None:
    environment(**PRODUCTION)
    settings = load_settings()
    assert not settings.demo
    assert settings.secure_cookies
    assert settings.origins == ("https://familles.ville.fr",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAIL_SECRET", "court"),
        ("PORTAIL_SEALING_KEYS", ""),
        ("PORTAIL_SEALING_KEYS", "trop-courte"),
        ("PORTAIL_SECRET", ""),
        ("PORTAIL_PUBLIC_URL", "http://familles.ville.fr"),
        ("PORTAIL_PUBLIC_URL", ""),
        ("PORTAIL_SMTP_URL", ""),
        ("PORTAIL_BCRYPT_COST", "10"),
        ("PORTAIL_NOW", "2026-11-23T09:00"),
    ],
)
def test_production_refuses_what_is_good_for_a_demonstration(
    environment: Set, name: str, value: str
) -> None:
    environment(**PRODUCTION, **({} if name in PRODUCTION else {name: value}))
    environment(**{name: value})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert name in str(caught.value)


def test_a_refusal_repeats_no_secret(environment: Set) -> None:
    environment(**PRODUCTION)
    environment(PORTAIL_BCRYPT_COST="10")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert SECRET not in str(caught.value)
    assert "motdepasse" not in str(caught.value)
    environment(PORTAIL_BCRYPT_COST="12")
    assert SECRET not in repr(load_settings())


def test_several_processes_may_share_a_redis(environment: Set) -> None:
    environment(PORTAIL_WORKERS="2")
    assert load_settings().workers == 2
    environment(PORTAIL_REDIS_URL="redis://localhost:6379/0")
    assert load_settings().redis_url


def test_trusted_proxies_are_networks(environment: Set) -> None:
    environment(PORTAIL_TRUSTED_PROXIES="10.0.0.0/8, ::1")
    assert [str(net) for net in load_settings().trusted_proxies] == ["10.0.0.0/8", "::1/128"]


def test_an_address_is_read_without_its_last_slash(environment: Set) -> None:
    environment(PORTAIL_PUBLIC_URL="https://familles.ville.fr/")
    assert load_settings().base_url == "https://familles.ville.fr"


@pytest.mark.parametrize(
    "url", ["", "tcp://clamav:3310", "tcp://[::1]:3310", "unix:///run/clamav/clamd.ctl"]
)
def test_an_antivirus_is_on_the_network_or_on_this_machine(environment: Set, url: str) -> None:
    environment(PORTAIL_CLAMD_URL=url)
    assert load_settings().clamd_url == url


def test_uploaded_files_have_a_folder_and_a_length(environment: Set) -> None:
    environment(PORTAIL_DATA_DIR="/srv/portail", PORTAIL_UPLOAD_MEGABYTES="2")
    settings = load_settings()
    assert settings.files_dir == Path("/srv/portail/fichiers")
    assert settings.upload_bytes == 2 * 1024 * 1024


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("", "sqlite:////"),
        ("sqlite:///x.sqlite3", "sqlite:///x.sqlite3"),
        ("postgresql://p@h/b", "postgresql+psycopg://p@h/b"),
    ],
)
def test_the_database_has_our_driver(environment: Set, url: str, driver: str) -> None:
    environment(PORTAIL_DATABASE_URL=url)
    assert load_settings().sqlalchemy_url.startswith(driver)


def test_the_demo_makes_its_own_secret_once_for_our_eyes_only(tmp_path: Path) -> None:
    first = Settings(data_dir=tmp_path / "data", secret=SecretStr("")).signing_key()
    again = Settings(data_dir=tmp_path / "data", secret=SecretStr("")).signing_key()
    other = Settings(data_dir=tmp_path / "other", secret=SecretStr("")).signing_key()
    assert first == again != other
    assert len(first) >= 64
    assert stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode) == 0o600


def test_a_demonstration_pays_at_home(environment: Set) -> None:
    settings = load_settings()
    assert settings.online_payment is Service.PAYFIP
    assert settings.online_payment_options == DEMO_PAYFIP
    home = "http://127.0.0.1:3000/demo/payfip/tpa/services/securite?wsdl"
    assert places.service_url(settings) == home
    assert places.page_url(settings) == "http://localhost:3000/demo/payfip/tpa/paiementws.web"
    environment(PORTAIL_HOST="0.0.0.0", PORTAIL_PUBLIC_URL="https://demo.ville.fr", PORT="8000")
    settings = load_settings()
    assert places.service_url(settings) == home.replace("3000", "8000")
    assert places.page_url(settings) == "https://demo.ville.fr/demo/payfip/tpa/paiementws.web"


def test_in_production_one_pays_at_the_states_service_or_not_at_all(environment: Set) -> None:
    environment(**PRODUCTION)
    assert load_settings().online_payment is None
    environment(PORTAIL_PAYMENT_OPTIONS='{"numcli": "123456", "saisie": "W"}')
    with pytest.raises(SettingsError, match="PORTAIL_PAYMENT_PROVIDER"):
        load_settings()
    environment(PORTAIL_PAYMENT_PROVIDER="payfip_ws")
    settings = load_settings()
    assert settings.online_payment_options == {"numcli": "123456", "saisie": "W"}
    assert "123456" not in repr(settings)
    assert places.service_url(settings).startswith("https://www.payfip.gouv.fr/tpa/")
    assert places.page_url(settings).startswith("https://www.payfip.gouv.fr/tpa/")
    environment(PORTAIL_PAYFIP_PAGE_URL="http://payfip.example/")
    with pytest.raises(SettingsError, match="PORTAIL_PAYFIP_PAGE_URL"):
        load_settings()


def test_a_bank_without_its_options_stops_the_start_and_no_secret_is_said(environment: Set) -> None:
    environment(PORTAIL_PAYMENT_PROVIDER="payzen")
    with pytest.raises(SettingsError, match=r"vads_site_id.*vads_ctx_mode"):
        load_settings()
    environment(
        PORTAIL_PAYMENT_OPTIONS='{"vads_site_id": "1", "vads_ctx_mode": "TEST", '
        '"secret_test": "tr0p!secret"}'
    )
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "secret_test" in str(caught.value)
    assert "tr0p" not in str(caught.value)
