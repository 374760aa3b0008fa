"""What a password must be: the same verdict here and in the browser."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portail.domain.passwords import MAX_LENGTH, PasswordRule, conditions, unmet

NODE = Path(sysconfig.get_path("scripts")) / "node"
PASSWORDS = [
    "",
    "court",
    "Court!",
    "Bienvenue!1",
    "bienvenue!1",
    "Bienvenue11",
    "BIENVENUE@",
    "É!aaaa",
    "É!aaa",
    "×aaaaaA",  # the signs between the accented letters are not letters
    "÷aaaaaa",
    "Þðÿ!aa",
    "aaaaaA ",  # a space is not a special character
    "aaaaaA\t",
    "aaaaaA\u00a0",
    "aaaaaA\u2028",
    "aaaaaA\ufeff",
    "aaaaaA\x1c",
    "aaaaaA\x85",
    "aaaaaA\x01",
    "Œuvre",
    "œuvreA",
    "Ωmegaa",
    "a" * 11,
    "a" * 12,
    "😀" * 3,
    "😀" * 6,
    "😀" * 11,
    "A😀bcd",
    "A😀bcde",
    "e\u0301aaaaA",
    "\n\n\n\n\nA!",
    "A!\r\naa",
]


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("Bienvenue!1", 0),
        ("A!aaaa", 0),
        ("É?aaaa", 0),
        ("A!aaa", 1),
        ("a!aaaa", 1),
        ("Aaaaaa", 1),
        ("aaaaaa", 2),
        ("", 3),
        ("A!" + "x" * (MAX_LENGTH - 2), 0),
        ("A!" + "x" * (MAX_LENGTH - 1), 1),
    ],
)
def test_the_rule_of_the_town(password: str, missing: int) -> None:
    assert len(unmet(PasswordRule.VILLE, password)) == missing


@pytest.mark.parametrize(
    ("password", "missing"), [("a" * 11, 1), ("a" * 12, 0), ("un long mot de passe", 0), ("", 1)]
)
def test_the_rule_of_the_cnil(password: str, missing: int) -> None:
    assert len(unmet(PasswordRule.CNIL, password)) == missing


@given(st.sampled_from(PasswordRule), st.text(max_size=MAX_LENGTH - 10), st.text(max_size=10))
def test_typing_on_never_unmeets_a_condition(rule: PasswordRule, start: str, end: str) -> None:
    assert set(unmet(rule, start + end)) <= set(unmet(rule, start))


def test_python_and_the_browser_give_the_same_verdict() -> None:
    """The page tests the patterns with JavaScript's flag «u»."""
    patterns = sorted({c.pattern for rule in PasswordRule for c in conditions(rule)})
    script = (
        "const {patterns, passwords} = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "process.stdout.write(JSON.stringify("
        "patterns.map(p => passwords.map(w => new RegExp(p, 'u').test(w)))))"
    )
    given_to_node = json.dumps({"patterns": patterns, "passwords": PASSWORDS})
    done = subprocess.run(
        [NODE, "-e", script], input=given_to_node, capture_output=True, text=True, check=True
    )
    by_pattern = {c.pattern: c for rule in PasswordRule for c in conditions(rule)}
    for pattern, verdicts in zip(patterns, json.loads(done.stdout), strict=True):
        ours = {password: by_pattern[pattern].met(password) for password in PASSWORDS}
        theirs = dict(zip(PASSWORDS, verdicts, strict=True))
        assert ours == theirs, pattern
        assert set(verdicts) == {True, False}  # these passwords do try the pattern
