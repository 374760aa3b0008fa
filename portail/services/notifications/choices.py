"""What an account wants to be told of, and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import exists
from sqlmodel import Session, col, delete, select

from portail.database import reading, writing
from portail.domain.identity import Actor
from portail.domain.notifications import CHOSEN, Choice, Notification, choice
from portail.models import Account, NotificationChoice, Subscription
from portail.services.audit import log_action

Choices = dict[Notification, Choice]


def my_choices(actor: Actor) -> Choices:
    """The actor's own, by kind; what is always sent is «now»."""
    account_id = actor.account()
    with reading() as session:
        return chosen(session, {account_id})[account_id]


def choose(actor: Actor, wanted: Mapping[Notification, Choice]) -> None:
    """Choose for these kinds; what is always sent is not among them."""
    with writing() as session:
        query = select(Account).where(Account.id == actor.account()).with_for_update()
        put(session, session.exec(query).one().id or 0, wanted)


def put(session: Session, account_id: int, wanted: Mapping[Notification, Choice]) -> None:
    """The same for an account that the caller has locked."""
    before = chosen(session, {account_id})[account_id]
    new = {
        kind: when for kind, when in wanted.items() if kind in CHOSEN and before[kind] is not when
    }
    if not new:
        return
    session.execute(
        delete(NotificationChoice).where(
            col(NotificationChoice.account_id) == account_id,
            col(NotificationChoice.kind).in_(list(new)),
        )
    )
    session.add_all(
        NotificationChoice(account_id=account_id, kind=kind, choice=when)
        for kind, when in new.items()
    )
    log_action(session, "notifications_chosen", account_id=account_id)


def chosen(session: Session, account_ids: Collection[int]) -> dict[int, Choices]:
    """When each of these accounts is told, for every kind. The caller has checked who asks."""
    rows = session.exec(
        select(NotificationChoice).where(col(NotificationChoice.account_id).in_(account_ids))
    ).all()
    said = {(row.account_id, row.kind): row.choice for row in rows}
    return {
        account_id: {kind: choice(kind, said.get((account_id, kind))) for kind in Notification}
        for account_id in account_ids
    }


def parents_to_tell(kind: Notification) -> list[int]:
    """The accounts that reach a family and did not turn this kind off: all that a round asks."""
    never = exists().where(
        col(NotificationChoice.account_id) == col(Account.id),
        col(NotificationChoice.kind) == kind,
        col(NotificationChoice.choice) == Choice.NEVER,
    )
    query = (
        select(Account.id)
        .where(
            col(Account.activated_at).is_not(None),
            col(Account.id).in_(select(Subscription.account_id)),
            ~never,
        )
        .order_by(col(Account.id))
    )
    with reading() as session:
        return [account_id or 0 for account_id in session.exec(query)]


def exported_choices(session: Session, account_id: int) -> dict[str, str]:
    """The same for the file of one's data."""
    return {
        kind.value: when.value
        for kind, when in chosen(session, {account_id})[account_id].items()
        if kind in CHOSEN
    }
