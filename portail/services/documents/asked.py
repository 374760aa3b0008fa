"""«Mes documents»: what is asked of the actor's families, what they sent, what the town gave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from portail import clock
from portail.database import reading
from portail.domain.documents import (
    ASKED_STATES,
    Check,
    DocumentState,
    Sent,
    Sharing,
    Subject,
    current,
    state_of,
)
from portail.domain.identity import Actor
from portail.domain.procedures import ProcedureState
from portail.models import (
    Child,
    Document,
    DocumentType,
    Family,
    Procedure,
    ProcedureEvent,
    Subscription,
)
from portail.services.documents.required import Required, required_codes
from portail.services.documents.rules import shared_with
from portail.services.documents.views import (
    AskedDocument,
    FamilyDocuments,
    GivenElsewhere,
    KeptDocument,
    KindOfDocument,
    MyDocuments,
    WaitingProcedure,
)
from portail.services.reach import my_children, my_families, my_family_ids

# what another household gave spares this one; its refusals and its gaps are its own business
SPARES = frozenset({DocumentState.TO_CHECK, DocumentState.ACCEPTED, DocumentState.EXPIRING})


@dataclass(frozen=True)
class _Paper:
    """A document with the names of what it is about."""

    row: Document
    kind: DocumentType | None
    child: str = ""
    procedure: str = ""

    @property
    def sent(self) -> Sent:
        return Sent(self.row.check_state, self.row.valid_until)


def my_documents(actor: Actor) -> MyDocuments:
    """Everything about the documents of the actor's own families.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        return documents_of(session, actor)


def documents_of(session: Session, actor: Actor) -> MyDocuments:
    """The same, in the caller's transaction."""
    return Reader(session, actor).read()


class Reader:
    """A few queries, whatever the number of families and children; then only sorting."""

    def __init__(self, session: Session, actor: Actor) -> None:
        """Read what is the actor's."""
        self.actor = actor
        self.today = clock.today()
        self.families = my_families(session, actor)
        self.kinds = tuple(
            session.exec(
                select(DocumentType).order_by(col(DocumentType.rank), col(DocumentType.id))
            )
        )
        self.children = my_children(session, actor)
        self.papers = tuple(_papers(session, actor))
        shared = session.exec(shared_with(actor).order_by(col(Document.sent_at), col(Document.id)))
        self.shared = tuple(_Paper(row, kind) for row, kind in shared)
        self.guardians = dict(
            session.exec(
                select(Subscription.family_id, Subscription.guardian_id).where(
                    Subscription.account_id == actor.account()
                )
            ).all()
        )
        self.required = required_codes(session, [family.id or 0 for family in self.families])
        self.waiting = tuple(_waiting(session, actor))

    def read(self) -> MyDocuments:
        """All of it, family by family."""
        return MyDocuments(
            tuple(self._family(family) for family in self.families),
            tuple(KindOfDocument(kind.code, kind.name, kind.subject) for kind in self.kinds),
        )

    def _family(self, family: Family) -> FamilyDocuments:
        family_id = family.id or 0
        children = [child for child, owner in self.children if owner == family_id]
        asked = sorted(
            self._asked(family_id, children), key=lambda one: (not one.pressing, _urgency(one))
        )
        shown = {file.id for one in asked for file in one.files}
        mine = [paper for paper in reversed(self.papers) if paper.row.family_id == family_id]
        return FamilyDocuments(
            id=family_id,
            number=family.number,
            name=family.name,
            asked=tuple(asked),
            procedures=tuple(view for owner, view in self.waiting if owner == family_id),
            others=tuple(
                self._kept(paper)
                for paper in mine
                if not paper.row.from_town and paper.row.id not in shown
            ),
            from_town=tuple(self._kept(paper) for paper in mine if paper.row.from_town),
            children=tuple((child.id or 0, child.first_name) for child in children),
        )

    def _asked(self, family_id: int, children: list[Child]) -> Iterator[AskedDocument]:
        for kind in self.kinds:
            # asked about a child, a type of the household is the household's all the same
            about: Iterable[Child | None] = children if kind.subject is Subject.CHILD else (None,)
            for child in about:
                why = _why(self.required, kind, family_id, child, children)
                if kind.always or why is not None:
                    yield self.one(kind, family_id, child, why or "")

    def one(
        self, kind: DocumentType, family_id: int, child: Child | None, why: str = ""
    ) -> AskedDocument:
        """A type about one of the actor's own, whether it is asked or not."""
        child_id = child.id if child else None
        guardian_id = self.guardians.get(family_id) if kind.subject is Subject.GUARDIAN else None
        about = [
            paper
            for paper in (*self.papers, *self.shared)
            if paper.row.type_id == kind.id
            and paper.row.child_id == child_id
            and paper.row.guardian_id == guardian_id
            and not paper.row.from_town
        ]
        own = [paper for paper in about if paper.row.family_id == family_id]
        counts = _current(own, self.today)
        state = state_of(counts.sent if counts else None, self.today)
        elsewhere = None
        if state in ASKED_STATES and child is not None and kind.sharing is not Sharing.NOTHING:
            elsewhere = self._elsewhere(kind, [p for p in about if p.row.family_id != family_id])
        return AskedDocument(
            code=kind.code,
            name=kind.name,
            help=kind.help,
            subject=kind.subject,
            child_id=child_id,
            child=child.first_name if child else "",
            why=why,
            state=state,
            reason=counts.row.reason if counts and state is DocumentState.REFUSED else "",
            valid_until=counts.row.valid_until if counts else None,
            files=tuple(self._kept(paper) for paper in _that_count(own, counts, self.today)),
            elsewhere=elsewhere,
        )

    def proofs(self, procedure_id: int) -> tuple[KeptDocument, ...]:
        """What the actor's family sent with one of its procedures, newest first."""
        found = (paper for paper in self.papers if paper.row.procedure_id == procedure_id)
        return tuple(self._kept(paper) for paper in found)[::-1]

    def _elsewhere(self, kind: DocumentType, papers: list[_Paper]) -> GivenElsewhere | None:
        counts = _current(papers, self.today)
        state = state_of(counts.sent if counts else None, self.today)
        if state not in SPARES:
            return None
        files: tuple[KeptDocument, ...] = ()
        if kind.sharing is Sharing.FILE:
            live = (p for p in papers if state_of(p.sent, self.today) in SPARES)
            files = tuple(self._kept(paper) for paper in live)[::-1]
        return GivenElsewhere(state, files)

    def _kept(self, paper: _Paper) -> KeptDocument:
        row, by_me = paper.row, paper.row.account_id == self.actor.account()
        return KeptDocument(
            id=row.id or 0,
            name=row.name,
            about=paper.kind.name if paper.kind else "",
            child=paper.child,
            procedure=paper.procedure,
            state=state_of(paper.sent, self.today),
            reason=row.reason if row.check_state is Check.REFUSED else "",
            valid_until=row.valid_until,
            sent_at=row.sent_at,
            by_me=by_me,
            may_remove=by_me and not row.from_town and row.check_state is Check.TO_CHECK,
        )


def _papers(session: Session, actor: Actor) -> Iterator[_Paper]:
    """Every document of the actor's families, oldest first."""
    query = (
        select(Document, DocumentType, Child, Procedure)
        .outerjoin(DocumentType, col(DocumentType.id) == col(Document.type_id))
        .outerjoin(Child, col(Child.id) == col(Document.child_id))
        .outerjoin(Procedure, col(Procedure.id) == col(Document.procedure_id))
        .where(col(Document.family_id).in_(my_family_ids(actor)))
        .order_by(col(Document.sent_at), col(Document.id))
    )
    for row, kind, child, procedure in session.exec(query):
        name, title = child.first_name if child else "", procedure.title if procedure else ""
        yield _Paper(row, kind, name, title)


def _waiting(session: Session, actor: Actor) -> Iterator[tuple[int, WaitingProcedure]]:
    """The procedures that wait for a document, each with its family; oldest first."""
    last = (
        select(func.max(ProcedureEvent.id))
        .where(col(ProcedureEvent.procedure_id) == col(Procedure.id))
        .correlate(Procedure)
        .scalar_subquery()
    )
    query = (
        select(Procedure, Child, ProcedureEvent)
        .outerjoin(Child, col(Child.id) == col(Procedure.child_id))
        .outerjoin(ProcedureEvent, col(ProcedureEvent.id) == last)
        .where(
            col(Procedure.family_id).in_(my_family_ids(actor)),
            Procedure.state == ProcedureState.DOCUMENT_ASKED,
        )
        .order_by(col(Procedure.requested_at), col(Procedure.id))
    )
    for row, child, event in session.exec(query):
        yield (
            row.family_id,
            WaitingProcedure(
                row.id or 0,
                row.title,
                child.first_name if child else "",
                event.note if event else "",
            ),
        )


def _why(
    required: Required,
    kind: DocumentType,
    family_id: int,
    child: Child | None,
    children: list[Child],
) -> str | None:
    """What requires this type of this family, for this child; None: nothing does."""
    about = [child.id] if child else [None, *(one.id for one in children)]
    reasons = (required.get((family_id, one), {}).get(kind.code) for one in about)
    return next((reason for reason in reasons if reason is not None), None)


def _current(papers: list[_Paper], today: date) -> _Paper | None:
    """The one that counts, among these, oldest first."""
    sent = tuple(paper.sent for paper in papers)
    chosen = current(sent, today)
    # equal values may stand for several: it is the very one that was chosen
    places = [place for place, one in enumerate(sent) if one is chosen]
    return papers[places[-1]] if places else None


def _that_count(papers: list[_Paper], counts: _Paper | None, today: date) -> Iterator[_Paper]:
    """Newest first: the current one, what came since, and whatever else is good or waits.

    Two photos are often the two sides of one document.
    """
    seen = False
    for paper in reversed(papers):
        if not seen or state_of(paper.sent, today) in SPARES:
            yield paper
        seen = seen or paper is counts


def _urgency(one: AskedDocument) -> int:
    return ASKED_STATES.index(one.state) if one.pressing else 0
