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
from portail.domain.billing.books import EntryKind, InvoiceKind
from portail.domain.consents import ConsentText
from portail.domain.documents import Check
from portail.domain.identity import Actor, Role
from portail.domain.names import fold, sign_in_key
from portail.domain.procedures import ProcedureKind, ProcedureState
from portail.models import (
    Account,
    Agent,
    AgentRole,
    Child,
    Document,
    Family,
    FamilyChild,
    FamilyQuotient,
    Guardian,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    School,
    StoredFile,
    Subscription,
)
from portail.services import consents, procedures
from portail.services.billing import ledger

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


def family(
    name: str = "PINCEAU",
    *,
    number: int = 0,
    members: Collection[int] = (),
    street: str = "",
    postcode: str = "",
    city: str = "",
) -> int:
    """A family file reached by these accounts; returns its id."""
    row = Family(
        number=number or next(_numbers),
        name=name,
        name_key=fold(name),
        street=street,
        postcode=postcode,
        city=city,
    )
    _keep(row)
    for member in members:
        join_family(member, _id(row.id))
    return _id(row.id)


def guardian(
    family_id: int,
    first_name: str,
    last_name: str,
    email: str,
    *,
    phone: str = "",
    work_phone: str = "",
) -> int:
    """An adult of a family file, without an account; returns its id."""
    row = Guardian(
        family_id=family_id,
        first_name=first_name,
        last_name=last_name,
        email=email,
        email_key=sign_in_key(email),
        phone=phone,
        work_phone=work_phone,
    )
    _keep(row)
    return _id(row.id)


def join_family(
    account_id: int,
    family_id: int,
    *,
    first_name: str = "Zoé",
    last_name: str = "Pinceau",
    email: str = "",
    phone: str = "",
) -> int:
    """Link an account to a family file, as one of its adults; returns the adult's id."""
    email = email or f"adulte{next(_numbers)}@example.org"
    guardian_id = guardian(family_id, first_name, last_name, email, phone=phone)
    _keep(
        Subscription(
            account_id=account_id,
            family_id=family_id,
            guardian_id=guardian_id,
            created_at=clock.now(),
        )
    )
    return guardian_id


def quotient(
    family_id: int,
    amount_cents: int,
    *,
    valid_from: date = date(2026, 1, 1),
    valid_until: date = date(2026, 12, 31),
) -> int:
    """A quotient familial; returns its id."""
    row = FamilyQuotient(
        family_id=family_id,
        amount_cents=amount_cents,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    _keep(row)
    return _id(row.id)


def invoice(
    family_id: int, number: str, total_cents: int = 4_250, *, due_on: date = date(2026, 11, 30)
) -> int:
    """An invoice of October that is not paid, of one line; returns its id."""
    row = Invoice(
        family_id=family_id,
        number=number,
        period_on=date(2026, 10, 1),
        issued_on=min(date(2026, 11, 2), due_on),
        due_on=due_on,
        total_cents=total_cents,
        kind=InvoiceKind.INVOICE,
        year=2026,
        rank=1_000_000 + next(_numbers),  # far from those that are really given
    )
    _keep(row)
    _keep(
        InvoiceLine(
            invoice_id=_id(row.id),
            position=1,
            label="Prestations du mois",
            quantity=1,
            unit_cents=total_cents,
            total_cents=total_cents,
            childcare=False,
        ),
        LedgerEntry(
            family_id=family_id,
            entry_on=row.issued_on,
            kind=EntryKind.INVOICE,
            debit_cents=total_cents,
            label=f"Facture {number}",
            invoice_id=row.id,
            recorded_at=clock.now(),
        ),
    )
    return _id(row.id)


def pay(invoice_id: int, cents: int, on: date = date(2026, 11, 9)) -> None:
    """So much is received for an invoice, otherwise than online."""
    with writing() as session:
        ledger.record_payment(session, None, on, [(invoice_id, cents)], "Chèque")


def procedure(
    family_id: int,
    title: str = "Changement de coordonnées",
    *,
    account_id: int | None = None,
    child_id: int | None = None,
    kind: ProcedureKind = ProcedureKind.COORDINATES,
    state: ProcedureState = ProcedureState.REQUESTED,
) -> int:
    """A procedure with the first line of its history; returns its id."""
    with writing() as session:
        row = procedures.open_procedure(
            session,
            Actor(session_id=1, account_id=account_id) if account_id else None,
            kind,
            title,
            family_id=family_id,
            child_id=child_id,
            state=state,
        )
        return _id(row.id)


def sent_file(family_id: int, procedure_id: int | None, name: str) -> int:
    """A document of a family, with nothing on disk behind it; returns its id."""
    unique = f"{next(_numbers):064d}"
    stored = StoredFile(
        sha256=unique,
        storage_name=unique,
        mime="application/pdf",
        extension="pdf",
        size=1,
        created_at=clock.now(),
    )
    _keep(stored)
    row = Document(
        family_id=family_id,
        procedure_id=procedure_id,
        file_id=_id(stored.id),
        name=name,
        check_state=Check.TO_CHECK,
        sent_at=clock.now(),
    )
    _keep(row)
    return _id(row.id)


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


def share(child_id: int, family_id: int) -> None:
    """The child lives in this family too (garde alternée)."""
    _keep(FamilyChild(family_id=family_id, child_id=child_id))


def _id(value: int | None) -> int:
    assert value is not None
    return value
