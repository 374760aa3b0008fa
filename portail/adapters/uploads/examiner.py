"""The process that opens one uploaded file: `python -m portail.adapters.uploads.examiner …`.

It gives itself little memory and little time before it looks at the file, knows no secret of the
portal, and says what it found as one line of JSON. Whatever happens to it happens to it alone.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from portail.adapters.uploads.file_types import HEAD, FileType, file_type
from portail.adapters.uploads.verdicts import Kind, Reason, UnsoundError

MEMORY = 1024 * 1024 * 1024  # bytes of address space
SECONDS = 20  # of processor
_MIMES = {
    FileType.PDF: ("application/pdf", "pdf"),
    FileType.JPEG: ("image/jpeg", "jpg"),
    FileType.PNG: ("image/png", "png"),
}


def limit_resources() -> None:
    """Take little for ourselves, where the system can hold us to it."""
    try:
        import resource
    except ImportError:  # Windows; the time-out of whoever started us remains
        return
    for name, value in (
        ("RLIMIT_AS", MEMORY),
        ("RLIMIT_CPU", SECONDS),
        ("RLIMIT_FSIZE", 256 * 1024 * 1024),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (lowest, lowest))
        except (ValueError, OSError):  # macOS holds nobody to RLIMIT_AS
            continue


def report(path: Path, clean: Path, max_bytes: int) -> dict[str, str | int]:
    """What the file is, as JSON can say it; see `inspection.examine`.

    Args:
        path: the file.
        clean: where to write a photo drawn again.
        max_bytes: how long the file may be.
    """
    try:
        kept, found = _examined(path, clean, max_bytes)
        with kept.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = kept.stat().st_size
    except UnsoundError as error:
        return {"reason": error.reason}
    except (MemoryError, RecursionError):
        return {"reason": Reason.TOO_COMPLEX}
    # libraries raise anything on a broken file, and what they say is of no use to a parent
    except Exception as error:  # noqa: BLE001
        return {"reason": Reason.CORRUPT, "error": type(error).__name__}
    mime, extension = _MIMES[found]
    return {
        "kind": Kind.PDF if found is FileType.PDF else Kind.PHOTO,
        "mime": mime,
        "extension": extension,
        "path": str(kept),
        "sha256": digest,
        "size": size,
    }


def _examined(path: Path, clean: Path, max_bytes: int) -> tuple[Path, FileType]:
    if path.stat().st_size > max_bytes:
        raise UnsoundError(Reason.TOO_LARGE)
    with path.open("rb") as file:
        found = file_type(file.read(HEAD))
    # one library or the other, never both: starting is most of the time this takes
    if found is FileType.PDF:
        from portail.adapters.uploads import pdf

        pdf.check(path)
        return path, found
    from portail.adapters.uploads import images

    return clean, images.redraw(path, found, clean, max_bytes)


def main() -> None:
    """Examine the file named on the command line."""
    path, clean, max_bytes = sys.argv[1:]
    limit_resources()
    sys.stdout.write(json.dumps(report(Path(path), Path(clean), int(max_bytes))))


if __name__ == "__main__":
    main()
