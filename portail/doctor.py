"""What `portail doctor` looks at."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import sys
import sysconfig
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from portail import clock, frontend, server
from portail.services import health
from portail.services.catalogue import current
from portail.settings import settings
from portail.texts.french import day

# families enrol for the next school year from the spring on
CALENDAR_AHEAD = timedelta(days=240)


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


def diagnose() -> list[Finding]:
    """Look at everything the portal needs to run."""
    found = [_python(), _node(), _pages(), _data_dir(), _database()]
    if found[-1].ok:
        found.append(_calendar())
    return [*found, _mail(), _port()]


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Python", sys.version_info >= (3, 11), version)


def _node() -> Finding:
    node = Path(sysconfig.get_path("scripts")) / "node"
    found = node.is_file()
    return Finding("Node (construction)", found, str(node) if found else "absent : make install")


def _pages() -> Finding:
    current = frontend.is_current()
    return Finding("Pages", current, "à jour" if current else "à construire : portail build")


def _data_dir() -> Finding:
    folder = settings().data_dir.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    writable = os.access(folder, os.W_OK)
    free = shutil.disk_usage(folder).free // 2**20
    return Finding("Dossier de données", writable, f"{folder} ({free} Mio libres)")


def _database() -> Finding:
    problems = health.problems()
    kind = urlsplit(settings().sqlalchemy_url).scheme.split("+")[0]
    return Finding("Base de données", not problems, " ; ".join(problems) or f"{kind}, à jour")


def _calendar() -> Finding:
    loaded = current()
    if not loaded.version:
        return Finding("Calendrier scolaire", ok=True, detail="aucun catalogue en service")
    until = loaded.rulebook.calendar.known_until
    detail = f"connu jusqu’au {day(until)}"
    known = until - clock.today() >= CALENDAR_AHEAD
    return Finding(
        "Calendrier scolaire", known, detail if known else f"{detail} : docs/catalogue.md"
    )


def _mail() -> Finding:
    if not settings().smtp_url:
        return Finding("Courriel", settings().demo, f"fichiers dans {settings().mail_dir}")
    parts = urlsplit(settings().smtp_url)
    host, port = parts.hostname or "", parts.port or 25
    try:
        with socket.create_connection((host, port), timeout=5):
            return Finding("Courriel", ok=True, detail=f"{host}:{port} répond")
    except (OSError, smtplib.SMTPException) as error:
        return Finding("Courriel", ok=False, detail=f"{host}:{port} : {type(error).__name__}")


def _port() -> Finding:
    free = server.port_is_free()
    return Finding("Port", free, f"{settings().port} est {'libre' if free else 'déjà pris'}")
