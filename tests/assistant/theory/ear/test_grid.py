from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from assistant.material import Meter
from assistant.theory.ear.grid import (
    BAR,
    HALF,
    MAX_PULSES,
    PULSE,
    bar_starts,
    bars_in,
    grid_of,
    place_on,
    walk_bars,
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "pulse", "strengths"),
    [(4, 4, 1.0, [BAR, PULSE, HALF, PULSE]), (3, 4, 1.0, [BAR, PULSE, PULSE]),
     (6, 8, 1.5, [BAR, PULSE]), (12, 8, 1.5, [BAR, PULSE, HALF, PULSE]),
     (5, 4, 1.0, [BAR, PULSE, PULSE, HALF, PULSE]),
     (7, 8, 0.5, [BAR, PULSE, PULSE, PULSE, HALF, PULSE, PULSE]), (2, 2, 2.0, [BAR, PULSE])],
)  # fmt: skip
def test_the_beats_of_a_metre(
    numerator: int, denominator: int, pulse: float, strengths: list[int]
) -> None:
    meter = Meter(0.0, numerator, denominator)
    grid = grid_of((meter,), 2.0 * meter.bar_beats)
    assert grid.strengths.tolist() == strengths * 2
    np.testing.assert_allclose(grid.lengths, pulse)
    assert grid.edges[-1] == pytest.approx(2.0 * meter.bar_beats)


def test_a_change_of_metre_cuts_the_bar_before_it() -> None:
    grid = grid_of((Meter(0.0, 4, 4), Meter(6.0, 3, 4)), 12.0)
    assert grid.edges.tolist() == [float(beat) for beat in range(13)]
    assert np.flatnonzero(grid.strengths == BAR).tolist() == [0, 4, 6, 9]
    assert bars_in((Meter(0.0, 4, 4), Meter(6.0, 3, 4)), 12.0) == pytest.approx(1.5 + 2.0)


def test_an_endless_song_is_cut() -> None:
    grid = grid_of((Meter(0.0, 4, 4),), 1e9)
    assert grid.strengths.size == MAX_PULSES
    assert grid.edges[-1] == MAX_PULSES


def test_a_song_of_nothing_has_one_pulse() -> None:
    assert grid_of((Meter(0.0, 4, 4),), 0.0).strengths.size == 1


def test_what_sounds_on_each_pulse() -> None:
    grid = grid_of((Meter(0.0, 4, 4),), 4.0)
    found = place_on(
        grid,
        np.array([0.0, 0.0, 1.5, 3.0]),
        np.array([4.0, 2.0, 1.0, 0.0]),
        np.array([48, 64, 67, 36]),
        np.array([1.0, 1.0, 0.5, 1.0]),
    )
    np.testing.assert_allclose(found.classes[:, 0], [1.0, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(found.classes[:, 4], [1.0, 1.0, 0.0, 0.0])
    np.testing.assert_allclose(found.classes[:, 7], [0.0, 0.25, 0.25, 0.0])
    np.testing.assert_allclose(found.lowest.argmax(axis=1), 0)


def test_notes_of_odd_lengths_and_places_are_kept_within_the_song() -> None:
    grid = grid_of((Meter(0.0, 4, 4),), 8.0)
    found = place_on(
        grid,
        np.array([-3.0, 2.0, 7.9]),
        np.array([1e9, -5.0, 1e-9]),
        np.array([60, 64, 67]),
        np.ones(3),
    )
    assert np.isfinite(found.classes).all()
    assert found.classes.max() <= 1.0
    assert found.classes[7, 7] > 0.0


def test_bars_follow_the_metre_map_and_a_change_waits_for_the_bar_line() -> None:
    meters = (Meter(0.0, 4, 4), Meter(4.0, 3, 4))
    assert [bar.beat for bar in bar_starts(meters, 10.0)] == [0.0, 4.0, 7.0]
    late = (Meter(0.0, 4, 4), Meter(6.0, 3, 4))
    assert [bar.beat for bar in islice(walk_bars(late), 4)] == [0.0, 4.0, 8.0, 11.0]
    assert bar_starts(meters, 0.0) == ()
