"""Articles as agents write them, with only what matters said."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count

from portail import clock
from portail.domain.identity import Actor, Role
from portail.domain.news import Draft, Targets
from portail.services.documents.local import local_file
from portail.services.news.publishing import Published, Refused, publish, publish_sound
from tests import factories

_ranks = count(1)
File = tuple[str, bytes]


def agent(*roles: Role) -> Actor:
    """An agent who writes the news, unless other roles are given."""
    wanted = roles or (Role.ENFANCE,)
    return Actor(session_id=1, agent_id=factories.agent(roles=wanted), roles=frozenset(wanted))


def draft(
    title: str = "",
    *,
    slug: str = "",
    body: str = "Le texte.",
    summary: str = "Le résumé.",
    from_: datetime | None = None,
    days: int = -1,
    lasts: int | None = None,
    targets: Targets | None = None,
    important: bool = False,
    public: bool = False,
    alt: str = "",
) -> Draft:
    """An article from `days` after now (before: negative), for `lasts` days."""
    begins = from_ or clock.now() + timedelta(days=days)
    rank = next(_ranks)
    return Draft(
        slug=slug or f"article-{rank}",
        title=title or f"Article {rank}",
        summary=summary,
        body=body,
        from_=begins,
        until=None if lasts is None else begins + timedelta(days=lasts),
        targets=targets or Targets(),
        important=important,
        public=public,
        picture_alt=alt,
    )


def made(one: Draft, by: Actor | None = None) -> int:
    """Publish it; returns its number."""
    outcome = publish_sound(by or agent(), one)
    assert isinstance(outcome, Published), outcome
    return outcome.number


def with_files(
    one: Draft, picture: File | None = None, files: Sequence[File] = (), by: Actor | None = None
) -> Published | Refused:
    """Publish it with files, checked as any other."""
    with ExitStack() as stack:

        def received(file: File) -> object:
            return stack.enter_context(local_file(file[1], file[0]))

        shown = received(picture) if picture else None
        attached = [received(file) for file in files]
        actor = by or agent()
        # in a thread: a test may have a loop of its own
        with ThreadPoolExecutor(1) as threads:
            doing = publish(actor, one, shown, attached)  # type: ignore[arg-type]
            return threads.submit(asyncio.run, doing).result()
