"""The examiner's process: names are not believed, and its death is an answer."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from portail.adapters.uploads import inspection
from portail.adapters.uploads.inspection import ExaminerError, examine
from portail.adapters.uploads.verdicts import MESSAGES, Reason, Sound, Unsound
from tests import samples

LIMIT = 10 * 1024 * 1024


def _put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("photo.jpg", samples.pdf(), "application/pdf"),
        ("document.pdf", samples.photo(), "image/jpeg"),
        ("page.html", samples.png(), "image/png"),
        ("été 🦊.pdf", samples.heic(), "image/jpeg"),
        ("-rf", samples.pdf(), "application/pdf"),
    ],
)
def test_the_content_says_what_it_is(tmp_path: Path, name: str, content: bytes, mime: str) -> None:
    found = examine(_put(tmp_path, name, content), LIMIT)
    assert isinstance(found, Sound)
    assert found.mime == mime


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("certificat.pdf", samples.HTML, Reason.NOT_ALLOWED),
        ("photo.png", samples.SVG, Reason.NOT_ALLOWED),
        ("photo.jpg", b"", Reason.EMPTY),
        ("photo.jpg", bytes(11_000_000), Reason.TOO_LARGE),
        ("photo.jpg", bytes(100), Reason.UNKNOWN_TYPE),
    ],
)
def test_a_name_makes_nothing_acceptable(
    tmp_path: Path, name: str, content: bytes, reason: Reason
) -> None:
    assert examine(_put(tmp_path, name, content), LIMIT) == Unsound(reason)


def _stand_in(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have something else examine files."""
    program = folder / "python"
    program.write_text(f"#!{sys.executable}\n{code}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(program))


def test_an_examiner_that_dies_has_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _put(tmp_path, "0", samples.photo())
    code = (
        "import os, signal, sys\n"
        "open(sys.argv[4], 'w').close()\n"
        "signal.signal(signal.SIGXCPU, signal.SIG_DFL)\n"
        "os.kill(os.getpid(), signal.SIGXCPU)"
    )
    _stand_in(code, tmp_path, monkeypatch)
    assert examine(path, LIMIT) == Unsound(Reason.TOO_COMPLEX)
    assert not path.with_name("0.clean").exists()


def test_an_examiner_that_never_ends_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "TIMEOUT_S", 0.2)
    _stand_in("import time\nwhile True: time.sleep(1)", tmp_path, monkeypatch)
    path = _put(tmp_path, "0", samples.photo())
    assert examine(path, LIMIT) == Unsound(Reason.TOO_COMPLEX)


def test_an_examiner_that_does_not_work_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _put(tmp_path, "0", samples.photo())
    _stand_in("import no_such_library", tmp_path, monkeypatch)
    with pytest.raises(ExaminerError, match="no_such_library"):
        examine(path, LIMIT)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(ExaminerError):
        examine(path, LIMIT)


def test_an_examiner_knows_nothing_of_ours_and_has_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAIL_SECRET", "secret")
    code = (
        "import json, os, sys\n"
        f"sys.path.insert(0, {str(inspection._ROOT)!r})\n"
        "from portail.adapters.uploads.examiner import limit_resources, MEMORY\n"
        "import resource\n"
        "limit_resources()\n"
        "assert not [name for name in os.environ if 'PORTAIL' in name]\n"
        "assert resource.getrlimit(resource.RLIMIT_AS)[0] <= MEMORY\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0\n"
        "print(json.dumps({'reason': 'empty'}))"
    )
    _stand_in(code, tmp_path, monkeypatch)
    assert examine(_put(tmp_path, "0", b"x"), LIMIT) == Unsound(Reason.EMPTY)


def test_every_reason_has_its_words() -> None:
    assert set(MESSAGES) == set(Reason)
    assert all(" : " in words and words.endswith(".") for words in MESSAGES.values())
    assert Unsound(Reason.EMPTY).message == MESSAGES[Reason.EMPTY]
