"""Zoé, Karim, Marc and the agents: who they are, and how they come in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.helpers.browser import alive, watch
from tests.e2e.helpers.server import Server

PASSWORD = "Bienvenue!1"
CHILDREN = ("Christopher", "Nora", "Audrey", "Sami")


@dataclass(frozen=True)
class Person:
    """Somebody of the demo town."""

    name: str
    email: str
    first_name: str
    door: str = "/connexion"
    home: str = "/accueil"


ZOE = Person("z-pinceau", "zoe.pinceau@example.org", "Zoé")
KARIM = Person("k-benali", "karim.benali@example.org", "Karim")
MARC = Person("m-delmas", "marc.delmas@example.org", "Marc")
INES = Person(
    "agent.enfance", "agent.enfance@villejuif.example", "Inès", "/agents/connexion", "/agents"
)


def labelled(page: Page, label: str) -> Locator:
    """The field of this label, whether the label carries the star of required fields or not."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}\s*\*?$"))


def name_field(page: Page) -> Locator:
    """The user name, at either door."""
    return page.get_by_role("textbox", name=re.compile("^Nom d’utilisateur"))


def password_field(page: Page) -> Locator:
    """The password of the sign-in form."""
    return labelled(page, "Mot de passe")


def fill_sign_in(page: Page, name: str, password: str) -> None:
    """Type both, and press Enter."""
    name_field(page).fill(name)
    password_field(page).fill(password)
    password_field(page).press("Enter")


def sign_in(page: Page, person: Person = ZOE, password: str = PASSWORD) -> None:
    """Come in by the form, up to the greeting."""
    page.goto(person.door)
    before = watch(page).hydrations[page]
    fill_sign_in(page, person.name, password)
    page.wait_for_url(f"**{person.home}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Bonjour {person.first_name}")
    alive(page, before)


def let_in(context: BrowserContext, server: Server, person: Person = ZOE) -> None:
    """Give a browser a session of its own without passing through the form."""
    answer = context.request.post(
        f"{server.url}{person.door}",
        form={"identifiant": person.name, "mot_de_passe": PASSWORD, "suite": ""},
        headers={"Origin": server.url},
        max_redirects=0,
    )
    assert answer.status == 303, answer.text()
    assert answer.headers["location"] == person.home


def age_session(server: Server, person: Person, minutes: float) -> None:
    """Make as if this person had done nothing for so long."""
    owner, table = ("agent_id", "agent") if person is INES else ("account_id", "account")
    server.sql(
        f"UPDATE web_session SET seen_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', ?) "
        f"WHERE ended_at IS NULL AND {owner} = (SELECT id FROM {table} WHERE user_name = ?)",
        f"-{minutes * 60:.0f} seconds",
        person.name,
    )
