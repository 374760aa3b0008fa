"""The short reads of an event: on the spot where they wait for nobody, in a thread elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from reflex.utils.misc import run_in_thread

from portail import database

Found = TypeVar("Found")


async def read(func: Callable[[], Found]) -> Found:
    """What `func` finds by a few queries, some milliseconds at most; it writes nothing.

    A file's reads wait for no network and no writer, and a thread would only take the interpreter
    in turns with the loop that waits for it: a sixth of the processor time of a parent who arrives.
    """
    if database.reads_are_local():
        return func()
    found: Any = await run_in_thread(func)
    return cast("Found", found)
