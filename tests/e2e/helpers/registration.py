"""Sign-up as a person does it, step by step."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace

from playwright.sync_api import Page, expect

from tests.e2e.helpers.browser import visit
from tests.e2e.helpers.people import labelled
from tests.e2e.helpers.server import MAIL_SECONDS, Server

WIZARD = "/creer-mon-compte"
TITLES = (
    "Mes informations personnelles",
    "Mes références dossier",
    "Conditions générales d’utilisation",
    "Données personnelles",
    "Récapitulatif de mon inscription",
)


@dataclass(frozen=True)
class Newcomer:
    """Somebody of the demo town who has no account yet."""

    last_name: str
    first_name: str
    email: str
    user_name: str
    number: str
    family: str
    password: str = "Soleil.Bleu9"

    def called(self, user_name: str) -> Newcomer:
        """The same person under another user name."""
        return replace(self, user_name=user_name)


CLAIRE = Newcomer("Martin", "Claire", "claire.martin@example.org", "c-martin", "10427", "Martin")
ELOISE = Newcomer(
    "Dupré-Lévêque", "Éloïse", "eloise.dupre@example.org", "eloise", "10428", "dupre leveque"
)


def fill_identity(page: Page, person: Newcomer, **changes: str) -> None:
    """Type step 1; `changes` by label."""
    values = {
        "Nom": person.last_name,
        "Prénom": person.first_name,
        "Adresse e-mail": person.email,
        "Confirmation d’adresse e-mail": person.email,
        "Nom d’utilisateur": person.user_name,
        "Mot de passe": person.password,
        "Confirmation du mot de passe": person.password,
    }
    for label, value in (values | changes).items():
        labelled(page, label).fill(value)


def submit(page: Page, label: str) -> None:
    """Press Enter in the field of this label."""
    labelled(page, label).press("Enter")


def at_step(page: Page, step: int) -> None:
    """The step is shown, in the bar and in its title."""
    expect(page.get_by_role("heading", level=2, name=TITLES[step - 1])).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_contain_text(f"Étape {step}/5")


def fill_references(page: Page, person: Newcomer, **changes: str) -> None:
    """Type step 2 and press Enter."""
    values = {
        "Numéro de dossier": person.number,
        "Nom": person.family,
        "Adresse e-mail": person.email,
    }
    for label, value in (values | changes).items():
        labelled(page, label).fill(value)
    submit(page, "Numéro de dossier")


def accept(page: Page) -> None:
    """Tick the box of steps 3 and 4, and go on."""
    page.get_by_role("checkbox", name=re.compile("^J’ai lu et j’accepte")).check()
    page.get_by_role("button", name="Accepter").click()


def go_to(page: Page, step: int, person: Newcomer) -> None:
    """From the first step to this one."""
    visit(page, WIZARD)
    at_step(page, 1)
    if step == 1:
        return
    fill_identity(page, person)
    submit(page, "Confirmation du mot de passe")
    at_step(page, 2)
    if step > 2:
        fill_references(page, person)
        at_step(page, 3)
    for done in (3, 4):
        if step > done:
            accept(page)
            at_step(page, done + 1)


def links(server: Server) -> list[str]:
    """The paths of all activation links mailed so far, oldest first."""
    pattern = re.compile(r"https?://[^/\s]+(/activation/[\w-]+)")
    return [link for mail in server.mails() for link in pattern.findall(mail.text)]


def new_link(server: Server, old: list[str]) -> str:
    """The first activation link that is not among the old ones, once it has arrived."""
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        for link in links(server):
            if link not in old:
                return link
        time.sleep(0.1)
    raise AssertionError("no activation link has come")


def forget_everybody(server: Server) -> None:
    """No account of newcomers, no draft, no count: the next scenario starts anew."""
    server.sql("DELETE FROM registration_draft")
    server.sql("DELETE FROM failure_count")
    who = "(SELECT id FROM account WHERE user_name NOT IN ('z-pinceau', 'k-benali'))"
    for table in ("subscription", "consent", "one_time_link", "web_session", "action_log"):
        server.sql(f"DELETE FROM {table} WHERE account_id IN {who}")
    server.sql(f"DELETE FROM account WHERE id IN {who}")
