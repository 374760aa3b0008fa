"""Messages over HTTP: raw posts and files, by their author, by others, by nobody."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from portail.domain.identity import Role
from portail.http.messages import CONVERSATION, FILES, NEW, SENDING
from portail.models import Message, MessageDraft
from portail.services import messages
from tests import factories, samples
from tests.access.asgi import Answer
from tests.adapters.uploads import multipart
from tests.factories import PASSWORD
from tests.http.browser import Browser
from tests.services.documents import papers
from tests.services.messages.letters import Household, begun, karim, town, zoe

__all__ = ["karim", "town", "zoe"]
pytestmark = pytest.mark.usefixtures("town")


async def signed_in(name: str, door: str = "/connexion") -> Browser:
    browser = Browser()
    answer = await browser.post(door, identifiant=name, mot_de_passe=PASSWORD)
    assert answer.status == 303
    return browser


async def post(browser: Browser, fields: Mapping[str, object], *files: tuple[str, bytes]) -> Answer:
    parts = [multipart.text(name, str(value)) for name, value in fields.items()]
    parts += [multipart.file(content, name, field_name="fichiers") for name, content in files]
    body = multipart.body(*parts)
    kind = f"multipart/form-data; boundary={multipart.BOUNDARY}"
    headers = {"content-type": kind, "content-length": str(len(body))}
    return await browser.send(SENDING, body, headers)


def new(**changes: str) -> dict[str, str]:
    fields = {"cle": "cle-00000001", "service": "enfance", "objet": "Objet", "texte": "Bonjour"}
    return fields | changes


async def test_a_plain_post_sends_and_leads_to_the_conversation(zoe: Household) -> None:
    hers = await signed_in("z-pinceau")
    answer = await post(hers, new(), ("../a 🎨.pdf", samples.pdf()))
    (line,) = messages.my_threads(zoe.actor, messages.Filter()).lines
    assert (answer.status, answer.headers["location"]) == (
        303,
        f"{CONVERSATION}?n={line.id}&envoye=1",
    )
    again = await post(hers, new())
    assert again.headers["location"] == answer.headers["location"]
    reply = await post(hers, {"cle": "cle-00000002", "fil": line.id, "texte": "Encore"})
    assert reply.headers["location"] == answer.headers["location"]
    assert papers.count(Message) == 2


async def test_what_is_refused_is_said_on_its_page_and_kept(zoe: Household) -> None:
    hers = await signed_in("z-pinceau")
    answer = await post(hers, new(), ("a.pdf", samples.HTML))
    assert answer.headers["location"] == f"{NEW}?erreur=1"
    kept = messages.my_draft(zoe.actor)
    assert kept is not None
    assert (kept.body, kept.subject) == ("Bonjour", "Objet")
    thread = begun(zoe)
    answer = await post(hers, {"cle": "cle-00000003", "fil": thread, "texte": " "})
    assert answer.headers["location"] == f"{CONVERSATION}?n={thread}&erreur=1"
    many = await post(hers, new(), *[("a.pdf", samples.pdf())] * 11)
    assert many.headers["location"] == f"{NEW}?erreur=1"
    long = await post(hers, new(texte="x" * 5_000))
    assert long.headers["location"] == f"{NEW}?erreur=1"


@pytest.mark.parametrize(
    "changes",
    [
        {"fil": "abc"},
        {"fil": "-1"},
        {"fil": "9" * 30},
        {"fil": "987654"},
        {"concerne": "1-facture-1"},
        {"concerne": "' OR 1=1 --"},
    ],
)
async def test_what_makes_no_sense_is_not_found(changes: dict[str, str], zoe: Household) -> None:
    hers = await signed_in("z-pinceau")
    assert (await post(hers, new(**changes))).status == 404
    assert papers.count(MessageDraft) == papers.count(Message) == 0


async def test_nobody_writes_in_another_s_conversation_nor_opens_its_files(
    zoe: Household, karim: Household
) -> None:
    factories.agent("agent.regie", roles=[Role.REGIE])
    factories.agent("agent.enfance", roles=[Role.ENFANCE])
    hers, his = await signed_in("z-pinceau"), await signed_in("k-benali")
    await post(hers, new(), ("a.pdf", samples.pdf()))
    (line,) = messages.my_threads(zoe.actor, messages.Filter()).lines
    (file,) = messages.conversation(zoe.actor, line.id).messages[0].files
    address = f"{FILES}/{file.id}"
    opened = await hers.get(address)
    assert (opened.status, opened.headers["content-type"]) == (200, "application/pdf")
    assert opened.headers["content-disposition"].startswith("attachment")
    assert opened.headers["cache-control"] == "private, no-store"
    assert (await his.get(address)).status == 404
    refused = await post(his, {"cle": "cle-00000009", "fil": line.id, "texte": "Bonjour"})
    assert refused.status == 404
    regie = await signed_in("agent.regie", "/agents/connexion")
    enfance = await signed_in("agent.enfance", "/agents/connexion")
    assert (await regie.get(address)).status == 404
    assert (await enfance.get(address)).status == 200
    assert (await post(enfance, new())).headers["location"] == "/agents"
    nobody = Browser()
    assert (await nobody.get(address)).headers["location"].startswith("/connexion")
    assert (await post(nobody, new())).headers["location"].startswith("/connexion")
    for bad in ("0", "x", "9" * 20, f"{file.id + 1}"):
        assert (await hers.get(f"{FILES}/{bad}")).status == 404
    assert papers.count(Message) == 1
