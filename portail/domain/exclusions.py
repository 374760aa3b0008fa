"""Slots of one day that exclude each other (Matin / Journée), and slots that need another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Links:
    """Both ways: `excludes[a]` has b whenever a says so or b does; `needs` and who is needed."""

    excludes: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, tuple[str, ...]]
    needed_by: Mapping[str, tuple[str, ...]]

    def replaced_by(self, slot: str, held: Collection[str]) -> tuple[str, ...]:
        """What booking this slot replaces, among those the child has that day."""
        return tuple(other for other in self.excludes.get(slot, ()) if other in held)

    def missing_for(self, slot: str, held: Collection[str]) -> tuple[str, ...]:
        """What the child must have that day first."""
        return tuple(other for other in self.needs.get(slot, ()) if other not in held)

    def left_without(self, slot: str, held: Collection[str]) -> tuple[str, ...]:
        """What cannot stay once this slot is cancelled, and what cannot stay without that."""
        found: list[str] = []
        gone = [slot]
        for one in gone:  # grows meanwhile
            more = [o for o in self.needed_by.get(one, ()) if o in held and o not in found]
            found += more
            gone += more
        return tuple(found)


def links(rules: Mapping[str, tuple[Collection[str], Collection[str]]]) -> Links:
    """The links of a catalogue, from what each slot excludes and needs."""
    excludes: dict[str, set[str]] = {slot: set(own) for slot, (own, _) in rules.items()}
    for slot, (own, _) in rules.items():
        for other in own:
            excludes.setdefault(other, set()).add(slot)
    needed_by: dict[str, set[str]] = {}
    for slot, (_, needs) in rules.items():
        for other in needs:
            needed_by.setdefault(other, set()).add(slot)
    return Links(
        {slot: tuple(sorted(others)) for slot, others in excludes.items()},
        {slot: tuple(needs) for slot, (_, needs) in rules.items()},
        {slot: tuple(sorted(others)) for slot, others in needed_by.items()},
    )
