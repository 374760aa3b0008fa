"""Places on open grids: another family books, and the tab that shows that day is told unasked."""

from __future__ import annotations

import asyncio

import pytest

from tests.access.conftest import RunningPortal
from tests.neighbour import DAY, SLOT, act
from tests.raw_client import Frame, tab

pytestmark = pytest.mark.usefixtures("quiet")


async def test_a_place_taken_by_another_family_reaches_an_open_grid(portal: RunningPortal) -> None:
    path = f"/planning?vue=mois&jour={DAY}"
    zoe, karim = portal.sign_in("z-pinceau"), portal.sign_in("k-benali")
    async with (
        tab(portal.port, cookie=zoe, path=path) as client,
        tab(portal.port, cookie=karim, path=path) as other,
    ):

        def told(frame: Frame) -> dict[str, str]:
            changed = frame.value("planning_state", "changed") or {}
            return {
                key: change["s"]
                for key, change in changed.items()
                if key.endswith(f"/{SLOT}/{DAY}")
            }

        since, others = len(client.frames), len(other.frames)
        assert await asyncio.to_thread(act, portal.folder, "give") == "['cancelled']"
        frame = await client.until(told, since=since)
        assert list(told(frame).values()) == ["f0"]  # Nora's cell: it was full, it is free
        assert "1 place" in frame.text.replace("\u00a0", " ")
        since = len(client.frames)
        assert await asyncio.to_thread(act, portal.folder, "take") == "['booked']"
        frame = await client.until(told, since=since)
        assert list(told(frame).values()) == ["q0"]
        await other.settled()
        assert not any(told(frame) for frame in other.frames[others:])
