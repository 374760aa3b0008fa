"""A temporary PostgreSQL for the tests, from Debian's package; it refuses to run as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _binary(name: str) -> str | None:
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(versions[0]) if versions else shutil.which(name)


def available() -> bool:
    """Whether PostgreSQL's programs are installed."""
    return _binary("initdb") is not None and _binary("postgres") is not None


@contextmanager
def temporary_server() -> Iterator[str]:
    """Start a server on a Unix socket in a temporary folder; yields its address."""
    initdb, pg_ctl = _binary("initdb"), _binary("pg_ctl")
    if initdb is None or pg_ctl is None:
        msg = "PostgreSQL is not installed: apt-get install postgresql (make test does it)"
        raise RuntimeError(msg)
    folder = Path(tempfile.mkdtemp(prefix="portail-pg-"))
    as_postgres: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    try:
        _run(*as_postgres, initdb, "-D", data, "-U", "portail", "-A", "trust", "-E", "UTF8")
        _run(*as_postgres, pg_ctl, "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        yield f"postgresql://portail@/postgres?host={folder}"
    finally:
        subprocess.run(
            [*as_postgres, pg_ctl, "-D", str(data), "-m", "immediate", "stop"],
            capture_output=True,
            check=False,
        )
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path) -> None:
    # a folder that the server's user may read: it starts by changing to it
    subprocess.run([str(c) for c in command], check=True, capture_output=True, cwd="/")
