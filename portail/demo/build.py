"""Build the demo town around today: the fixed people, then as many made-up families as asked."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date

from faker import Faker
from sqlalchemy import insert
from sqlmodel import Session, func, select

from portail import clock
from portail.adapters.passwords import hash_password
from portail.database import reading, writing
from portail.demo import (
    billing,
    bookings,
    catalogue,
    documents,
    enrolments,
    family_file,
    messages,
    news,
    town,
)
from portail.domain.consents import ConsentText
from portail.domain.names import fold, sign_in_key
from portail.domain.schooling import LEVELS, MATERNELLE, birth_year
from portail.models import (
    Account,
    Child,
    Family,
    FamilyChild,
    FamilyQuotient,
    Guardian,
    School,
    Subscription,
)
from portail.services import consents
from portail.services.agents import AgentRefused, add_agent

BATCH = 500


def exists() -> bool:
    """Whether there is a town already: nothing is built over it."""
    with reading() as session:
        return session.exec(select(func.count()).select_from(Family)).one() > 0


def build(families: int = 0) -> None:
    """Build the demo town.

    Args:
        families: how many made-up families to add to the fixed ones.
    """
    password_hash = hash_password(town.PASSWORD)
    with writing() as session:
        schools = _schools(session)
        for family in town.FAMILIES:
            _add_family(session, family, schools, password_hash)
        family_file.fill(session)
        catalogue.install(session)
        enrolments.fill(session)
        bookings.fill(session)
        billing.fill(session)
        for agent in town.AGENTS:
            email = f"{agent.user_name}@villejuif.example"
            names = (agent.first_name, agent.last_name)
            made = add_agent(session, agent.user_name, email, *names, town.PASSWORD, {agent.role})
            if isinstance(made, AgentRefused):
                raise RuntimeError(made.reason)  # noqa: TRY004
    documents.build()
    messages.build()
    news.build()
    add_families(families)


def _schools(session: Session) -> dict[str, int]:
    rows = [School(name=name) for name in town.SCHOOLS]
    session.add_all(rows)
    session.flush()
    return {row.name: row.id or 0 for row in rows}


def _add_family(
    session: Session, data: town.DemoFamily, schools: dict[str, int], password_hash: str
) -> None:
    now, year = clock.now(), catalogue.year()
    family = Family(
        number=data.number,
        name=data.name,
        name_key=fold(data.name),
        street=data.street,
        postcode="94800",
        city="Villejuif",
    )
    session.add(family)
    session.flush()
    for child_data in data.children:
        young = child_data.class_level in MATERNELLE
        child = Child(
            last_name=data.name.title(),
            first_name=child_data.first_name,
            birth_on=date(year - child_data.age, child_data.birth_month, child_data.birth_day),
            school_id=schools[data.maternelle if young else data.elementaire],
            class_level=child_data.class_level,
        )
        session.add(child)
        session.flush()
        session.add(FamilyChild(family_id=family.id or 0, child_id=child.id or 0))
    for name in data.shared:
        child_id = session.exec(select(Child.id).where(Child.first_name == name)).one()
        session.add(FamilyChild(family_id=family.id or 0, child_id=child_id or 0))
    if data.quotient_cents:
        # of the year before too: in January, last month is billed
        session.add_all(
            FamilyQuotient(
                family_id=family.id or 0,
                amount_cents=data.quotient_cents,
                valid_from=date(quotient_year, 1, 1),
                valid_until=date(quotient_year, 12, 31),
            )
            for quotient_year in (clock.today().year - 1, clock.today().year)
        )
    for adult in data.adults:
        guardian = Guardian(
            family_id=family.id or 0,
            last_name=adult.last_name,
            first_name=adult.first_name,
            email=adult.email,
            email_key=sign_in_key(adult.email),
            phone=adult.phone,
        )
        session.add(guardian)
        session.flush()
        if not adult.user_name:
            continue
        account = Account(
            user_name=adult.user_name,
            user_name_key=sign_in_key(adult.user_name),
            email=adult.email,
            email_key=sign_in_key(adult.email),
            last_name=adult.last_name,
            first_name=adult.first_name,
            password_hash=password_hash,
            created_at=now,
            activated_at=now,
            password_changed_at=now,
        )
        session.add(account)
        session.flush()
        consents.record(session, account.id or 0, *ConsentText)
        session.add(
            Subscription(
                account_id=account.id or 0,
                family_id=family.id or 0,
                guardian_id=guardian.id or 0,
                created_at=now,
            )
        )


def add_families(count: int) -> None:
    """Add made-up families, the same ones at each build, in batches."""
    if count <= 0:
        return
    with reading() as session:
        schools = {school.name: school.id or 0 for school in session.exec(select(School))}
        last = session.exec(select(func.max(Family.number))).one() or 0
    first = max(last + 1, town.FIRST_BULK_NUMBER)
    maker = _Maker(first, catalogue.year(), schools)
    for start in range(first, first + count, BATCH):
        with writing() as session:
            maker.add(session, range(start, min(start + BATCH, first + count)))


class _Maker:
    """Made-up families, repeatable: seeded by their first number."""

    def __init__(self, seed: int, year: int, schools: dict[str, int]) -> None:
        self.faker = Faker("fr_FR")
        self.faker.seed_instance(seed)
        self.random = random.Random(seed)  # noqa: S311  (a demo, not a secret)
        self.year = year
        self.young = [key for name, key in sorted(schools.items()) if "maternelle" in name]
        self.older = [key for name, key in sorted(schools.items()) if "maternelle" not in name]

    def add(self, session: Session, numbers: range) -> None:
        """Insert the families of these numbers: a few statements, whatever their count."""
        names = {number: self.faker.last_name() for number in numbers}
        ids = session.scalars(
            insert(Family).returning(Family.id, sort_by_parameter_order=True),  # type: ignore[call-overload]
            [self._family(number, name) for number, name in names.items()],
        ).all()
        homes = list(zip(ids, names.items(), strict=True))
        session.execute(insert(Guardian), [g for home in homes for g in self._guardians(*home)])
        owners: list[int] = []
        children: list[dict[str, object]] = []
        for family_id, (_, name) in homes:
            for child in self._children(name):
                owners.append(family_id)
                children.append(child)
        child_ids = session.scalars(
            insert(Child).returning(Child.id, sort_by_parameter_order=True),  # type: ignore[call-overload]
            children,
        ).all()
        links = zip(owners, child_ids, strict=True)
        session.execute(insert(FamilyChild), [{"family_id": f, "child_id": c} for f, c in links])

    def _family(self, number: int, name: str) -> dict[str, object]:
        return {
            "number": number,
            "name": name.upper(),
            "name_key": fold(name),
            "street": self.faker.street_address().replace(",", ""),
            "postcode": "94800",
            "city": "Villejuif",
        }

    def _guardians(self, family_id: int, named: tuple[int, str]) -> Iterator[dict[str, object]]:
        number, name = named
        for rank in range(self.random.choice((1, 2, 2))):
            first = self.faker.first_name()
            email = f"{fold(first)}.{fold(name)}.{number}.{rank}@example.org".replace(" ", "-")
            yield {
                "family_id": family_id,
                "last_name": name,
                "first_name": first,
                "email": email,
                "email_key": sign_in_key(email),
                "phone": "06 00 " + " ".join(re.findall("..", f"{number % 10**6:06d}")),
            }

    def _children(self, name: str) -> Iterator[dict[str, object]]:
        for _ in range(self.random.choice((1, 1, 2, 2, 3))):
            level = self.random.choice(LEVELS)
            yield {
                "last_name": name,
                "first_name": self.faker.first_name(),
                "birth_on": date(
                    birth_year(level, self.year),
                    self.random.randint(1, 12),
                    self.random.randint(1, 28),
                ),
                "school_id": self.random.choice(self.young if level in MATERNELLE else self.older),
                "class_level": level,
            }
