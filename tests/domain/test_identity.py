"""Who acts."""

from __future__ import annotations

import pytest

from portail.domain.identity import ROLE_LABELS, Actor, Forbidden, Role


def test_an_actor_is_a_parent_or_an_agent() -> None:
    parent, staff = Actor(1, account_id=0), Actor(1, agent_id=0)  # 0 is an id like another
    assert (parent.is_family, parent.is_agent) == (True, False)
    assert (staff.is_family, staff.is_agent) == (False, True)


def test_only_a_parent_has_an_account() -> None:
    assert Actor(1, account_id=0).account() == 0
    with pytest.raises(Forbidden):
        Actor(1, agent_id=0).account()


def test_every_role_has_its_words() -> None:
    assert set(ROLE_LABELS) == set(Role)
