"""Procedures («démarches»): whatever a family asked for, and what may become of it."""

from __future__ import annotations

from enum import StrEnum


class ProcedureKind(StrEnum):
    """What was asked."""

    COORDINATES = "coordinates"
    CHILD = "child"
    MEDICAL = "medical"
    COLLECTION = "collection"
    PERMISSIONS = "permissions"
    CERTIFICATION = "certification"
    DOCUMENT = "document"
    ENROLMENT = "enrolment"
    RESERVATIONS = "reservations"
    ABSENCE = "absence"
    PAYMENT = "payment"
    MESSAGE = "message"
    ACCOUNT = "account"


class ProcedureState(StrEnum):
    """Where it is; labels are those of product.md §3.1."""

    REQUESTED = "requested"
    DOCUMENT_ASKED = "document_asked"
    WAITING_LIST = "waiting_list"
    VALIDATED = "validated"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DONE = "done"
    ENDED = "ended"


STATE_LABELS = {
    ProcedureState.REQUESTED: "Demandée",
    ProcedureState.DOCUMENT_ASKED: "Document demandé",
    ProcedureState.WAITING_LIST: "Liste d’attente",
    ProcedureState.VALIDATED: "Validée",
    ProcedureState.REFUSED: "Refusée",
    ProcedureState.WITHDRAWN: "Retirée",
    ProcedureState.DONE: "Enregistrée",
    ProcedureState.ENDED: "Terminée",
}
_NEXT: dict[ProcedureState, frozenset[ProcedureState]] = {
    ProcedureState.REQUESTED: frozenset(ProcedureState)
    - {ProcedureState.REQUESTED, ProcedureState.DONE, ProcedureState.ENDED},
    ProcedureState.DOCUMENT_ASKED: frozenset(ProcedureState)
    - {ProcedureState.DOCUMENT_ASKED, ProcedureState.DONE, ProcedureState.ENDED},
    ProcedureState.WAITING_LIST: frozenset(
        {
            ProcedureState.REQUESTED,
            ProcedureState.VALIDATED,
            ProcedureState.REFUSED,
            ProcedureState.WITHDRAWN,
        }
    ),
    ProcedureState.VALIDATED: frozenset({ProcedureState.WITHDRAWN, ProcedureState.ENDED}),
}
# a conversation goes on as long as somebody writes: it is taken up again even once it is over
_NEXT_OF_MESSAGE = frozenset(
    {ProcedureState.REQUESTED, ProcedureState.VALIDATED, ProcedureState.ENDED}
)
_MESSAGE_LABELS = {
    ProcedureState.REQUESTED: "Envoyée",
    ProcedureState.VALIDATED: "Répondue",
}
# those that an agent answers by yes or no, and a family withdraws, without a change of the file
ANSWERED_AS_SUCH = frozenset({ProcedureKind.ABSENCE})
OPEN_STATES = frozenset(
    {ProcedureState.REQUESTED, ProcedureState.DOCUMENT_ASKED, ProcedureState.WAITING_LIST}
)


def may_become(
    now: ProcedureState, then: ProcedureState, kind: ProcedureKind | None = None
) -> bool:
    """Whether a procedure may pass from one state to another; what is over stays so.

    But for a conversation, which somebody may take up again.
    """
    if kind is ProcedureKind.MESSAGE:
        return then is not now and then in _NEXT_OF_MESSAGE
    return then in _NEXT.get(now, frozenset())


def label(kind: ProcedureKind, state: ProcedureState) -> str:
    """The word for a state: that of a conversation is not validated, it is answered."""
    words = _MESSAGE_LABELS if kind is ProcedureKind.MESSAGE else {}
    return words.get(state, STATE_LABELS[state])


def is_open(state: ProcedureState) -> bool:
    """Whether somebody still has to answer."""
    return state in OPEN_STATES


def takes_documents(kind: ProcedureKind, state: ProcedureState) -> bool:
    """Whether the family may join a document: while it is open, or to say who a person is.

    A person who may collect a child is often added at once; the proof of identity may follow.
    What comes with a message is sent with one.
    """
    if kind is ProcedureKind.MESSAGE:
        return False
    return is_open(state) or (kind is ProcedureKind.COLLECTION and state is ProcedureState.DONE)
