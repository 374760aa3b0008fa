"""Whether an uploaded file is sound, found out in a process that may die of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import structlog

import portail
from portail.adapters.uploads.verdicts import Kind, Reason, Sound, Unsound

TIMEOUT_S = 30
_ROOT = Path(portail.__file__).parents[1]
_MODULE = "portail.adapters.uploads.examiner"
# and nothing of ours: the process knows neither the secret nor the database. One arena: threads of
# libraries would each reserve memory that counts
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}

log = structlog.get_logger("portail.uploads")


class ExaminerError(Exception):
    """The examiner itself does not work: nothing can be said of the file."""


def examine(path: Path, max_bytes: int) -> Sound | Unsound:
    """Find out what a file is and whether it may be kept. Slow: call it in a thread.

    A photo's clean copy is written beside the file, as `<name>.clean`; a PDF is its own.

    Args:
        path: the file as received.
        max_bytes: how long it may be.

    Raises:
        ExaminerError: the examiner does not start, which is the town's to mend.
    """
    path = path.absolute()
    clean = path.with_name(path.name + ".clean")
    command = [sys.executable, "-m", _MODULE, str(path), str(clean), str(max_bytes)]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=_ROOT,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.warning("upload_examiner_stopped", why="timeout")
        return _refused(clean, Reason.TOO_COMPLEX)
    except OSError as error:
        raise ExaminerError(type(error).__name__) from error
    if done.returncode < 0:  # by a signal: its limits, or a library that broke
        log.warning("upload_examiner_stopped", why=f"signal {-done.returncode}")
        return _refused(clean, Reason.TOO_COMPLEX)
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
        clean.unlink(missing_ok=True)
        raise ExaminerError(last[:200])
    return _verdict(json.loads(done.stdout), clean)


def _verdict(found: dict[str, str | int], clean: Path) -> Sound | Unsound:
    if "reason" in found:
        log.info("upload_refused", **found)
        return _refused(clean, Reason(str(found["reason"])))
    return Sound(
        kind=Kind(str(found["kind"])),
        mime=str(found["mime"]),
        extension=str(found["extension"]),
        path_of_clean_copy=Path(str(found["path"])),
        sha256=str(found["sha256"]),
        size=int(found["size"]),
    )


def _refused(clean: Path, reason: Reason) -> Unsound:
    clean.unlink(missing_ok=True)
    return Unsound(reason)
