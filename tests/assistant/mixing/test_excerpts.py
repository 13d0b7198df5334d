"""Pieces of a track that stand for all of it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Audio
from assistant.mixing.excerpts import PIECE_MOMENTS, TYPICAL_SECONDS, excerpt, typical_excerpt
from assistant.mixing.role_names import Role
from tests.assistant.mixing.played import notes, track

RATE = 8_000
PIECE = PIECE_MOMENTS // 10  # seconds


def numbered(pieces: int) -> Audio:
    """Make a sound that tells of each piece which one it is."""
    ramp = np.repeat(np.arange(pieces, dtype=np.float32) / pieces, PIECE * RATE)
    return Audio(ramp[None].astype(np.float32), RATE)


def worth(values: list[float]) -> np.ndarray:
    return np.repeat(np.array(values, dtype=np.float64), PIECE_MOMENTS)


def test_the_best_pieces_are_taken_in_order_of_time() -> None:
    part = excerpt(numbered(5), worth([1.0, 9.0, 0.0, 8.0, 2.0]), 2.0 * PIECE)
    assert part.starts.tolist() == [PIECE, 3 * PIECE]
    assert np.unique(part.audio.samples).tolist() == [np.float32(0.2), np.float32(0.6)]


def test_typical_pieces_are_of_every_worth() -> None:
    values = [float(n) for n in range(1, 102)]
    part = excerpt(numbered(101), worth(values), 5.0 * PIECE, typical=True)
    assert (part.starts / PIECE).tolist() == [0, 25, 50, 75, 100]


def test_what_is_worth_nothing_is_not_taken() -> None:
    part = excerpt(numbered(3), worth([0.0, 1.0, 0.0]), 3.0 * PIECE)
    assert part.starts.tolist() == [PIECE]
    none = excerpt(numbered(3), worth([0.0, 0.0, 0.0]), PIECE)
    assert (none.audio.frames, len(none.starts)) == (0, 0)
    assert none.places(np.array([1.0])).size == 0


def test_places_lie_where_the_sound_went() -> None:
    part = excerpt(numbered(4), worth([0.0, 1.0, 0.0, 1.0]), 2.0 * PIECE)
    times = np.array([0.5, PIECE + 0.5, 2.5 * PIECE, 3.0 * PIECE + 1.5])
    assert np.allclose(part.places(times), [0.5, PIECE + 1.5])


@pytest.mark.parametrize("later", [-3 * PIECE * RATE, -RATE, 0, 7, PIECE * RATE, 50 * RATE])
def test_what_another_track_plays_meanwhile(later: int) -> None:
    part = excerpt(numbered(4), worth([0.0, 1.0, 0.0, 1.0]), 2.0 * PIECE)
    dice = np.random.default_rng(1)
    other = Audio(dice.standard_normal((2, 3 * PIECE * RATE)).astype(np.float32), RATE)
    here = np.concatenate([np.arange(n * PIECE * RATE, (n + 1) * PIECE * RATE) for n in (1, 3)])
    there = (here + later >= 0) & (here + later < other.frames)
    wanted = np.where(there, other.samples[:, np.clip(here + later, 0, other.frames - 1)], 0.0)
    assert np.array_equal(part.meanwhile(other, later), wanted)


def test_meanwhile_is_as_long_as_an_excerpt_that_ends_within_a_piece() -> None:
    short = Audio(numbered(2).samples[:, : -RATE // 2], RATE)
    part = excerpt(short, worth([0.0, 1.0]), PIECE)
    other = numbered(4)
    assert part.meanwhile(other, 0).shape == part.audio.samples.shape
    assert np.array_equal(part.meanwhile(short, 0), part.audio.samples)


def test_a_short_track_is_all_there_and_a_long_one_costs_no_more_than_a_minute() -> None:
    short = track(notes(10.0, 0.2), Role.KEYS)
    assert typical_excerpt(short.audio, short.heard).audio.frames == short.audio.frames
    long = track(notes(100.0, 0.2), Role.KEYS)
    part = typical_excerpt(long.audio, long.heard)
    assert part.audio.seconds == TYPICAL_SECONDS
