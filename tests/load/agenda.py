"""Time and queries of the followed calendar, 1 and 4 children: `python -m tests.load.agenda`.

On the database of the settings, which `tests/load/town.py` has filled. Prints in French, and never
fails on a time.
"""

from __future__ import annotations

from portail.demo.town import FIRST_BULK_NUMBER
from portail.domain.identity import Actor
from portail.services.planning.feed import Calendar, follow
from portail.services.planning.feed_addresses import my_calendars, open_calendar
from tests.load.measures import at, busy
from tests.load.services import parents, timed

ROUNDS = 60
WHERE = "192.0.2.1"


def secret_of(actor: Actor) -> str:
    """That of the parent's first family."""
    family = my_calendars(actor)[0].family_id
    open_calendar(actor, family)
    return my_calendars(actor)[0].secret


def served(secret: str, tag: str = "") -> Calendar:
    """The calendar, asked with the tag that one has."""
    found = follow(secret, address=WHERE, has=lambda version: version.tag == tag)
    assert isinstance(found, Calendar)
    return found


def main() -> None:
    """Whole, and not changed."""
    for children, since in ((1, FIRST_BULK_NUMBER), (4, 0)):
        for actor in parents(children, since=since):
            secret = secret_of(actor)
            first = served(secret)
            content = first.content or b""
            print(
                f"  agenda suivi, {children} enfant(s), {content.count(b'BEGIN:VEVENT')} "
                f"réservations, {len(content) / 1024:.0f} Ko :"
            )
            for what, tag in (("entier", ""), ("inchangé (304)", first.version.tag)):
                runs = [timed(lambda s=secret, t=tag: served(s, t)) for _ in range(ROUNDS)]  # type: ignore[misc]
                walls = [wall for _, wall, _, _ in runs]
                print(
                    f"    {what} : p50 {at(walls, 0.5):.1f} ms, p95 {at(walls, 0.95):.1f} ms, "
                    f"{runs[-1][3]} requêtes"
                )
    print(f"  {busy()}")


if __name__ == "__main__":
    main()
