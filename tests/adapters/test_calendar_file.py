"""Calendar files read back by a parser that is not the library that wrote them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from portail.adapters.calendar_file import Event, Followed, Status, write, write_followed
from portail.domain.moments import PARIS

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
START = datetime(2026, 11, 30, 7, 30, tzinfo=PARIS)
ABOUT = Followed("Portail Famille – L’Haÿ, Dupré; «1\\2»", "Réservations", timedelta(hours=1))
# what a name, an address or a label may hold; programs keep no control characters, and RFC 5545
# has one kind of line end
WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=120
)
AWKWARD = 'É, œ; \\ «à» : "b" – 👧🏽' * 9


def event(summary: str, description: str = "", place: str = "") -> Event:
    return Event(
        uid="reservation-1-2-2026-11-30@example.org",
        changed_at=AT,
        summary=summary,
        description=description,
        starts_at=START,
        ends_at=START + timedelta(hours=1),
        status=Status.CONFIRMED,
        place=place,
    )


def followed(*events: Event) -> bytes:
    return write_followed(ABOUT, events, "Ville d’É, x", "mairie@example.org")


@given(WORDS, WORDS, WORDS, WORDS)
def test_any_words_come_back_as_they_were(
    summary: str, first: str, second: str, place: str
) -> None:
    made = followed(event(summary, f"{first}\n{second}", place))
    # folded: no line is longer than 75 bytes, and none is cut within a character
    for line in made.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    (read,) = IcsCalendarStream.calendar_from_ics(made.decode()).events
    assert (read.summary or "") == summary
    assert (read.description or "") == f"{first}\n{second}"
    assert (read.location or "") == place


def test_awkward_words() -> None:
    made = followed(event(AWKWARD, f"{AWKWARD}\n\n{AWKWARD}"))
    (read,) = IcsCalendarStream.calendar_from_ics(made.decode()).events
    assert (read.summary, read.description) == (AWKWARD, f"{AWKWARD}\n\n{AWKWARD}")


def test_a_calendar_without_events_is_one() -> None:
    read = IcsCalendarStream.calendar_from_ics(followed().decode())
    assert read.events == []
    assert [zone.tz_id for zone in read.timezones] == ["Europe/Paris"]


def test_the_same_facts_give_the_same_bytes() -> None:
    assert followed(event("Nora")) == followed(event("Nora"))


def test_a_file_to_open_once_is_followed_by_nobody() -> None:
    made = write([event("Nora")], "Ville", "mairie@example.org")
    assert b"REFRESH-INTERVAL" not in made
    assert b"X-WR-CALNAME" not in made
    IcsCalendarStream.calendar_from_ics(made.decode())
