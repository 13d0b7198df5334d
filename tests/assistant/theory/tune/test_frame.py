"""The grid of a tune, and what its steps sound like over each chord."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.errors import SettingError
from assistant.material import Meter
from assistant.theory.tune.frame import bar_lines, bars_until, groups, measures
from tests.assistant.theory.tune.tunes import framed


@pytest.mark.parametrize(
    ("meter", "beats"),
    [
        ((4, 4), (4, 4, 4, 4)),
        ((3, 4), (4, 4, 4)),
        ((6, 8), (6, 6)),
        ((7, 8), (4, 4, 6)),
        ((5, 8), (4, 6)),
        ((3, 8), (6,)),
        ((2, 2), (4, 4, 4, 4)),
        ((5, 4), (4,) * 5),
        ((11, 16), (4, 4, 3)),
    ],
)
def test_bars_are_parted_into_beats(meter: tuple[int, int], beats: tuple[int, ...]) -> None:
    assert groups(Meter(0.0, *meter)) == beats


def test_bars_follow_the_metre_map_and_go_on_after_it() -> None:
    lines = bar_lines((Meter(0.0, 4, 4), Meter(8.0, 3, 4)), 1, 3)
    assert [(line.beat, line.numerator) for line in lines] == [(4.0, 4), (8.0, 3), (11.0, 3)]
    assert [bar.start for bar in measures(lines)] == [0, 16, 28]


def test_the_bars_of_a_song_until_its_end() -> None:
    meters = (Meter(0.0, 4, 4), Meter(8.0, 3, 4))
    assert [line.beat for line in bars_until(meters, 11.5)] == [0.0, 4.0, 8.0, 11.0]
    assert [line.beat for line in bars_until(meters, 8.0)] == [0.0, 4.0]
    assert len(bars_until(meters, 0.0)) == 1


def test_strong_slots() -> None:
    frame = framed(bars=1)
    assert frame.strength.tolist() == [3, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0, 2, 0, 1, 0]


def test_a_chord_bends_the_key() -> None:
    frame = framed("A minor", "Am E7", bars=2)
    am, e7 = (set((row % 12).tolist()) for row in frame.pitches)
    assert am == {9, 11, 0, 2, 4, 5, 7}
    assert e7 == {9, 11, 0, 2, 4, 5, 8}
    assert frame.harmony.tolist() == [0] * 16 + [1] * 16
    sounding = set((frame.pitches[1][frame.tones[1]] % 12).tolist())
    assert sounding == {4, 8, 11, 2}
    assert frame.roles[1][frame.pitches[1] == 64].tolist() == [0]


def test_every_step_is_in_range_over_every_chord() -> None:
    frame = framed("B minor", "Bm F#7 G A", span=(59.0, 70.0))
    assert frame.pitches.min() >= 59
    assert frame.pitches.max() <= 70
    assert (np.diff(frame.pitches, axis=1) > 0).all()


def test_a_range_without_room_is_refused() -> None:
    with pytest.raises(SettingError, match="C4 to D4"):
        framed(span=(60.0, 62.0))
