"""/facturation/payer: what is due, what is ticked, what is about to be paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.services import payments
from portail.services.billing import views
from portail.services.billing.views import Due, DueFile, DueLine
from portail.services.payments import AlreadyPaid, InProgress, Started, ToCheck
from portail.services.reach import NotFound
from portail.state.billing import words
from portail.state.billing.address import (
    CHOICE,
    RECAP,
    Asked,
    asked,
    pay_address,
    prepare_address,
    result_address,
)
from portail.state.billing.documents import invoice_pdf
from portail.state.forms import typed
from portail.state.navigation import NavigationState
from portail.state.requests import query
from portail.texts.french import euros

BOX = "facture-"  # begins the names of the boxes
TOLD = "dit"  # what takes the focus when «Étape suivante» or «Payer» does not go on


@dataclass(frozen=True)
class Line:
    """An invoice due. `why`: it cannot be paid now; `follow`: where one sees its payment."""

    id: int
    title: str
    number: str
    until: str
    late: bool
    part: str
    amount: str
    named: str
    pdf: str
    pdf_size: str
    ticked: bool
    why: str
    follow: str


@dataclass(frozen=True)
class File:
    """What one payment may cover: a family file’s invoices."""

    key: str
    title: str  # empty: it is the only one
    lines: list[Line]
    chosen: str
    payable: bool


class PayState(PortalState, rx.State):
    """The three steps; what is ticked is in the address."""

    loaded: bool = False
    step: int = CHOICE
    lead: str = ""
    closed: bool = False
    files: list[File] = []  # noqa: RUF012  (a Reflex variable)
    recap: list[Line] = []  # noqa: RUF012
    back: str = ""
    total: str = ""
    cents: int = 0
    told: str = ""
    follow: str = ""  # where the attempt that is in the way is seen

    _ticked: list[int] = []  # noqa: RUF012
    _ahead: list[str] = []  # noqa: RUF012  (addresses we sent the tab to, not come to yet)

    @allow(FAMILY)
    async def load(self) -> None:
        """Read what is due, and what the address has ticked."""
        self.told = self.follow = ""
        wanted = asked(query(self))
        if wanted.address() in self._ahead:
            del self._ahead[: self._ahead.index(wanted.address()) + 1]
            if self._ahead:  # one more box was ticked meanwhile
                wanted = wanted.choosing(self._ticked)
        actor = identity.actor()
        found = await run_in_thread(lambda: views.due(actor))
        menu = await self.get_state(NavigationState)
        menu._count(sum(len(file.lines) for file in found.files))  # noqa: SLF001
        self._show(found, wanted)
        self.loaded = True

    @allow(FAMILY)
    def tick(self, invoice: int, ticked: bool) -> Any:
        """Tick an invoice or not: the address says so, Back and a reload find it again."""
        others = [one for one in self._ticked if one != invoice]
        wanted = Asked().choosing([*others, invoice] if ticked else others)
        self._ticked = list(wanted.invoices or ())
        self._ahead = [*self._ahead[-20:], wanted.address()]
        return rx.redirect(wanted.address(), replace=True)

    @allow(FAMILY)
    def go_on(self, form: dict[str, str]) -> Any:
        """«Étape suivante» with the boxes of a family file as they are shown."""
        chosen = [
            line.id for file in self.files for line in file.lines if typed(form, BOX + str(line.id))
        ]
        if not chosen:
            self.told = "Cochez d’abord au moins une facture."
            return rx.set_focus(TOLD)
        self.told = ""
        return rx.redirect(pay_address(*chosen, step=RECAP))

    @allow(FAMILY)
    def remove(self, invoice: int) -> Any:
        """«Retirer» from the recap; without any left, choose again."""
        left = [line.id for line in self.recap if line.id != invoice]
        return rx.redirect(pay_address(*left, step=RECAP if left else CHOICE), replace=True)

    @allow(FAMILY)
    async def pay(self, cents: int) -> Any:
        """«Payer» the recap, of which the parent saw this total."""
        actor, wanted = identity.actor(), asked(query(self))
        self.told = self.follow = ""
        # whoever is paying them already is told by what comes back, or led to their own payment
        found = await run_in_thread(lambda: views.due(actor))
        chosen = _recap(found, {line.id for line in self.recap})
        if not chosen or sum(line.due_cents for line in chosen) != cents:
            self._show(found, wanted)
            self.told = words.CHANGED if chosen else words.refused(AlreadyPaid(()))
            return rx.set_focus(TOLD)
        try:
            outcome = await run_in_thread(lambda: payments.start(actor, [one.id for one in chosen]))
        except NotFound:
            return rx.redirect(pay_address(), replace=True)
        if isinstance(outcome, Started):
            return rx.redirect(prepare_address(outcome.payment_id))
        self._show(await run_in_thread(lambda: views.due(actor)), wanted)
        self.told = words.refused(outcome)
        if isinstance(outcome, InProgress | ToCheck):
            self.follow = result_address(outcome.payment_id)
        return rx.set_focus(TOLD)

    def _show(self, found: Due, wanted: Asked) -> None:
        ticked = _ticked(found, wanted)
        recap = _recap(found, ticked) if wanted.step == RECAP else []
        self.step = RECAP if recap else CHOICE
        self.lead = words.summary(found.files, clock.today())
        self.closed = not found.online
        several = len(found.files) > 1
        self.files = [_file(one, ticked, several, found.online) for one in found.files]
        self.recap = [_line(one, ticked=True) for one in recap]
        self.back = wanted.at(CHOICE).address()
        self.cents = sum(one.due_cents for one in recap)
        self.total = words.total_words(len(recap), self.cents)
        self._ticked = sorted(ticked)


def _payable(one: DueLine) -> bool:
    return one.holding is None


def _ticked(found: Due, wanted: Asked) -> set[int]:
    """What is chosen among what can be paid; nobody has chosen yet: the first file, all of it."""
    payable = {line.id for file in found.files for line in file.lines if _payable(line)}
    if wanted.invoices is not None:
        return payable & set(wanted.invoices)
    first = next((file for file in found.files if any(map(_payable, file.lines))), None)
    return payable & {line.id for line in first.lines} if first else set()


def _recap(found: Due, ticked: set[int]) -> list[DueLine]:
    """What one payment covers: an address may name invoices of two files, the first one counts."""
    for file in found.files:
        lines = [line for line in file.lines if line.id in ticked]
        if lines:
            return lines
    return []


def _file(one: DueFile, ticked: set[int], several: bool, online: bool) -> File:
    chosen = [line for line in one.lines if line.id in ticked]
    return File(
        f"{one.family_id}-{one.regie}",
        words.file_title(one) if several else "",
        [_line(line, ticked=line.id in ticked) for line in one.lines],
        words.chosen_words(len(chosen), sum(line.due_cents for line in chosen)),
        online and any(map(_payable, one.lines)),
    )


def _line(one: DueLine, *, ticked: bool) -> Line:
    today = clock.today()
    return Line(
        one.id,
        words.invoice_title(one.period_on),
        one.number,
        words.until_words(one.due_on, today),
        one.due_on < today,
        words.part_words(one),
        euros(one.due_cents),
        words.invoice_named(one),
        invoice_pdf(one.id),
        words.pdf_words(one.pdf_bytes),
        ticked,
        words.holding_words(one.holding) if one.holding else "",
        result_address(one.holding.payment_id) if one.holding else "",
    )
