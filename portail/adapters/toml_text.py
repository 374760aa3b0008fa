"""Plain values written as TOML that one likes to read: short tables in one line, long ones apart.

Knows what a catalogue holds: text, whole numbers, booleans, days, moments, lists and tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

_WIDTH = 96
_BARE = re.compile(r"[A-Za-z0-9_-]+")
# tables of these lists have a heading each, however short
_HEADED = frozenset({"activities", "slots", "tariffs", "versions"})


def dumps(plain: Mapping[str, Any]) -> str:
    """The TOML text of a table."""
    return "\n".join(_table((), plain)).strip("\n") + "\n"


def _table(path: tuple[str, ...], plain: Mapping[str, Any]) -> Iterator[str]:
    """Values first: after the heading of another table they would belong to that one."""
    apart = []
    for key, value in plain.items():
        text = _pair(key, value)
        if text is None:
            apart.append((key, value))
        else:
            yield text
    # single tables before the lists of them, after which one no longer sees whose they are
    for key, value in sorted(apart, key=lambda pair: not isinstance(pair[1], Mapping)):
        inner = (*path, _key(key))
        heading = ".".join(inner)
        if isinstance(value, Mapping):
            lines = list(_table(inner, value))
            # a table of tables only is said by their own headings
            yield from lines if lines and not lines[0] else ("", f"[{heading}]", *lines)
            continue
        for item in value:
            yield from ("", f"[[{heading}]]", *_table(inner, item))


def _pair(key: str, value: Any) -> str | None:
    """«key = value» if it reads well there."""
    tables = isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)
    if tables and key in _HEADED:
        return None
    text = f"{_key(key)} = {_value(value)}"
    if len(text) <= _WIDTH:
        return text
    if isinstance(value, Mapping):
        return None
    if isinstance(value, list):
        items = [f"    {_value(item)}," for item in value]
        if tables and max(map(len, items)) > _WIDTH:
            return None
        return "\n".join((f"{_key(key)} = [", *items, "]"))
    return text


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):  # a moment too
        return value.isoformat()
    return _text(value) if isinstance(value, str) else str(value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    # JSON escapes what TOML wants escaped, but for one letter
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
