"""The draft of an account: locked by whoever changes what it has pending, and written once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session, col

from portail.database import ask, insert_unless_there
from portail.domain.bookings import CellKey, Pending
from portail.models import PendingChange, PlanningDraft
from portail.services.catalogue import Loaded
from portail.services.planning.opening import NEW, NO_VERSION, Change, Opened

# made once: putting a statement together costs as much as asking it
_mine = col(PlanningDraft.account_id) == bindparam("account")
_LOCK = select(col(PlanningDraft.version)).where(_mine).with_for_update()
_UNDO = select(col(PlanningDraft.undo)).where(_mine)
_UPDATE = (
    update(PlanningDraft)
    .where(_mine)
    .values(version=bindparam("reached"), undo=bindparam("kept"))
    .execution_options(synchronize_session=False)
)
_DELETE = (
    delete(PendingChange)
    .where(
        col(PendingChange.id).in_(bindparam("ids", expanding=True)),
        col(PendingChange.account_id) == bindparam("account"),
    )
    .execution_options(synchronize_session=False)
)
_INSERT = insert(PendingChange)


def lock_draft(session: Session, account_id: int) -> int:
    """Hold the account's draft until the transaction ends; the version it is at.

    The first lock of any transaction on a planning: then children, activities, places.
    """
    account = {"account": account_id}
    version: int | None = ask(session, _LOCK, account).scalar()
    if version is None:
        ask(
            session,
            insert_unless_there(session, PlanningDraft, "account_id").values(
                account_id=account_id, version=NO_VERSION, undo=[]
            ),
        )
        return int(ask(session, _LOCK, account).scalar_one())
    return version


def write_changes(
    session: Session, opened: Opened, changes: Mapping[CellKey, Change], version: int, *, undo: bool
) -> int:
    """Make these what is pending of what was opened, in the draft that the caller has locked.

    Args:
        session: a writing one.
        opened: what was pending until now.
        changes: what is pending from now on.
        version: of the draft.
        undo: whether this can be undone.

    Returns:
        The version from now on: the same, when nothing changes.
    """
    before, loaded = opened.mine, opened.loaded
    touched = [key for key in {**before, **changes} if before.get(key) != changes.get(key)]
    if not touched:
        return version
    gone = [before[key].id for key in touched if key in before]
    if gone:
        ask(session, _DELETE, {"ids": gone, "account": opened.account_id})
    made = [_row(opened, key, changes[key]) for key in changes if before.get(key) != changes[key]]
    if made:
        ask(session, _INSERT, made)
    kept = [_kept(loaded, key, before.get(key)) for key in touched] if undo else []
    ask(session, _UPDATE, {"account": opened.account_id, "reached": version + 1, "kept": kept})
    return version + 1


def _row(opened: Opened, key: CellKey, change: Change) -> dict[str, Any]:
    child, slot, day = key
    return {
        "account_id": opened.account_id,
        "family_id": opened.children[child].family_id,
        "child_id": child,
        "slot_id": opened.loaded.slot_ids[slot],
        "day": day,
        "kind": change.kind,
        "because_slot_id": opened.loaded.slot_ids[change.because] if change.because else None,
        "made_at": change.made_at,
    }


def _kept(loaded: Loaded, key: CellKey, change: Change | None) -> dict[str, Any]:
    """What a cell had pending, as the draft keeps it; slots by id, which an import leaves alone."""
    kept: dict[str, Any] = {"child": key[0], "slot": loaded.slot_ids[key[1]], "day": str(key[2])}
    if change is not None:
        kept["kind"] = change.kind.value
        kept["because"] = loaded.slot_ids[change.because] if change.because else None
        kept["at"] = change.made_at.isoformat()
    return kept


def undone(session: Session, loaded: Loaded, account_id: int) -> dict[CellKey, Change | None]:
    """What the last change replaced, by cell; nothing, when it cannot be undone."""
    codes = loaded.slot_codes
    return {
        (one["child"], codes[one["slot"]], date.fromisoformat(one["day"])): _read(loaded, one)
        for one in ask(session, _UNDO, {"account": account_id}).scalar_one()
        if one["slot"] in codes  # an import drops what nobody booked
    }


def _read(loaded: Loaded, kept: Mapping[str, Any]) -> Change | None:
    if "kind" not in kept:
        return None
    because = loaded.slot_codes.get(kept["because"], "")
    return Change(NEW, Pending(kept["kind"]), because, datetime.fromisoformat(kept["at"]))
