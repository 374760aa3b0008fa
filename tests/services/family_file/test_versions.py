"""Another version of a family file when a document or a procedure of it has moved, only then."""

from __future__ import annotations

import pytest

from portail.domain.identity import Actor, Forbidden
from portail.services.documents import Destination, checking
from portail.services.family_file.changes import withdraw
from portail.services.family_file.versions import my_versions, versions
from tests import factories
from tests.services.documents import papers
from tests.services.family_file import home
from tests.services.family_file.home import Home
from tests.services.test_plans import statements

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def zoe() -> Home:
    papers.kind("quotient")
    return home.make()


def test_each_move_is_another_version_of_that_family_alone(zoe: Home) -> None:
    other = factories.family()
    before = versions([zoe.family, other])
    seen = [before[zoe.family]]

    def moved() -> None:
        now = versions([zoe.family, other])
        assert now[zoe.family] not in seen
        assert now[other] == before[other]
        seen.append(now[zoe.family])

    sent = Destination(zoe.family, "quotient")
    first = papers.one(zoe.actor.account(), sent, "a.pdf", pages=1)
    moved()
    second = papers.one(zoe.actor.account(), sent, "b.pdf", pages=2)
    moved()
    agent = papers.ines(factories.agent())
    # at the same instant: the clock stands still
    checking.accept(agent, first)
    moved()
    checking.refuse(agent, second, "Illisible")
    moved()
    outcome = zoe.ask("guardian.name")
    moved()
    assert withdraw(zoe.actor, outcome.procedure_id)  # type: ignore[union-attr]
    moved()


def test_one_s_own_families_in_one_query(zoe: Home) -> None:
    factories.family()
    with statements() as asked:
        mine = my_versions(zoe.actor)
    assert list(mine) == [zoe.family]
    assert mine == versions([zoe.family])
    assert len([one for one in asked if one.startswith("SELECT")]) == 1
    with pytest.raises(Forbidden):
        my_versions(Actor(1, agent_id=1))
