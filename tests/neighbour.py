"""A made-up family of the demo, acting beside a running server through the services."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from portail import frontend

NOW = "2026-11-23T09:00"  # of the server's clock, which stands still
# a Wednesday that the demo's made-up families have filled, far from any deadline
DAY, SLOT = "2026-12-16", "3_MERCREDI_MATIN_MAT_MATIN"
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


def act(folder: Path, what: str) -> str:
    """Have Alba's place of that day given up («give»), or taken («take»); what became of it.

    Args:
        folder: where the server's data is.
        what: to do.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PORTAIL_")}
    done = subprocess.run(
        [sys.executable, "-c", ACT, what],
        cwd=frontend.ROOT,
        env=environment | {"PORTAIL_DATA_DIR": str(folder), "PORTAIL_NOW": NOW},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
