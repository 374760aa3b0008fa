"""Rows for tests, with only what matters said; each is kept before it is given back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from itertools import count

from sqlmodel import SQLModel

from portail import clock
from portail.adapters.passwords import hash_password
from portail.database import writing
from portail.domain.consents import ConsentText
from portail.domain.identity import Role
from portail.domain.names import fold, sign_in_key
from portail.models import (
    Account,
    Agent,
    AgentRole,
    Child,
    Family,
    FamilyChild,
    Guardian,
    School,
    Subscription,
)
from portail.services import consents

PASSWORD = "Bienvenue!1"
_numbers = count(1)


@lru_cache(maxsize=1)
def password_hash() -> str:
    """The hash of `PASSWORD`, made once: even a cheap one costs."""
    return hash_password(PASSWORD)


def _keep(*rows: SQLModel) -> None:
    with writing() as session:
        session.add_all(rows)


def account(
    user_name: str = "",
    *,
    email: str = "",
    first_name: str = "Zoé",
    last_name: str = "Pinceau",
    activated: bool = True,
    hashed: str = "",
    accepted: Collection[ConsentText] = tuple(ConsentText),
) -> int:
    """A parent's account, the texts of today accepted; returns its id."""
    name = user_name or f"parent{next(_numbers)}"
    email = email or f"{name}@example.org"
    row = Account(
        user_name=name,
        user_name_key=sign_in_key(name),
        email=email,
        email_key=sign_in_key(email),
        first_name=first_name,
        last_name=last_name,
        password_hash=hashed or password_hash(),
        created_at=clock.now(),
        activated_at=clock.now() if activated else None,
        password_changed_at=clock.now(),
    )
    _keep(row)
    with writing() as session:
        consents.record(session, _id(row.id), *accepted)
    return _id(row.id)


def agent(
    user_name: str = "",
    *,
    roles: Collection[Role] = (Role.ENFANCE,),
    first_name: str = "Inès",
    disabled: bool = False,
) -> int:
    """An agent; returns its id."""
    name = user_name or f"agent{next(_numbers)}"
    email = f"{name}@villejuif.example"
    row = Agent(
        user_name=name,
        user_name_key=sign_in_key(name),
        email=email,
        email_key=sign_in_key(email),
        first_name=first_name,
        last_name="Moreau",
        password_hash=password_hash(),
        created_at=clock.now(),
        disabled_at=clock.now() if disabled else None,
    )
    _keep(row)
    _keep(*(AgentRole(agent_id=_id(row.id), role=role) for role in roles))
    return _id(row.id)


def family(name: str = "PINCEAU", *, number: int = 0, members: Collection[int] = ()) -> int:
    """A family file reached by these accounts; returns its id."""
    row = Family(number=number or next(_numbers), name=name, name_key=fold(name))
    _keep(row)
    for member in members:
        join_family(member, _id(row.id))
    return _id(row.id)


def guardian(family_id: int, first_name: str, last_name: str, email: str) -> int:
    """An adult of a family file, without an account; returns its id."""
    row = Guardian(
        family_id=family_id,
        first_name=first_name,
        last_name=last_name,
        email=email,
        email_key=sign_in_key(email),
    )
    _keep(row)
    return _id(row.id)


def join_family(account_id: int, family_id: int) -> None:
    """Link an account to a family file, as one of its adults."""
    email = f"adulte{next(_numbers)}@example.org"
    guardian = Guardian(
        family_id=family_id,
        first_name="Zoé",
        last_name="Pinceau",
        email=email,
        email_key=sign_in_key(email),
    )
    _keep(guardian)
    _keep(
        Subscription(
            account_id=account_id,
            family_id=family_id,
            guardian_id=_id(guardian.id),
            created_at=clock.now(),
        )
    )


def child(
    first_name: str,
    *families: int,
    birth_on: date = date(2020, 1, 1),
    school: str = "",
    class_level: str = "",
) -> int:
    """A child of these family files; returns its id."""
    school_row = School(name=school) if school else None
    if school_row is not None:
        _keep(school_row)
    row = Child(
        first_name=first_name,
        last_name="Pinceau",
        birth_on=birth_on,
        school_id=school_row.id if school_row else None,
        class_level=class_level,
    )
    _keep(row)
    _keep(*(FamilyChild(family_id=family_id, child_id=_id(row.id)) for family_id in families))
    return _id(row.id)


def _id(value: int | None) -> int:
    assert value is not None
    return value
