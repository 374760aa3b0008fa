"""Documents of the demo town: the types it asks for, what Zoé and Karim sent, what it gave."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session, select

from portail import clock
from portail.adapters.uploads.verdicts import Kind, Sound
from portail.database import reading, writing
from portail.demo import town
from portail.demo.pdf import pdf
from portail.domain.documents import Sharing, Subject, Validity
from portail.domain.identity import Actor
from portail.domain.names import sign_in_key
from portail.models import Account, Collector, Document, DocumentType
from portail.services.agents import acting_agent
from portail.services.documents import Destination, checking, my_documents
from portail.services.documents.sending import keep_sound

TYPES = (
    DocumentType(
        code="quotient",
        name="Attestation de quotient familial",
        help="À demander sur le site de la CAF ou de la MSA. Sans elle, le tarif est le plus haut.",
        subject=Subject.FAMILY,
        validity=Validity.CALENDAR_YEAR,
        sharing=Sharing.NOTHING,
        always=True,
    ),
    DocumentType(
        code="domicile",
        name="Justificatif de domicile",
        help="Facture d’électricité, d’eau ou d’internet, ou quittance de loyer.",
        subject=Subject.FAMILY,
        validity=Validity.MONTHS,
        months=3,
        sharing=Sharing.NOTHING,
    ),
    DocumentType(
        code="assurance",
        name="Assurance scolaire",
        help="Attestation de responsabilité civile et individuelle accident pour l’année scolaire.",
        subject=Subject.CHILD,
        validity=Validity.SCHOOL_YEAR,
        sharing=Sharing.STATE,
        always=True,
    ),
    DocumentType(
        code="vaccins",
        name="Vaccinations",
        help="Les pages « Vaccinations » du carnet de santé, ou un certificat du médecin.",
        subject=Subject.CHILD,
        validity=Validity.ALWAYS,
        sharing=Sharing.FILE,
        always=True,
    ),
    DocumentType(
        code="fiche_sanitaire",
        name="Fiche sanitaire de liaison",
        help="Le formulaire Cerfa n° 10008, rempli et signé.",
        subject=Subject.CHILD,
        validity=Validity.SCHOOL_YEAR,
        sharing=Sharing.FILE,
    ),
    DocumentType(
        code="pai",
        name="Projet d’accueil individualisé (PAI)",
        help="Le document signé par le médecin et l’école, toutes les pages.",
        subject=Subject.CHILD,
        validity=Validity.SCHOOL_YEAR,
        sharing=Sharing.FILE,
    ),
    DocumentType(
        code="identite",
        name="Pièce d’identité",
        help="Carte d’identité (les deux côtés), passeport ou titre de séjour.",
        subject=Subject.GUARDIAN,
        validity=Validity.STATED,
        sharing=Sharing.NOTHING,
    ),
    DocumentType(
        code="identite_tiers",
        name="Pièce d’identité d’une personne autorisée",
        help="Celle de la personne qui viendra chercher l’enfant.",
        subject=Subject.CHILD,
        validity=Validity.ALWAYS,
        sharing=Sharing.NOTHING,
    ),
)
PARENTS = ("z-pinceau", "k-benali")
AGENT = "agent.enfance"


@dataclass(frozen=True)
class DemoDocument:
    """A document of a fixed family.

    `days`: how long ago it was sent; `accepted` or `reason`: what the agent said, nothing yet
    when neither; `left`: days that it is still good, instead of what its type says; `person`: first
    name of the one it tells of, who may collect the child.
    """

    parent: str
    code: str
    child: str
    name: str
    days: int
    accepted: bool = True
    reason: str = ""
    left: int | None = None
    person: str = ""


_ZOE, _KARIM = PARENTS
SENT = (
    DemoDocument(_ZOE, "vaccins", "Christopher", "vaccins-christopher.pdf", 60),
    DemoDocument(_ZOE, "vaccins", "Nora", "vaccins-nora.pdf", 60),
    DemoDocument(_ZOE, "vaccins", "Audrey", "vaccins-audrey.pdf", 60),
    DemoDocument(_ZOE, "vaccins", "Sami", "carnet de santé Sami.pdf", 2, accepted=False),
    DemoDocument(_ZOE, "assurance", "Christopher", "assurance-christopher.pdf", 55, left=20),
    DemoDocument(_ZOE, "assurance", "Nora", "assurance-nora.pdf", 55),
    DemoDocument(
        _ZOE,
        "assurance",
        "Audrey",
        "attestation assurance.pdf",
        9,
        accepted=False,
        reason="L’attestation est celle de l’an dernier : envoyez celle de cette année.",
    ),
    DemoDocument(_ZOE, "fiche_sanitaire", "Nora", "fiche-sanitaire-nora.pdf", 50),
    DemoDocument(_ZOE, "pai", "Nora", "PAI de Nora signé.pdf", 48),
    DemoDocument(_ZOE, "identite_tiers", "Nora", "carte d’identité d’Awa.pdf", 27, person="Awa"),
    DemoDocument(_ZOE, "quotient", "", "attestation CAF.pdf", 1, accepted=False),
    DemoDocument(_KARIM, "quotient", "", "quotient-familial.pdf", 40),
    DemoDocument(_KARIM, "assurance", "Lina", "assurance-lina.pdf", 45),
    DemoDocument(_KARIM, "vaccins", "Lina", "vaccins-lina.pdf", 45),
)
RULES = "Règlement intérieur des accueils.pdf"
RULES_LINES = (
    "Horaires : les accueils ouvrent à 7 h 30 et ferment à 18 h 30.",
    "Réservations : elles se font sur l’espace familles, avant la date limite.",
    "Santé : un enfant malade ne peut pas être accueilli.",
    "Départ : seules les personnes autorisées viennent chercher l’enfant.",
)


def build() -> None:
    """Add the types, and the documents of the fixed families."""
    with writing() as session:
        for rank, kind in enumerate(TYPES):
            values = kind.model_dump(exclude={"id"}) | {"rank": rank}
            session.add(DocumentType(**values))
    agent = acting_agent(AGENT)
    assert agent is not None  # noqa: S101  (built just before)
    with tempfile.TemporaryDirectory() as folder:
        for one in SENT:
            _send(one, agent, Path(folder))
        _give(agent, Path(folder))


def _send(one: DemoDocument, agent: Actor, folder: Path) -> None:
    with reading() as session:
        actor, to = _place(session, one)
    title = next(kind.name for kind in TYPES if kind.code == one.code)
    who = (f"Pour {one.child}.",) if one.child else ()
    known = set(_ids(actor))
    keep_sound(actor, to, one.name, _sound(folder, title, who), "demo")
    (made,) = set(_ids(actor)) - known
    if one.reason:
        checking.refuse(agent, made, one.reason)
    elif one.accepted:
        until = None if one.left is None else clock.today() + timedelta(days=one.left)
        checking.accept(agent, made, until)
    _backdate(made, one.days)


def _place(session: Session, one: DemoDocument) -> tuple[Actor, Destination]:
    account = session.exec(
        select(Account.id).where(Account.user_name_key == sign_in_key(one.parent))
    ).one()
    actor = Actor(session_id=0, account_id=account)
    family = my_documents(actor).families[0]
    child = next((key for key, name in family.children if name == one.child), None)
    procedure = None
    if one.person:
        procedure = session.exec(
            select(Collector.procedure_id).where(
                Collector.child_id == child, Collector.first_name == one.person
            )
        ).one()
    return actor, Destination(family.id, one.code, child, procedure)


def _give(agent: Actor, folder: Path) -> None:
    sound = _sound(folder, "Règlement intérieur des accueils", RULES_LINES)
    given = checking.give_sound(agent, town.FAMILIES[0].number, RULES, sound)
    _backdate(given.document_id, 70)


def _sound(folder: Path, title: str, lines: tuple[str, ...]) -> Sound:
    """A file of our own making: the examiner, a process for each, has nothing to find in it."""
    content = pdf(title, lines)
    digest = hashlib.sha256(content).hexdigest()
    path = folder / digest
    path.write_bytes(content)
    return Sound(Kind.PDF, "application/pdf", "pdf", path, digest, len(content))


def _ids(actor: Actor) -> list[int]:
    with reading() as session:
        query = select(Document.id).where(Document.account_id == actor.account_id)
        return [found or 0 for found in session.exec(query)]


def _backdate(document_id: int, days: int) -> None:
    """As if it had been sent that long ago, and looked at the day after."""
    sent_at = clock.now() - timedelta(days=days)
    with writing() as session:
        row = session.get_one(Document, document_id)
        row.sent_at = sent_at
        if row.checked_at is not None:
            row.checked_at = sent_at + timedelta(days=min(days, 1))
        session.add(row)
