from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.material import Meter
from assistant.theory.ear.grid import grid_of
from assistant.theory.ear.key_changes import Array, key_stretches
from assistant.theory.harmony.chord import read_chord


def sounding(*symbols: str, beats: int = 4, up: int = 0) -> Array:
    """Let each chord sound for so many pulses."""
    rows = np.zeros((len(symbols) * beats, 12))
    for bar, symbol in enumerate(symbols):
        classes = [(place + up) % 12 for place in read_chord(symbol).pitch_classes]
        rows[bar * beats : (bar + 1) * beats, classes] = 1.0
    return rows


def found(rows: Array, meter: Meter = Meter(0.0, 4, 4)) -> tuple[int, ...]:  # noqa: B008 - frozen
    return key_stretches(rows, grid_of((meter,), len(rows) * meter.pulse_beats))


LOOP = ("C", "F", "G", "C", "Am", "Dm", "G", "G7")


@given(st.integers(1, 11))
def test_a_change_is_found_on_its_bar(up: int) -> None:
    later = found(np.concatenate((sounding(*LOOP), sounding(*LOOP, up=up))))
    assert len(later) == 2
    assert abs(later[1] - 32) <= 8  # what both keys share may belong to either


def test_a_song_in_one_key_is_one_stretch() -> None:
    for symbols in (LOOP * 4, ("Am", "Dm", "E7", "Am") * 6, ("C", "E7", "Am", "D7", "G7", "C") * 3,
                    ("C", "Bb", "F", "C") * 6, ("C", "Fm", "C", "G") * 5):  # fmt: skip
        assert found(sounding(*symbols)) == (0,)


def test_a_short_detour_is_no_change() -> None:
    assert found(sounding(*LOOP, "Ab", "Bb", *LOOP)) == (0,)


def test_there_and_back() -> None:
    rows = np.concatenate((sounding(*LOOP), sounding(*LOOP, up=3), sounding(*LOOP)))
    assert found(rows) == (0, 32, 64)


def test_short_bars_are_taken_together() -> None:
    rows = np.concatenate((sounding(*LOOP, up=0), sounding(*LOOP, up=6)))
    start, changed = found(rows, Meter(0.0, 1, 4))
    assert (start, changed % 3) == (0, 0)
    assert abs(changed - 32) <= 3


@pytest.mark.parametrize("bars", [1, 3, 9])
def test_silence_has_no_changes(bars: int) -> None:
    assert found(np.zeros((4 * bars, 12))) == (0,)
