"""What a password must be, as conditions that Python and the browser evaluate alike.

The town's present rule asks for 6 characters with 1 upper-case letter and 1 special character;
the CNIL asks for about 50 bits with throttling: 12 characters here, kinds not imposed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# bcrypt work is bounded whatever is typed; NIST SP 800-63B asks to accept at least 64.
MAX_LENGTH = 256


class PasswordRule(StrEnum):
    """`ville`: the rule of the reference screens. `cnil`: long, without imposed kinds."""

    VILLE = "ville"
    CNIL = "cnil"


@dataclass(frozen=True)
class Condition:
    """One condition: the words shown, and a pattern that both `re` and JavaScript read alike."""

    label: str
    pattern: str

    def met(self, password: str) -> bool:
        """Whether the password meets this condition."""
        return re.search(self.pattern, password) is not None


UPPER = Condition("1 majuscule", "[A-ZÀ-ÖØ-Þ]")
# `\s` is not quite the same in Python and in JavaScript: what differs is added
_BLANK = "\\s\\ufeff\\x1c-\\x1f\\x85"
SPECIAL = Condition("1 caractère spécial (par exemple @, ? ou !)", f"[^A-Za-z0-9À-ÖØ-öø-ÿ{_BLANK}]")


def conditions(rule: PasswordRule) -> tuple[Condition, ...]:
    """The conditions of a rule, in the order they are shown."""
    if rule is PasswordRule.CNIL:
        return (at_least(12),)
    return (at_least(6), UPPER, SPECIAL)


def at_least(length: int) -> Condition:
    """A minimum length, in characters."""
    return Condition(f"{length} caractères au moins", f"^[\\s\\S]{{{length},}}$")


def unmet(rule: PasswordRule, password: str) -> tuple[Condition, ...]:
    """The conditions that this password does not meet; empty when it is acceptable."""
    if len(password) > MAX_LENGTH:
        return (Condition(f"{MAX_LENGTH} caractères au plus", ""),)
    return tuple(condition for condition in conditions(rule) if not condition.met(password))
