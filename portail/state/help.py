"""The help's search: every word typed must be found in a question, its answer or its key words."""

from __future__ import annotations

from functools import lru_cache

import reflex as rx

from portail.access.labels import PUBLIC, PortalState, allow
from portail.access.routes import exists
from portail.domain.names import fold
from portail.texts.french import counted
from portail.texts.loader import load_questions

MAX_QUERY = 100
SMALL_WORDS = frozenset(
    fold(
        "a au aux ce ces comment d de des du en est et j je l la le les m ma mes mon n on ou par "
        "pas pour qu que qui s sa se ses son sur un une"
    ).split()
)


@lru_cache(maxsize=1)
def _index() -> dict[str, str]:
    return {
        item.id: fold(" ".join((item.question, item.answer, *item.keywords)))
        for item in load_questions()
        if not item.requires or exists(item.requires)  # as the page shows them
    }


def search(typed: str) -> list[str]:
    """Ids of the questions that hold every word typed; small words do not count."""
    words = [word for word in fold(typed[:MAX_QUERY]).split() if word not in SMALL_WORDS]
    # «réservations» finds «réservation»: a plural asks for no other answer
    stems = [word.rstrip("sx") or word for word in words]
    return [key for key, text in _index().items() if all(stem in text for stem in stems)]


class HelpState(PortalState, rx.State):
    """The questions left by the search."""

    searching: bool = False
    found: list[str] = []  # noqa: RUF012  (a Reflex variable)
    result: str = ""

    @allow(PUBLIC)
    def look_for(self, typed: str) -> None:
        """Search as one types."""
        self.searching = bool(typed.strip())
        self.found = search(typed) if self.searching else []
        self.result = _words(len(self.found)) if self.searching else ""


def _words(count: int) -> str:
    if not count:
        return "Aucune réponse ne contient tous ces mots."
    return f"{counted(count, 'réponse')} à votre recherche."
