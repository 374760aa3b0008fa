"""Where files sent to us and made by us are kept: under names of our own, out of reach.

A file is whole under its name or is not there: written aside, then renamed. Which family it belongs
to, what it is called and whether the same one came twice are for the database to know.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from portail.settings import settings

TEMPORARY = "tmp"  # what is being received and checked
_NAME = re.compile(r"[0-9a-f]{32}")
_PIECE = 1024 * 1024


class NotAStorageNameError(ValueError):
    """A name that `keep` never gave."""


class AlteredFileError(Exception):
    """A file is not the one that was checked."""


def keep(clean_path: Path, sha256: str) -> str:
    """Copy a checked file into the store; returns its name there. Once back, it is on the disk.

    Raises:
        AlteredFileError: its content is not that of the checked file.
        OSError: it cannot be written; nothing is left of it.
    """
    with clean_path.open("rb") as source:
        return _keep(source, sha256)


def keep_content(content: bytes, sha256: str) -> str:
    """The same of what we have just made ourselves, whose digest this is."""
    return _keep(BytesIO(content), sha256)


def _keep(source: BinaryIO, sha256: str) -> str:
    name = secrets.token_hex(16)
    path = _path(name)
    _make_folder(path.parent)
    partial = path.with_suffix(".part")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            digest = hashlib.sha256()
            while piece := source.read(_PIECE):
                digest.update(piece)
                target.write(piece)
            if digest.hexdigest() != sha256:
                raise AlteredFileError
            target.flush()
            os.fsync(target.fileno())
        partial.rename(path)
        _sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return name


def open_path(name: str) -> Path:
    """Where the file of this name is.

    Raises:
        NotAStorageNameError: no file of ours has such a name.
        FileNotFoundError: it is not there, or no more.
    """
    path = _path(name)
    # a link could lead anywhere; we never make one
    if path.is_symlink() or not path.is_file():
        raise FileNotFoundError(name)
    return path


def whole_path(name: str, sha256: str) -> Path:
    """The same, of a file that is read to the end to see that it is still what was kept.

    Raises:
        NotAStorageNameError: no file of ours has such a name.
        FileNotFoundError: it is not there, or no more.
        AlteredFileError: it is not what it was.
    """
    path = open_path(name)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise AlteredFileError
    return path


def remove(name: str) -> None:
    """Remove the file of this name; one already gone is fine.

    Raises:
        NotAStorageNameError: no file of ours has such a name.
    """
    _path(name).unlink(missing_ok=True)


def sweep(known_names: Collection[str], older_than: timedelta) -> int:
    """Remove what nobody knows any more and what a stop left half received; returns how many.

    Args:
        known_names: every name that the database holds.
        older_than: younger files are left alone: their transaction may still be on its way.
    """
    # ages of files are the system's business, which a frozen clock knows nothing of
    before = time.time() - older_than.total_seconds()
    known = frozenset(known_names)
    removed = 0
    for path in _kept():
        if path.name not in known and _modified(path) < before:
            path.unlink(missing_ok=True)
            removed += 1
    temporary = settings().files_dir / TEMPORARY
    for path in list(temporary.iterdir()) if temporary.is_dir() else []:
        if _modified(path) < before:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            removed += 1
    return removed


def temporary_folder() -> Path:
    """The folder of files being received; made for our eyes only when it is missing."""
    folder = settings().files_dir / TEMPORARY
    _make_folder(folder)
    return folder


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise NotAStorageNameError
    return settings().files_dir / name[:2] / name[2:4] / name


def _kept() -> Iterator[Path]:
    """The files of the store, half-written ones included; whatever else lies there is not ours."""
    for path in list(settings().files_dir.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
        if _NAME.fullmatch(path.name.removesuffix(".part")):
            yield path


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:  # its owner removed it meanwhile
        return float("inf")


def _make_folder(folder: Path) -> None:
    """Make a folder of the store, and those above it, each for our eyes only."""
    if folder.is_dir():
        return
    if folder != settings().files_dir:
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    else:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Have the names of a folder on the disk, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
