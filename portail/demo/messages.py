"""Messages of the demo: the services of the town, and what Zoé wrote to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select

from portail import clock
from portail.database import reading, writing
from portail.demo import town
from portail.domain.billing.books import InvoiceKind
from portail.domain.identity import Actor, Role
from portail.domain.messages import About, Topic
from portail.domain.names import sign_in_key
from portail.models import (
    Account,
    Child,
    ContactService,
    Family,
    Invoice,
    Message,
    Procedure,
    ProcedureEvent,
    SavedReply,
    Subscription,
    Thread,
    ThreadNote,
)
from portail.services.agents import acting_agent
from portail.services.messages import Sent, Written, answering, close, drafts, mark_read
from portail.services.messages.sending import finish
from portail.settings import PARIS

SERVICES = (
    ContactService(
        code="enfance",
        label="Le service enfance",
        hint="Inscriptions, accueils, école, santé de l’enfant",
        answer_days=3,
        role=Role.ENFANCE,
    ),
    ContactService(
        code="regie",
        label="La régie",
        hint="Factures, paiements, attestations",
        answer_days=5,
        role=Role.REGIE,
    ),
    ContactService(
        code="restauration",
        label="La restauration scolaire",
        hint="Menus, allergies, repas",
        answer_days=4,
        role=Role.ENFANCE,
    ),
    ContactService(
        code="accueil",
        label="L’accueil de la mairie",
        hint="Le portail, votre dossier, toute autre question",
        answer_days=2,
        role=Role.ADMINISTRATION,
    ),
)
COMPLETE = (
    "Bonjour,\n\n"
    "Votre dossier est complet. Nous revenons vers vous dès que la place est "
    "confirmée.\n\n"
    "Bien à vous,"
)
TOO_LATE = (
    "Bonjour,\n\n"
    "La date limite de réservation est passée pour cette semaine. Vous pouvez dès à "
    "présent réserver les suivantes depuis le planning.\n\n"
    "Bien à vous,"
)
BEING_CHECKED = (
    "Bonjour,\n\n"
    "Nous vérifions votre facture avec l’équipe de l’accueil et vous répondons sous "
    "cinq jours ouvrés. Inutile de la payer d’ici là.\n\n"
    "Bien à vous,"
)
WEDNESDAYS = (
    "Bonjour,\n\n"
    "À partir du mois prochain je travaille le mercredi après-midi. Christopher "
    "peut-il rester à la journée plutôt que le matin seulement ?\n\n"
    "Merci d’avance,\n"
    "Zoé Pinceau"
)
WEDNESDAYS_ANSWER = (
    "Bonjour Madame Pinceau,\n\n"
    "Oui, il reste des places à la journée. Vous pouvez demander l’inscription "
    "« Accueil mercredi maternelle journée » depuis le portail : nous la validerons "
    "sans attendre.\n\n"
    "Bien à vous,"
)
MY_INVOICE = (
    "Bonjour,\n\n"
    "Je ne retrouve pas l’absence de Nora du 12 dans le détail de ma facture. Le "
    "repas m’a-t-il été compté malgré le certificat du médecin ?\n\n"
    "Cordialement,\n"
    "Zoé Pinceau"
)
MY_INVOICE_ANSWER = (
    "Bonjour Madame Pinceau,\n\n"
    "Le certificat nous est bien parvenu. Le repas du 12 sera déduit de votre "
    "prochaine facture : celle-ci reste à payer telle quelle.\n\n"
    "Bien à vous,"
)
PICNIC = (
    "Bonjour,\n\n"
    "Le groupe de Nora part en sortie avec un pique-nique. Pouvez-vous me confirmer "
    "qu’il tient compte de son PAI ?\n\n"
    "Merci,\n"
    "Zoé Pinceau"
)
REPLIES = (
    (
        "enfance",
        "Dossier complet",
        COMPLETE,
    ),
    (
        "enfance",
        "Délai de réservation dépassé",
        TOO_LATE,
    ),
    (
        "regie",
        "Facture en cours de vérification",
        BEING_CHECKED,
    ),
)
ZOE = "z-pinceau"
HOURS = (time(8, 42), time(10, 5), time(12, 30))  # of the first text, of the second…


@dataclass(frozen=True)
class DemoThread:
    """A conversation of Zoé's; each text with how many days ago, and its agent if it is one's.

    `read`: she has read it; `closed`: and closed it.
    """

    service: str
    subject: str
    topic: Topic
    child: str
    texts: tuple[tuple[int, str, str], ...]
    note: str = ""
    read: bool = True
    closed: bool = False


THREADS = (
    DemoThread(
        "enfance",
        "Changement d’horaires le mercredi",
        Topic.CHILD,
        "Christopher",
        (
            (
                33,
                "",
                WEDNESDAYS,
            ),
            (
                31,
                "agent.enfance",
                WEDNESDAYS_ANSWER,
            ),
            (31, "", "C’est fait, merci beaucoup pour votre réponse rapide !"),
        ),
        closed=True,
    ),
    DemoThread(
        "regie",
        "Question sur ma facture",
        Topic.INVOICE,
        "",
        (
            (
                4,
                "",
                MY_INVOICE,
            ),
            (
                1,
                "agent.regie",
                MY_INVOICE_ANSWER,
            ),
        ),
        note="Certificat reçu par l’accueil : avoir à faire au prochain mois.",
        read=False,
    ),
    DemoThread(
        "restauration",
        "Menu sans arachide pour la sortie",
        Topic.CHILD,
        "Nora",
        (
            (
                1,
                "",
                PICNIC,
            ),
        ),
    ),
)


def build() -> None:
    """Add the services, their replies, and Zoé's conversations."""
    with writing() as session:
        for rank, service in enumerate(SERVICES):
            session.add(ContactService(**service.model_dump(exclude={"id"}) | {"rank": rank}))
        session.flush()
        codes = dict(session.exec(select(ContactService.code, ContactService.id)).all())
        session.add_all(
            SavedReply(service_id=codes[code] or 0, title=title, body=body)
            for code, title, body in REPLIES
        )
        # hers from before the first answer: what is answered before one comes is not unread
        account = select(Account.id).where(Account.user_name_key == sign_in_key(ZOE))
        for subscription in session.exec(
            select(Subscription).where(col(Subscription.account_id).in_(account))
        ):
            subscription.created_at = clock.now() - timedelta(days=400)
    for place, one in enumerate(THREADS):
        _build(one, place)


def _build(one: DemoThread, place: int) -> None:
    with reading() as session:
        account = session.exec(
            select(Account.id).where(Account.user_name_key == sign_in_key(ZOE))
        ).one()
        about = _about(session, one)
    zoe = Actor(session_id=0, account_id=account)
    thread_id: int | None = None
    for rank, (_, agent, text) in enumerate(one.texts):
        if agent:
            answering.answer(_agent(agent), thread_id or 0, text)
            continue
        new = thread_id is None
        written = Written(
            f"demo-{place}-{rank}",
            text,
            thread_id,
            one.service if new else "",
            one.subject if new else "",
            about.code if new else "",
        )
        drafts.keep(zoe, written)
        sent = finish(zoe, written)
        assert isinstance(sent, Sent)  # noqa: S101  (of our own making)
        thread_id = sent.thread_id
    assert thread_id is not None  # noqa: S101  (each has a text of hers)
    if one.note:
        answering.note(_agent("agent.regie"), thread_id, one.note)
    if one.read:
        mark_read(zoe, thread_id, len(one.texts))
    if one.closed:
        close(zoe, thread_id, len(one.texts))
    _backdate(thread_id, one)


def _about(session: Session, one: DemoThread) -> About:
    number = town.FAMILIES[0].number
    family_id = session.exec(select(Family.id).where(Family.number == number)).one() or 0
    if one.topic is Topic.CHILD:
        child = session.exec(select(Child.id).where(Child.first_name == one.child)).one()
        return About(family_id, Topic.CHILD, child or 0)
    invoice = session.exec(
        select(Invoice.id)
        .where(Invoice.family_id == family_id, Invoice.kind == InvoiceKind.INVOICE)
        .order_by(col(Invoice.period_on).desc(), col(Invoice.id).desc())
    ).first()
    return About(family_id, Topic.INVOICE, invoice) if invoice else About(family_id)


def _agent(user_name: str) -> Actor:
    actor = acting_agent(user_name)
    assert actor is not None  # noqa: S101  (built just before)
    return actor


def _at(days: int, at: time) -> datetime:
    return datetime.combine(clock.today() - timedelta(days=days), at, PARIS)


def _backdate(thread_id: int, one: DemoThread) -> None:
    """As if each had been written when it says, and the procedure had followed."""
    at = [_at(days, hour) for (days, _, _), hour in zip(one.texts, HOURS, strict=False)]
    with writing() as session:
        thread = session.get_one(Thread, thread_id)
        thread.created_at, thread.last_at = at[0], at[-1]
        if thread.answered_at is not None:
            thread.answered_at = at[thread.answer_rank - 1]
        if thread.closed_at is not None:
            thread.closed_at = at[-1]
        messages = session.exec(
            select(Message).where(Message.thread_id == thread_id).order_by(col(Message.rank))
        )
        for message, when in zip(messages, at, strict=True):
            message.sent_at = when
        for note in session.exec(select(ThreadNote).where(ThreadNote.thread_id == thread_id)):
            note.written_at = at[-1]
        procedure = session.get_one(Procedure, thread.procedure_id)
        procedure.requested_at, procedure.changed_at = at[0], at[-1]
        events = session.exec(
            select(ProcedureEvent)
            .where(ProcedureEvent.procedure_id == procedure.id)
            .order_by(col(ProcedureEvent.id))
        )
        # closing is one event more than there are messages
        for event, when in zip(events, [*at, at[-1]], strict=False):
            event.at = when
