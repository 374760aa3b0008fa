"""The moves of an enrolment."""

from __future__ import annotations

from itertools import product

import pytest

from portail.domain.enrolment_states import (
    FINAL,
    HOLDING_A_PLACE,
    LIVE,
    TRANSITIONS,
    By,
    EnrolmentState,
    may_move,
    moves,
)

S = EnrolmentState


@pytest.mark.parametrize(
    ("current", "by", "targets"),
    [
        (S.REQUESTED, By.FAMILY, {S.WITHDRAWN}),
        (
            S.REQUESTED,
            By.AGENT,
            {S.DOCUMENT_ASKED, S.WAITING_LIST, S.VALIDATED, S.REFUSED, S.WITHDRAWN},
        ),
        (S.REQUESTED, By.PORTAL, {S.WAITING_LIST, S.VALIDATED}),
        (S.DOCUMENT_ASKED, By.FAMILY, {S.REQUESTED, S.WITHDRAWN}),
        (S.WAITING_LIST, By.FAMILY, {S.VALIDATED, S.WITHDRAWN}),
        (S.VALIDATED, By.FAMILY, {S.WITHDRAWN}),
        (S.VALIDATED, By.AGENT, {S.WITHDRAWN, S.ENDED}),
        (S.REFUSED, By.FAMILY, set()),
        (S.REFUSED, By.AGENT, {S.REQUESTED}),
    ],
)
def test_moves(current: EnrolmentState, by: By, targets: set[EnrolmentState]) -> None:
    assert set(moves(current, by)) == targets


@pytest.mark.parametrize(("final", "by"), list(product(sorted(FINAL), By)))
def test_nothing_leaves_a_final_state(final: EnrolmentState, by: By) -> None:
    assert moves(final, by) == ()


def test_the_table() -> None:
    assert all(current != target for current, target in TRANSITIONS)
    assert all(TRANSITIONS.values())
    reached = {target for _, target in TRANSITIONS} | {S.REQUESTED}
    assert reached == set(S)
    assert not may_move(S.REQUESTED, S.REQUESTED, By.AGENT)
    assert HOLDING_A_PLACE < LIVE
    assert not LIVE & FINAL
