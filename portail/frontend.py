"""The front end, built once and rebuilt only when what it is made of has changed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from portail.settings import Settings, settings

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / ".web" / "build" / "client"
STAMP = ROOT / ".web" / "build" / "portail.stamp"
DRAWINGS = ROOT / ".web" / "build" / "icons.json"
ICONS = ROOT / ".web" / "node_modules" / "lucide-react" / "dist" / "esm" / "icons"
# those that a page shows before its own code, which has them, is there (`pages/planning/first.py`)
FIRST_ICONS = ("calendar-plus", "chevron-left", "chevron-right", "hourglass", "pencil")
SOURCES = (
    "assets",
    "reflex.lock",
    "rxconfig.py",
    "requirements.lock",
    "portail/access",
    "portail/components",
    "portail/domain",
    "portail/pages",
    "portail/portail.py",
    "portail/settings.py",
    "portail/state",
    "portail/texts",
)
# settings written into the pages: the names and addresses of the town, the password rule, demo
BAKED = (
    "mode",
    "town_name",
    "portal_name",
    "town_logo",
    "town_brand",
    "town_accent",
    "town_email",
    "town_phone",
    "town_address",
    "town_hours",
    "site_publisher",
    "host_name",
    "dpo_email",
    "password_rule",
    "public_url",
    "upload_megabytes",
    "digest_hour",
)


def fingerprint(chosen: Settings | None = None) -> str:
    """What the front end is made of, as one digest."""
    chosen = chosen or settings()
    digest = hashlib.sha256()
    for path in _source_files():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    for name in BAKED:
        digest.update(f"{name}={getattr(chosen, name)}".encode() + b"\0")
    return digest.hexdigest()


def _source_files() -> Iterator[Path]:
    for name in SOURCES:
        path = ROOT / name
        if path.is_file():
            yield path
        else:
            found = sorted(p for p in path.rglob("*") if p.is_file())
            yield from (p for p in found if "__pycache__" not in p.parts)


def is_current() -> bool:
    """Whether the built front end matches the sources and settings."""
    return STAMP.is_file() and STAMP.read_text() == fingerprint()


def build() -> None:
    """Build the front end (10 to 20 seconds), unless another process just did.

    Raises:
        RuntimeError: the build failed; its output is in the message.
    """
    lock_path = ROOT / ".web.lock"
    with lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_current():
            return
        STAMP.unlink(missing_ok=True)
        wanted = fingerprint()
        packages = ROOT / "reflex.lock" / "package.json"
        before = packages.read_text()
        command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
        environment = {**os.environ, "NO_COLOR": "1"}
        done = subprocess.run(  # noqa: S603  (a fixed command)
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if json.loads(packages.read_text()) == json.loads(before):
            packages.write_text(before)  # Reflex writes the same in another order: no change
        if done.returncode != 0 or not (STATIC / "index.html").is_file():
            msg = (
                f"La construction des pages a échoué :\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
            )
            raise RuntimeError(msg)
        drawings = {name: paths((ICONS / f"{name}.mjs").read_text()) for name in FIRST_ICONS}
        DRAWINGS.write_text(json.dumps(drawings))
        STAMP.write_text(wanted)


def paths(icon: str) -> list[str]:
    """The paths that draw an icon, from its module in the library of icons.

    Raises:
        RuntimeError: it is drawn by something else, or its module is not written as we know.
    """
    drawn = icon.partition("__iconNode = [")[2].partition("];")[0]
    found = re.findall(r'"path",\s*\{\s*d:\s*"([^"]+)"', drawn)
    if not found or len(found) != drawn.count("key:"):
        msg = "An icon of a first view is not made of paths"
        raise RuntimeError(msg)
    return found


def drawings() -> dict[str, list[str]]:
    """The paths of each of these icons; none where no page is built."""
    return json.loads(DRAWINGS.read_text()) if DRAWINGS.is_file() else {}
