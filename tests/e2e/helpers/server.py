"""The real portal in a process of its own: a free port, a temporary folder, the demo town."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
START_SECONDS = 90.0
MAIL_SECONDS = 20.0
# what the log of a healthy run never says
FAILURES = re.compile(
    r"Traceback|handler_failed|request_failed|_work_failed|_watch_failed|_push_failed"
)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Mail:
    """A mail of the demo, as text."""

    recipient: str
    subject: str
    text: str

    def link(self) -> str:
        """The one-time link of the mail."""
        found = re.search(r"https?://\S+/mot-de-passe/\S+", self.text)
        assert found, f"no link in the mail «{self.subject}»:\n{self.text}"
        return found.group().rstrip(".")


@dataclass
class Server:
    """One portal; `stop` and `start` again keep its port and data."""

    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address to type."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        """What the server has written so far."""
        path = self.data_dir / "server.log"
        return path.read_text() if path.exists() else ""

    def prepare(self) -> None:
        """Make the database and the demo town."""
        self._command("demo").wait()

    def run(self, *words: str, ends: int = 0) -> None:
        """A command typed beside the running server, which must end so."""
        assert self._command(*words).wait() == ends, self.log[-4000:]

    def python(self, *words: str) -> None:
        """A module of Python that must end well, on the server's own data and settings."""
        assert self._start([sys.executable, "-m", *words]).wait() == 0, self.log[-4000:]

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.process = self._command("serve")
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"The portal did not start:\n{self.log[-4000:]}")
            time.sleep(0.1)

    def _command(self, *words: str) -> subprocess.Popen[bytes]:
        return self._start([sys.executable, "-m", "portail.cli", *words])

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PORTAIL_")}
        environment = {
            **clean,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "NO_COLOR": "1",
            "PORT": str(self.port),
            "PORTAIL_DATA_DIR": str(self.data_dir),
            "PORTAIL_BCRYPT_COST": "4",
            **self.settings,
        }
        with (self.data_dir / "server.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def stop(self) -> None:
        """Stop, and wait until it has."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def kill(self) -> None:
        """Kill -9, workers with it: nothing has time to be written."""
        assert self.process is not None
        pid = self.process.pid
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, workers)):
            os.kill(one, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def problems(self) -> list[str]:
        """The lines of the log that tell of a failure."""
        return [line for line in self.log.splitlines() if FAILURES.search(line)]

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read or change the server's own database, as time passing would."""
        with closing(sqlite3.connect(self.data_dir / "portail.sqlite3", timeout=10)) as database:
            rows = database.execute(statement, values).fetchall()
            database.commit()
            return rows

    def mails(self) -> list[Mail]:
        """The mails sent so far, oldest first."""
        folder = self.data_dir / "courriels"
        return [_read(path) for path in sorted(folder.glob("*.eml"), key=_written)]

    def wait_for_mail(self, recipient: str, subject: str, after: int = 0) -> Mail:
        """The newest mail to this person with these words in its subject, once it is there.

        The `after` first mails of all do not count.
        """
        deadline = time.monotonic() + MAIL_SECONDS
        while True:
            for mail in reversed(self.mails()[after:]):
                if recipient in mail.recipient and subject in mail.subject:
                    return mail
            assert time.monotonic() < deadline, f"no mail «{subject}» to {recipient}"
            time.sleep(0.1)

    def wait_for_papers(self) -> None:
        """Until the worker has made the PDFs of every invoice: files are counted afterwards."""
        deadline = time.monotonic() + START_SECONDS
        while self.sql("SELECT 1 FROM invoice WHERE pdf_sha256 IS NULL"):
            assert time.monotonic() < deadline, "the PDFs were not made"
            time.sleep(0.1)


def _written(path: Path) -> tuple[int, str]:
    return path.stat().st_mtime_ns, path.name


def _read(path: Path) -> Mail:
    with path.open("rb") as file:
        message = BytesParser(EmailMessage, policy=default).parse(file)
    body = message.get_body(("plain",))
    text = "" if body is None else str(body.get_content())
    words = [str(message["To"]), str(message["Subject"]), text]
    return Mail(*(word.replace("\u00a0", " ") for word in words))
