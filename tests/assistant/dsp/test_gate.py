"""A gate for tracks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.dsp.biquads import Pair
from assistant.dsp.gate import HYSTERESIS_DB, Gate

RATE = 44_100


def steps(*levels_db: float) -> Pair:
    """Make half a second of a tone at each level."""
    frames = RATE // 2
    turns = 2.0 * np.pi * 440.0 * np.arange(frames * len(levels_db)) / RATE
    levels = np.repeat([10.0 ** (db / 20.0) for db in levels_db], frames)
    return np.stack([levels * np.sin(turns), np.zeros(turns.size)])


def gated(pair: Pair, threshold_db: float, cuts: tuple[int, ...] = ()) -> Pair:
    made, gate = pair.copy(), Gate(threshold_db, RATE)
    edges = [0, *cuts, pair.shape[1]]
    for start, stop in pairwise(edges):
        piece = made[:, start:stop].copy()
        gate.run(piece, start)
        made[:, start:stop] = piece
    return made


def test_what_is_loud_passes_as_it_was_and_what_is_not_is_silent() -> None:
    pair = steps(-50.0, -20.0, *[-60.0] * 6)
    made = gated(pair, -40.0)
    frames = RATE // 2
    assert not made[:, :frames].any()
    opened = frames + RATE // 20
    np.testing.assert_array_equal(made[:, opened : 2 * frames], pair[:, opened : 2 * frames])
    assert not made[:, -frames // 2 :].any()


def test_a_note_that_dies_away_is_let_go_only_well_below() -> None:
    pair = steps(-20.0, -40.0 - HYSTERESIS_DB + 1.0, -40.0 - HYSTERESIS_DB - 3.0)
    made = gated(pair, -40.0)
    frames = RATE // 2
    np.testing.assert_array_equal(made[:, frames : 2 * frames], pair[:, frames : 2 * frames])
    assert np.abs(made[:, -100:]).max() < 0.1 * np.abs(pair[:, -100:]).max()


@given(st.lists(st.integers(0, 60_000), max_size=5))
def test_it_does_not_matter_where_blocks_are_cut(cuts: list[int]) -> None:
    pair = steps(-50.0, -20.0, -60.0)
    np.testing.assert_array_equal(gated(pair, -40.0, tuple(sorted(cuts))), gated(pair, -40.0))
