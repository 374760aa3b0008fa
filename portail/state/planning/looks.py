"""How a cell looks: two characters that a browser paints, and the words that go with them.

The first says what is really there; the second what its box shows: 1 ticked, 0 not, - no box.
A box that shows otherwise than what is there is a change «en attente».
"""

from __future__ import annotations

from portail.domain.bookings import CellState, Decision
from portail.domain.reasons import Code

FREE, BOOKED, FULL, WAITING, OFFERED = "f", "b", "q", "w", "o"
LOST_BOOKING, LOST_CANCELLATION = "r", "s"  # pending, and no longer possible
CLOSED, LATE, KEPT, SHUT, ELSEWHERE, CAME, AWAY = "x", "l", "k", "c", "e", "p", "n"
ON, OFF, FIXED = "1", "0", "-"

# what a box says ticked, and not; the rest of the sentence follows. The others say it all there
TICKED = {
    FREE: "réservation en attente, ",
    BOOKED: "réservé, ",
    FULL: "demande de liste d’attente en attente, ",
    WAITING: "sur liste d’attente, ",
    OFFERED: "une place vous est proposée, ",
    LOST_BOOKING: "réservation en attente, devenue impossible, ",
    LOST_CANCELLATION: "réservé, ",
}
UNTICKED = {
    FREE: "libre, ",
    BOOKED: "annulation en attente, ",
    FULL: "complet, ",
    WAITING: "sortie de la liste d’attente en attente, ",
    OFFERED: "place refusée, en attente, ",
    LOST_BOOKING: "libre, ",
    LOST_CANCELLATION: "annulation en attente, devenue impossible, ",
}
_SIMPLE = {
    CellState.FREE: FREE + OFF,
    CellState.WAITING: WAITING + ON,
    CellState.OFFERED: OFFERED + ON,
    CellState.CLOSED: CLOSED + FIXED,
    CellState.TOO_LATE: LATE + FIXED,
    CellState.ATTENDED: CAME + FIXED,
    CellState.ABSENT: AWAY + FIXED,
}
_QUEUED = {Code.WAITING: WAITING, Code.OFFERED: OFFERED}
# the legend, in the order of the days of a booking
LEGEND = (
    (FREE + OFF, "Libre"),
    (BOOKED + ON, "Réservé"),
    (FREE + ON, "Réservation en attente"),
    (BOOKED + OFF, "Annulation en attente"),
    (LATE + FIXED, "Trop tard"),
    (KEPT + FIXED, "Réservé, non modifiable"),
    (FULL + OFF, "Complet\u00a0: liste d’attente"),
    (WAITING + ON, "Sur liste d’attente"),
    (CAME + FIXED, "Présent"),
    (AWAY + FIXED, "Absent"),
    (ELSEWHERE + FIXED, "Autre foyer"),
    (CLOSED + FIXED, "Fermé"),
)


def look(decision: Decision) -> str:
    """The two characters of a cell."""
    state, allowed = decision.state, decision.allowed
    if decision.reason.code is Code.OTHER_HOUSEHOLD:
        return ELSEWHERE + FIXED
    match state:
        case CellState.BOOKED:
            return BOOKED + ON if allowed else KEPT + FIXED
        case CellState.FULL:
            return FULL + OFF if decision.waiting_list else SHUT + FIXED
        case CellState.PENDING_BOOKING:
            base = FREE if allowed else FULL if decision.waiting_list else LOST_BOOKING
            return base + ON
        case CellState.PENDING_CANCELLATION:
            base = BOOKED if allowed else LOST_CANCELLATION
            return _QUEUED.get(decision.reason.code, base) + OFF
    return _SIMPLE[state]


def has_box(cell_look: str) -> bool:
    """Whether a click on the cell asks something."""
    return cell_look[1] != FIXED
