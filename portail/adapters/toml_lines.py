"""On which line of a TOML text each key and each item of a list is: `tomllib` does not say.

The text must be one that `tomllib` has read: nothing is checked here, and what is in doubt is
passed over.
"""

from __future__ import annotations

import re
from bisect import bisect_right

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACES = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}\n#]*")
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(["\\bfnrte]))')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "e": "\x1b"}


class Lines:
    """The lines of a text, from 1."""

    def __init__(self, text: str) -> None:
        self._text, self._place = text, 0
        self._starts = [0] + [m.end() for m in re.finditer("\n", text)]
        self._lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}  # how many tables each array of tables has so far
        self._read()

    def of(self, path: Path) -> int:
        """The line of this key or item; of what holds it when it is not there."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    @property
    def paths(self) -> dict[Path, int]:
        """Every key and item, and its line."""
        return dict(self._lines)

    def _read(self) -> None:
        table: Path = ()
        while True:
            self._skip(_BLANK)
            if self._place >= len(self._text):
                return
            if self._next("[["):
                table = self._header("]]", array=True)
            elif self._next("["):
                table = self._header("]", array=False)
            else:
                self._pair(table)

    def _header(self, end: str, *, array: bool) -> Path:
        line, keys = self._line(), self._keys()
        self._next(end)
        path: Path = ()
        for i, key in enumerate(keys):
            path = (*path, key)
            self._lines.setdefault(path, line)
            if array and i == len(keys) - 1:
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
                self._lines.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for key in self._keys():
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._next("=")
        self._skip(_SPACES)
        self._value(path)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACES)
            keys.append(self._key())
            self._skip(_SPACES)
            if not self._next("."):
                return keys

    def _key(self) -> str:
        if bare := self._skip(_BARE):
            return bare
        quoted = self._skip(_STRING)
        if not quoted:
            self._place += 1  # never stand still
        return quoted[1:-1] if quoted.startswith("'") else _ESCAPE.sub(_letter, quoted[1:-1])

    def _value(self, path: Path) -> None:
        if self._next("["):
            self._list(path)
        elif self._next("{"):
            while self._more("}"):
                self._pair(path)
        elif not self._skip(_STRING):
            self._skip(_SCALAR)

    def _list(self, path: Path) -> None:
        number = 0
        while self._more("]"):
            self._lines[*path, number] = self._line()
            self._value((*path, number))
            number += 1

    def _more(self, end: str) -> bool:
        self._skip(_BLANK)
        if self._next(","):
            self._skip(_BLANK)
        return not self._next(end) and self._place < len(self._text)

    def _skip(self, what: re.Pattern[str]) -> str:
        found = what.match(self._text, self._place)
        if found is None:
            return ""
        self._place = found.end()
        return found[0]

    def _next(self, word: str) -> bool:
        if not self._text.startswith(word, self._place):
            return False
        self._place += len(word)
        return True

    def _line(self) -> int:
        return bisect_right(self._starts, self._place)


def _letter(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(found[3], found[3])
