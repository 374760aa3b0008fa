"""/inscriptions: the enrolments of the family, in words; and the dialog to withdraw one."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.enrolment_states import FINAL, EnrolmentState
from portail.domain.identity import Actor
from portail.services.enrolments import (
    MyActivity,
    MyEnrolment,
    MyType,
    StillBooked,
    Withdrawn,
    choices,
    my_enrolments,
    withdraw,
)
from portail.services.reach import NotFound
from portail.state.enrolments.words import (
    days_words,
    period,
    short_day,
    state_label,
    state_tone,
)
from portail.state.forms import typed
from portail.texts.french import counted, numeric_day


@dataclass(frozen=True)
class Line:
    """An enrolment; `planning` is an address, empty before it is validated."""

    id: int
    child_id: int
    child: str
    initial: str
    since: str
    state: str
    tone: str
    note: str
    days: str
    procedure: str
    planning: str
    asked: bool  # a document is asked
    withdrawable: bool
    validated: bool


@dataclass(frozen=True)
class ActivityCard:
    """An activity with its enrolments."""

    code: str
    label: str
    period: str
    lines: list[Line]


@dataclass(frozen=True)
class TypeCard:
    """A type, its count, its activities."""

    code: str
    label: str
    count: str
    activities: list[ActivityCard]


@dataclass(frozen=True)
class ChildDoor:
    """A child: the way to a new request."""

    id: int
    name: str
    initial: str
    address: str


class MyEnrolmentsState(PortalState, rx.State):
    """What /inscriptions shows."""

    loaded: bool = False
    children: list[ChildDoor] = []  # noqa: RUF012  (a Reflex variable)
    types: list[TypeCard] = []  # noqa: RUF012
    past: list[ActivityCard] = []  # noqa: RUF012
    past_count: str = ""
    asking: int = 0  # the enrolment that the dialog asks about
    asking_title: str = ""
    asking_validated: bool = False
    done: str = ""
    refusal: str = ""

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the enrolments of the actor's families."""
        self.done = self.refusal = ""
        self._close()
        await self._show(identity.actor())
        self.loaded = True

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: my_enrolments(actor))
        there = await run_in_thread(lambda: choices(actor))
        self.children = [
            ChildDoor(key, name, name[:1], f"/inscriptions/nouvelle?enfant={key}")
            for key, name in there.children
        ]
        self.types = [card for one in found if (card := _type(one)) is not None]
        self.past = [
            old
            for one in found
            for activity in one.activities
            if (old := _activity(activity, past=True)) is not None
        ]
        self.past_count = counted(sum(len(one.lines) for one in self.past), "inscription")

    def _close(self) -> None:
        self.asking, self.asking_title, self.asking_validated = 0, "", False

    @allow(FAMILY)
    def ask_withdrawal(self, enrolment_id: int) -> None:
        """Open the dialog about one of the lines shown."""
        for one in self.types:
            for activity in one.activities:
                for line in activity.lines:
                    if line.id == enrolment_id and line.withdrawable:
                        self.asking, self.asking_validated = line.id, line.validated
                        self.asking_title = f"{line.child}, {activity.label}"

    @allow(FAMILY)
    def keep(self) -> None:
        """Close the dialog; nothing changes."""
        self._close()

    @allow(FAMILY)
    async def withdraw(self, form: dict[str, str]) -> None:
        """«Retirer ma demande», as the dialog names it."""
        actor, wanted, title = identity.actor(), self.asking, self.asking_title
        self._close()
        self.done = self.refusal = ""
        if wanted and typed(form, "inscription") == str(wanted):
            try:
                outcome = await run_in_thread(lambda: withdraw(actor, wanted))
            except NotFound:
                return
            match outcome:
                case Withdrawn():
                    self.done = f"C’est fait : la demande est retirée ({title})."
                case StillBooked(count, first):
                    self.refusal = (
                        f"Il reste {counted(count, 'réservation')} à partir du "
                        f"{short_day(first)} : annulez-les d’abord, ou écrivez au service "
                        "enfance."
                    )
                case _:
                    self.refusal = "Cette demande a déjà reçu une réponse, ou est déjà retirée."
        await self._show(actor)


def _type(one: MyType) -> TypeCard | None:
    activities = [
        card for activity in one.activities if (card := _activity(activity, past=False)) is not None
    ]
    if not activities:
        return None
    count = sum(len(card.lines) for card in activities)
    return TypeCard(
        one.code,
        one.label,
        counted(count, "inscription ou demande", "inscriptions ou demandes"),
        activities,
    )


def _activity(one: MyActivity, *, past: bool) -> ActivityCard | None:
    lines = [_line(line) for line in one.enrolments if (one.over or line.state in FINAL) is past]
    if not lines:
        return None
    return ActivityCard(one.code, one.label, period(one.first_day, one.last_day), lines)


def _line(one: MyEnrolment) -> Line:
    note = ""
    if one.note:
        refused = one.state is EnrolmentState.REFUSED
        note = f"{'Motif' if refused else 'La mairie demande'}\u00a0: {one.note}"
    days = f"Jours habituels\u00a0: {days_words(one.usual_days)}." if one.usual_days else ""
    validated = one.state is EnrolmentState.VALIDATED
    return Line(
        one.id,
        one.child_id,
        one.child,
        one.child[:1],
        f"Inscription à partir du {numeric_day(one.entry_on)}",
        state_label(one.state, one.rank),
        state_tone(one.state),
        note,
        days,
        f"/dossier/demarche?n={one.procedure_id}" if one.procedure_id else "",
        f"/planning?enfant={one.child_id}" if validated else "",
        one.state is EnrolmentState.DOCUMENT_ASKED,
        one.may_withdraw,
        validated,
    )
