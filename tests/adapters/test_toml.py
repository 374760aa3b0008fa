"""TOML written, read again, and located line by line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portail.adapters.toml_lines import Lines, Path
from portail.adapters.toml_text import dumps

TEXT = """\
# a comment = 1
name = "Ville [[x]] # no comment"
calendar.zone = "C"
"a key.with a dot" = 1
long = \"\"\"
not = "a key"
\\"\"\" still ""\"\"\"
literal = '''
[not.a.table]
'''
days = [
    2026-11-24,  # one
    # nothing here
    2026-11-25 08:00:00, [1,
    2],
]
inline = { a = 1, b.c = { "d" = [ { e = 1 }, { e = 2 } ] } }
empty = []

[[activities]]
code = "1"

  [activities.season]
  name = 'x'
  [[activities.slots]]
  code = "a"
  book.kind = "never"
  [[ activities . "slots" ]]
  code = "b"
  [[activities.slots.windows]]
  opens = 1

[[activities]]
code = "2"
  [[activities.slots]]
  code = "c"
[residents]
cities = ["a", "b"]
"""
WHERE: dict[Path, int] = {
    ("name",): 2,
    ("calendar", "zone"): 3,
    ("a key.with a dot",): 4,
    ("long",): 5,
    ("literal",): 8,
    ("days", 0): 12,
    ("days", 1): 14,
    ("days", 2, 0): 14,
    ("days", 2, 1): 15,
    ("inline", "b", "c", "d", 1, "e"): 17,
    ("empty",): 18,
    ("activities", 0): 20,
    ("activities", 0, "season", "name"): 24,
    ("activities", 0, "slots", 0): 25,
    ("activities", 0, "slots", 0, "book", "kind"): 27,
    ("activities", 0, "slots", 1, "code"): 29,
    ("activities", 0, "slots", 1, "windows", 0, "opens"): 31,
    ("activities", 1, "code"): 34,
    ("activities", 1, "slots", 0, "code"): 36,
    ("residents", "cities", 1): 38,
    # what is not there is where it should be
    ("activities", 1, "slots", 0, "label"): 35,
    ("residents", "postcodes", 3): 37,
    ("nothing",): 1,
}


def paths(plain: Any, at: Path = ()) -> Iterator[Path]:
    if at:
        yield at
    items: Any = plain.items() if isinstance(plain, dict) else ()
    if isinstance(plain, list):
        items = enumerate(plain)
    for key, value in items:
        yield from paths(value, (*at, key))


@pytest.mark.parametrize(("path", "line"), WHERE.items(), ids=str)
def test_each_key_has_its_line(path: Path, line: int) -> None:
    assert Lines(TEXT).of(path) == line


def test_every_key_is_found() -> None:
    assert set(paths(tomllib.loads(TEXT))) == set(Lines(TEXT).paths)


SCALARS = (
    st.booleans()
    | st.integers()
    | st.text(max_size=120)
    | st.dates(min_value=date(1000, 1, 1))
    | st.datetimes(min_value=datetime(1000, 1, 1))  # noqa: DTZ001
)
KEYS = st.sampled_from(["code", "slots", "activities", "season"]) | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(SCALARS, max_size=4)
        | st.lists(st.dictionaries(KEYS, inner, max_size=3), max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_whatever_is_written_is_read_again_and_located(plain: dict[str, Any]) -> None:
    text = dumps(plain)
    assert tomllib.loads(text) == plain
    assert set(paths(plain)) == set(Lines(text).paths)


def test_short_tables_stay_on_a_line() -> None:
    plain = {
        "name": "Éragny",
        "calendar": {"zone": "C", "closing": [{"name": "Pont", "first_day": date(2027, 5, 7)}]},
        "activities": [{"code": "a", "slots": [{"code": "b"}]}],
    }
    assert dumps(plain) == (
        'name = "Éragny"\n'
        'calendar = { zone = "C", closing = [{ name = "Pont", first_day = 2027-05-07 }] }\n'
        "\n[[activities]]\n"
        'code = "a"\n'
        "\n[[activities.slots]]\n"
        'code = "b"\n'
    )
