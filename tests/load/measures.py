"""What the benchmarks count alike: shares, the processes of a server, how busy the machine is."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from tests.e2e.helpers.server import Server

KIB = 1024
TICK = 1000 / os.sysconf("SC_CLK_TCK")  # ms


def at(values: Iterable[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def memory(server: Server) -> float:
    """Resident memory of the server and its workers, in MiB; 0 where /proc is not."""
    pages = sum(int((one / "statm").read_text().split()[1]) for one in _processes(server))
    return pages * os.sysconf("SC_PAGE_SIZE") / KIB / KIB


def cpu(server: Server) -> float:
    """Processor time that the server and its workers have used, in ms; 0 where /proc is not."""
    fields = [(one / "stat").read_text().rsplit(")", 1)[1].split() for one in _processes(server)]
    return sum(int(user) + int(system) for *_, user, system in (f[:13] for f in fields)) * TICK


def busy() -> str:
    """How busy the machine is, to read the figures by."""
    return f"charge de la machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cœurs"


def _processes(server: Server) -> list[Path]:
    if server.process is None or not Path("/proc").is_dir():
        return []
    family = [server.process.pid]
    for pid in family:
        children = Path("/proc") / str(pid) / "task" / str(pid) / "children"
        family += [int(child) for child in children.read_text().split()]
    return [Path("/proc") / str(pid) for pid in family]
