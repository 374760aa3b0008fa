"""The `portail` command, on both databases."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from sqlmodel import func, select
from typer.testing import CliRunner

from portail import cli
from portail.database import reading
from portail.demo import build, town
from portail.domain.identity import Role
from portail.models import Account, AgentRole, Child, Family, FamilyChild, Guardian, School
from portail.services.sign_in import Opened, Realm, Refused, sign_in
from portail.settings import settings

pytestmark = pytest.mark.usefixtures("db")
runner = CliRunner()


def portail(*words: str) -> tuple[int, str]:
    result = runner.invoke(cli.app, list(words))
    return result.exit_code, result.output


def count(model: type) -> int:
    with reading() as session:
        return session.exec(select(func.count()).select_from(model)).one()


def can_enter(realm: Realm, name: str, password: str = town.PASSWORD) -> bool:
    return isinstance(sign_in(realm, name, password, address="127.0.0.1", device=""), Opened)


def test_demo_builds_the_fixed_people_once() -> None:
    assert portail("demo") == (0, "Ville de démonstration prête.\n")
    assert portail("demo")[0] == 0  # nothing twice
    assert count(Family) == len(town.FAMILIES)
    assert can_enter(Realm.FAMILY, "z-pinceau")
    assert can_enter(Realm.FAMILY, "karim.benali@example.org")
    assert can_enter(Realm.AGENT, "agent.regie")
    with reading() as session:
        names = set(session.exec(select(Guardian.first_name)))
        with_account = set(session.exec(select(Account.first_name)))
    assert {"Claire", "Éloïse"} <= names  # known to the town…
    assert not {"Claire", "Éloïse"} & with_account  # …and yet to create their accounts


def test_demo_children_are_of_the_age_of_their_class() -> None:
    portail("demo", "--families", "30")
    with reading() as session:
        rows = session.exec(
            select(Child, School.name).join(School, Child.school_id == School.id)  # type: ignore[arg-type]
        ).all()
    assert len(rows) > 30
    for child, school in rows:
        assert 2 <= 2026 - child.birth_on.year <= 11
        assert ("maternelle" in school) == (child.class_level in ("PS", "MS", "GS"))


def test_demo_adds_made_up_families_with_children_and_adults() -> None:
    portail("demo")
    assert portail("demo", "--families", "1200")[0] == 0
    assert count(Family) == len(town.FAMILIES) + 1200
    with reading() as session:
        lonely = session.exec(
            select(func.count())
            .select_from(Family)
            .where(Family.id.not_in(select(FamilyChild.family_id)))  # type: ignore[union-attr]
        ).one()
    assert lonely == 0
    assert count(Guardian) >= 1200


def test_made_up_families_are_the_same_at_each_build() -> None:
    def names() -> list[str]:
        with reading() as session:
            return list(session.exec(select(Family.name).order_by(Family.number)))  # type: ignore[arg-type]

    build.build(5)
    first = names()
    maker_again = names()
    assert first == maker_again
    assert len(set(first)) > len(town.FAMILIES)


def test_create_agent_asks_and_creates() -> None:
    words = ("create-agent", "a.martin", "--email", "a@ville.example", "--first-name", "Anne")
    names = ("--last-name", "Martin", "--role", "regie", "--role", "enfance")
    assert portail(*words, *names, "--password", "Bienvenue!2") == (0, "Agent créé : a.martin\n")
    assert can_enter(Realm.AGENT, "A.Martin", "Bienvenue!2")
    with reading() as session:
        assert set(session.exec(select(AgentRole.role))) == {Role.REGIE, Role.ENFANCE}
    code, output = portail(*words, *names, "--password", "Bienvenue!2")
    assert code == 1
    assert "déjà pris" in output


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--email", "pas-une-adresse", "--password", "Bienvenue!2"], "e-mail"),
        (["--email", "a@ville.example", "--password", "court"], "majuscule"),
    ],
)
def test_create_agent_says_what_is_wrong(options: list[str], why: str) -> None:
    names = ["--first-name", "Anne", "--last-name", "Martin", "--role", "regie"]
    code, output = portail("create-agent", "a.martin", *names, *options)
    assert code == 1
    assert why in output
    outcome = sign_in(Realm.AGENT, "a.martin", "court", address="127.0.0.1", device="")
    assert isinstance(outcome, Refused)


def test_migrate_says_where_the_database_is() -> None:
    code, output = portail("migrate")
    assert code == 0
    assert "Base à jour : 0" in output


def test_doctor_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        settings.cache_clear()
        code, output = portail("doctor")
    assert code == 1
    assert "déjà pris" in output
    assert "✓ Base de données" in output


def test_a_busy_port_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portail.frontend.is_current", lambda: True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        settings.cache_clear()
        code, output = portail("serve")
    assert code == 1
    assert "est déjà pris" in output


def test_a_wrong_setting_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAIL_TOWN_BRAND", "bleu")
    settings.cache_clear()
    code, output = portail("migrate")
    assert code == 1
    assert "PORTAIL_TOWN_BRAND" in output


def test_production_has_no_demo_town(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAIL_NOW")
    for name, value in {
        "PORTAIL_MODE": "production",
        "PORTAIL_PUBLIC_URL": "https://familles.ville.example",
        "PORTAIL_SMTP_URL": "smtp+starttls://mail.ville.example",
        "PORTAIL_BCRYPT_COST": "12",
    }.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    code, output = portail("demo")
    assert code == 1
    assert "refusée en production" in output
    assert count(Family) == 0


@pytest.fixture(autouse=True)
def _settings_again() -> Iterator[None]:
    yield
    settings.cache_clear()
