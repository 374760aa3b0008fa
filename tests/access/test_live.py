"""Places on open grids: another family books, and the tab that shows that day is told unasked."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from portail import frontend
from tests.access.conftest import RunningPortal
from tests.raw_client import Frame, tab

pytestmark = pytest.mark.usefixtures("quiet")
# a Wednesday that the demo's made-up families have filled, far from any deadline
DAY, SLOT = "2026-12-16", "3_MERCREDI_MATIN_MAT_MATIN"
# a parent of one of these families, through the services: the child's place is given up, or taken
ACT = f"""
import sys
from datetime import date
from sqlmodel import select
from portail.database import reading
from portail.domain.identity import Actor
from portail.models import Child, FamilyChild, Subscription
from portail.services import planning
from tests import factories

with reading() as session:
    child, family = session.exec(
        select(Child.id, FamilyChild.family_id)
        .join(FamilyChild, FamilyChild.child_id == Child.id)
        .where(Child.first_name == "Alba")
    ).one()
    account = session.exec(
        select(Subscription.account_id).where(Subscription.family_id == family)
    ).first()
if account is None:
    account = factories.account(first_name="Louise")
    factories.join_family(account, family)
actor = Actor(0, account_id=account)
planning.toggle(actor, child, {SLOT!r}, date.fromisoformat({DAY!r}), sys.argv[1] == "take")
done = planning.confirm(actor, planning.validation(actor).version)
print([line.outcome.value for line in done.lines])
"""


async def act(portal: RunningPortal, what: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PORTAIL_")}
    environment |= {"PORTAIL_DATA_DIR": str(portal.folder), "PORTAIL_NOW": "2026-11-23T09:00"}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", ACT, what],
        cwd=frontend.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


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
        assert await act(portal, "give") == "['cancelled']"
        frame = await client.until(told, since=since)
        assert list(told(frame).values()) == ["f0"]  # Nora's cell: it was full, it is free
        assert "1 place" in frame.text.replace("\u00a0", " ")
        since = len(client.frames)
        assert await act(portal, "take") == "['booked']"
        frame = await client.until(told, since=since)
        assert list(told(frame).values()) == ["q0"]
        await other.settled()
        assert not any(frame.value("planning_state", "changed") for frame in other.frames[others:])
