"""How many files this machine can work on at once."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

__all__ = ["MEMORY_MB_A_JOB", "jobs"]

MEMORY_MB_A_JOB = 1024
"""What one job is thought to take; larger arrays are files that the system may put away."""

_MEMINFO = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def jobs() -> int:
    """Return how many jobs fit on the cores and into the memory of this machine, at least one."""
    return max(1, int(min(_cores(), _free_mb() // MEMORY_MB_A_JOB)))


def _cores() -> int:
    """Count the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _free_mb() -> float:
    """Return the memory that is free, or that a container may still take; inf where unknown."""
    return min(_free_of_machine(), _free_of_container())


def _free_of_machine() -> float:
    with suppress(OSError, ValueError):
        lines = _MEMINFO.read_text("ascii").splitlines()
        told = dict(line.split(":", 1) for line in lines)
        return int(told["MemAvailable"].split()[0]) / 1024
    if os.name == "nt":
        return _free_of_windows()
    with suppress(
        OSError, ValueError, AttributeError
    ):  # macOS tells all there is, not what is free
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20 / 2
    return float("inf")


def _free_of_container() -> float:
    with suppress(OSError, ValueError):
        limit = int((_CGROUP / "memory.max").read_text("ascii"))  # "max" where there is none
        return (limit - int((_CGROUP / "memory.current").read_text("ascii"))) / 2**20
    return float("inf")


def _free_of_windows() -> float:
    """Ask kernel32; MEMORYSTATUSEX is two 32-bit numbers and seven of 64 bits."""
    status = (ctypes.c_uint64 * 8)()
    ctypes.cast(status, ctypes.POINTER(ctypes.c_uint32))[0] = ctypes.sizeof(status)
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  other systems do not have it
    return status[2] / 2**20 if kernel.GlobalMemoryStatusEx(status) else float("inf")
