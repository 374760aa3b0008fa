"""An SMTP server that fails where it is told: cuts the line at a stage, is silent, or refuses.

Written on bare sockets: a library's server would close politely.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Event, Lock, Thread
from typing import IO

# what may happen at a stage, instead of the usual answer
CUT, SILENT = "cut", "silent"
# «ACCEPTED»: the mail has been taken in charge, and its sender is not told
STAGES = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "BODY", "ACCEPTED")


@dataclass
class FaultyServer:
    """One fault a connection, as long as there are some; then a server like any other.

    A fault is a stage and what happens there: `CUT`, `SILENT` or an answer such as «450 no».
    """

    faults: list[tuple[str, str]] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    connections: int = 0
    delay: float = 0  # seconds before a mail is accepted
    _lock: Lock = field(default_factory=Lock)
    _over: Event = field(default_factory=Event)

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken in charge, whatever its sender was told."""
        return [message_from_bytes(c, policy=default) for c in self.contents]

    @property
    def ids(self) -> list[str]:
        """Their Message-IDs."""
        return [str(one["Message-ID"]) for one in self.messages]

    @contextmanager
    def running(self) -> Iterator[int]:
        """Its port, while the block runs."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(0.2)
            thread = Thread(target=self._listen, args=(listening,), daemon=True)
            thread.start()
            yield int(listening.getsockname()[1])
            self._over.set()
            thread.join()

    def _listen(self, listening: socket.socket) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                connection, _ = listening.accept()
                Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            fault = self.faults.pop(0) if self.faults else ("", "")
        # a client that was killed is nobody's fault
        with suppress(OSError, _CutError), connection:
            _Talk(self, connection, *fault).go()

    def keep(self, content: bytes) -> None:
        """A mail is taken in charge."""
        with self._lock:
            self.contents.append(content)

    def wait(self, seconds: float) -> None:
        """Until then, or until the server stops."""
        self._over.wait(seconds)


class _CutError(Exception):
    """The line is cut here."""


@dataclass
class _Talk:
    """A connection, and what goes wrong in it."""

    server: FaultyServer
    connection: socket.socket
    stage: str
    fault: str

    def go(self) -> None:
        self._say("CONNECT", "220 test")
        with self.connection.makefile("rb") as lines:
            for line in lines:
                command = line.decode("ascii", "replace").strip().upper().split(" ")[0]
                if command == "QUIT":
                    self._say("QUIT", "221 bye")
                    return
                if command != "DATA":
                    self._say(command, "250 OK")
                elif self._say("DATA", "354 go on"):
                    self._take(lines)

    def _take(self, lines: IO[bytes]) -> None:
        content = b""
        for line in lines:
            if line == b".\r\n":
                break
            content += line
        else:
            return  # the client is dead
        self.server.wait(self.server.delay)
        if self.stage == "BODY":
            self._say("BODY", "")
            return
        self.server.keep(content)
        self._say("ACCEPTED", "250 OK")

    def _say(self, at: str, usual: str) -> bool:
        """Give the usual answer, or fail here; whether it was the usual one."""
        if at != self.stage:
            self.connection.sendall(usual.encode() + b"\r\n")
            return True
        if self.fault == SILENT:
            self.server.wait(30)
        if self.fault in (CUT, SILENT):
            raise _CutError
        self.connection.sendall(self.fault.encode() + b"\r\n")
        return False
