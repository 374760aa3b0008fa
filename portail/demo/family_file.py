"""The family files of the demo: health, people, permissions and procedures."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, select

from portail import clock
from portail.adapters.sealing import seal
from portail.domain.care import Permission
from portail.domain.medical import Diet, MedicalInformation
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.domain.schooling import school_year
from portail.models import (
    Child,
    ChildPermission,
    Collector,
    Family,
    MedicalRecord,
    Procedure,
    ProcedureEvent,
    Subscription,
)

DOCTOR = ("Dr Hélène Faure", "01 00 00 20 20")
HEALTH = {
    "Christopher": MedicalInformation("", "", *DOCTOR, vaccinated=True),
    "Nora": MedicalInformation(
        "Arachide\u00a0: urticaire, parfois gêne pour respirer.",
        "Antihistaminique en sirop, 5 ml en cas de réaction\u00a0; trousse d’urgence à l’école.",
        *DOCTOR,
        pai=True,
        pai_measures="Panier-repas fourni par la famille. Trousse d’urgence dans la classe.",
        vaccinated=True,
    ),
    "Audrey": MedicalInformation("", "", *DOCTOR, diet=Diet.NO_MEAT, vaccinated=True),
    "Sami": MedicalInformation("Pollens de graminées.", "", *DOCTOR, vaccinated=True),
    "Lina": MedicalInformation("", "", "Dr Paul Nguyen", "01 00 00 20 21", Diet.NO_PORK),
}
PINCEAU, DELMAS = 10001, 10003
# days ago, child, title, kind, state
PAST: tuple[tuple[int, str, str, ProcedureKind, ProcedureState], ...] = (
    (
        3,
        "Christopher",
        "Changement des informations médicales",
        ProcedureKind.MEDICAL,
        ProcedureState.DONE,
    ),
    (
        9,
        "",
        "Changement de coordonnées : téléphone",
        ProcedureKind.COORDINATES,
        ProcedureState.DONE,
    ),
    (
        20,
        "Nora",
        "Autorisations (photos : oui, sorties : oui, retour seul : non)",
        ProcedureKind.PERMISSIONS,
        ProcedureState.DONE,
    ),
    (
        24,
        "Sami",
        "Ajout d’une personne autorisée à venir chercher l’enfant",
        ProcedureKind.COLLECTION,
        ProcedureState.DONE,
    ),
    (
        28,
        "Nora",
        "Ajout d’une personne autorisée à venir chercher l’enfant",
        ProcedureKind.COLLECTION,
        ProcedureState.DONE,
    ),
    (31, "Audrey", "Absence signalée", ProcedureKind.ABSENCE, ProcedureState.VALIDATED),
    (
        45,
        "",
        "Changement de coordonnées : nom et prénom",
        ProcedureKind.COORDINATES,
        ProcedureState.REFUSED,
    ),
    (52, "Sami", "Absence signalée", ProcedureKind.ABSENCE, ProcedureState.VALIDATED),
    (60, "", "Paiement de facture", ProcedureKind.PAYMENT, ProcedureState.DONE),
    (
        75,
        "Nora",
        "Changement des informations médicales",
        ProcedureKind.MEDICAL,
        ProcedureState.VALIDATED,
    ),
    (
        76,
        "Christopher",
        "Changement dans la fiche de l’enfant",
        ProcedureKind.CHILD,
        ProcedureState.DONE,
    ),
    (
        77,
        "Audrey",
        "Changement dans la fiche de l’enfant",
        ProcedureKind.CHILD,
        ProcedureState.DONE,
    ),
    (78, "Sami", "Changement dans la fiche de l’enfant", ProcedureKind.CHILD, ProcedureState.DONE),
    (91, "", "Paiement de facture", ProcedureKind.PAYMENT, ProcedureState.DONE),
    (121, "", "Paiement de facture", ProcedureKind.PAYMENT, ProcedureState.DONE),
    (140, "Audrey", "Absence signalée", ProcedureKind.ABSENCE, ProcedureState.REFUSED),
    (151, "", "Paiement de facture", ProcedureKind.PAYMENT, ProcedureState.DONE),
    (
        200,
        "",
        "Changement de coordonnées : adresse",
        ProcedureKind.COORDINATES,
        ProcedureState.VALIDATED,
    ),
    (
        230,
        "",
        "Changement de coordonnées : adresse e-mail",
        ProcedureKind.COORDINATES,
        ProcedureState.WITHDRAWN,
    ),
)
ADDED = {24: "Odile", 28: "Awa"}  # whom the requests of so many days ago allowed
NOTES = {
    ProcedureState.REFUSED: "Le document joint n’était pas lisible.",
    ProcedureState.VALIDATED: "",
}


def fill(session: Session) -> None:
    """Add what makes the files of the fixed families alive; the town's families exist."""
    children = {child.first_name: child for child in session.exec(select(Child))}
    families = {family.number: family for family in session.exec(select(Family))}
    now = clock.now()
    for name, health in HEALTH.items():
        session.add(
            MedicalRecord(
                child_id=children[name].id or 0,
                sealed=seal(asdict(health)),
                changed_at=now - timedelta(days=75),
            )
        )
    pinceau = families[PINCEAU].id or 0
    _people(session, children, pinceau, families[DELMAS].id or 0)
    _permissions(session, children, pinceau, now)
    _insurances(children)
    _procedures(session, children, pinceau)


def _people(session: Session, children: dict[str, Child], pinceau: int, delmas: int) -> None:
    grandmother = ("Pinceau", "Odile", "06 00 00 30 01", "grand-mère")
    neighbour = ("Traoré", "Awa", "06 00 00 30 02", "voisine")
    other = ("Delmas", "Julie", "06 00 00 30 03", "tante")
    wanted = [
        *((pinceau, name, grandmother) for name in ("Christopher", "Nora", "Audrey", "Sami")),
        (pinceau, "Nora", neighbour),
        (delmas, "Sami", other),
    ]
    for family_id, name, (last_name, first_name, phone, link) in wanted:
        session.add(
            Collector(
                family_id=family_id,
                child_id=children[name].id or 0,
                last_name=last_name,
                first_name=first_name,
                phone=phone,
                link=link,
            )
        )


def _permissions(
    session: Session, children: dict[str, Child], family_id: int, now: datetime
) -> None:
    for name in ("Christopher", "Nora", "Sami"):
        for permission in Permission:
            session.add(
                ChildPermission(
                    child_id=children[name].id or 0,
                    permission=permission,
                    granted=permission is not Permission.ALONE,
                    decided_at=now - timedelta(days=20),
                    family_id=family_id,
                )
            )


def _insurances(children: dict[str, Child]) -> None:
    until = date(school_year(clock.today()) + 1, 8, 31)
    for name in ("Christopher", "Nora", "Audrey"):
        child = children[name]
        child.insurer, child.insurance_contract = "Mutuelle des écoles", "ME-204-118"
        child.insured_until = until


def _procedures(session: Session, children: dict[str, Child], family_id: int) -> None:
    account_id = session.exec(
        select(Subscription.account_id).where(Subscription.family_id == family_id)
    ).one()
    for days, name, title, kind, state in reversed(PAST):
        at = _at(days)
        procedure = Procedure(
            family_id=family_id,
            child_id=children[name].id if name else None,
            account_id=account_id,
            kind=kind,
            state=state,
            title=title,
            requested_at=at,
            changed_at=at,
        )
        session.add(procedure)
        session.flush()
        withdrawn = state is ProcedureState.WITHDRAWN
        answered = withdrawn or state in NOTES
        first = ProcedureState.REQUESTED if answered else state
        event = ProcedureEvent(
            procedure_id=procedure.id or 0, at=at, state=first, account_id=account_id
        )
        session.add(event)
        if days in ADDED:
            allowed = select(Collector).where(
                Collector.child_id == children[name].id, Collector.first_name == ADDED[days]
            )
            session.exec(allowed).one().procedure_id = procedure.id
        if answered:
            session.flush()
            procedure.changed_at = at + timedelta(days=1, hours=2)
            session.add(
                ProcedureEvent(
                    procedure_id=procedure.id or 0,
                    at=procedure.changed_at,
                    state=state,
                    note=NOTES.get(state, ""),
                    account_id=account_id if withdrawn else None,
                )
            )


def _at(days: int) -> datetime:
    """Half past six in the evening, so many days ago."""
    day = clock.today() - timedelta(days=days)
    local = clock.paris(clock.now()).tzinfo
    return datetime.combine(day, time(18, 30), local)
