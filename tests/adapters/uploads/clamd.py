"""A clamd that knows one virus, for tests; answers INSTREAM, or misbehaves as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

VIRUS = b"not-really-EICAR"


@dataclass
class Clamd:
    """What it was sent, and how it answers."""

    manner: str = "answer"  # or "hang up", "error", "nonsense", "endless", "size", "silence"
    files: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        if self.manner == "hang up":
            return
        if self.manner == "size":
            writer.write(b"INSTREAM size limit exceeded. ERROR\0")
            return
        content = bytearray()
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(length)
        self.files.append(bytes(content))
        if self.manner == "silence":
            await reader.read()
            return
        answers = {
            "answer": b"stream: Test.Virus FOUND\0" if VIRUS in content else b"stream: OK\0",
            "error": b"stream: lstat() failed. ERROR\0",
            "nonsense": b"HTTP/1.1 200 OK\r\n\r\nOK\0",
            "endless": b"x" * 100_000,
        }
        writer.write(answers[self.manner])
        await writer.drain()


@asynccontextmanager
async def on_network(clamd: Clamd) -> AsyncIterator[str]:
    """It listens on a port of this machine; gives its address."""
    server = await asyncio.start_server(clamd.serve, "127.0.0.1", 0)
    async with server:
        yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def on_socket(clamd: Clamd, folder: Path) -> AsyncIterator[str]:
    """It listens on a Unix socket; gives its address."""
    path = folder / "clamd.ctl"
    server = await asyncio.start_unix_server(clamd.serve, path)
    async with server:
        yield f"unix://{path}"
