"""«Télécharger mes données»: everything of one's own, nothing that lets in, nobody else's."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading, writing
from portail.domain.documents import Sharing, Subject
from portail.domain.identity import Actor, Forbidden
from portail.domain.notifications import Choice, Notification
from portail.domain.payments import PaymentState
from portail.models import Account, Payment, Subscription, WebSession
from portail.services import account, mails, password_reset
from portail.services.documents import Destination
from portail.services.export import export_my_data
from portail.services.home import home
from portail.services.news import mark_read, telling
from portail.services.notifications.choices import choose
from portail.services.planning.feed_addresses import (
    my_calendars,
    open_calendar,
    renew_calendar,
)
from portail.settings import settings
from tests import factories, samples
from tests.news import draft, made
from tests.services.documents import papers
from tests.services.test_account import as_parent
from tests.services.test_password_reset import secrets
from tests.services.test_sessions import opened

pytestmark = pytest.mark.usefixtures("db")


def archive(account_id: int) -> zipfile.ZipFile:
    packed = io.BytesIO()
    export_my_data(as_parent(account_id), packed)
    return zipfile.ZipFile(packed)


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


def test_ones_own_payments_are_there_and_nobody_elses(zoe: int, karim: int) -> None:
    with writing() as session:
        family_id = session.exec(select(Subscription.family_id)).first()
        for account_id, reference in ((zoe, "20261123AAAA"), (karim, "20261123BBBB")):
            session.add(
                Payment(
                    account_id=account_id,
                    family_id=family_id or 0,
                    reference=reference,
                    provider="payfip_ws",
                    amount_cents=3_694,
                    state=PaymentState.ABANDONED,
                    created_at=clock.now(),
                )
            )
    (one,) = exported(zoe)["paiements"]
    assert (one["reference"], one["montant_centimes"]) == ("20261123AAAA", 3_694)


def test_that_an_agenda_is_followed_is_there_and_never_its_address(zoe: int, karim: int) -> None:
    actor = as_parent(zoe)
    (mine,) = my_calendars(actor)
    (subscription,) = exported(zoe)["souscriptions"]
    assert subscription["agenda_suivi"] is None
    open_calendar(actor, mine.family_id)
    renew_calendar(actor, mine.family_id)
    (mine,) = my_calendars(actor)
    (subscription,) = exported(zoe)["souscriptions"]
    assert subscription["agenda_suivi"] == {
        "adresse_ouverte_le": "2026-11-23T09:00:00+01:00",
        "renouvelee_le": "2026-11-23T09:00:00+01:00",
    }
    assert mine.secret.encode() not in archive(zoe).read("mes-donnees.json")
    assert exported(karim)["souscriptions"][0]["agenda_suivi"] is None


def test_the_household_s_invoices_and_statement_are_there_and_nobody_elses(zoe: int) -> None:
    with reading() as session:
        mine = session.exec(
            select(Subscription.family_id).where(Subscription.account_id == zoe)
        ).one()
    invoice = factories.invoice(mine, "2026-000012", 3_694)
    factories.pay(invoice, 1_000)
    factories.invoice(factories.family("AUTRE"), "2026-000013")
    (subscription,) = exported(zoe)["souscriptions"]
    (one,) = subscription["factures"]
    assert (one["numero"], one["mois"], one["montant_centimes"]) == (
        "2026-000012",
        "2026-10",
        3_694,
    )
    assert [line["montant_centimes"] for line in one["lignes"]] == [3_694]
    entries = subscription["releve_de_compte"]
    assert [(e["debit_centimes"], e["credit_centimes"]) for e in entries] == [
        (3_694, 0),
        (0, 1_000),
    ]


def test_the_archive_has_the_data_and_how_to_read_them(zoe: int) -> None:
    packed = archive(zoe)
    assert packed.testzip() is None
    assert packed.namelist() == ["LISEZMOI.txt", "mes-donnees.json", "documents/"]
    readme = packed.read("LISEZMOI.txt").decode()
    assert "Zoé Pinceau" in readme
    assert settings().dpo_email in readme
    assert max(len(line) for line in readme.splitlines()) < 100


def test_everything_of_one_s_own_is_there(zoe: int) -> None:
    choose(as_parent(zoe), {Notification.NEWS: Choice.NEVER, Notification.PLACES: Choice.DAILY})
    account.ask_deletion(as_parent(zoe))
    opened(account_id=zoe)
    data = exported(zoe)
    assert data["compte"]["nom_utilisateur"] == "z-pinceau"
    assert data["compte"]["adresse_email"] == "zoe@example.org"
    assert data["notifications"] == {
        "messages": "now",
        "invoices": "now",
        "places": "daily",
        "deadlines": "now",
        "documents": "now",
        "news": "never",
    }
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
        export_my_data(Actor(session_id=1, agent_id=factories.agent()), io.BytesIO())


def test_the_documents_of_one_s_own_families_are_there_each_under_a_name(
    zoe: int, karim: int
) -> None:
    (mine,), (his,) = reach(zoe), reach(karim)
    papers.kind("quotient")
    for content in (samples.pdf(1), samples.pdf(2)):
        papers.send(zoe, Destination(mine, "quotient"), ("Attestation.pdf", content))
    papers.send(karim, Destination(his, "quotient"), ("lina.pdf", samples.pdf(3)))
    packed = archive(zoe)
    number = json.loads(packed.read("mes-donnees.json"))["souscriptions"][0]["dossier"]["numero"]
    first, second = f"documents/{number}/Attestation.pdf", f"documents/{number}/Attestation (2).pdf"
    assert packed.namelist()[2:] == ["documents/", first, second]
    assert (packed.read(first), packed.read(second)) == (samples.pdf(1), samples.pdf(2))
    listed = exported(zoe)["documents"]
    assert [(one["fichier"], one["type"], one["etat"]) for one in listed] == [
        (first, "Type quotient", "À vérifier par la mairie"),
        (second, "Type quotient", "À vérifier par la mairie"),
    ]
    assert "lina" not in json.dumps(exported(zoe))


def test_what_the_other_household_sent_about_a_shared_child_is_theirs(zoe: int, karim: int) -> None:
    (mine,), (his,) = reach(zoe), reach(karim)
    child = factories.child("Nino", mine, his)
    papers.kind("vaccins", Subject.CHILD, sharing=Sharing.FILE)
    papers.send(karim, Destination(his, "vaccins", child), ("carnet.pdf", samples.pdf()))
    assert exported(zoe)["documents"] == []
    assert len(exported(karim)["documents"]) == 1


def test_the_identity_of_another_adult_of_the_family_is_left_out(zoe: int) -> None:
    (family,) = reach(zoe)
    paul = factories.account("paul", first_name="Paul")
    factories.join_family(paul, family)
    papers.kind("identite", Subject.GUARDIAN)
    papers.send(paul, Destination(family, "identite"), ("carte.pdf", samples.pdf()))
    assert exported(zoe)["documents"] == []
    assert len(exported(paul)["documents"]) == 1


def reach(account_id: int) -> list[int]:
    return [family.id for family in home(as_parent(account_id)).families]


def test_the_news_that_one_read_or_was_told_of_are_there(zoe: int) -> None:
    number = made(draft("Grève", important=True))
    made(draft("Fête"))
    telling.tell()
    mark_read(as_parent(zoe), number)
    assert exported(zoe)["actualites"] == [
        {
            "titre": "Grève",
            "prevenu_le": "2026-11-23T09:00:00+01:00",
            "lu_le": "2026-11-23T09:00:00+01:00",
        },
        {"titre": "Fête", "prevenu_le": "2026-11-23T09:00:00+01:00", "lu_le": None},
    ]
