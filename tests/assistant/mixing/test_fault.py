"""Faults in one set of words."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.errors import MaterialError
from assistant.mixing.fault import Fault


def fault(**other: Any) -> Fault:
    told: dict[str, Any] = {
        "kind": "hum",
        "targets": ("bass",),
        "severity": 0.5,
        "value": 50.0,
        "unit": "Hz",
        "confidence": 0.5,
        "why": "It hums.",
        "listen_for": "a hum",
    }
    return Fault(**(told | other))


def test_faults_are_ranked_by_how_bad_and_how_sure() -> None:
    assert fault(severity=0.8, confidence=0.5).weight == pytest.approx(0.4)


@pytest.mark.parametrize("name", ["severity", "confidence"])
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_shares_outside_their_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(MaterialError, match=name):
        fault(**{name: value})


def test_a_fault_is_of_some_track() -> None:
    with pytest.raises(MaterialError, match="hum"):
        fault(targets=())
