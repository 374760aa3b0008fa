"""The family file, called by whoever holds Zoé's ids, addresses and names of handlers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, delete, select

from portail.domain.file_fields import Scope
from portail.models import (
    Certification,
    ChangeState,
    Child,
    ChildPermission,
    Collector,
    Document,
    Family,
    FamilyChild,
    FieldChange,
    Guardian,
    Procedure,
)
from portail.state.dossier.edit import PARTS, SECTIONS
from tests import samples
from tests.access.conftest import RunningPortal
from tests.access.test_handlers import OURS, arguments, own_data, right_arguments
from tests.raw_client import STATE, RawClient, tab

pytestmark = pytest.mark.usefixtures("quiet")
DOSSIER = f"{STATE}.portail___state___dossier___"
CHILDREN = f"{DOSSIER}children____children_state"
CHILD = f"{DOSSIER}children____child_state"
EDIT = f"{DOSSIER}edit____file_edit_state"
HOUSEHOLD = f"{DOSSIER}household____household_state"
LIST = f"{DOSSIER}procedures____dossier_state"
REQUEST = f"{DOSSIER}request____request_state"
DOCUMENTS = f"{STATE}.portail___state___documents____documents_state"
HOME = f"{STATE}.portail___state___home____home_state"
NEW = [name for name in OURS if name.startswith((DOSSIER, f"{DOCUMENTS}."))]
FILES, BATCH = "/dossier/fichiers", "envoi-de-zoe"
PHOTO, MEASURES = "quittance-secrete.pdf", "Stylo rangé dans la classe"
RESTS = 6  # times in a row, half a second apart, that nothing moves
CHANGING = {"web_session", "outbox_mail"}  # seen at each event; sent by the worker
# no word so short that a token could hold it
HERS = (
    *("Zoé", "Pinceau", "PINCEAU", "10001", "Christopher", "Nora", "Audrey", "Sami"),
    *("Odile", "Traoré", "Lilas", "06 00 00 10 01", "850,00", "36,94", "Arachide", "Mutuelle"),
    *("Absence signalée", PHOTO, MEASURES),
)


@dataclass(frozen=True)
class Zoes:
    """The ids of what is hers, which a curious neighbour has found."""

    children: dict[str, int]
    family: int
    guardians: list[int]
    collectors: list[int]
    procedures: list[int]
    documents: list[int]
    sent: int  # the document she has just sent
    waiting: int  # the procedure of a medical change of Sami that waits

    @property
    def everything(self) -> list[int]:
        found = (self.children.values(), [self.family], self.guardians, self.collectors)
        return sorted(set(chain(*found, self.procedures, self.documents)))

    def called(self, argument: str) -> list[int]:
        """What an argument of this name is the id of."""
        return {
            "collector_id": self.collectors,
            "document_id": self.documents,
            "family_id": [self.family],
        }.get(argument, self.everything)

    def addresses(self) -> list[str]:
        """The page addresses that show something of hers."""
        return [
            *(f"/dossier/enfants/fiche?enfant={one}" for one in self.children.values()),
            *(f"/dossier/demarche?n={one}" for one in self.procedures),
            f"/dossier/demarche?n={self.waiting}&depot={BATCH}",
            f"/dossier/documents?depot={BATCH}",
            "/dossier",
            "/dossier/coordonnees",
        ]


@pytest.fixture(scope="module")
def hers(portal: RunningPortal) -> Zoes:
    """Zoé has asked for a change of Sami's health, and sent a document."""
    cookie = portal.sign_in("z-pinceau")

    async def ask(child_id: int) -> None:
        async with tab(portal.port, cookie=cookie, path="/dossier/enfants") as client:
            await client.answers(f"{EDIT}.open", {"section": "medical", "target": child_id})
            form = {"pai": "oui", "pai_measures": MEASURES, "allergies": "Pollens de graminées."}
            rest = {"doctor_name": "Dr Hélène Faure", "doctor_phone": "01 00 00 20 20"}
            vaccinated = {"vaccinated": "oui"}
            await client.answers(f"{EDIT}.save", {"form": {**form, **rest, **vaccinated}})

    with Session(portal.engine) as session:
        family = session.exec(select(Family.id).where(Family.number == 10001)).one() or 0
        query = (
            select(Child.first_name, Child.id)
            .join(FamilyChild, col(FamilyChild.child_id) == col(Child.id))
            .where(FamilyChild.family_id == family)
        )
        children = {name: ident or 0 for name, ident in session.exec(query)}
    asyncio.run(ask(children["Sami"]))
    with Session(portal.engine) as session:
        waiting = session.exec(
            select(FieldChange.procedure_id).where(FieldChange.state == ChangeState.WAITING)
        ).one()
    with portal.http(cookie) as http:
        sent = http.post(
            FILES,
            data={"famille": str(family), "demarche": str(waiting), "lot": BATCH},
            files={"fichiers": (PHOTO, samples.pdf(), "application/pdf")},
        )
        assert sent.status_code == 303, sent.text
    with Session(portal.engine) as session:

        def ids(table: Any) -> list[int]:
            return list(session.exec(select(table.id).where(table.family_id == family)))

        found = Zoes(
            children,
            family,
            guardians=ids(Guardian),
            collectors=ids(Collector),
            procedures=ids(Procedure),
            documents=ids(Document),
            sent=session.exec(select(Document.id).where(Document.name == PHOTO)).one() or 0,
            waiting=waiting,
        )
    assert len(found.children) == 4
    assert found.guardians
    assert found.collectors
    assert found.documents
    assert waiting in found.procedures
    return found


def dump(portal: RunningPortal) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the portal keeps."""
    with Session(portal.engine) as session:
        return {
            table.name: [tuple(row) for row in session.execute(table.select())]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in CHANGING
        }


def settled(portal: RunningPortal) -> dict[str, list[tuple[Any, ...]]]:
    """The same, once what the tests before have sent is handled: the server may be behind."""
    found, rest = dump(portal), 0
    for _ in range(120):
        time.sleep(0.5)
        last, found = found, dump(portal)
        rest = rest + 1 if found == last else 0
        if rest == RESTS:
            return found
    pytest.fail("the portal never comes to rest")


def payloads(name: str, hers: Zoes) -> Iterator[dict[str, Any]]:
    """Every way to say her ids to a handler."""
    takes = arguments(name)
    if "section" in takes:
        targets = {
            Scope.HOUSEHOLD: [hers.family],
            Scope.GUARDIAN: hers.guardians,
            Scope.CHILD: hers.children.values(),
            Scope.MEDICAL: hers.children.values(),
        }
        for section, (scope, _) in SECTIONS.items():
            for target in targets[scope]:
                yield {"section": section, "target": target}
    elif "form" in takes:
        for ident in hers.everything:
            known = dict.fromkeys(("demarche", "personne", "document"), str(ident))
            yield {"form": {**dict.fromkeys(PARTS, "x"), **known, "autorisation_photo": "non"}}
    elif takes:
        ((key, kind),) = takes.items()
        for ident in hers.called(key):
            yield {key: ident if kind is int else str(ident)}
    else:
        yield {}


def test_the_handlers_tried_here_are_all_there_are() -> None:
    states = {name.rsplit(".", 1)[0] for name in NEW}
    assert states == {CHILDREN, CHILD, EDIT, HOUSEHOLD, LIST, REQUEST, DOCUMENTS}
    assert all(kind in (int, str, dict[str, str]) for n in NEW for kind in arguments(n).values())


async def test_a_neighbour_with_every_id_gets_nothing_and_changes_nothing(
    portal: RunningPortal, hers: Zoes
) -> None:
    cookie = portal.sign_in("k-benali")
    async with tab(portal.port, cookie=cookie, path="/dossier") as his:
        await his.settled()
        _forget_certifications(portal)  # one made already would hide one made by him
        before = settled(portal)
        for path in hers.addresses():
            his.path = path
            for load in (name for name in NEW if name.endswith(".load")):
                await his.send(load)
            for name in NEW:
                if not arguments(name):
                    await his.send(name)
            await his.settled()
        # standing on the page of a child and of a request of hers
        his.path = f"/dossier/enfants/fiche?enfant={hers.children['Sami']}&n={hers.waiting}"
        await his.send(f"{CHILD}.load")
        await his.send(f"{REQUEST}.load")
        for name in NEW:
            for payload in payloads(name, hers):
                await his.send(name, payload)
            await his.settled()
        after = dump(portal)
        for word in HERS:
            assert word not in his.heard, word
        assert [name for name in after if after[name] != before[name]] == []
        # …and it is not that nothing was heard
        assert "Lina" in (await _said(his, f"{CHILDREN}.load"))
        assert "Introuvable" in his.heard


def _forget_certifications(portal: RunningPortal) -> None:
    write = portal.engine.execution_options(portail_write=True)
    with Session(write) as session, session.begin():
        session.execute(delete(Certification))


async def _said(client: RawClient, name: str, payload: Any = None, path: str | None = None) -> str:
    return "\n".join(frame.text for frame in await client.answers(name, payload, path))


async def test_a_neighbour_reaches_nothing_by_http(portal: RunningPortal, hers: Zoes) -> None:
    karim, zoe = portal.sign_in("k-benali"), portal.sign_in("z-pinceau")
    before = settled(portal)
    with portal.http(karim) as http:
        for ident in hers.documents:
            assert http.get(f"{FILES}/{ident}").status_code == 404
        for fields in (
            {"famille": str(hers.family), "type": "domicile"},
            {"famille": str(hers.family), "demarche": str(hers.waiting)},
            {
                "famille": str(hers.family),
                "type": "assurance",
                "enfant": str(hers.children["Nora"]),
            },
        ):
            files = {"fichiers": ("x.pdf", samples.pdf(), "application/pdf")}
            assert http.post(FILES, data=fields, files=files).status_code == 404
    assert dump(portal) == before
    with portal.http(zoe) as http:
        answer = http.get(f"{FILES}/{hers.sent}")
        assert answer.status_code == 200
        assert PHOTO in answer.headers["content-disposition"]


async def test_she_hears_what_her_addresses_show(portal: RunningPortal, hers: Zoes) -> None:
    cookie = portal.sign_in("z-pinceau")
    async with tab(portal.port, cookie=cookie, path="/dossier") as client:
        for path in hers.addresses():
            for load in (name for name in NEW if name.endswith(".load")):
                await client.send(load, path=path)
        await client.settled()
        heard = client.heard.replace("\u00a0", " ").replace("\\u00a0", " ")
        assert [word for word in HERS if word not in heard] == []


async def test_her_own_calls_work(portal: RunningPortal, hers: Zoes) -> None:
    cookie = portal.sign_in("z-pinceau")
    nora = hers.children["Nora"]
    page = f"/dossier/enfants/fiche?enfant={nora}"
    person = {"last_name": "Roy", "first_name": "Léa", "phone": "0698765432", "link": "tante"}
    async with tab(portal.port, cookie=cookie, path=page) as client:
        await client.answers(f"{CHILD}.load")
        opened = await client.answers(f"{EDIT}.open", {"section": "collector", "target": nora})
        assert any(f.value("file_edit_state", "section") == "collector" for f in opened)
        await client.answers(f"{EDIT}.save", {"form": person})
        assert "Léa Roy" in await _said(client, f"{CHILD}.refresh")
        added = _rows(portal, Collector)[-1]
        assert (added.first_name, added.phone) == ("Léa", "06 98 76 54 32")
        # a form acts on the person its dialog names, and on no other
        for wanted in (str(hers.collectors[0]), "0", "", "9" * 5_000):
            await client.answers(f"{CHILD}.ask_removal", {"collector_id": added.id})
            await client.answers(f"{CHILD}.remove", {"form": {"personne": wanted}})
        assert {row.id for row in _rows(portal, Collector)} >= {added.id, *hers.collectors}
        await client.answers(f"{CHILD}.ask_removal", {"collector_id": added.id})
        await client.answers(f"{CHILD}.remove", {"form": {"personne": str(added.id)}})
        assert added.id not in {row.id for row in _rows(portal, Collector)}
        await client.answers(f"{CHILD}.decide", {"form": {"autorisation_alone": "oui"}})
        assert any(
            row.child_id == nora and row.permission == "alone" and row.granted
            for row in _rows(portal, ChildPermission)
        )
        await client.answers(f"{CHILD}.certify")
        await client.answers(f"{HOUSEHOLD}.certify", {"family_id": hers.family})
        mine = {(row.family_id, row.child_id) for row in _rows(portal, Certification)}
        assert mine >= {(hers.family, nora), (hers.family, None)}
        guardian = hers.guardians[0]
        await client.answers(f"{EDIT}.open", {"section": "guardian", "target": guardian})
        name = {"last_name": "Pinceau", "first_name": "Zoé", "email": "zoe.pinceau@example.org"}
        phones = {"phone": "06 00 00 10 01", "work_phone": "0145592000"}
        await client.answers(f"{EDIT}.save", {"form": {**name, **phones}})
        (zoe,) = [row for row in _rows(portal, Guardian) if row.id == guardian]
        assert zoe.work_phone == "01 45 59 20 00"


def _rows(portal: RunningPortal, table: type[Any]) -> list[Any]:
    with Session(portal.engine) as session:
        found = list(session.exec(select(table)))
        session.expunge_all()
        return sorted(found, key=lambda row: getattr(row, "id", 0) or 0)


async def test_her_documents_are_removed_by_her_alone(portal: RunningPortal, hers: Zoes) -> None:
    document = hers.sent
    kept = _rows(portal, Document)
    zoe = portal.sign_in("z-pinceau")
    for name in ("k-benali", "m-delmas"):
        async with tab(portal.port, cookie=portal.sign_in(name), path="/dossier/documents") as his:
            frames = await his.answers(f"{DOCUMENTS}.ask_removal", {"document_id": document})
            assert not any(f.value("documents_state", "chosen") for f in frames)
            await his.answers(f"{DOCUMENTS}.remove", {"form": {"document": str(document)}})
        assert _rows(portal, Document) == kept
    async with tab(portal.port, cookie=zoe, path="/dossier/documents") as client:
        frames = await client.answers(f"{DOCUMENTS}.ask_removal", {"document_id": document})
        assert any(f.value("documents_state", "chosen") == document for f in frames)
        await client.answers(f"{DOCUMENTS}.keep")
    assert _rows(portal, Document) == kept


async def test_the_other_household_of_a_shared_child(portal: RunningPortal, hers: Zoes) -> None:
    marc, zoe = portal.sign_in("m-delmas"), portal.sign_in("z-pinceau")
    sami, page = hers.children["Sami"], f"/dossier/demarche?n={hers.waiting}"
    before = settled(portal)
    async with tab(portal.port, cookie=marc, path=page) as his:
        for path in hers.addresses():
            for load in (name for name in NEW if name.endswith(".load")):
                await his.send(load, path=path)
        await his.settled()
        await his.answers(f"{REQUEST}.load", path=page)
        await his.answers(f"{REQUEST}.ask_withdrawal")
        await his.answers(f"{REQUEST}.withdraw", {"form": {"demarche": str(hers.waiting)}})
        for ident in hers.collectors:
            await his.answers(f"{CHILD}.load", path=f"/dossier/enfants/fiche?enfant={sami}")
            await his.answers(f"{CHILD}.ask_removal", {"collector_id": ident})
            await his.answers(f"{CHILD}.remove", {"form": {"personne": str(ident)}})
        assert dump(portal) == before
        heard = his.heard
        for word in set(HERS) - {"Sami", "Pinceau", MEASURES}:
            assert word not in heard, word
        # what is shared: the child, the health, what waits of it, but not the way to withdraw it
        for word in ("Pollens de graminées", MEASURES, "Julie"):
            assert word in heard
        rows = [v for f in his.frames if (v := f.value("child_state", "medical_rows"))][-1]
        (pai,) = [row for row in rows if row["key"] == "medical.pai"]
        assert (pai["procedure"], MEASURES in pai["waiting"]) == ("", True)
    async with tab(portal.port, cookie=zoe, path=page) as client:
        await client.answers(f"{REQUEST}.load")
        for wanted in (str(hers.waiting + 1), "0", ""):  # not what the dialog showed
            await client.answers(f"{REQUEST}.withdraw", {"form": {"demarche": wanted}})
        assert _state_of(portal, hers.waiting) == "requested"
        form = {"form": {"demarche": str(hers.waiting)}}
        assert "Votre demande est retirée" in await _said(client, f"{REQUEST}.withdraw", form)
        assert _state_of(portal, hers.waiting) == "withdrawn"
        assert "ne peut plus être retirée" in await _said(client, f"{REQUEST}.withdraw", form)


def _state_of(portal: RunningPortal, ident: int) -> str:
    with Session(portal.engine) as session:
        return str(session.get_one(Procedure, ident).state.value)


@pytest.mark.parametrize(
    ("name", "door", "place"),
    [("", "", "/connexion"), ("agent.enfance", "/agents/connexion", "/agents")],
)
async def test_a_stranger_and_an_agent_are_sent_away(
    portal: RunningPortal, hers: Zoes, name: str, door: str, place: str
) -> None:
    cookie = portal.sign_in(name, door) if name else ""
    before = settled(portal)
    async with tab(portal.port, cookie=cookie) as client:
        start = len(client.frames)
        for handler in NEW:
            frames = await client.answers(handler, right_arguments(handler), "/aide")
            sent = [path.split("?")[0] for f in frames for path in f.redirects]
            assert sent == [place], handler
        assert own_data(client, start) == []
        assert not any(word in client.heard for word in HERS)
    assert dump(portal) == before


@pytest.mark.parametrize("query", ["enfant=0", "enfant=-1", "enfant=99999999999999999999", "x"])
async def test_an_address_of_nothing_is_not_found(portal: RunningPortal, query: str) -> None:
    async with tab(portal.port, cookie=portal.sign_in("z-pinceau"), path="/dossier") as client:
        query = f"{query}&{query.replace('enfant', 'n')}"
        for name, state in ((CHILD, "child_state"), (REQUEST, "request_state")):
            frames = await client.answers(f"{name}.load", path=f"/dossier/x?{query}")
            assert any(f.value(state, "loaded") for f in frames)
            assert not any(f.value(state, "found") for f in frames)
