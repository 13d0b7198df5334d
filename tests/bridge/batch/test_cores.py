from __future__ import annotations

import os

import pytest

from bridge.batch import cores
from bridge.batch.cores import MEMORY_MB_A_JOB, jobs


@pytest.mark.parametrize(
    ("count", "machine_mb", "container_mb", "fit"),
    [
        (8, 64_000.0, float("inf"), 8),
        (8, 3.5 * MEMORY_MB_A_JOB, float("inf"), 3),
        (8, 64_000.0, 2.1 * MEMORY_MB_A_JOB, 2),
        (8, 100.0, float("inf"), 1),
        (4, float("inf"), float("inf"), 4),
    ],
)
def test_as_many_as_cores_and_memory_hold(
    monkeypatch: pytest.MonkeyPatch, count: int, machine_mb: float, container_mb: float, fit: int
) -> None:
    monkeypatch.setattr(cores, "_cores", lambda: count)
    monkeypatch.setattr(cores, "_free_of_machine", lambda: machine_mb)
    monkeypatch.setattr(cores, "_free_of_container", lambda: container_mb)
    assert jobs() == fit


def test_this_machine_holds_some() -> None:
    assert 1 <= jobs() <= (os.cpu_count() or 1)
