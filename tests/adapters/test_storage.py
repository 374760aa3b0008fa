"""The store of files: whole, private, and under names that lead nowhere else."""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trial
from hypothesis import strategies as st

from portail.adapters import storage

CONTENT = b"certificat" * 200_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
DAY = timedelta(days=1)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean"
    path.write_bytes(CONTENT)
    return path


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _age(path: Path, days: int) -> None:
    at = path.lstat().st_mtime - days * 86_400
    os.utime(path, (at, at), follow_symlinks=False)


def test_what_is_kept_comes_back(data_dir: Path, clean: Path) -> None:
    name = storage.keep(clean, SHA256)
    path = storage.open_path(name)
    assert path.read_bytes() == CONTENT
    assert path == data_dir / "fichiers" / name[:2] / name[2:4] / name
    assert clean.exists()


def test_it_is_for_our_eyes_only(data_dir: Path, clean: Path) -> None:
    path = storage.open_path(storage.keep(clean, SHA256))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in list(path.parents)[:3]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_same_file_twice_has_two_names(data_dir: Path, clean: Path) -> None:
    first, second = storage.keep(clean, SHA256), storage.keep(clean, SHA256)
    assert first != second
    storage.remove(first)
    assert storage.open_path(second).read_bytes() == CONTENT


def test_a_file_that_changed_since_its_check_is_not_kept(data_dir: Path, clean: Path) -> None:
    clean.write_bytes(CONTENT + b"!")
    with pytest.raises(storage.AlteredFileError):
        storage.keep(clean, SHA256)
    assert _files(data_dir / "fichiers") == []


def test_a_full_disk_leaves_nothing(
    data_dir: Path, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    storage.temporary_folder()
    monkeypatch.setattr(storage, "_sync_folder", lambda _folder: None)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.keep(clean, SHA256)
    assert _files(data_dir / "fichiers") == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../secret.key",
        "/etc/passwd",
        "a" * 31,
        "A" * 32,
        "a" * 32 + "\n",
        "tmp",
        "a" * 33,
    ],
)
def test_a_name_that_is_not_ours_leads_nowhere(data_dir: Path, name: str) -> None:
    with pytest.raises(storage.NotAStorageNameError):
        storage.open_path(name)
    with pytest.raises(storage.NotAStorageNameError):
        storage.remove(name)


@trial(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_no_text_leads_out_of_the_store(data_dir: Path, name: str) -> None:
    with pytest.raises((storage.NotAStorageNameError, FileNotFoundError)):
        storage.open_path(name)


def test_a_link_is_not_followed(data_dir: Path, clean: Path) -> None:
    name = storage.keep(clean, SHA256)
    path = storage.open_path(name)
    path.unlink()
    path.symlink_to(clean)
    with pytest.raises(FileNotFoundError):
        storage.open_path(name)


def test_what_is_removed_is_gone_and_may_be_removed_again(data_dir: Path, clean: Path) -> None:
    name = storage.keep(clean, SHA256)
    storage.remove(name)
    storage.remove(name)
    with pytest.raises(FileNotFoundError):
        storage.open_path(name)


def test_a_sweep_removes_what_nobody_knows_and_is_old(data_dir: Path, clean: Path) -> None:
    known, orphan, young = (storage.keep(clean, SHA256) for _ in range(3))
    half = storage.open_path(orphan).with_suffix(".part")
    half.touch()
    left = storage.temporary_folder() / "reception"
    left.mkdir()
    (left / "file").write_bytes(CONTENT)
    receiving = storage.temporary_folder() / "now"
    receiving.mkdir()
    stranger = storage.open_path(orphan).with_name("README")
    stranger.touch()
    for path in (storage.open_path(known), storage.open_path(orphan), half, left, stranger):
        _age(path, 2)
    assert storage.sweep({known}, DAY) == 3
    assert storage.open_path(known)
    assert storage.open_path(young)
    assert stranger.exists()
    assert receiving.exists()
    assert not left.exists()
    with pytest.raises(FileNotFoundError):
        storage.open_path(orphan)


def test_a_sweep_of_nothing_is_fine(data_dir: Path) -> None:
    assert storage.sweep((), DAY) == 0
