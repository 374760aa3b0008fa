"""Asking the town's antivirus (ClamAV) about a file.

We speak its INSTREAM ourselves: aioclamd knows TCP only, and sends 1 KiB at a time. The antivirus
needs no access to our files, and may be on another machine.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from starlette.concurrency import run_in_threadpool

CONNECT_S = 5
SCAN_S = 60  # its first file after a start may take long
_PIECE = 128 * 1024  # must be shorter than clamd's StreamMaxLength
_MAX_REPLY = 4096

log = structlog.get_logger("portail.uploads")


@dataclass(frozen=True)
class Clean:
    """Nothing is known against the file."""


@dataclass(frozen=True)
class Infected:
    """The file holds this."""

    name: str


@dataclass(frozen=True)
class Away:
    """Nobody could say: the file must not be accepted."""


async def scan(path: Path, url: str) -> Clean | Infected | Away:
    """Ask about a file.

    Args:
        path: the file.
        url: `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`; empty: nobody is asked, and the
            file is clean.
    """
    if not url:
        return Clean()
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(CONNECT_S):
            reader, writer = await _connect(url)
        async with asyncio.timeout(SCAN_S):
            await _send(path, writer)
            reply = await reader.readuntil(b"\0")
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        log.error("antivirus_away", error=type(error).__name__)  # noqa: TRY400
        return Away()
    finally:
        if writer is not None:
            writer.close()
    return _verdict(reply)


async def _connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return await asyncio.open_unix_connection(parts.path, limit=_MAX_REPLY)
    return await asyncio.open_connection(parts.hostname, parts.port, limit=_MAX_REPLY)


async def _send(path: Path, writer: asyncio.StreamWriter) -> None:
    """INSTREAM: pieces, each after its length; a piece of nothing ends them."""
    writer.write(b"zINSTREAM\0")
    file = await run_in_threadpool(path.open, "rb")
    with file:
        while piece := await run_in_threadpool(file.read, _PIECE):
            writer.write(len(piece).to_bytes(4, "big") + piece)
            await writer.drain()
    writer.write(bytes(4))
    await writer.drain()


def _verdict(reply: bytes) -> Clean | Infected | Away:
    """«stream: OK», «stream: Eicar-Test-Signature FOUND»; anything else is not an answer."""
    text = reply.rstrip(b"\0").decode("ascii", "replace").strip()
    said = text.removeprefix("stream: ")
    if said == "OK":
        return Clean()
    if said.endswith(" FOUND"):
        name = said.removesuffix(" FOUND")
        log.warning("virus_found", name=name[:100])
        return Infected(name)
    log.error("antivirus_away", error=text[:200])
    return Away()
