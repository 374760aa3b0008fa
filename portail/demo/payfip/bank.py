"""The rules of the service: what it takes, what it answers, how long an operation lives."""

from __future__ import annotations

import re
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from portail import clock
from portail.demo.payfip import store
from portail.demo.payfip.store import Operation
from portail.settings import DEMO_PAYFIP, settings

LIVES = timedelta(minutes=15)
MIN_CENTS, MAX_CENTS = 100, 100_000_00
MAX_URL = 250
DELAY_SECONDS = 10.0
TOWN = DEMO_PAYFIP["numcli"]
CLOSED = "094077"  # a client of the service whose contract has ended
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class FunctionalError(Exception):
    """A functional error of the service («FonctionnelleErreur»), by its code."""

    def __init__(self, code: str) -> None:
        """`code` is one of `MEANINGS`."""
        super().__init__(code)
        self.code, self.meaning = code, MEANINGS[code]


class ProtocolError(Exception):
    """The message itself is wrong («TechProtocolaireErreur»)."""


MEANINGS = {
    "T1": "Le numéro de client est absent ou mal formé.",
    "T2": "Ce numéro de client est inconnu.",
    "T4": "Ce client ne prend pas de paiement de ce type.",
    "M3": "Le montant est inférieur à 1 €, trop élevé ou mal formé.",
    "A2": "L’adresse de courriel est mal formée.",
    "R3": "La référence de la dette est mal formée.",
    "N1": "L’adresse de notification est mal formée.",
    "D1": "L’adresse de retour est mal formée.",
    "P1": "Cette opération est inconnue.",
    "P3": "Cette opération a déjà servi.",
    "P4": "Cette opération est trop ancienne.",
    "P5": "Le résultat de cette opération n’est pas encore connu.",
}


class Ending(StrEnum):
    """How the parent ends an operation, as the service will say it («resultrans»)."""

    PAID = "P"
    DEBIT = "V"
    REFUSED = "R"
    DEBIT_REFUSED = "Z"
    ABANDONED = "A"


class Notices(StrEnum):
    """What becomes of the notifications."""

    AT_ONCE = "at_once"
    DELAYED = "delayed"
    DROPPED = "dropped"
    REPEATED = "repeated"
    REORDERED = "reordered"  # kept until there are two, then the last one first


class Amount(StrEnum):
    """What is really paid."""

    RIGHT = "right"
    ONE_EURO_LESS = "one_euro_less"


class Answer(StrEnum):
    """When the result of an operation is known."""

    KNOWN = "known"
    UNKNOWN = "unknown"  # P5, whatever happened


@dataclass(frozen=True)
class Switches:
    """How the peer misbehaves, when asked to."""

    notices: Notices = Notices.AT_ONCE
    amount: Amount = Amount.RIGHT
    answer: Answer = Answer.KNOWN


@dataclass(frozen=True)
class Bank:
    """The peer, over its file; `origins` are the portals it may call."""

    file: Path
    origins: tuple[str, ...]

    def client(self, numcli: str) -> dict[str, str]:
        """`recupererDetailClient`.

        Raises:
            FunctionalError: T1, T2.
        """
        if not re.fullmatch(r"\d{6}", numcli):
            raise FunctionalError("T1")
        if numcli not in (TOWN, CLOSED):
            raise FunctionalError("T2")
        town = settings().town_name
        return {
            "libelleN1": f"COMMUNE {town.upper()}",
            "libelleN2": "REGIE ENFANCE",
            "numcli": numcli,
        }

    def create(self, asked: Mapping[str, str]) -> str:
        """`creerPaiementSecurise`: the name of a new operation, which lives 15 minutes.

        Raises:
            FunctionalError: T1, T2, T4, M3, A2, R3, N1, D1.
            ProtocolError: a field that the service does not check so.
        """
        saisie, numcli = asked.get("saisie", ""), asked.get("numcli", "")
        self.client(numcli)
        if saisie not in ("T", "X", "W") or numcli == CLOSED:
            raise FunctionalError("T4")
        amount = asked.get("montant", "")
        if not re.fullmatch(r"\d{1,10}", amount) or not MIN_CENTS <= int(amount) <= MAX_CENTS:
            raise FunctionalError("M3")
        mel = asked.get("mel", "")
        if not 6 <= len(mel) <= 80 or not _EMAIL.fullmatch(mel):  # noqa: PLR2004
            raise FunctionalError("A2")
        if not re.fullmatch(r"[A-Za-z0-9]{6,30}", asked.get("refdet", "")):
            raise FunctionalError("R3")
        for name, code in (("urlnotif", "N1"), ("urlredirect", "D1")):
            if not self._callable(asked.get(name, "")):
                raise FunctionalError(code)
        if not re.fullmatch(r"\d{4}", asked.get("exer", "")):
            raise ProtocolError("exer")
        if not re.fullmatch(r"[A-Za-z0-9 ]{0,100}", asked.get("objet", "")):
            raise ProtocolError("objet")
        operation = Operation(
            idop=str(uuid.uuid4()),
            numcli=numcli,
            exer=asked["exer"],
            refdet=asked["refdet"],
            montant=int(amount),
            mel=mel,
            objet=asked.get("objet", ""),
            saisie=saisie,
            urlnotif=asked["urlnotif"],
            urlredirect=asked["urlredirect"],
            created_at=clock.now(),
        )
        with store.opened(self.file) as connection:
            store.add(connection, operation)
        return operation.idop

    def detail(self, idop: str) -> dict[str, str]:
        """`recupererDetailPaiementSecurise`: how an operation ended.

        Raises:
            FunctionalError: P1 (unknown, or of yesterday and never used), P5 (not known yet).
        """
        with store.opened(self.file, write=False) as connection:
            found = store.find(connection, idop)
            unknown = store.switch(connection, "answer") == Answer.UNKNOWN
        if found is None:
            raise FunctionalError("P1")
        if found.settled_at is None or unknown:
            if clock.paris(found.created_at).date() < clock.today():
                raise FunctionalError("P1")
            raise FunctionalError("P5")
        at = clock.paris(found.settled_at)
        return {
            "dattrans": at.strftime("%d%m%Y"),
            "exer": found.exer,
            "heurtrans": at.strftime("%H%M"),
            "idOp": found.idop,
            "mel": found.mel,
            "montant": str(found.montant if found.paid is None else found.paid),
            "numauto": found.numauto,
            "numcli": found.numcli,
            "objet": found.objet,
            "refdet": found.refdet,
            "resultrans": found.resultrans,
            "saisie": found.saisie,
        }

    def usable(self, idop: str) -> Operation:
        """The operation, for its page. One that was abandoned can be taken up again.

        Raises:
            FunctionalError: P1, P3, P4.
        """
        found = self.found(idop)
        if found.resultrans not in ("", Ending.ABANDONED):
            raise FunctionalError("P3")
        if clock.now() - found.created_at >= LIVES:
            raise FunctionalError("P4")
        return found

    def found(self, idop: str) -> Operation:
        """The operation, whatever became of it.

        Raises:
            FunctionalError: P1.
        """
        with store.opened(self.file, write=False) as connection:
            found = store.find(connection, idop)
        if found is None:
            raise FunctionalError("P1")
        return found

    def end(self, idop: str, ending: Ending) -> None:
        """The parent ends the operation; the portal is notified as the switches say.

        Raises:
            FunctionalError: P1, P3, P4.
        """
        self.usable(idop)
        now = time.time()
        with store.opened(self.file) as connection:
            found = store.find(connection, idop)
            if found is None or found.resultrans not in ("", Ending.ABANDONED):
                raise FunctionalError("P3")  # another tab, just now
            paid = ending in (Ending.PAID, Ending.DEBIT)
            less = store.switch(connection, "amount") == Amount.ONE_EURO_LESS
            store.settle(
                connection,
                replace(
                    found,
                    resultrans=ending.value,
                    settled_at=clock.now(),
                    numauto=f"{secrets.randbelow(10**6):06d}" if paid else "",
                    paid=found.montant - 100 if less else found.montant,
                ),
            )
            match store.switch(connection, "notices"):
                case Notices.DROPPED:
                    pass
                case Notices.DELAYED:
                    store.queue(connection, idop, now + DELAY_SECONDS)
                case Notices.REPEATED:
                    for _ in range(3):
                        store.queue(connection, idop, now)
                case Notices.REORDERED:
                    store.queue(connection, idop, now, held=True)
                    held = store.waiting(connection, held=True)
                    if len(held) > 1:
                        store.release(connection, held[::-1], now)
                case _:
                    store.queue(connection, idop, now)

    def due(self, *, late: float = 0) -> list[str]:
        """The addresses to call now; `late` seconds are added to the present."""
        with store.opened(self.file) as connection:
            return store.take_due(connection, time.time() + late)

    def operations(self) -> list[Operation]:
        """The last operations."""
        with store.opened(self.file, write=False) as connection:
            return store.newest(connection, 10)

    def switches(self) -> Switches:
        """How the switches are set."""
        with store.opened(self.file, write=False) as connection:
            return Switches(
                Notices(store.switch(connection, "notices") or Notices.AT_ONCE),
                Amount(store.switch(connection, "amount") or Amount.RIGHT),
                Answer(store.switch(connection, "answer") or Answer.KNOWN),
            )

    def set(self, switches: Switches) -> None:
        """Set the switches; notifications that were held go, in the order they came."""
        with store.opened(self.file) as connection:
            store.set_switch(connection, "notices", switches.notices)
            store.set_switch(connection, "amount", switches.amount)
            store.set_switch(connection, "answer", switches.answer)
            if switches.notices is not Notices.REORDERED:
                store.release(connection, store.waiting(connection, held=True), time.time())

    def _callable(self, url: str) -> bool:
        """Whether the peer may call it: a portal of ours, so that it is no way to others."""
        parts = urlsplit(url)
        return len(url) < MAX_URL and f"{parts.scheme}://{parts.netloc}" in self.origins


def demo_bank() -> Bank:
    """The peer of this demo, beside its database."""
    origins = {settings().base_url, *settings().origins}
    return Bank(settings().data_dir / "payfip.sqlite3", tuple(sorted(origins)))
