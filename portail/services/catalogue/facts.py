"""What the engine must know of a family: read in a fixed number of queries, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from portail.database import ask
from portail.domain.absences import STANDING
from portail.domain.bookings import Absence, Child, Enrolled
from portail.domain.documents import DocumentState, Sent, Sharing, current, state_of
from portail.domain.eligibility import ChildFacts
from portail.domain.enrolment_states import LIVE, EnrolmentState
from portail.domain.pricing import Context, Sibling
from portail.domain.quotients import Quotient
from portail.models import Absence as AbsenceRow
from portail.models import Child as ChildRow
from portail.models import (
    Document,
    DocumentType,
    Enrolment,
    Family,
    FamilyChild,
    FamilyQuotient,
    Invoice,
    MedicalRecord,
    School,
)
from portail.services.billing import ledger
from portail.services.catalogue.loading import Loaded
from portail.services.family_file.medical import unsealed

_GOOD = (DocumentState.ACCEPTED, DocumentState.EXPIRING)
# made once: putting a statement together costs as much as asking it. Columns and not rows, so that
# a session that read them before still sees them as they are
_CHILDREN: Any = (
    select(
        col(Family.id).label("family_id"),
        col(Family.postcode),
        col(Family.city),
        col(ChildRow.id),
        col(ChildRow.first_name),
        col(ChildRow.birth_on),
        col(ChildRow.class_level),
        col(School.name),
        col(MedicalRecord.sealed),
    )
    .select_from(Family)
    .outerjoin(FamilyChild, col(FamilyChild.family_id) == col(Family.id))
    .outerjoin(ChildRow, col(ChildRow.id) == col(FamilyChild.child_id))
    .outerjoin(School, col(School.id) == col(ChildRow.school_id))
    .outerjoin(MedicalRecord, col(MedicalRecord.child_id) == col(ChildRow.id))
    .order_by(col(ChildRow.birth_on), col(ChildRow.id))
)
_FAMILY = _CHILDREN.where(col(Family.id) == bindparam("family"))
_FAMILIES = _CHILDREN.where(col(Family.id).in_(bindparam("families", expanding=True)))
_ENROLMENTS = (
    select(
        col(Enrolment.child_id),
        col(Enrolment.activity_id),
        col(Enrolment.state),
        col(Enrolment.entry_on),
        col(Enrolment.ended_on),
    )
    .where(col(Enrolment.child_id).in_(bindparam("children", expanding=True)))
    .order_by(col(Enrolment.id))
)
_ABSENCES = select(
    col(AbsenceRow.family_id),
    col(AbsenceRow.child_id),
    col(AbsenceRow.first_on),
    col(AbsenceRow.last_on),
).where(
    col(AbsenceRow.family_id).in_(bindparam("families", expanding=True)),
    col(AbsenceRow.last_on) >= bindparam("today"),
    col(AbsenceRow.state).in_(STANDING),
)
_RECORDS = select(col(MedicalRecord.child_id), col(MedicalRecord.sealed)).where(
    col(MedicalRecord.child_id).in_(bindparam("children", expanding=True))
)
_QUOTIENTS = (
    select(
        col(FamilyQuotient.amount_cents),
        col(FamilyQuotient.valid_from),
        col(FamilyQuotient.valid_until),
    )
    .where(col(FamilyQuotient.family_id) == bindparam("family"))
    .order_by(col(FamilyQuotient.valid_from), col(FamilyQuotient.id))
)


class NoFamilyError(LookupError):
    """There is no such family file."""


@dataclass(frozen=True)
class FamilyFacts:
    """A family as the rules see it: its children by id, eldest first, and what prices depend on."""

    family_id: int
    children: tuple[Child, ...]
    pricing: Mapping[int, Context]
    names: Mapping[int, str]

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the children."""
        return tuple(child.key for child in self.children)


def family_facts(
    session: Session, loaded: Loaded, family_id: int, today: date, *, papers: bool = True
) -> FamilyFacts:
    """Everything of a family but its reservations.

    A child's enrolments count whichever household asked for them; the quotient, the address, the
    payments and the brothers and sisters are this household's own. Without `papers`, documents and
    unpaid invoices are left out: they count to be enrolled, never to book.

    Raises:
        NoFamilyError: no such family.
    """
    known = {"family": family_id}
    family = ask(session, _FAMILY, known).all()
    if not family:
        raise NoFamilyError
    rows = [row for row in family if row.id is not None]
    ids = [row.id for row in rows]
    enrolments = read_enrolments(session, loaded, ids)
    documents = _documents(session, family_id, ids, today) if papers else defaultdict(set)
    up_to_date = not (papers and _overdue(session, family_id, today))
    absences = _absences(session, [family_id], today)[family_id]
    quotients = tuple(Quotient(*row) for row in ask(session, _QUOTIENTS, known))
    resident = loaded.town.residents.admits(family[0].postcode, family[0].city)
    siblings = tuple(
        Sibling(row.id, row.birth_on, enrolled=is_enrolled(enrolments[row.id], today))
        for row in rows
    )
    children = tuple(
        _child(
            row,
            enrolments[row.id],
            absences[row.id],
            resident=resident,
            documents=documents[None] | documents[row.id],
            up_to_date=up_to_date,
        )
        for row in rows
    )
    pricing = {
        row.id: Context(
            quotients,
            resident,
            row.id,
            siblings,
            own_meal=row.sealed is not None and _own_meal(row.sealed),
        )
        for row in rows
    }
    return FamilyFacts(family_id, children, pricing, {row.id: row.first_name for row in rows})


def facts_to_book(
    session: Session, loaded: Loaded, family_ids: Collection[int], today: date
) -> dict[int, FamilyFacts]:
    """What lets the children of many families book, in three queries; nothing of prices.

    As `family_facts` without papers; a family without children is left out.
    """
    rows = [one for one in ask(session, _FAMILIES, {"families": family_ids}) if one.id is not None]
    enrolments = read_enrolments(session, loaded, {row.id for row in rows})
    absences = _absences(session, family_ids, today)
    children: dict[int, list[Child]] = defaultdict(list)
    names: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        resident = loaded.town.residents.admits(row.postcode, row.city)
        told = absences[row.family_id][row.id]
        child = _child(row, enrolments[row.id], told, resident=resident)
        children[row.family_id].append(child)
        names[row.family_id][row.id] = row.first_name
    return {
        family_id: FamilyFacts(family_id, tuple(found), {}, names[family_id])
        for family_id, found in children.items()
    }


def _child(
    row: Any,
    enrolments: Mapping[str, Enrolled],
    absences: Collection[Absence],
    *,
    resident: bool,
    documents: Collection[str] = (),
    up_to_date: bool = True,
) -> Child:
    """A row of `_CHILDREN` as the rules see it."""
    return Child(
        row.id,
        ChildFacts(
            birth_date=row.birth_on,
            school=row.name or "",
            level=row.class_level,
            resident=resident,
            documents=frozenset(documents),
            payments_up_to_date=up_to_date,
            activities=frozenset(code for code, one in enrolments.items() if one.state in LIVE),
        ),
        enrolments,
        tuple(absences),
    )


def read_enrolments(
    session: Session, loaded: Loaded, ids: Collection[int]
) -> dict[int, dict[str, Enrolled]]:
    """By child and activity; a live one before the one it follows."""
    found: dict[int, dict[str, Enrolled]] = defaultdict(dict)
    rows = ask(session, _ENROLMENTS, {"children": ids}).all()
    for row in sorted(rows, key=lambda row: row.state in LIVE):
        code = loaded.activity_codes.get(row.activity_id, "")
        found[row.child_id][code] = Enrolled(row.state, row.entry_on, row.ended_on)
    return found


def is_enrolled(enrolments: Mapping[str, Enrolled], today: date) -> bool:
    """For a sibling reduction: somewhere, now or from a day to come."""
    return any(
        one.state is EnrolmentState.VALIDATED and (one.end_on is None or one.end_on >= today)
        for one in enrolments.values()
    )


def _documents(
    session: Session, family_id: int, ids: Collection[int], today: date
) -> dict[int | None, set[str]]:
    """The codes of the documents accepted and still good, by child (none: of the household).

    What another household sent of a shared child counts, unless its kind is kept to that one.
    """
    sent: dict[tuple[int | None, str], list[Sent]] = defaultdict(list)
    query = (
        select(
            col(Document.child_id),
            col(DocumentType.code),
            col(Document.check_state),
            col(Document.valid_until),
        )
        .join(DocumentType, col(DocumentType.id) == col(Document.type_id))
        .where(
            col(Document.from_town).is_(False),
            or_(
                col(Document.family_id) == family_id,
                col(Document.child_id).in_(ids) & (col(DocumentType.sharing) != Sharing.NOTHING),
            ),
        )
        .order_by(col(Document.sent_at), col(Document.id))
    )
    for child_id, code, check, until in ask(session, query):
        sent[child_id, code].append(Sent(check, until))
    found: dict[int | None, set[str]] = defaultdict(set)
    for (child_id, code), papers in sent.items():
        if state_of(current(tuple(papers), today), today) in _GOOD:
            found[child_id].add(code)
    return found


def _absences(
    session: Session, family_ids: Collection[int], today: date
) -> dict[int, dict[int, list[Absence]]]:
    """What these households told, by child; what is over changes no deadline any more."""
    found: dict[int, dict[int, list[Absence]]] = defaultdict(lambda: defaultdict(list))
    asked = {"families": family_ids, "today": today}
    for family, child, first, last in ask(session, _ABSENCES, asked):
        found[family][child].append(Absence(first, last))
    return found


def read_own_meals(session: Session, ids: Collection[int]) -> set[int]:
    """Those of these children who bring their meal."""
    rows = ask(session, _RECORDS, {"children": ids})
    return {child_id for child_id, sealed in rows if _own_meal(sealed)}


@lru_cache(maxsize=10_000)
def _own_meal(sealed: str) -> bool:
    """Whether the child brings its meal; a record that changes is another text."""
    return unsealed(sealed).own_meal


def _overdue(session: Session, family_id: int, today: date) -> bool:
    query = select(col(Invoice.id)).where(
        col(Invoice.family_id) == family_id,
        col(Invoice.due_on) < today,
        ledger.is_due(),
    )
    return ask(session, query.limit(1)).first() is not None
