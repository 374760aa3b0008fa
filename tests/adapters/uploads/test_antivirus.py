"""The antivirus is believed when it answers, and a file waits when it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portail.adapters.uploads import antivirus
from portail.adapters.uploads.antivirus import Away, Clean, Infected, scan
from tests.adapters.smtp_server import free_port
from tests.adapters.uploads.clamd import VIRUS, Clamd, on_network, on_socket

CONTENT = os.urandom(1_000_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "0"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def infected(tmp_path: Path) -> Path:
    path = tmp_path / "1"
    path.write_bytes(CONTENT + VIRUS)
    return path


async def test_a_file_is_sent_whole_by_network_or_socket(path: Path, tmp_path: Path) -> None:
    clamd = Clamd()
    async with on_network(clamd) as url:
        assert await scan(path, url) == Clean()
    async with on_socket(clamd, tmp_path) as url:
        assert await scan(path, url) == Clean()
    assert clamd.files == [CONTENT] * 2


async def test_a_virus_is_named(infected: Path, tmp_path: Path) -> None:
    async with on_network(Clamd()) as url:
        assert await scan(infected, url) == Infected("Test.Virus")
    async with on_socket(Clamd(), tmp_path) as url:
        assert await scan(infected, url) == Infected("Test.Virus")


async def test_nobody_is_asked_without_an_antivirus(tmp_path: Path) -> None:
    assert await scan(tmp_path / "not even there", "") == Clean()


@pytest.mark.parametrize("manner", ["hang up", "error", "nonsense", "endless", "size"])
async def test_no_answer_is_no_yes(path: Path, manner: str) -> None:
    async with on_network(Clamd(manner)) as url:
        assert await scan(path, url) == Away()


async def test_it_is_not_waited_for_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(antivirus, "SCAN_S", 0.05)
    async with on_network(Clamd("silence")) as url:
        assert await scan(path, url) == Away()


async def test_it_may_not_be_there(path: Path, tmp_path: Path) -> None:
    assert await scan(path, f"tcp://127.0.0.1:{free_port()}") == Away()
    assert await scan(path, f"unix://{tmp_path}/clamd.ctl") == Away()
