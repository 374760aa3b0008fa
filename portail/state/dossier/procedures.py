"""/dossier: the procedures and the invoices due, in words."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.clock import paris, today
from portail.domain.identity import Actor
from portail.domain.procedures import STATE_LABELS, ProcedureState, label
from portail.services.billing.views import DueLine, due
from portail.services.procedures import (
    Filter,
    ProcedureLine,
    procedures_page,
)
from portail.state.billing.address import pay_address
from portail.state.dossier.live import opening, tell
from portail.state.dossier.words import TONES
from portail.texts.french import counted, euros, month, numeric_day, sentence

MAX_PAGE = 10_000


@dataclass(frozen=True)
class Line:
    """A line of «Suivi de mes démarches»."""

    id: int
    date: str
    title: str
    address: str
    state: str
    tone: str


@dataclass(frozen=True)
class InvoiceLine:
    """An invoice due."""

    id: int
    title: str
    detail: str
    amount: str
    late: bool
    address: str


@dataclass(frozen=True)
class Option:
    """An entry of a filter."""

    value: str
    label: str


class DossierState(PortalState, rx.State):
    """What /dossier shows."""

    loaded: bool = False
    lines: list[Line] = []  # noqa: RUF012  (a Reflex variable)
    page: int = 1
    pages: int = 1
    total: str = ""
    has_procedures: bool = False
    children: list[Option] = []  # noqa: RUF012
    states: list[Option] = []  # noqa: RUF012
    child: str = ""
    state: str = ""
    invoices: list[InvoiceLine] = []  # noqa: RUF012

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the first page, unfiltered."""
        actor = identity.actor()
        self.child = self.state = ""
        await opening(self, actor)
        await self._owe(actor)
        await self._show(actor, 1)
        self.has_procedures = bool(self.lines)
        self.loaded = True

    async def _changed(self, actor: Actor) -> None:
        """A procedure has moved (see `dossier.live`): what is chosen stays so."""
        before = {one.id: one.state for one in self.lines}
        await self._owe(actor)
        await self._show(actor, self.page)
        self.has_procedures = self.has_procedures or bool(self.lines)
        moved = [one for one in self.lines if before.get(one.id, one.state) != one.state]
        if moved:
            await tell(self, f"{moved[0].title}\u00a0: {moved[0].state}.")

    async def _owe(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: due(actor))
        self.invoices = [_invoice(one) for one in found.lines]

    async def _show(self, actor: Actor, page: int) -> None:
        wanted = Filter(
            int(self.child) if self.child else None,
            ProcedureState(self.state) if self.state else None,
        )
        found = await run_in_thread(lambda: procedures_page(actor, wanted, page))
        self.lines = [_line(one) for one in found.lines]
        self.page, self.pages = found.page, found.pages
        self.total = counted(found.total, "démarche")
        self.children = [Option(str(child_id), name) for child_id, name in found.children]
        # the one that is chosen stays, when none is in it any more
        self.states = [
            Option(state.value, STATE_LABELS[state])
            for state in ProcedureState
            if state in found.states or state.value == self.state
        ]

    @allow(FAMILY)
    async def turn(self, page: int) -> None:
        """Go to a page."""
        await self._show(identity.actor(), min(max(page, 1), MAX_PAGE))

    @allow(FAMILY)
    async def choose_child(self, child: str) -> None:
        """Only this child's procedures; empty: everybody's."""
        self.child = child if child in {one.value for one in self.children} else ""
        await self._show(identity.actor(), 1)

    @allow(FAMILY)
    async def choose_state(self, state: str) -> None:
        """Only the procedures in this state; empty: all."""
        self.state = state if state in {one.value for one in self.states} else ""
        await self._show(identity.actor(), 1)


def _line(one: ProcedureLine) -> Line:
    title = f"{one.title} ({one.child})" if one.child else one.title
    return Line(
        one.id,
        numeric_day(paris(one.requested_at).date()),
        title,
        f"/dossier/demarche?n={one.id}",
        label(one.kind, one.state),
        TONES[one.state],
    )


def _invoice(one: DueLine) -> InvoiceLine:
    late = one.due_on < today()
    when = "À payer depuis le" if late else "À payer avant le"
    return InvoiceLine(
        one.id,
        f"{sentence(month(one.period_on))} · facture n°\u00a0{one.number}",
        f"{when} {numeric_day(one.due_on)}.",
        euros(one.due_cents),
        late,
        pay_address(one.id),
    )
