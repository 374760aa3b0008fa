"""What is known of the actor's children, as the engine asks it; read once for a screen or post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from portail import clock
from portail.domain.care import HEALTH_FORM
from portail.domain.catalogue import Slot
from portail.domain.documents import DocumentState, Sent, Subject, current, state_of
from portail.domain.eligibility import ChildFacts
from portail.domain.enrolment_states import LIVE
from portail.domain.identity import Actor
from portail.domain.pricing import Context, Outcome, Sibling, price
from portail.domain.quotients import Quotient
from portail.domain.schooling import school_year
from portail.models import (
    Certification,
    Child,
    Document,
    DocumentType,
    Enrolment,
    Family,
    FamilyChild,
    FamilyQuotient,
    Invoice,
    School,
)
from portail.services.catalogue import Loaded
from portail.services.documents.rules import shared_with
from portail.services.reach import NotFound, my_children, my_families

# what the family has done its part of: an agent may still have to look at it
GIVEN = frozenset({DocumentState.TO_CHECK, DocumentState.ACCEPTED, DocumentState.EXPIRING})


@dataclass(frozen=True)
class Known:
    """A child as one of the actor's families knows it."""

    child: Child
    family: Family
    facts: ChildFacts
    enrolments: tuple[Enrolment, ...]  # live ones, whichever household asked
    pricing: Context
    siblings_in: Mapping[int, frozenset[str]]  # activities of each child of the household


def known_children(session: Session, actor: Actor, loaded: Loaded) -> dict[int, Known]:
    """The actor's children by id, eldest first; a handful of queries whatever their number."""
    rows = shared_with(actor).order_by(col(Document.sent_at), col(Document.id))
    reader = _Reader(
        session,
        loaded,
        my_families(session, actor),
        my_children(session, actor),
        tuple(session.exec(rows)),
    )
    return reader.read()


def family_children(session: Session, family: Family, loaded: Loaded) -> tuple[Known, ...]:
    """The children of a family file, for the town itself; what other households gave left out."""
    rows = session.exec(
        select(Child)
        .join(FamilyChild, col(FamilyChild.child_id) == col(Child.id))
        .where(FamilyChild.family_id == family.id)
        .order_by(col(Child.birth_on), col(Child.id))
    )
    children = tuple((child, family.id or 0) for child in rows)
    return tuple(_Reader(session, loaded, (family,), children, ()).read().values())


def known_child(children: dict[int, Known], child_id: int) -> Known:
    """One of them.

    Raises:
        NotFound: not a child of theirs.
    """
    found = children.get(child_id)
    if found is None:
        raise NotFound
    return found


def price_of(known: Known, slot: Slot, loaded: Loaded, on: date) -> Outcome | None:
    """The price of a slot for this child and its family that day; None: the slot has no tariff."""
    tariff = loaded.tariffs.get(slot.tariff)
    if tariff is None:
        return None
    start, end = slot.starts_at, slot.ends_at
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    activity = loaded.rulebook.slots[slot.code][1].code
    # brothers and sisters count when they are in the same activity, this child in any case
    siblings = tuple(
        replace(one, enrolled=activity in known.siblings_in[one.number], present=False)
        for one in known.pricing.siblings
    )
    context = replace(known.pricing, siblings=siblings, minutes=max(minutes, 0))
    return price(tariff, context, on)


class _Reader:
    def __init__(
        self,
        session: Session,
        loaded: Loaded,
        families: tuple[Family, ...],
        children: tuple[tuple[Child, int], ...],
        shared: tuple[tuple[Document, DocumentType], ...],
    ) -> None:
        self.session, self.loaded = session, loaded
        self.today = clock.today()
        self.families = {family.id or 0: family for family in families}
        self.children, self.shared = children, shared
        self.schools = dict(session.exec(select(School.id, School.name)).all())

    def read(self) -> dict[int, Known]:
        enrolments = self._enrolments()
        documents, quotients, overdue = self._documents(), self._quotients(), self._overdue()
        siblings = self._siblings()
        codes = self.loaded.activity_codes
        siblings_in = {
            child.id or 0: frozenset(
                codes.get(one.activity_id, "") for one in enrolments[child.id or 0]
            )
            for child, _ in self.children
        }
        found: dict[int, Known] = {}
        # of several households of the actor's, the first by number asks
        for child, family_id in sorted(
            self.children, key=lambda pair: (pair[0].birth_on, pair[0].id, self._number(pair[1]))
        ):
            child_id, family = child.id or 0, self.families[family_id]
            if child_id in found:
                continue
            live = tuple(enrolments[child_id])
            resident = self.loaded.town.residents.admits(family.postcode, family.city)
            facts = ChildFacts(
                birth_date=child.birth_on,
                school=self.schools.get(child.school_id, ""),
                level=child.class_level,
                resident=resident,
                documents=frozenset(documents[family_id, child_id] | documents[family_id, None]),
                payments_up_to_date=family_id not in overdue,
                activities=siblings_in[child_id],
            )
            pricing = Context(
                quotients=tuple(quotients[family_id]),
                resident=resident,
                child=child_id,
                siblings=tuple(siblings[family_id]),
            )
            found[child_id] = Known(child, family, facts, live, pricing, siblings_in)
        return found

    def _number(self, family_id: int) -> int:
        return self.families[family_id].number

    def _enrolments(self) -> dict[int, list[Enrolment]]:
        ids = {child.id for child, _ in self.children}
        found: dict[int, list[Enrolment]] = defaultdict(list)
        for row in self.session.exec(
            select(Enrolment)
            .where(col(Enrolment.child_id).in_(ids), col(Enrolment.state).in_(LIVE))
            .order_by(col(Enrolment.id))
            .execution_options(populate_existing=True)  # under the lock, as it is now
        ):
            found[row.child_id].append(row)
        return found

    def _siblings(self) -> dict[int, list[Sibling]]:
        found: dict[int, list[Sibling]] = defaultdict(list)
        for child, family_id in self.children:
            found[family_id].append(Sibling(child.id or 0, child.birth_on))
        return found

    def _quotients(self) -> dict[int, list[Quotient]]:
        found: dict[int, list[Quotient]] = defaultdict(list)
        for row in self.session.exec(
            select(FamilyQuotient)
            .where(col(FamilyQuotient.family_id).in_(self.families))
            .order_by(col(FamilyQuotient.valid_from))
        ):
            found[row.family_id].append(Quotient(row.amount_cents, row.valid_from, row.valid_until))
        return found

    def _overdue(self) -> set[int]:
        return set(
            self.session.exec(
                select(Invoice.family_id).where(
                    col(Invoice.family_id).in_(self.families),
                    col(Invoice.paid_on).is_(None),
                    Invoice.due_on < self.today,
                )
            )
        )

    def _documents(self) -> dict[tuple[int, int | None], set[str]]:
        """The documents given and still good, by family and child (none: of the household).

        A health form filled on screen and certified this school year counts as the document.
        """
        found: dict[tuple[int, int | None], set[str]] = defaultdict(set)
        sent: dict[tuple[int, int | None, str], list[Sent]] = defaultdict(list)
        own = self.session.exec(
            select(Document, DocumentType)
            .join(DocumentType, col(DocumentType.id) == col(Document.type_id))
            .where(
                col(Document.family_id).in_(self.families),
                col(Document.from_town).is_(False),
            )
            .order_by(col(Document.sent_at), col(Document.id))
        )
        for paper, kind in own:
            about = paper.child_id if kind.subject is Subject.CHILD else None
            one = Sent(paper.check_state, paper.valid_until)
            sent[paper.family_id, about, kind.code].append(one)
        for paper, kind in self.shared:
            for family_id in self._homes(paper.child_id):
                one = Sent(paper.check_state, paper.valid_until)
                sent[family_id, paper.child_id, kind.code].append(one)
        for (family_id, child_id, code), papers in sent.items():
            if state_of(current(tuple(papers), self.today), self.today) in GIVEN:
                found[family_id, child_id].add(code)
        for family_id, child_id in self._certified():
            found[family_id, child_id].add(HEALTH_FORM)
        return found

    def _homes(self, child_id: int | None) -> list[int]:
        return [family_id for child, family_id in self.children if child.id == child_id]

    def _certified(self) -> set[tuple[int, int | None]]:
        return set(
            self.session.exec(
                select(Certification.family_id, Certification.child_id).where(
                    col(Certification.family_id).in_(self.families),
                    col(Certification.child_id).is_not(None),
                    Certification.school_year == school_year(self.today),
                )
            )
        )
