"""The demo town as data: people and sign-ins of product.md §5. Each feature adds its part."""

from __future__ import annotations

from dataclasses import dataclass, field

from portail.domain.identity import Role

PASSWORD = "Bienvenue!1"  # noqa: S105  (printed at every start of the demo)


@dataclass(frozen=True)
class DemoChild:
    """A child by its age on 31 December of the school year's first year."""

    first_name: str
    age: int
    class_level: str
    birth_month: int
    birth_day: int


@dataclass(frozen=True)
class DemoAdult:
    """A guardian; with a user name, the adult has an account."""

    first_name: str
    last_name: str
    email: str
    phone: str
    user_name: str = ""


@dataclass(frozen=True)
class DemoFamily:
    """A family file."""

    number: int
    name: str
    street: str
    maternelle: str
    elementaire: str
    adults: tuple[DemoAdult, ...]
    children: tuple[DemoChild, ...] = field(default=())
    shared: tuple[str, ...] = ()  # children of an earlier family who live here too
    quotient_cents: int = 0


@dataclass(frozen=True)
class DemoAgent:
    """A member of the staff."""

    user_name: str
    first_name: str
    last_name: str
    role: Role


SCHOOLS = (
    "École maternelle Jean-Vilar",
    "École élémentaire Jean-Vilar",
    "École maternelle Paul-Langevin",
    "École élémentaire Paul-Langevin",
)
VILAR, LANGEVIN = (SCHOOLS[0], SCHOOLS[1]), (SCHOOLS[2], SCHOOLS[3])

# made-up families without an account, whose children fill the Wednesdays
NEIGHBOURS = tuple(
    DemoFamily(
        number,
        name,
        street,
        *VILAR,
        (DemoAdult(adult, name.title(), f"{adult.lower()}.{name.lower()}@example.org", phone),),
        tuple(
            DemoChild(child, age, level, month, 12)
            for month, (child, age, level) in enumerate(
                zip(children, (3, 4, 5), ("PS", "MS", "GS"), strict=True), start=3
            )
        ),
        quotient_cents=quotient,
    )
    for number, name, street, adult, phone, children, quotient in (
        (
            10301,
            "GARNIER",
            "8 rue des Lilas",
            "Louise",
            "06 00 00 13 01",
            ("Alba", "Timéo", "Rose"),
            64_000,
        ),
        (
            10302,
            "LAMBERT",
            "19 rue Pascal",
            "Hugo",
            "06 00 00 13 02",
            ("Naël", "Inaya", "Côme"),
            98_000,
        ),
        (
            10303,
            "MOREAU",
            "2 place de la Fontaine",
            "Sarah",
            "06 00 00 13 03",
            ("Iris", "Marius", "Lou"),
            121_000,
        ),
    )
)
FAMILIES = (
    DemoFamily(
        10001,
        "PINCEAU",
        "12 rue des Lilas",
        *VILAR,
        (DemoAdult("Zoé", "Pinceau", "zoe.pinceau@example.org", "06 00 00 10 01", "z-pinceau"),),
        (
            DemoChild("Christopher", 5, "GS", 2, 11),
            DemoChild("Nora", 4, "MS", 9, 30),
            DemoChild("Audrey", 9, "CM1", 5, 4),
            DemoChild("Sami", 7, "CE1", 11, 19),
        ),
        quotient_cents=85_000,
    ),
    DemoFamily(
        10002,
        "BENALI",
        "3 allée Georges-Brassens",
        *LANGEVIN,
        (DemoAdult("Karim", "Benali", "karim.benali@example.org", "06 00 00 10 02", "k-benali"),),
        (DemoChild("Lina", 8, "CE2", 3, 22),),
        quotient_cents=142_000,
    ),
    DemoFamily(
        10003,
        "DELMAS",
        "41 boulevard Maxime-Gorki",
        *VILAR,
        (DemoAdult("Marc", "Delmas", "marc.delmas@example.org", "06 00 00 10 03", "m-delmas"),),
        shared=("Sami",),
        quotient_cents=211_000,
    ),
    DemoFamily(
        10427,
        "MARTIN",
        "27 avenue de Paris",
        *VILAR,
        (DemoAdult("Claire", "Martin", "claire.martin@example.org", "06 00 00 14 27"),),
        (DemoChild("Jules", 4, "MS", 6, 2), DemoChild("Emma", 7, "CE1", 1, 15)),
    ),
    DemoFamily(
        10428,
        "DUPRÉ-LÉVÊQUE",
        "5 rue Jean-Jaurès",
        *LANGEVIN,
        (DemoAdult("Éloïse", "Dupré-Lévêque", "eloise.dupre@example.org", "06 00 00 14 28"),),
        (DemoChild("Gaspard", 6, "CP", 8, 8),),
    ),
    *NEIGHBOURS,
)

AGENTS = (
    DemoAgent("agent.enfance", "Inès", "Moreau", Role.ENFANCE),
    DemoAgent("agent.regie", "Paul", "Girard", Role.REGIE),
    DemoAgent("agent.admin", "Maud", "Le Gall", Role.ADMINISTRATION),
)

FIRST_BULK_NUMBER = 20001  # beyond the fixed points
