"""Taking files in, as they arrive, without ever holding one in memory.

They live in a folder of their own under `files_dir/tmp`, which is gone when the request is, however
it ends; `storage.sweep` removes what a power cut left.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from portail.adapters import storage
from portail.adapters.uploads.parts import MAX_FILES, BadUploadError, Fault, PartReader
from portail.settings import settings

BESIDES_FILES = 64 * 1024  # bytes of boundaries, headers and fields
SILENCE_S = 60  # a client that sends nothing for so long is gone
_PIECE = 64 * 1024  # what is read at a time
_PENDING = 256 * 1024  # what waits in memory before a thread writes it


@dataclass(frozen=True)
class ReceivedFile:
    """A file as it arrived, looked at by nobody yet."""

    field: str
    raw_name: str  # what the browser said: see `domain.file_names.shown_name`
    path: Path  # there as long as the request; missing when it was too large
    size: int  # bytes that arrived, kept or not
    too_large: bool


@dataclass(frozen=True)
class Upload:
    """What a request held."""

    fields: dict[str, str]
    files: tuple[ReceivedFile, ...]


def body_limit(max_files: int = MAX_FILES) -> int:
    """How long the body of such a request may be: for the gate's `upload_limits` too."""
    return settings().upload_bytes * max_files + BESIDES_FILES


@asynccontextmanager
async def receiving(request: Request, *, max_files: int = MAX_FILES) -> AsyncIterator[Upload]:
    """Read a multipart request; its files are there until the block ends.

    A file that is too large is not kept, and said to be so; the others are received all the same.
    Parts without name nor content (no file was chosen) are left out.

    Args:
        request: whose body nobody has read.
        max_files: at most that many files.

    Raises:
        BadUploadError: nothing of it can be used. The client may still be sending.
        OSError: the disk refuses.
    """
    # not in a thread: a request cancelled meanwhile would leave it behind
    folder = _make_folder()
    files = _Files(folder, settings().upload_bytes)
    try:
        reader = PartReader(request.headers.get("content-type", ""), files.open, max_files)
        await _read(request, reader, files, body_limit(max_files))
        yield Upload(dict(reader.fields), files.received())
    finally:
        # neither: a cancelled request does not wait
        shutil.rmtree(folder, ignore_errors=True)


async def _read(request: Request, reader: PartReader, files: _Files, limit: int) -> None:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise BadUploadError(Fault.TOO_LARGE)
    length = 0
    chunks = request.stream()
    try:
        while True:
            async with asyncio.timeout(SILENCE_S):
                chunk = await anext(chunks, None)
            if chunk is None:
                break
            length += len(chunk)
            if length > limit:
                raise BadUploadError(Fault.TOO_LARGE)
            for at in range(0, len(chunk), _PIECE):
                reader.feed(chunk[at : at + _PIECE])
                if files.pending >= _PENDING:
                    await run_in_threadpool(files.flush)
    except (ClientDisconnect, TimeoutError):
        raise BadUploadError(Fault.INTERRUPTED) from None
    reader.finish()
    await run_in_threadpool(files.flush)


class _Files:
    """The files of one request, and their bytes that are not on the disk yet."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.pending = 0
        self._folder = folder
        self._max_bytes = max_bytes
        self._files: list[_File] = []

    def open(self, field_name: str, raw_name: str) -> _File:
        path = self._folder / f"{len(self._files)}"
        self._files.append(_File(self, path, field_name, raw_name, self._max_bytes))
        return self._files[-1]

    def flush(self) -> None:
        for file in self._files:
            file.flush()
        self.pending = 0

    def received(self) -> tuple[ReceivedFile, ...]:
        return tuple(file.received() for file in self._files)


class _File:
    """One file: what arrives waits in memory until it is flushed, in a thread."""

    def __init__(
        self, files: _Files, path: Path, field_name: str, raw_name: str, max_bytes: int
    ) -> None:
        self._files, self._path, self._max_bytes = files, path, max_bytes
        self._field, self._raw_name = field_name, raw_name
        self._waiting: list[bytes] = []
        self._size = 0
        self._done = self._flushed = False

    @property
    def _too_large(self) -> bool:
        return self._size > self._max_bytes

    def write(self, data: bytes) -> None:
        self._size += len(data)
        if self._too_large:
            self._waiting.clear()
            return
        self._waiting.append(data)
        self._files.pending += len(data)

    def close(self) -> None:
        self._done = True

    def flush(self) -> None:
        if self._flushed:
            return
        if self._too_large:
            self._path.unlink(missing_ok=True)
        else:
            # private already: the folder is ours alone
            with self._path.open("ab") as file:
                file.writelines(self._waiting)
        self._waiting.clear()
        self._flushed = self._done

    def received(self) -> ReceivedFile:
        return ReceivedFile(
            self._field, self._raw_name, self._path, self._size, too_large=self._too_large
        )


def _make_folder() -> Path:
    return Path(tempfile.mkdtemp(dir=storage.temporary_folder()))
