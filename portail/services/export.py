"""«Télécharger mes données»: everything the portal keeps of the person who asks, in a ZIP."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from sqlmodel import Session, col, select

from portail import clock
from portail.database import reading
from portail.domain.identity import Actor
from portail.models import (
    Account,
    ActionLog,
    Child,
    Consent,
    Family,
    FamilyChild,
    Guardian,
    OutboxMail,
    School,
    Subscription,
    WebSession,
)
from portail.services.billing.exported import exported_invoices, exported_statement
from portail.services.documents.exported import ExportedDocument, exported_documents
from portail.services.mails import SECRET_KINDS
from portail.services.messages.keeping import exported_drafts, exported_messages
from portail.services.news.exported import exported_news
from portail.services.notifications.choices import exported_choices
from portail.services.payments import PaymentView, payments_of
from portail.services.planning.exported import (
    exported_absences,
    exported_enrolments,
    exported_pending,
    exported_reservations,
)
from portail.services.planning.feed_addresses import exported_calendars
from portail.settings import settings
from portail.texts.french import moment

README = """Vos données, {portal_name}, {town_name}
Préparées le {at} pour {name}.

mes-donnees.json
    Tout ce que le portail garde sur vous : votre compte, vos souscriptions, les dossiers famille
    qu’elles ouvrent et leurs enfants, leurs inscriptions, leurs réservations, leurs absences,
    leurs factures et leur relevé de compte, leurs messages à la mairie et ses réponses, vos
    brouillons, vos modifications en attente, vos paiements en ligne, les actualités
    lues, vos consentements, vos connexions, le journal de vos actions, les e-mails qui
    vous ont été envoyés.
    C’est un fichier texte : un éditeur de texte ou un navigateur l’ouvre. Les dates et heures
    sont celles de Paris.

documents/
    Les documents de vos dossiers famille, déposés par votre foyer ou remis par la mairie. Ce
    dossier est vide s’il n’y en a pas.

Ce qui n’y est pas : votre mot de passe, que personne ne peut lire, et ce qui concerne les autres
adultes du dossier.

Une question, une correction, un effacement : {dpo_email}.
"""


def export_my_data(actor: Actor, target: IO[bytes]) -> None:
    """Write the ZIP of the actor's own data to `target`, a file: it may be long. Slow.

    Passwords, links that let one in, and what concerns other adults are left out.
    """
    account_id = actor.account()
    with reading() as session:
        account = session.get_one(Account, account_id)
        documents = exported_documents(session, actor, clock.today())
        data = _data(session, account, documents)
    values = {
        "portal_name": settings().portal_name,
        "town_name": settings().town_name,
        "dpo_email": settings().dpo_email,
        "at": moment(clock.now()),
        "name": f"{account.first_name} {account.last_name}".strip() or account.user_name,
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "LISEZMOI.txt", README.format(**values))
        text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
        _add(archive, "mes-donnees.json", text)
        archive.writestr(_entry("documents/"), b"")
        for one in documents:
            if one.path is not None:
                _add_file(archive, one.entry, one.path)


def _add_file(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    # photos and PDFs are compressed already
    with path.open("rb") as source, archive.open(_entry(name), "w") as entry:
        shutil.copyfileobj(source, entry)


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(_entry(name), text.encode(), zipfile.ZIP_DEFLATED)


def _entry(name: str) -> zipfile.ZipInfo:
    at = clock.paris(clock.now())
    entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.external_attr = 0o755 << 16 | 0x10 if name.endswith("/") else 0o644 << 16
    return entry


def _data(
    session: Session, account: Account, documents: Sequence[ExportedDocument]
) -> dict[str, Any]:
    mine = account.id or 0
    subscriptions = session.exec(
        select(Subscription, Family, Guardian)
        .join(Family, col(Family.id) == col(Subscription.family_id))
        .join(Guardian, col(Guardian.id) == col(Subscription.guardian_id))
        .where(Subscription.account_id == mine)
        .order_by(col(Family.number))
    ).all()
    children = session.exec(
        select(FamilyChild.family_id, Child, School)
        .join(Child, col(Child.id) == col(FamilyChild.child_id))
        .outerjoin(School, col(School.id) == col(Child.school_id))
        .where(col(FamilyChild.family_id).in_([family.id for _, family, _ in subscriptions]))
        .order_by(col(Child.birth_on), col(Child.id))
    ).all()
    calendars = exported_calendars(session, [row.id or 0 for row, *_ in subscriptions])
    return {
        "prepare_le": clock.written(clock.now()),
        "compte": _account(account),
        "notifications": exported_choices(session, mine),
        "souscriptions": [
            {
                "depuis_le": clock.written(row.created_at),
                "dossier": _family(family),
                "responsable_legal": _guardian(guardian),
                "agenda_suivi": calendars.get(row.id or 0),
                "enfants": [
                    _child(child, school)
                    for family_id, child, school in children
                    if family_id == family.id
                ],
                "inscriptions": exported_enrolments(session, family.id or 0),
                "reservations": exported_reservations(session, family.id or 0),
                "absences": exported_absences(session, family.id or 0),
                "factures": exported_invoices(session, family.id or 0),
                "releve_de_compte": exported_statement(session, family.id or 0),
                "messagerie": exported_messages(session, family.id or 0),
            }
            for row, family, guardian in subscriptions
        ],
        "modifications_en_attente": exported_pending(
            session, mine, [family.id or 0 for _, family, _ in subscriptions]
        ),
        "paiements": [_payment(one) for one in payments_of(session, mine)],
        "documents": [_document(one) for one in documents],
        "actualites": exported_news(session, mine),
        "consentements": _consents(session, mine),
        "connexions": _sessions(session, mine),
        "journal_des_actions": _actions(session, mine),
        "brouillons_de_messages": exported_drafts(session, mine),
        "messages_envoyes": _mails(session, account),
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "nom": account.last_name,
        "prenom": account.first_name,
        "nom_utilisateur": account.user_name,
        "adresse_email": account.email,
        "cree_le": clock.written(account.created_at),
        "active_le": clock.written(account.activated_at),
        "mot_de_passe_change_le": clock.written(account.password_changed_at),
        "ergonomie_mobile": account.large_targets,
        "suppression_demandee_le": clock.written(account.deletion_requested_at),
    }


def _family(family: Family) -> dict[str, Any]:
    return {
        "numero": family.number,
        "nom": family.name,
        "adresse": f"{family.street} {family.postcode} {family.city}".strip(),
    }


def _guardian(guardian: Guardian) -> dict[str, Any]:
    return {
        "nom": guardian.last_name,
        "prenom": guardian.first_name,
        "adresse_email": guardian.email,
        "telephone": guardian.phone,
    }


def _child(child: Child, school: School | None) -> dict[str, Any]:
    return {
        "nom": child.last_name,
        "prenom": child.first_name,
        "ne_le": child.birth_on.isoformat(),
        "ecole": school.name if school else "",
        "classe": child.class_level,
    }


def _payment(one: PaymentView) -> dict[str, Any]:
    return {
        "le": clock.written(one.created_at),
        "reference": one.reference,
        "montant_centimes": one.cents,
        "factures": [invoice.number for invoice in one.invoices],
        "etat": one.state.value,
        "termine_le": clock.written(one.settled_at),
    }


def _document(one: ExportedDocument) -> dict[str, Any]:
    return {
        "dossier": one.family_number,
        "fichier": one.entry if one.path else "",
        "nom": one.name,
        "type": one.about,
        "enfant": one.child,
        "remis_par_la_mairie": one.from_town,
        "etat": one.state,
        "motif": one.reason,
        "valable_jusqu_au": one.valid_until.isoformat() if one.valid_until else None,
        "le": clock.written(one.sent_at),
        "empreinte_sha256": one.sha256,
    }


def _consents(session: Session, account_id: int) -> list[dict[str, Any]]:
    query = select(Consent).where(Consent.account_id == account_id).order_by(col(Consent.id))
    return [
        {
            "texte": row.text.value,
            "version": row.version,
            "empreinte_sha256": row.text_hash,
            "accepte_le": clock.written(row.accepted_at),
            "retire_le": clock.written(row.withdrawn_at),
        }
        for row in session.exec(query)
    ]


def _sessions(session: Session, account_id: int) -> list[dict[str, Any]]:
    query = select(WebSession).where(WebSession.account_id == account_id)
    return [
        {
            "appareil": row.device,
            "ouverte_le": clock.written(row.created_at),
            "derniere_utilisation": clock.written(row.seen_at),
            "terminee_le": clock.written(row.ended_at),
        }
        for row in session.exec(query.order_by(col(WebSession.id)))
    ]


def _actions(session: Session, account_id: int) -> list[dict[str, Any]]:
    query = select(ActionLog).where(ActionLog.account_id == account_id).order_by(col(ActionLog.id))
    return [
        {"le": clock.written(row.at), "action": row.action, "objet": row.subject}
        for row in session.exec(query)
    ]


def _mails(session: Session, account: Account) -> list[dict[str, Any]]:
    query = (
        select(OutboxMail)
        .where(OutboxMail.recipient == account.email, OutboxMail.created_at >= account.created_at)
        .order_by(col(OutboxMail.id))
    )
    return [
        {
            "le": clock.written(row.created_at),
            "objet": row.subject,
            # a link still on its way would let in whoever holds this file
            "texte": "" if row.kind in SECRET_KINDS else row.text,
        }
        for row in session.exec(query)
    ]
