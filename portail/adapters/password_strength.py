"""How easily a password is guessed: zxcvbn's estimate, said in French.

zxcvbn (MIT) carries the 30,000 most common passwords and knows dates, sequences, keyboards and
substitutions. French words that its lists lack are added here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zxcvbn import zxcvbn

LONGEST = 72  # characters looked at: its work grows with the length
FRENCH = (
    *("motdepasse", "azertyuiop", "bonjour", "bienvenue", "chouchou", "doudou", "loulou"),
    *("marseille", "portail", "famille", "familles", "cantine", "mairie", "ecole", "enfants"),
)
DECORATION = 3  # «Password!1»: a common password, and up to this many characters around it
SHORTEST_COMMON = 6
LABELS = ("Très facile à deviner", "Facile à deviner", "Moyen", "Bon", "Très bon")
GOOD = 3


@dataclass(frozen=True)
class Strength:
    """zxcvbn's level, 0 (guessed at once) to 4, and words for it."""

    level: int
    label: str
    advice: str


def assess(password: str, own_words: Sequence[str] = ()) -> Strength:
    """How strong a password is; `own_words` are names that its owner would think of."""
    if not password:
        return Strength(0, "", "")
    found = zxcvbn(password[:LONGEST], user_inputs=[*FRENCH, *_parts(own_words)])
    level = int(found["score"])
    advice = (
        "" if level >= GOOD else "Plus long, il résiste mieux : trois mots sans lien suffisent."
    )
    return Strength(level, LABELS[level], advice)


def is_common(password: str, own_words: Sequence[str] = ()) -> bool:
    """Whether it is a well-known password or one's own name, bare or barely decorated."""
    own = _parts(own_words)
    found = zxcvbn(password[:LONGEST], user_inputs=[*FRENCH, *own])
    for match in found["sequence"]:
        token = match["token"]
        listed = match.get("dictionary_name") in ("passwords", "user_inputs")
        known = listed or token.casefold() in own  # a name may also be in another of its lists
        bare = len(password) - len(token) <= DECORATION
        if known and bare and len(token) >= SHORTEST_COMMON:
            return True
    return False


def _parts(words: Sequence[str]) -> list[str]:
    """The words, and their pieces: «claire.martin@example.org» gives «martin» too."""
    pieces = [piece for word in words for piece in word.replace("@", ".").split(".")]
    return [piece.casefold() for piece in (*words, *pieces) if len(piece) > 2]  # noqa: PLR2004
