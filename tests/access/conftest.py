"""The real portal, served by its own server over its own demo town."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select, update

from portail import frontend
from portail.database import make_engine
from portail.demo.town import PASSWORD
from portail.models import Invoice, WebSession
from portail.services.secrets import secret_hash

START = """
from portail import logs, migrations, server
from portail.demo import build
logs.configure()
migrations.upgrade()
build.build()
server.serve()
"""


@dataclass(frozen=True)
class RunningPortal:
    """A served portal, its database and its log."""

    port: int
    folder: Path
    engine: Engine

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Everything it has written."""
        return (self.folder / "log").read_text()

    def http(self, cookie: str = "") -> httpx.Client:
        """A client as a browser on one of its pages."""
        headers = {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        if cookie:
            headers["Cookie"] = cookie
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def sign_in(self, name: str, door: str = "/connexion") -> str:
        """Sign in; returns the Cookie header of the session."""
        with self.http() as http:
            answer = http.post(door, data={"identifiant": name, "mot_de_passe": PASSWORD})
            assert answer.status_code == 303, answer.text
            return f"portail_session={answer.cookies['portail_session']}"

    def web_session(self, cookie: str) -> WebSession:
        """The row of a session."""
        hashed = secret_hash(cookie.removeprefix("portail_session="))
        with Session(self.engine) as session:
            return session.exec(select(WebSession).where(WebSession.token_hash == hashed)).one()

    def change_session(self, cookie: str, **values: object) -> None:
        """Write in the row of a session: the server's clock stands still."""
        hashed = secret_hash(cookie.removeprefix("portail_session="))
        write = self.engine.execution_options(portail_write=True)
        with Session(write) as session, session.begin():
            session.execute(
                update(WebSession).where(col(WebSession.token_hash) == hashed).values(**values)
            )


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def asked(portal: RunningPortal, query: Any) -> list[Any]:
    """What its database answers."""
    with Session(portal.engine) as session:
        return list(session.exec(query))


def written(portal: RunningPortal, *statements: Any) -> None:
    """Change its database, from beside."""
    engine = portal.engine.execution_options(portail_write=True)
    with Session(engine) as session, session.begin():
        for statement in statements:
            session.execute(statement)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """Start the portal once for the whole run."""
    if not (frontend.STATIC / "index.html").is_file():
        frontend.build()
    folder, port = tmp_path_factory.mktemp("portal"), _free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PORTAIL_")}
    environment |= {
        "PORT": str(port),
        "PORTAIL_DATA_DIR": str(folder),
        "PORTAIL_NOW": "2026-11-23T09:00",
        "PORTAIL_BCRYPT_COST": "4",
        "PYTHONUNBUFFERED": "1",
    }
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", START],
            cwd=frontend.ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    running = RunningPortal(port, folder, make_engine(f"sqlite:///{folder / 'portail.sqlite3'}"))
    try:
        _wait(running, process)
        _wait_for_papers(running)
        yield running
    finally:
        running.engine.dispose()
        process.terminate()
        process.wait(30)


def _wait(portal: RunningPortal, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, portal.log
        try:
            if httpx.get(f"{portal.url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"the portal did not start:\n{portal.log}")


def _wait_for_papers(portal: RunningPortal) -> None:
    """Until the worker has made the PDFs: tests compare everything before and after."""
    missing = select(Invoice.id).where(col(Invoice.pdf_sha256).is_(None)).limit(1)
    for _ in range(600):
        with Session(portal.engine) as session:
            if session.exec(missing).first() is None:
                return
        time.sleep(0.1)
    pytest.fail(f"the PDFs were not made:\n{portal.log}")


@pytest.fixture
def quiet(portal: RunningPortal) -> Iterator[None]:
    """Whatever the test does, the server writes no traceback and no session's secret."""
    start = len(portal.log)
    yield
    written = portal.log[start:]
    assert "Traceback" not in written
    assert "portail_session=" not in written
