"""What is known of children, as the engine asks it: that of the planning, and papers on their way.

Prices and facts are those of `services.catalogue`: one figure on every screen. To ask for an
enrolment a paper counts once it is given: an agent looks at it before validating.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from portail import clock
from portail.domain.care import HEALTH_FORM
from portail.domain.documents import DocumentState, Sent, current, state_of
from portail.domain.eligibility import ChildFacts
from portail.domain.enrolment_states import LIVE
from portail.domain.identity import Actor
from portail.domain.schooling import school_year
from portail.models import (
    Certification,
    Child,
    Document,
    DocumentType,
    Enrolment,
    Family,
    FamilyChild,
)
from portail.services.catalogue import Loaded
from portail.services.catalogue.facts import family_facts
from portail.services.catalogue.plans import Prices
from portail.services.reach import NotFound, my_children, my_families

GIVEN = frozenset({DocumentState.TO_CHECK, DocumentState.ACCEPTED, DocumentState.EXPIRING})


@dataclass(frozen=True)
class Known:
    """A child as one of the actor's families knows it."""

    child: Child
    family: Family
    facts: ChildFacts
    enrolments: tuple[Enrolment, ...]  # live ones, whichever household asked
    prices: Prices


def known_children(session: Session, actor: Actor, loaded: Loaded) -> dict[int, Known]:
    """The actor's children by id, eldest first.

    In several of the actor's own households, a child is the first one's, by number.
    """
    children = {child.id or 0: child for child, _ in my_children(session, actor)}
    found: dict[int, Known] = {}
    for family in my_families(session, actor):
        for key, known in _family(session, family, loaded).items():
            found.setdefault(key, known)
    return {key: found[key] for key in children if key in found}


def family_children(session: Session, family: Family, loaded: Loaded) -> tuple[Known, ...]:
    """The children of a family file, for the town itself."""
    return tuple(_family(session, family, loaded).values())


def known_child(children: dict[int, Known], child_id: int) -> Known:
    """One of them.

    Raises:
        NotFound: not a child of theirs.
    """
    found = children.get(child_id)
    if found is None:
        raise NotFound
    return found


def _family(session: Session, family: Family, loaded: Loaded) -> dict[int, Known]:
    family_id = family.id or 0
    facts = family_facts(session, loaded, family_id, clock.today())
    rows = {
        row.id or 0: row
        for row in session.exec(
            select(Child)
            .join(FamilyChild, col(FamilyChild.child_id) == col(Child.id))
            .where(FamilyChild.family_id == family_id)
        )
    }
    enrolments = _enrolments(session, facts.ids)
    given = _given(session, family_id)
    prices = Prices(loaded, facts, ())
    return {
        child.key: Known(
            rows[child.key],
            family,
            replace(
                child.facts,
                documents=child.facts.documents | given[None] | given[child.key],
            ),
            tuple(enrolments[child.key]),
            prices,
        )
        for child in facts.children
    }


def _enrolments(session: Session, ids: Sequence[int]) -> dict[int, list[Enrolment]]:
    found: dict[int, list[Enrolment]] = defaultdict(list)
    for row in session.exec(
        select(Enrolment)
        .where(col(Enrolment.child_id).in_(ids), col(Enrolment.state).in_(LIVE))
        .order_by(col(Enrolment.id))
        .execution_options(populate_existing=True)  # under the lock, as it is now
    ):
        found[row.child_id].append(row)
    return found


def _given(session: Session, family_id: int) -> dict[int | None, set[str]]:
    """The papers this family gave, by child (none: of the household), looked at or not yet.

    A health form filled on screen and certified this school year is as good as the document.
    """
    today = clock.today()
    sent: dict[tuple[int | None, str], list[Sent]] = defaultdict(list)
    rows = session.exec(
        select(
            col(Document.child_id),
            col(DocumentType.code),
            col(Document.check_state),
            col(Document.valid_until),
        )
        .join(DocumentType, col(DocumentType.id) == col(Document.type_id))
        .where(Document.family_id == family_id, col(Document.from_town).is_(False))
        .order_by(col(Document.sent_at), col(Document.id))
    )
    for child_id, code, check, until in rows:
        sent[child_id, code].append(Sent(check, until))
    found: dict[int | None, set[str]] = defaultdict(set)
    for (child_id, code), papers in sent.items():
        if state_of(current(tuple(papers), today), today) in GIVEN:
            found[child_id].add(code)
    for child_id in session.exec(
        select(Certification.child_id).where(
            Certification.family_id == family_id,
            col(Certification.child_id).is_not(None),
            Certification.school_year == school_year(today),
        )
    ):
        found[child_id].add(HEALTH_FORM)
    return found
