"""What a conversation may be about: the family file, or something that is in it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from portail import clock
from portail.database import reading
from portail.domain.billing.books import InvoiceKind
from portail.domain.identity import Actor, Role
from portail.domain.messages import About, Topic
from portail.domain.procedures import ProcedureKind
from portail.models import (
    Child,
    ContactService,
    Family,
    FamilyChild,
    Invoice,
    Procedure,
    Thread,
)
from portail.services.messages.rows import service_view
from portail.services.messages.views import AboutView, Choices
from portail.services.reach import NotFound, my_children, my_families, my_family_ids

LAST = 12  # invoices, and procedures, that the form offers
# who deals with it, when a page leads here
_ROLES = {
    Topic.INVOICE: Role.REGIE,
    Topic.CHILD: Role.ENFANCE,
    Topic.PROCEDURE: Role.ENFANCE,
}


def choices(actor: Actor, topic: Topic | None = None, wanted_id: int = 0) -> Choices:
    """What the form of a new message offers; `topic` and `wanted_id`: what led here, if anything.

    Raises:
        Forbidden: the actor is not a parent.
    """
    with reading() as session:
        families = {family.id or 0: family for family in my_families(session, actor)}
        services = session.exec(
            select(ContactService)
            .where(col(ContactService.active))
            .order_by(col(ContactService.rank), col(ContactService.id))
        ).all()
        offered = tuple(_offered(session, actor, families))
        wanted = _wanted(session, actor, families, offered, topic, wanted_id)
    role = _ROLES.get(wanted.about.topic) if wanted else None
    deals = next((one.code for one in services if one.role is role), "")
    if wanted is not None and wanted not in offered:
        offered = (*offered, wanted)
    return Choices(tuple(service_view(one) for one in services), offered, wanted, deals)


def _offered(session: Session, actor: Actor, families: dict[int, Family]) -> Iterator[AboutView]:
    for family in families.values():
        yield _view(family, About(family.id or 0))
    for child, family_id in my_children(session, actor):
        about = About(family_id, Topic.CHILD, child.id or 0)
        yield _view(families[family_id], about, child=child)
    mine = my_family_ids(actor)
    invoices = select(Invoice).where(
        col(Invoice.family_id).in_(mine), Invoice.kind == InvoiceKind.INVOICE
    )
    newest = (col(Invoice.period_on).desc(), col(Invoice.id).desc())
    for invoice in session.exec(invoices.order_by(*newest).limit(LAST)):
        about = About(invoice.family_id, Topic.INVOICE, invoice.id or 0)
        yield _view(families[invoice.family_id], about, invoice=invoice)
    asked = (
        select(Procedure, Child)
        .outerjoin(Child, col(Child.id) == col(Procedure.child_id))
        .where(col(Procedure.family_id).in_(mine), Procedure.kind != ProcedureKind.MESSAGE)
        .order_by(col(Procedure.requested_at).desc(), col(Procedure.id).desc())
        .limit(LAST)
    )
    for procedure, of_child in session.exec(asked):
        about = About(procedure.family_id, Topic.PROCEDURE, procedure.id or 0)
        yield _view(families[procedure.family_id], about, child=of_child, procedure=procedure)


def _wanted(
    session: Session,
    actor: Actor,
    families: dict[int, Family],
    offered: tuple[AboutView, ...],
    topic: Topic | None,
    wanted_id: int,
) -> AboutView | None:
    """What led here: among what is offered, or older than that; nothing when it is another's."""
    if topic is None or topic is Topic.FILE or wanted_id <= 0:
        return None
    found = [one for one in offered if (one.about.topic, one.about.id) == (topic, wanted_id)]
    if found:
        return found[0]
    for family_id in families:
        try:
            return allowed(session, actor, About(family_id, topic, wanted_id))
        except NotFound:
            continue
    return None


def allowed(session: Session, actor: Actor, about: About) -> AboutView:
    """What a message is said to be about, once it is known to be the actor's.

    Raises:
        NotFound: it is not, or is not of that family file.
    """
    family = session.exec(
        select(Family).where(Family.id == about.family_id, col(Family.id).in_(my_family_ids(actor)))
    ).first()
    if family is None:
        raise NotFound
    return described(session, family, about)


def described(session: Session, family: Family, about: About) -> AboutView:
    """Something of a family file, in its own words.

    Raises:
        NotFound: it is not of that family file.
    """
    match about.topic:
        case Topic.FILE:
            return _view(family, about)
        case Topic.CHILD:
            if session.get(FamilyChild, (about.family_id, about.id)) is None:
                raise NotFound
            return _view(family, about, child=session.get_one(Child, about.id))
        case Topic.INVOICE:
            invoice = session.get(Invoice, about.id)
            if invoice is None or invoice.family_id != about.family_id:
                raise NotFound
            return _view(family, about, invoice=invoice)
        case Topic.PROCEDURE:
            procedure = session.get(Procedure, about.id)
            if procedure is None or procedure.family_id != about.family_id:
                raise NotFound
            child = session.get(Child, procedure.child_id) if procedure.child_id else None
            return _view(family, about, child=child, procedure=procedure)


def of_thread(session: Session, thread: Thread) -> AboutView:
    """What a conversation is about; the family file, when the rest is no longer there."""
    family = session.get_one(Family, thread.family_id)
    try:
        return described(session, family, about_of_thread(thread))
    except NotFound:  # the child has left that family file since
        return _view(family, About(thread.family_id))


def about_of_thread(thread: Thread) -> About:
    """The same as a value."""
    for topic, found in (
        (Topic.CHILD, thread.child_id),
        (Topic.INVOICE, thread.invoice_id),
        (Topic.PROCEDURE, thread.about_procedure_id),
    ):
        if found is not None:
            return About(thread.family_id, topic, found)
    return About(thread.family_id)


def _view(
    family: Family,
    about: About,
    *,
    child: Child | None = None,
    invoice: Invoice | None = None,
    procedure: Procedure | None = None,
) -> AboutView:
    first_name = child.first_name if child else ""
    if invoice is not None:
        return AboutView(about, family.number, family.name, invoice.number, on=invoice.period_on)
    if procedure is not None:
        on = clock.paris(procedure.requested_at).date()
        return AboutView(about, family.number, family.name, procedure.title, first_name, on)
    return AboutView(about, family.number, family.name, first_name)
