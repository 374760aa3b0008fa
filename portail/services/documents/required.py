"""Documents that something else asks for: an enrolment, a procedure. Each feature adds its source.

A type with `always` is asked of everybody and does not pass here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlmodel import Session

# (family, child or nobody) → code of a type → why, in words, as in «pour l’accueil du matin»
Required = dict[tuple[int, int | None], dict[str, str]]
Source = Callable[[Session, Collection[int]], Required]

SOURCES: list[Source] = []


def required_codes(session: Session, family_ids: Collection[int]) -> Required:
    """What is required of these families, whoever asks; the first reason found is the one told."""
    found: Required = {}
    for source in SOURCES:
        for subject, codes in source(session, family_ids).items():
            found[subject] = {**codes, **found.get(subject, {})}
    return found
