"""From a request to the store: what a route does."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from portail.adapters import storage
from portail.adapters.uploads.check import check
from portail.adapters.uploads.receive import receiving
from portail.adapters.uploads.verdicts import Kind, Reason, Sound, Unsound
from portail.settings import settings
from tests import samples
from tests.adapters.uploads.clamd import VIRUS, Clamd, on_network
from tests.adapters.uploads.multipart import Client, body, cut, file


async def _kept(*contents: bytes) -> list[str | Reason]:
    """The names in the store of files sent together, or why they are refused."""
    outcomes: list[str | Reason] = []
    pieces = cut(body(*[file(content) for content in contents]), 65_536)
    async with receiving(Client(pieces).request()) as upload:
        for received in upload.files:
            found = await check(received)
            if isinstance(found, Sound):
                outcomes.append(storage.keep(found.path_of_clean_copy, found.sha256))
            else:
                outcomes.append(found.reason)
    return outcomes


def _content(name: str | Reason) -> bytes:
    return storage.open_path(str(name)).read_bytes()


def _left(folder: Path) -> list[Path]:
    return list((folder / "fichiers" / "tmp").iterdir())


async def test_good_files_are_kept_and_bad_ones_named(data_dir: Path) -> None:
    pdf = samples.pdf()
    names = await _kept(pdf, samples.HTML, bytes(11_000_000), samples.photo(6), b"")
    assert names[1:3] == [Reason.NOT_ALLOWED, Reason.TOO_LARGE]
    assert names[4] is Reason.EMPTY
    assert _content(names[0]) == pdf
    assert samples.SECRET_WORDS not in _content(names[3])
    assert _left(data_dir) == []


async def test_the_antivirus_has_the_last_word(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clamd = Clamd()
    infected, photo = samples.pdf() + VIRUS, samples.photo() + VIRUS
    async with on_network(clamd) as url:
        monkeypatch.setenv("PORTAIL_CLAMD_URL", url)
        settings.cache_clear()
        names = await _kept(samples.pdf(), infected, photo, samples.HTML)
    assert _content(names[0]) == samples.pdf()
    assert names[1:] == [Reason.VIRUS, Reason.VIRUS, Reason.NOT_ALLOWED]
    # the file as it came; and nothing of what is refused anyway
    assert clamd.files == [samples.pdf(), infected, photo]
    # it has stopped
    assert await _kept(samples.pdf()) == [Reason.ANTIVIRUS_AWAY]
    assert _left(data_dir) == []


async def test_what_is_said_of_a_file_is_true_of_its_copy(data_dir: Path) -> None:
    async with receiving(Client([body(file(samples.photo()))]).request()) as upload:
        found = await check(upload.files[0])
        assert not isinstance(found, Unsound)
        assert (found.kind, found.mime, found.extension) == (Kind.PHOTO, "image/jpeg", "jpg")
        content = _bytes(found.path_of_clean_copy)
    assert hashlib.sha256(content).hexdigest() == found.sha256


def _bytes(path: Path) -> bytes:
    return path.read_bytes()
