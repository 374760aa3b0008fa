"""A file that is already on this machine, taken in as if somebody had just sent it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portail.adapters import storage
from portail.adapters.uploads.receive import ReceivedFile
from portail.settings import settings


@contextmanager
def local_file(content: bytes | Path, name: str) -> Iterator[ReceivedFile]:
    """A received file of this content, there until the block ends."""
    folder = Path(tempfile.mkdtemp(dir=storage.temporary_folder()))
    try:
        path = folder / "0"
        if isinstance(content, Path):
            shutil.copyfile(content, path)
        else:
            path.write_bytes(content)
        size = path.stat().st_size
        too_large = size > settings().upload_bytes
        yield ReceivedFile("", name, path, size, too_large=too_large)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
