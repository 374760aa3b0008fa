"""The states of an enrolment (product.md §3.1), and the only moves between them."""

from __future__ import annotations

from enum import StrEnum


class EnrolmentState(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    DOCUMENT_ASKED = "document_asked"
    WAITING_LIST = "waiting_list"
    VALIDATED = "validated"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class By(StrEnum):
    """Who makes a move."""

    FAMILY = "family"
    AGENT = "agent"
    PORTAL = "portal"  # automatic approval, the waiting list, the end of a season


_S = EnrolmentState
_TOWN = frozenset({By.AGENT, By.PORTAL})
_AGENT = frozenset({By.AGENT})
_ALL = frozenset(By)

TRANSITIONS: dict[tuple[EnrolmentState, EnrolmentState], frozenset[By]] = {
    (_S.REQUESTED, _S.VALIDATED): _TOWN,
    (_S.REQUESTED, _S.DOCUMENT_ASKED): _AGENT,
    (_S.REQUESTED, _S.WAITING_LIST): _TOWN,
    (_S.REQUESTED, _S.REFUSED): _AGENT,
    (_S.REQUESTED, _S.WITHDRAWN): frozenset({By.FAMILY, By.AGENT}),
    (_S.DOCUMENT_ASKED, _S.REQUESTED): _ALL,  # the document has come
    (_S.DOCUMENT_ASKED, _S.VALIDATED): _AGENT,
    (_S.DOCUMENT_ASKED, _S.WAITING_LIST): _TOWN,
    (_S.DOCUMENT_ASKED, _S.REFUSED): _AGENT,
    (_S.DOCUMENT_ASKED, _S.WITHDRAWN): frozenset({By.FAMILY, By.AGENT}),
    (_S.WAITING_LIST, _S.REQUESTED): _TOWN,  # a place is offered, an agent still decides
    (_S.WAITING_LIST, _S.VALIDATED): _ALL,  # a place is offered and accepted
    (_S.WAITING_LIST, _S.REFUSED): _AGENT,
    (_S.WAITING_LIST, _S.WITHDRAWN): _ALL,  # by the portal when an offer was let pass
    (_S.VALIDATED, _S.ENDED): _TOWN,
    (_S.VALIDATED, _S.WITHDRAWN): frozenset({By.FAMILY, By.AGENT}),
    (_S.REFUSED, _S.REQUESTED): _AGENT,  # refused by mistake
}

# Those that count against the places of an activity, and those that forbid a second request.
HOLDING_A_PLACE = frozenset({_S.REQUESTED, _S.DOCUMENT_ASKED, _S.VALIDATED})
LIVE = HOLDING_A_PLACE | {_S.WAITING_LIST}
FINAL = frozenset({_S.WITHDRAWN, _S.ENDED})


def may_move(current: EnrolmentState, target: EnrolmentState, by: By) -> bool:
    """Whether this move is one of the table's, for whom asks it."""
    return by in TRANSITIONS.get((current, target), frozenset())


def moves(current: EnrolmentState, by: By) -> tuple[EnrolmentState, ...]:
    """The states this one may move to, in their usual order."""
    return tuple(state for state in EnrolmentState if may_move(current, state, by))
