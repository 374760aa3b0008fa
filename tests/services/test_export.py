"""«Télécharger mes données»: everything of one's own, nothing that lets in, nobody else's."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from portail.database import reading, writing
from portail.domain.consents import Notification
from portail.domain.identity import Actor, Forbidden
from portail.models import Account, WebSession
from portail.services import account, mails, password_reset
from portail.services.export import export_my_data
from portail.settings import settings
from tests import factories
from tests.services.test_account import actions, as_parent
from tests.services.test_password_reset import secrets
from tests.services.test_sessions import opened

pytestmark = pytest.mark.usefixtures("db")


def archive(account_id: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(export_my_data(as_parent(account_id))))


def exported(account_id: int) -> Any:
    return json.loads(archive(account_id).read("mes-donnees.json"))


@pytest.fixture
def zoe(db: None) -> int:
    zoe = factories.account("z-pinceau", email="zoe@example.org")
    family = factories.family("PINCEAU", members=[zoe])
    factories.child(
        "Nora", family, birth_on=date(2022, 9, 30), school="École Jean-Vilar", class_level="MS"
    )
    return zoe


@pytest.fixture
def karim(db: None) -> int:
    karim = factories.account("k-benali", email="karim@example.org", first_name="Karim")
    factories.child("Lina", factories.family("BENALI", members=[karim]))
    return karim


def test_the_archive_has_the_data_and_how_to_read_them(zoe: int) -> None:
    packed = archive(zoe)
    assert packed.testzip() is None
    assert packed.namelist() == ["LISEZMOI.txt", "mes-donnees.json", "documents/"]
    readme = packed.read("LISEZMOI.txt").decode()
    assert "Zoé Pinceau" in readme
    assert settings().dpo_email in readme
    assert max(len(line) for line in readme.splitlines()) < 100


def test_everything_of_one_s_own_is_there(zoe: int) -> None:
    account.set_notifications(as_parent(zoe), set(Notification) - {Notification.NEWS})
    account.ask_deletion(as_parent(zoe))
    opened(account_id=zoe)
    data = exported(zoe)
    assert data["compte"]["nom_utilisateur"] == "z-pinceau"
    assert data["compte"]["adresse_email"] == "zoe@example.org"
    assert data["compte"]["notifications_refusees"] == ["news"]
    assert data["compte"]["suppression_demandee_le"] == "2026-11-23T09:00:00+01:00"
    (subscription,) = data["souscriptions"]
    assert subscription["dossier"]["nom"] == "PINCEAU"
    assert subscription["enfants"] == [
        {
            "nom": "Pinceau",
            "prenom": "Nora",
            "ne_le": "2022-09-30",
            "ecole": "École Jean-Vilar",
            "classe": "MS",
        }
    ]
    assert len(data["consentements"]) == 2
    assert [one["appareil"] for one in data["connexions"]] == ["Firefox"]
    assert [line["action"] for line in data["journal_des_actions"]] == [
        "notifications_chosen",
        "deletion_requested",
        "data_exported",
    ]
    (mail,) = data["messages_envoyes"]
    assert "suppression" in mail["objet"]
    assert "Zoé" in mail["texte"]


def test_nothing_of_another_family_is(zoe: int, karim: int) -> None:
    account.ask_deletion(as_parent(karim))
    opened(account_id=karim)
    hers = archive(zoe).read("mes-donnees.json").decode()
    his = archive(karim).read("mes-donnees.json").decode()
    for word in ("Karim", "BENALI", "Lina", "k-benali", "karim@example.org"):
        assert word in his
        assert word not in hers
    assert "Nora" not in his


def test_the_other_adult_of_a_shared_file_is_not(zoe: int) -> None:
    paul = factories.account("p-durand", first_name="Paul", last_name="Durand")
    shared = factories.family("COMMUN", members=[zoe, paul])
    factories.child("Tom", shared)
    numbers = [one["dossier"]["nom"] for one in exported(paul)["souscriptions"]]
    assert numbers == ["COMMUN"]
    hers, his = exported(zoe), exported(paul)
    adults = [one["responsable_legal"]["adresse_email"] for one in hers["souscriptions"]]
    assert len(set(adults)) == 2
    assert his["souscriptions"][0]["responsable_legal"]["adresse_email"] not in adults


def test_nothing_in_it_lets_anybody_in(zoe: int) -> None:
    """Else a stolen session would read a link that is meant for the mailbox."""
    secret = opened(account_id=zoe)
    password_reset.request_link("zoe@example.org", address="192.0.2.1")
    (link,) = secrets()
    packed = archive(zoe)
    text = "".join(packed.read(name).decode() for name in packed.namelist())
    with reading() as session:
        password_hash = session.get_one(Account, zoe).password_hash
        token_hash = session.exec(select(WebSession)).one().token_hash
    for hidden in (secret, link, password_hash, token_hash):
        assert hidden not in text
    assert "reset_password" in mails.SECRET_KINDS


def test_a_download_is_logged(zoe: int) -> None:
    export_my_data(as_parent(zoe))
    assert actions(zoe) == ["data_exported"]


def test_mails_sent_to_the_address_before_the_account_existed_are_left_out(zoe: int) -> None:
    with writing() as session:
        context = {"first_name": "Quelqu’un", "url": "https://example.org"}
        mails.queue(session, "password_changed", "zoe@example.org", context)
    assert len(exported(zoe)["messages_envoyes"]) == 1
    with writing() as session:
        row = session.get_one(Account, zoe)
        row.created_at = row.created_at.replace(year=row.created_at.year + 1)
    assert exported(zoe)["messages_envoyes"] == []


def test_an_agent_has_nothing_to_export() -> None:
    with pytest.raises(Forbidden):
        export_my_data(Actor(session_id=1, agent_id=factories.agent()))
