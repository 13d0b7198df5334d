"""Where a sound was cut off flat, and where it is flat of itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.dsp import walls as module
from assistant.dsp.walls import Walls, find_walls
from assistant.material import Audio, Samples
from assistant.steps import result

RATE = 44_100
TIME = np.arange(2 * RATE) / RATE


def found(samples: NDArray[np.floating]) -> Walls | None:
    return result(find_walls(Audio(np.atleast_2d(samples).astype(np.float32), RATE)))


def chord() -> Samples:
    """Play three notes that swell, at full scale."""
    notes = [np.sin(2.0 * np.pi * hertz * TIME + hertz) for hertz in (221.3, 331.1, 557.9)]
    made = sum(notes) * (0.6 + 0.4 * np.sin(2.0 * np.pi * 1.3 * TIME))
    return np.asarray(made / np.abs(made).max(), dtype=np.float32)


def rounded(samples: NDArray[np.floating]) -> Samples:
    return np.asarray(np.rint(samples * 32_768.0) / 32_768.0, dtype=np.float32)


@pytest.mark.parametrize("over_db", [1.0, 3.0, 6.0, 12.0])
@pytest.mark.parametrize("gain", [1.0, 0.25, 0.03])
def test_what_was_cut_off_is_found_whatever_it_was_turned_down_by(
    over_db: float, gain: float
) -> None:
    level = 10.0 ** (-over_db / 20.0)
    walls = found(rounded(gain * np.clip(chord(), -level, level)))
    assert walls is not None
    assert [(wall.channel, wall.sign) for wall in walls.walls] == [(0, -1), (0, 1)]
    assert [wall.level for wall in walls.walls] == pytest.approx([gain * level] * 2, abs=1e-4)
    low, high = walls.limits(0)
    assert (low, high) == (-walls.walls[0].level, walls.walls[1].level)


def test_dither_after_it_was_turned_down_hides_nothing() -> None:
    dither = np.random.default_rng(2).triangular(-1.0, 0.0, 1.0, TIME.size) / 32_768.0
    cut = 0.5 * np.clip(chord(), -0.7, 0.7)
    assert found(rounded(cut + dither)) is not None
    assert found(rounded(0.5 * chord() + dither)) is None


def test_one_side_and_one_channel_are_told_apart() -> None:
    walls = found(np.stack([chord(), np.minimum(chord(), 0.5)]))
    assert walls is not None
    assert [(wall.channel, wall.sign) for wall in walls.walls] == [(1, 1)]
    assert walls.limits(0) == (-np.inf, np.inf)
    assert walls.limits(1) == (-np.inf, walls.walls[0].level)


def test_places_are_where_it_was_cut_off() -> None:
    sound = 0.5 * chord()
    sound[RATE : RATE + 4410] = np.clip(4.0 * sound[RATE : RATE + 4410], -0.6, 0.6)
    walls = found(sound)
    assert walls is not None
    assert walls.places[0][0] >= 1.0 - module.CELL_SECONDS
    assert walls.places[-1][1] <= 1.1 + module.CELL_SECONDS


def square() -> Samples:
    return np.asarray(0.7 * np.sign(np.sin(2.0 * np.pi * 221.3 * TIME)), dtype=np.float32)


FLAT_OF_ITSELF = {
    "a low note on 16 bits": rounded(0.9 * np.sin(2.0 * np.pi * 41.2 * TIME)),
    "eight bits": np.rint(100.0 * chord()) / 128.0,
    "a square wave": square(),
    "pulses": 0.7 * (TIME * 221.3 % 1.0 < 0.1),
    "a square wave that dies away": square() * np.exp(-3.0 * TIME),
    "a saw": 1.4 * (TIME * 221.3 % 1.0) - 0.7,
    "steps": np.repeat(chord()[::8], 8),
    "saturation": np.tanh(30.0 * chord()),
    "frequency modulation": 0.7 * np.sin(1390.0 * TIME + 8.0 * np.sin(1960.0 * TIME)),
    "silence": np.zeros(RATE),
    "an offset": np.full(RATE, 0.5),
    "nothing": np.zeros(0),
    "white noise": np.random.default_rng(1).uniform(-1.0, 1.0, RATE),
}


@pytest.mark.parametrize("name", FLAT_OF_ITSELF)
def test_what_is_flat_of_itself_has_no_wall(name: str) -> None:
    assert found(FLAT_OF_ITSELF[name]) is None


@given(st.floats(1e-2, 8.0))
def test_how_loud_it_is_does_not_matter(gain: float) -> None:
    cut = np.clip(2.0 * chord(), -1.0, 1.0)
    one, other = found(cut), found(np.float32(gain) * cut)
    assert one is not None
    assert other is not None
    for a, b in zip(one.walls, other.walls, strict=True):
        assert b.level == pytest.approx(gain * a.level, rel=1e-3)
        assert b.cut == pytest.approx(a.cut, rel=0.05)


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = np.clip(2.0 * chord(), -1.0, 1.0)
    whole = found(cut)
    monkeypatch.setattr(module, "BLOCK_FRAMES", 5000)
    assert found(cut) == whole
