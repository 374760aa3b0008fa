"""«Mon compte»: one's own and nobody else's; choices kept; a request to delete, acknowledged."""

from __future__ import annotations

import pytest
from sqlmodel import select

from portail import clock
from portail.database import reading
from portail.domain.identity import Actor, Forbidden
from portail.models import ActionLog, OutboxMail
from portail.services import account, sessions
from portail.services.account import MyAccount, my_account
from portail.services.notifications.choices import choose, my_choices
from portail.settings import settings
from tests import factories
from tests.services.test_sessions import opened

pytestmark = pytest.mark.usefixtures("db")


def as_parent(account_id: int) -> Actor:
    return Actor(session_id=1, account_id=account_id)


def seen(account_id: int) -> MyAccount:
    return my_account(as_parent(account_id))


def actions(account_id: int) -> list[str]:
    with reading() as session:
        query = select(ActionLog.action).where(ActionLog.account_id == account_id)
        return list(session.exec(query.order_by("id")))


def mails(kind: str) -> list[OutboxMail]:
    with reading() as session:
        query = select(OutboxMail).where(OutboxMail.kind == kind).order_by("id")
        return list(session.exec(query).all())


@pytest.fixture
def zoe(db: None) -> int:
    return factories.account("z-pinceau", email="zoe@example.org")


@pytest.fixture
def karim(db: None) -> int:
    return factories.account("k-benali", first_name="Karim", last_name="Benali")


def test_one_sees_one_s_own_account(zoe: int, karim: int) -> None:
    mine = seen(zoe)
    assert (mine.last_name, mine.first_name, mine.user_name) == ("Pinceau", "Zoé", "z-pinceau")
    assert (mine.email, mine.pending_email) == ("zoe@example.org", "")
    assert not mine.large_targets
    assert seen(karim).first_name == "Karim"


@pytest.mark.parametrize(
    "use",
    [
        my_account,
        account.ask_deletion,
        account.cancel_deletion,
        lambda actor: account.set_large_targets(actor, on=True),
        my_choices,
        lambda actor: choose(actor, {}),
    ],
)
def test_an_agent_has_no_account_of_a_parent(use: object) -> None:
    with pytest.raises(Forbidden):
        use(Actor(session_id=1, agent_id=factories.agent()))  # type: ignore[operator]


def test_large_targets_are_kept_and_are_known_at_the_next_event(zoe: int, karim: int) -> None:
    hers, his = opened(account_id=zoe), opened(account_id=karim)

    def large(secret: str) -> bool:
        found = sessions.find(secret)
        assert found is not None
        return found.large

    assert not large(hers)
    account.set_large_targets(as_parent(zoe), on=True)
    assert large(hers)
    assert not large(his)
    assert seen(zoe).large_targets
    assert not seen(karim).large_targets
    account.set_large_targets(as_parent(zoe), on=True)  # said twice, written once
    account.set_large_targets(as_parent(zoe), on=False)
    assert not large(hers)
    assert actions(zoe) == ["large_targets_on", "large_targets_off"]


def test_a_deletion_asked_is_kept_logged_and_acknowledged_once(zoe: int, karim: int) -> None:
    asked = account.ask_deletion(as_parent(zoe))
    assert asked == clock.now() == seen(zoe).deletion_requested_at
    assert account.ask_deletion(as_parent(zoe)) == asked
    (mail,) = mails("deletion_requested")
    assert mail.recipient == "zoe@example.org"
    assert settings().deletion_silence in mail.text
    assert actions(zoe) == ["deletion_requested"]
    assert seen(karim).deletion_requested_at is None


def test_a_deletion_asked_can_be_taken_back_by_oneself_alone(zoe: int, karim: int) -> None:
    account.ask_deletion(as_parent(zoe))
    account.cancel_deletion(as_parent(karim))
    assert seen(zoe).deletion_requested_at is not None
    account.cancel_deletion(as_parent(zoe))
    account.cancel_deletion(as_parent(zoe))
    assert seen(zoe).deletion_requested_at is None
    assert actions(zoe) == ["deletion_requested", "deletion_cancelled"]
    assert actions(karim) == []
