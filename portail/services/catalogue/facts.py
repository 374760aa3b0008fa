"""What the engine must know of a family: read in a fixed number of queries, whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

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
from portail.services.catalogue.loading import Loaded
from portail.services.family_file.medical import opened

_GOOD = (DocumentState.ACCEPTED, DocumentState.EXPIRING)


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


def family_facts(session: Session, loaded: Loaded, family_id: int, today: date) -> FamilyFacts:
    """Everything of a family but its reservations.

    A child's enrolments count whichever household asked for them; the quotient, the address, the
    payments and the brothers and sisters are this household's own.

    Raises:
        NoFamilyError: no such family.
    """
    family = session.get(Family, family_id)
    if family is None:
        raise NoFamilyError
    rows = session.exec(
        select(ChildRow, School.name)
        .join(FamilyChild, col(FamilyChild.child_id) == col(ChildRow.id))
        .outerjoin(School, col(School.id) == col(ChildRow.school_id))
        .where(FamilyChild.family_id == family_id)
        .order_by(col(ChildRow.birth_on), col(ChildRow.id))
    ).all()
    ids = [row.id or 0 for row, _ in rows]
    enrolments = _enrolments(session, loaded, ids)
    documents = _documents(session, family_id, ids, today)
    own_meals = _own_meals(session, ids)
    absences = _absences(session, family_id, today)
    quotients = _quotients(session, family_id)
    up_to_date = not _overdue(session, family_id, today)
    resident = loaded.town.residents.admits(family.postcode, family.city)
    siblings = tuple(
        Sibling(row.id or 0, row.birth_on, enrolled=_is_enrolled(enrolments[row.id or 0], today))
        for row, _ in rows
    )
    children = tuple(
        Child(
            row.id or 0,
            ChildFacts(
                birth_date=row.birth_on,
                school=school or "",
                level=row.class_level,
                resident=resident,
                documents=frozenset(documents[None] | documents[row.id]),
                payments_up_to_date=up_to_date,
                activities=frozenset(
                    code for code, one in enrolments[row.id or 0].items() if one.state in LIVE
                ),
            ),
            enrolments[row.id or 0],
            tuple(absences[row.id or 0]),
        )
        for row, school in rows
    )
    pricing = {
        key: Context(quotients, resident, key, siblings, own_meal=key in own_meals) for key in ids
    }
    return FamilyFacts(
        family_id, children, pricing, {row.id or 0: row.first_name for row, _ in rows}
    )


def _enrolments(
    session: Session, loaded: Loaded, ids: Collection[int]
) -> dict[int, dict[str, Enrolled]]:
    """By child and activity; a live one before the one it follows."""
    found: dict[int, dict[str, Enrolled]] = defaultdict(dict)
    query = (
        select(Enrolment).where(col(Enrolment.child_id).in_(ids)).order_by(col(Enrolment.id))
    ).execution_options(populate_existing=True)
    rows = session.exec(query).all()
    for row in sorted(rows, key=lambda row: row.state in LIVE):
        code = loaded.activity_codes.get(row.activity_id, "")
        found[row.child_id][code] = Enrolled(row.state, row.entry_on, row.ended_on)
    return found


def _is_enrolled(enrolments: Mapping[str, Enrolled], today: date) -> bool:
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
    for child_id, code, check, until in session.exec(query):
        sent[child_id, code].append(Sent(check, until))
    found: dict[int | None, set[str]] = defaultdict(set)
    for (child_id, code), papers in sent.items():
        if state_of(current(tuple(papers), today), today) in _GOOD:
            found[child_id].add(code)
    return found


def _absences(session: Session, family_id: int, today: date) -> dict[int, list[Absence]]:
    """What this household told, by child; what is over changes no deadline any more."""
    found: dict[int, list[Absence]] = defaultdict(list)
    query = select(AbsenceRow).where(
        AbsenceRow.family_id == family_id,
        AbsenceRow.last_on >= today,
        col(AbsenceRow.state).in_(STANDING),
    )
    for row in session.exec(query.execution_options(populate_existing=True)):
        found[row.child_id].append(Absence(row.first_on, row.last_on))
    return found


def _own_meals(session: Session, ids: Collection[int]) -> set[int]:
    rows = session.exec(select(MedicalRecord).where(col(MedicalRecord.child_id).in_(ids)))
    return {row.child_id for row in rows if opened(row).own_meal}


def _quotients(session: Session, family_id: int) -> tuple[Quotient, ...]:
    rows = session.exec(
        select(FamilyQuotient)
        .where(FamilyQuotient.family_id == family_id)
        .order_by(col(FamilyQuotient.valid_from), col(FamilyQuotient.id))
    )
    return tuple(Quotient(row.amount_cents, row.valid_from, row.valid_until) for row in rows)


def _overdue(session: Session, family_id: int, today: date) -> bool:
    query = select(Invoice.id).where(
        Invoice.family_id == family_id, col(Invoice.paid_on).is_(None), Invoice.due_on < today
    )
    return session.exec(query.limit(1)).first() is not None
