"""All that is asked of a file before it is kept."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from portail.adapters.uploads.antivirus import Clean, Infected, scan
from portail.adapters.uploads.inspection import examine
from portail.adapters.uploads.receive import ReceivedFile
from portail.adapters.uploads.verdicts import Reason, Sound, Unsound
from portail.settings import settings

# a pool of its own: two files at a time take two processors and 2 GiB at worst, and those who wait
# hold up nobody else's threads
_EXAMINERS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="examiner")


async def check(file: ReceivedFile) -> Sound | Unsound:
    """Whether a received file may be kept: its content, then what the antivirus says of it.

    The antivirus is asked about the file as it came, not about our clean copy: an infected one is
    refused even if its photo would be harmless once drawn again.

    Raises:
        ExaminerError: the examiner itself does not work.
    """
    if file.too_large:
        return Unsound(Reason.TOO_LARGE)
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_EXAMINERS, examine, file.path, settings().upload_bytes)
    if isinstance(found, Unsound):
        return found
    verdict = await scan(file.path, settings().clamd_url)
    if isinstance(verdict, Clean):
        return found
    return Unsound(Reason.VIRUS if isinstance(verdict, Infected) else Reason.ANTIVIRUS_AWAY)
