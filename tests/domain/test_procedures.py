"""Procedures: what may become of each state."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.procedures import (
    OPEN_STATES,
    STATE_LABELS,
    ProcedureKind,
    ProcedureState,
    is_open,
    may_become,
    takes_documents,
)

REQUESTED = ProcedureState.REQUESTED
DOCUMENT_ASKED = ProcedureState.DOCUMENT_ASKED
WAITING_LIST = ProcedureState.WAITING_LIST
VALIDATED = ProcedureState.VALIDATED
REFUSED = ProcedureState.REFUSED
WITHDRAWN = ProcedureState.WITHDRAWN
ENDED = ProcedureState.ENDED
ANSWERS = {VALIDATED, REFUSED, WITHDRAWN}
NEXT: dict[ProcedureState, AbstractSet[ProcedureState]] = {
    REQUESTED: ANSWERS | {DOCUMENT_ASKED, WAITING_LIST},
    DOCUMENT_ASKED: ANSWERS | {REQUESTED, WAITING_LIST},
    WAITING_LIST: ANSWERS | {REQUESTED},
    VALIDATED: {WITHDRAWN, ENDED},
    REFUSED: set(),
    WITHDRAWN: set(),
    ProcedureState.DONE: set(),
    ENDED: set(),
}


@pytest.mark.parametrize("now", ProcedureState)
def test_what_each_state_may_become(now: ProcedureState) -> None:
    assert {then for then in ProcedureState if may_become(now, then)} == NEXT[now]


def test_somebody_has_to_answer_what_is_open_and_nothing_else() -> None:
    assert {state for state in ProcedureState if is_open(state)} == OPEN_STATES
    assert {REQUESTED, DOCUMENT_ASKED, WAITING_LIST} == OPEN_STATES
    # what is open can be answered both ways, and withdrawn
    assert all(may_become(now, then) for now in OPEN_STATES for then in ANSWERS)


def test_each_state_has_a_label_of_its_own() -> None:
    assert set(STATE_LABELS) == set(ProcedureState)
    assert len(set(STATE_LABELS.values())) == len(ProcedureState)


@given(st.lists(st.sampled_from(ProcedureState)))
def test_what_is_over_stays_so(path: list[ProcedureState]) -> None:
    now, over = REQUESTED, False
    for then in path:
        moved = may_become(now, then)
        assert not (over and moved)
        now = then if moved else now
        over = over or now in {REFUSED, WITHDRAWN, ENDED}
        assert now is not ProcedureState.DONE  # a request is answered, never «done» by itself


def test_a_document_joins_what_is_open_and_the_proof_of_a_person_added_at_once() -> None:
    for kind in set(ProcedureKind) - {ProcedureKind.MESSAGE}:
        assert takes_documents(kind, ProcedureState.DOCUMENT_ASKED)
        assert not takes_documents(kind, ProcedureState.REFUSED)
        joins = takes_documents(kind, ProcedureState.DONE)
        assert joins == (kind is ProcedureKind.COLLECTION)
