"""/dossier/coordonnees: the households and their adults, in words."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.utils.misc import run_in_thread

from portail import clock
from portail.access import identity
from portail.access.labels import FAMILY, PortalState, allow
from portail.domain.identity import Actor
from portail.domain.schooling import school_year
from portail.services.family_file.care import certify
from portail.services.family_file.file import GuardianView, HouseholdView, households
from portail.services.reach import NotFound
from portail.state.dossier.edit import FileEditState
from portail.state.dossier.words import Row, row
from portail.texts.french import euros, moment, numeric_day


@dataclass(frozen=True)
class Adult:
    """A guardian."""

    id: int
    title: str
    detail: str
    locked: bool
    rows: list[Row]


@dataclass(frozen=True)
class Household:
    """A family file."""

    id: int
    title: str
    rows: list[Row]
    quotient: str
    quotient_until: str
    adults: list[Adult]
    certified: str
    year: str


class HouseholdState(PortalState, rx.State):
    """What /dossier/coordonnees shows."""

    loaded: bool = False
    households: list[Household] = []  # noqa: RUF012  (a Reflex variable)

    @allow(FAMILY)
    async def load(self) -> None:
        """Read the actor's households."""
        (await self.get_state(FileEditState))._close()  # noqa: SLF001
        await self._show(identity.actor())
        self.loaded = True

    async def _show(self, actor: Actor) -> None:
        found = await run_in_thread(lambda: households(actor))
        self.households = [_household(one) for one in found]

    @allow(FAMILY)
    async def refresh(self) -> None:
        """Something of a household has changed."""
        await self._show(identity.actor())

    @allow(FAMILY)
    async def certify(self, family_id: int) -> None:
        """«Je certifie l'exactitude de ces informations», for the household."""
        actor = identity.actor()
        edit = await self.get_state(FileEditState)
        try:
            await run_in_thread(lambda: certify(actor, family_id, None))
        except NotFound:
            return
        edit._close()  # noqa: SLF001
        edit.done, edit.done_at = "Merci : votre certification est enregistrée.", "household"
        edit.done_target = family_id
        await self._show(actor)


def school_year_words() -> str:
    """«2026-2027»."""
    year = school_year(clock.today())
    return f"{year}-{year + 1}"


def _household(one: HouseholdView) -> Household:
    quotient = one.quotient
    return Household(
        one.family_id,
        f"Dossier n°\u00a0{one.number} «\u00a0{one.name}\u00a0»",
        [row(field) for field in one.fields],
        euros(quotient.amount_cents) if quotient else "Non connu",
        f"Valable jusqu’au {numeric_day(quotient.valid_until)}."
        if quotient
        else "Déposez votre attestation de quotient familial dans «\u00a0Mes documents\u00a0».",
        [_adult(adult) for adult in one.guardians],
        f"Certifié le {moment(one.certified_at)}." if one.certified_at else "",
        school_year_words(),
    )


def _adult(one: GuardianView) -> Adult:
    detail = "C’est vous." if one.me else ""
    if one.locked:
        detail = "Cette personne a son propre compte : elle seule change ses coordonnées."
    return Adult(
        one.id,
        f"{one.first_name} {one.last_name}".strip(),
        detail,
        one.locked,
        [row(field) for field in one.fields],
    )
