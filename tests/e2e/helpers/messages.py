"""Messages as a parent writes and reads them, and the agents' answers."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.e2e.helpers.browser import visit
from tests.e2e.helpers.people import labelled
from tests.e2e.helpers.server import Server

LIST, NEW = "/messagerie", "/messagerie/nouveau"


def write(page: Page, text: str, *, service: str = "", subject: str = "") -> None:
    """Fill the form that is shown."""
    if service:
        labelled(page, "Service").select_option(service)
    if subject:
        labelled(page, "Objet").fill(subject)
    labelled(page, "Votre message").fill(text)


def join(page: Page, *files: tuple[str, bytes]) -> None:
    """Choose files."""
    payloads: list[FilePayload] = [
        # browsers say a type too: nobody believes it
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files
    ]
    page.get_by_label("Pièces jointes").set_input_files(payloads)


def send(page: Page) -> int:
    """«Envoyer», up to the conversation; returns its number."""
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url(re.compile("envoye=1"))
    expect(page.get_by_text("Votre message est envoyé.")).to_be_visible()
    found = re.search(r"n=(\d+)", page.url)
    assert found
    return int(found[1])


def refused(page: Page) -> Locator:
    """«Envoyer», up to what is wrong."""
    page.get_by_role("button", name="Envoyer").click()
    page.wait_for_url(re.compile("erreur=1"))
    summary = page.locator("#erreurs")
    expect(summary).to_be_focused()
    return summary


def open_conversation(page: Page, thread: int) -> None:
    """Its page, with what was said."""
    visit(page, f"/messagerie/fil?n={thread}")
    expect(page.locator(".bubble").first).to_be_visible()


def bubbles(page: Page) -> Locator:
    """What was said, oldest first."""
    return page.locator(".bubble")


def answer(server: Server, thread: int, text: str, agent: str = "agent.admin") -> None:
    """The town answers, by the command of agents."""
    server.run("messages", "answer", str(thread), "--text", text, "--agent", agent)


def unread(page: Page) -> Locator:
    """The entry of the menu, whose name says how many are unread."""
    return page.get_by_role("link", name=re.compile("^Messag.*en attente$")).locator("visible=true")
