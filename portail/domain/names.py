"""Names as people type them: case, accents, hyphens and double spaces do not matter."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"})


def fold(text: str) -> str:
    """A comparison key: «Dupre Leveque» and «DUPRÉ-LÉVÊQUE» give the same one."""
    text = unicodedata.normalize("NFKD", text.strip().casefold().translate(_LIGATURES))
    letters = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def sign_in_key(text: str) -> str:
    """The key under which a user name or an e-mail address is unique, whatever its case."""
    # twice: folding the case of some letters leaves them apart from their accents
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def masked_email(email: str) -> str:
    """«c•••@example.org»: enough for its owner to know it, not enough to write to it."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"
