"""Tracks that were clipped, and such as only look like it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.mixing.fault import Fault
from assistant.mixing.faults.clipping import find_clipping
from assistant.mixing.role_names import Role
from assistant.steps import result
from tests.assistant.dsp.hums import tune
from tests.assistant.mixing.played import RATE, Row, track


def found(*rows: Row) -> tuple[Fault, ...]:
    return result(find_clipping([track(np.array(rows), Role.GUITAR)]))


def clipped(by_db: float) -> Row:
    sound = tune(4.0, RATE)
    limit = np.abs(sound).max() * 10.0 ** (-by_db / 20.0)
    return np.asarray(np.clip(sound, -limit, limit))


@pytest.mark.parametrize("by_db", [3.0, 6.0, 12.0])
@pytest.mark.parametrize("gain_db", [-30.0, 0.0, 12.0])
def test_what_was_cut_off_is_found_at_any_level(by_db: float, gain_db: float) -> None:
    (fault,) = found(10.0 ** (gain_db / 20.0) * clipped(by_db))
    assert (fault.kind, fault.targets, fault.is_taste) == ("clipping", ("track",), False)
    assert fault.moves == ()
    assert "denoise" in fault.why


def test_what_is_cut_off_more_is_worse() -> None:
    severities = [found(clipped(by_db))[0].severity for by_db in (2.0, 6.0, 12.0)]
    assert severities == sorted(set(severities))


def test_the_seconds_are_told() -> None:
    sound = np.concatenate([0.5 * tune(4.0, RATE), clipped(6.0), 0.5 * tune(4.0, RATE)])
    (fault,) = found(sound)
    assert 4.0 <= fault.evidence["first"].value < fault.evidence["last"].value <= 8.0


def test_one_clipped_channel_is_enough() -> None:
    whole = tune(4.0, RATE)
    assert len(found(whole, clipped(6.0))) == 1


@pytest.mark.parametrize("drive", [2.0, 10.0])
def test_a_saturated_sound_is_none(drive: float) -> None:
    assert found(np.tanh(drive * tune(4.0, RATE) / 0.3)) == ()


def test_a_square_wave_is_none() -> None:
    time = np.arange(4 * RATE) / RATE
    notes = np.sign(np.sin(2.0 * np.pi * 110.0 * time)) * np.exp(-(time % 0.5) / 0.2)
    held = np.sign(np.sin(2.0 * np.pi * 220.0 * time)) * (time % 0.5 < 0.4)
    assert found(0.3 * notes) == ()
    assert found(0.3 * held) == ()


def test_silence_is_none() -> None:
    assert found(np.zeros(RATE)) == ()
    assert result(find_clipping([])) == ()
