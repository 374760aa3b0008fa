"""Conventions of the house that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portail.components.browser import _CLIENT, patched
from portail.frontend import BAKED, SOURCES, fingerprint
from portail.settings import Settings

ROOT = Path(__file__).parents[1]
CODE = ROOT / "portail"
LONGEST = 400  # lines one reads at a sitting


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(CODE.rglob("*.py")):
        if "versions" not in path.parts:
            yield path.relative_to(ROOT), path.read_text()


def test_no_room_is_too_long() -> None:
    assert [p for p, text in modules() if text.count("\n") > LONGEST] == []


def test_now_comes_from_the_clock_alone() -> None:
    def asks(tree: ast.AST) -> bool:
        return any(
            isinstance(node, ast.Attribute)
            and node.attr in ("now", "today", "utcnow")
            and isinstance(node.value, ast.Name)
            and node.value.id in ("datetime", "date", "dt")
            for node in ast.walk(tree)
        )

    asking = [str(path) for path, text in modules() if asks(ast.parse(text))]
    assert asking == ["portail/clock.py"]


def test_the_environment_is_read_by_the_settings_alone() -> None:
    # the server sets variables for Reflex and the build passes them on; nobody else looks
    looking = [str(path) for path, text in modules() if re.search(r"os\.(environ|getenv)", text)]
    assert set(looking) <= {"portail/frontend.py", "portail/server.py"}


def test_browser_script_is_in_one_file() -> None:
    arrow = re.compile(r"=>|rx\.call_script|rx\.script")
    # the domain, which knows of no browser, has documents and booking windows of its own
    names = re.compile(r"document\.\w|window\.\w")
    holding = [
        str(path)
        for path, text in modules()
        if arrow.search(text) or ("domain" not in path.parts and names.search(text))
    ]
    assert holding == ["portail/components/browser.py"]


def test_what_is_written_into_the_pages_makes_them_stale() -> None:
    plain, other = Settings(), Settings(town_name="Éragny")
    assert fingerprint(plain) == fingerprint(Settings())
    assert fingerprint(plain) != fingerprint(other)
    assert set(BAKED) <= set(Settings.model_fields)
    assert all((ROOT / name).exists() for name in SOURCES)


def test_a_reflex_that_has_changed_stops_the_build() -> None:
    with pytest.raises(RuntimeError, match="Reflex has changed"):
        patched("something else", _CLIENT)
    assert patched("a-b", (("a", "c"),)) == "c-b"


def test_no_registry_or_machine_is_named() -> None:
    locks = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]
    locks += [ROOT / "reflex.lock" / "package-lock.json"]
    locks += [ROOT / "tests" / "tools" / "package-lock.json"]
    for lock in locks:
        text = lock.read_text()
        assert "--" not in text.replace("--hash", ""), lock  # no option, no address
        assert not re.search(r'"resolved": *"http', text), lock
