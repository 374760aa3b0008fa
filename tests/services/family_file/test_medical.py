"""Medical information: sealed at rest, read by agents of childcare alone, each reading logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from portail.adapters.sealing import SealBrokenError, forget_keys, unseal
from portail.database import reading, writing
from portail.domain.identity import Forbidden, Role
from portail.domain.medical import Diet, MedicalInformation
from portail.models import ActionLog, FieldChange, MedicalRecord
from portail.services import resealing
from portail.services.family_file.file import child_view
from portail.services.family_file.medical import (
    change_medical,
    medical_of,
    read_as_agent,
    reseal_everything,
)
from portail.services.procedures import procedure_detail
from portail.services.reach import NotFound
from portail.settings import settings
from tests import factories
from tests.services.family_file import home
from tests.services.family_file.home import Home, as_agent, rows

pytestmark = pytest.mark.usefixtures("db")
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def zoe(db: None) -> Home:
    return home.make()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()
    forget_keys()


def use(monkeypatch: pytest.MonkeyPatch, *wanted: str) -> None:
    monkeypatch.setenv("PORTAIL_SEALING_KEYS", ",".join(wanted))
    settings.cache_clear()
    forget_keys()


def records() -> list[str]:
    with reading() as session:
        query = select(MedicalRecord.sealed).order_by("child_id")
        return list(session.exec(query))


def sealed() -> list[str]:
    """Every sealed text there is."""
    return records() + [
        text for row in rows(FieldChange) for text in (row.old_value, row.new_value)
    ]


def opens(key: str, text: str) -> bool:
    try:
        Fernet(key).decrypt(text.encode())
    except Exception:  # noqa: BLE001
        return False
    return True


def readings() -> list[tuple[int | None, str]]:
    return [(row.agent_id, row.subject) for row in rows(ActionLog) if row.action == "medical_read"]


def test_nothing_said_is_an_empty_record(zoe: Home) -> None:
    with reading() as session:
        assert medical_of(session, zoe.child) == (MedicalInformation(), None)
    agent = as_agent(Role.ENFANCE)
    assert read_as_agent(agent, zoe.child) == MedicalInformation()


def test_an_agent_of_childcare_reads_and_each_reading_is_written_down(zoe: Home) -> None:
    zoe.ask("medical.allergies", "medical.diet")
    ines, lea = as_agent(Role.ENFANCE), as_agent(Role.ENFANCE, Role.REGIE)
    found = read_as_agent(ines, zoe.child)
    assert found == MedicalInformation(allergies="Arachide", diet=Diet.NO_MEAT)
    assert isinstance(found.diet, Diet)
    read_as_agent(ines, zoe.child)
    read_as_agent(lea, zoe.child)
    about = f"child {zoe.child}"
    assert readings() == [(ines.agent_id, about), (ines.agent_id, about), (lea.agent_id, about)]


@pytest.mark.parametrize(
    "roles", [(), (Role.REGIE,), (Role.ADMINISTRATION,), (Role.REGIE, Role.ADMINISTRATION)]
)
def test_no_other_agent_reads(roles: tuple[Role, ...], zoe: Home) -> None:
    zoe.ask("medical.allergies")
    for child in (zoe.child, 987_654):
        with pytest.raises(Forbidden):
            read_as_agent(as_agent(*roles), child)
    assert readings() == []


def test_a_parent_does_not_read_as_an_agent_even_of_their_own_child(zoe: Home) -> None:
    with pytest.raises(Forbidden):
        read_as_agent(zoe.actor, zoe.child)
    assert readings() == []


def test_no_such_child_is_no_reading(zoe: Home) -> None:
    with pytest.raises(NotFound):
        read_as_agent(as_agent(Role.ENFANCE), 987_654)
    assert readings() == []


def test_a_record_that_no_key_opens_says_so(zoe: Home, keys: pytest.MonkeyPatch) -> None:
    use(keys, OLD)
    zoe.ask("medical.allergies")
    use(keys, NEW)
    with pytest.raises(SealBrokenError):
        read_as_agent(as_agent(Role.ENFANCE), zoe.child)
    with pytest.raises(SealBrokenError):
        child_view(zoe.actor, zoe.child)


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_everything_is_sealed_again_in_batches(
    batch: int, zoe: Home, keys: pytest.MonkeyPatch
) -> None:
    use(keys, OLD)
    children = [zoe.child, *(factories.child(f"n{n}", zoe.family) for n in range(3))]
    with writing() as session:
        for child in children:
            change_medical(session, child, {"allergies": f"Lait {child}"})
    waits = zoe.asked("medical.pai")
    zoe.asked("medical.doctor")
    keys.setattr(resealing, "BATCH", batch)
    before = [unseal(text) for text in sealed()]
    use(keys, NEW, OLD)
    assert reseal_everything() == len(before) == 4 + 2 * 2
    assert [unseal(text) for text in sealed()] == before
    assert all(opens(NEW, text) and not opens(OLD, text) for text in sealed())
    use(keys, NEW)  # the old one may go
    with reading() as session:
        assert asdict(medical_of(session, children[-1])[0])["allergies"] == f"Lait {children[-1]}"
    assert procedure_detail(zoe.actor, waits).changes[0].new == home.KEPT["medical.pai"]
    assert reseal_everything() == len(before)  # safe to run again


def test_nothing_to_seal_again() -> None:
    assert reseal_everything() == 0


def test_a_text_that_no_key_opens_stops_it_and_its_batch_stays(
    zoe: Home, keys: pytest.MonkeyPatch
) -> None:
    use(keys, OLD)
    first, second = zoe.child, factories.child("Sami", zoe.family)
    with writing() as session:
        change_medical(session, first, {"allergies": "Lait"})
        change_medical(session, second, {"allergies": "Lait"})
        session.get_one(MedicalRecord, second).sealed = "altéré"
    before = records()
    use(keys, NEW, OLD)
    with pytest.raises(SealBrokenError):
        reseal_everything()
    assert records() == before
