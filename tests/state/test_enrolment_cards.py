"""What an activity says while it is folded, and of its places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from portail.domain.capacity import Capacity
from portail.domain.catalogue import SCHOOL_WEEK, Slot
from portail.domain.enrolment_states import EnrolmentState
from portail.domain.reasons import Code, Reason
from portail.services.enrolments import ActivityOffer, ChildOffer, Paper, SlotPrice
from portail.state.enrolments.cards import MissingPaper, card
from portail.texts.french import NBSP
from tests.catalogues import paris

MORNING = Slot("matin", "Matin", SCHOOL_WEEK, time(7, 30), time(8, 30), capacity=Capacity(40))
NORA = ChildOffer(
    child_id=2,
    family_id=1,
    first_name="Nora",
    allowed=True,
    reasons=(),
    state=EnrolmentState.REQUESTED,
    current=None,
    current_rank=0,
    places_left=None,
    waiting=0,
    prices=(SlotPrice(MORNING, None, None),),
    papers=(),
)
OPENS = Reason(Code.WINDOW_NOT_OPEN, paris("2027-01-17 00:00"))
LATER = Reason(Code.WINDOW_RESIDENTS_FIRST, paris("2027-01-24 09:00"))
MISSING = Reason(Code.MISSING_DOCUMENTS, words=("assurance",))
FULL = Reason(Code.FULL)


def offer(*children: ChildOffer) -> ActivityOffer:
    return ActivityOffer(
        "MATIN",
        "1_Accueil matin maternelle",
        "",
        date(2026, 9, 1),
        date(2027, 7, 2),
        "",
        "",
        (MORNING,),
        date(2026, 11, 23),
        entry_fixed=False,
        usual_days=(),
        children=children,
    )


def refused(*reasons: Reason) -> ChildOffer:
    return replace(NORA, allowed=False, reasons=reasons, state=None)


ASKED = replace(NORA, current=EnrolmentState.VALIDATED, reasons=(Reason(Code.ALREADY_ASKED),))


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ((NORA,), ""),
        ((refused(OPENS),), "Ouvre le 17 janvier 2027"),
        ((refused(MISSING, OPENS),), "Ouvre le 17 janvier 2027"),
        ((refused(OPENS), refused(LATER)), "Ouvre le 17 janvier 2027"),
        ((ASKED, refused(LATER)), "Ouvre le 24 janvier 2027"),
        ((refused(OPENS, FULL),), "Pas possible pour l’instant"),
        ((refused(OPENS), refused(FULL)), "Pas possible pour l’instant"),
        ((refused(OPENS), NORA), ""),  # somebody may ask now
        ((ASKED,), "Validée"),
        ((replace(NORA, places_left=0, waiting=2),), "Liste d’attente"),
    ],
)
def test_what_the_folded_line_says_first(children: tuple[ChildOffer, ...], expected: str) -> None:
    assert card(offer(*children), alone=False, chosen=1).tag == expected


@pytest.mark.parametrize(
    ("left", "waiting", "expected"),
    [
        (None, 0, "L’inscription n’est pas limitée"),
        (1, 0, f"1{NBSP}place libre"),
        (0, 3, f"Complet, 3{NBSP}enfants attendent"),
    ],
)
def test_places_of_the_enrolment_then_of_a_day(
    left: int | None, waiting: int, expected: str
) -> None:
    found = card(offer(replace(NORA, places_left=left, waiting=waiting)), alone=True, chosen=1)
    assert found.places == [expected, f"Matin{NBSP}: 40{NBSP}places par jour"]


def test_each_paper_that_is_missing_can_be_sent_but_the_health_form_which_is_filled_in() -> None:
    papers = (
        Paper("assurance", "Assurance scolaire", given=False),
        Paper("vaccins", "Vaccinations", given=True),
        Paper("fiche_sanitaire", "Fiche sanitaire de liaison", given=False),
    )
    (child,) = card(offer(replace(NORA, papers=papers)), alone=True, chosen=1).children
    assert child.missing == [MissingPaper("assurance", "Assurance scolaire")]
    assert (child.health, child.can, child.checked) == ("todo", True, True)
