"""Sums of tracks are told from what is only as loud in the same places."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.material import Audio, Stem
from assistant.mixing.heard import hear
from assistant.mixing.sums import sums_of
from assistant.steps import result

RATE = 8_000
SECONDS = 6

Row = NDArray[np.float64]


def sums(*sounds: Row | Stem) -> list[tuple[int, ...]]:
    stems = [one if isinstance(one, Stem) else stem(one) for one in sounds]
    heard = [result(hear(one.audio)) for one in stems]
    return list(result(sums_of(stems, heard)))


def stem(sound: Row, start: int = 0) -> Stem:
    return Stem("track", Audio(np.atleast_2d(sound).astype(np.float32), RATE), start)


@lru_cache
def noise(seed: int, seconds: float = SECONDS) -> Row:
    """Make what differs only in chance from another."""
    return np.asarray(0.1 * np.random.default_rng(seed).standard_normal(round(seconds * RATE)))


@lru_cache
def notes(seed: int) -> Row:
    """Make notes that come and go."""
    dice, time = np.random.default_rng(seed), np.arange(SECONDS * RATE) / RATE
    keys = np.repeat(dice.integers(40, 80, SECONDS * 4), RATE // 4)
    phase = 2.0 * np.pi * np.cumsum(440.0 * 2.0 ** ((keys - 69) / 12)) / RATE
    tones = np.sum([np.sin(n * phase) / n for n in range(1, 5)], axis=0)
    return np.asarray(0.1 * tones * np.exp(-(time % 0.25) / 0.2) * (dice.random() + 0.5))


def test_steady_sounds_that_are_as_loud_in_the_same_bands_are_no_sums() -> None:
    assert sums(noise(1), noise(2), noise(3)) == [(), (), ()]
    assert sums(*(noise(n) * n for n in range(1, 8))) == [()] * 7


def test_only_the_sum_is_one_and_not_its_parts() -> None:
    found = sums(noise(1), 0.7 * noise(1) + 1.3 * noise(2), noise(2))
    assert found == [(), (0, 2), ()]


def test_other_tracks_are_no_part_of_it() -> None:
    tracks = [notes(n) for n in range(5)]
    assert sums(*tracks, tracks[1] + 0.5 * tracks[3]) == [()] * 5 + [(1, 3)]


def test_a_sum_may_pan_its_parts() -> None:
    made = np.stack([notes(1) + 0.2 * notes(2), 0.3 * notes(1) + notes(2)])
    assert sums(notes(1), notes(2), made) == [(), (), (0, 1)]


def test_a_stereo_part_is_one_part() -> None:
    part = np.stack([notes(1), notes(2)])
    assert sums(part, notes(3), part + notes(3)) == [(), (), (0, 1)]


@pytest.mark.parametrize("late", [1_234, 30_000])
def test_tracks_lie_where_they_start(late: int) -> None:
    both = np.concatenate([noise(1), np.zeros(late)])
    both[late:] += noise(2)
    assert sums(noise(1), stem(noise(2), late), both) == [(), (), (0, 1)]
    assert sums(noise(1), noise(2), both) == [(), (), ()]
    moved = sums(stem(noise(1), late), stem(noise(2), 2 * late), stem(both, late))
    assert moved == [(), (), (0, 1)]


def test_an_equaliser_and_a_compressor_on_a_sum_are_borne() -> None:
    from scipy.signal import butter, sosfilt

    both = notes(1) + notes(2)
    low = sosfilt(butter(1, 300.0, output="sos", fs=RATE), both)
    assert sums(notes(1), notes(2), both + 0.5 * low)[2] == (0, 1)
    assert sums(notes(1), notes(2), np.tanh(5.0 * both))[2] == (0, 1)


@pytest.mark.parametrize("beside", [0.0, 1e-3, 0.1])
def test_a_copy_is_no_sum_whatever_lies_beside_it(beside: float) -> None:
    copy = 0.5 * notes(1) + beside * noise(3)
    assert sums(notes(1), copy, notes(2), noise(4)) == [()] * 4


def test_of_copies_among_the_parts_one_is_left() -> None:
    first, second, third, bus = sums(notes(1), notes(1), notes(2), notes(1) + notes(2))
    assert first == second == third == ()
    assert set(bus) - {0, 1} == {2}


def test_of_two_copies_of_a_sum_both_are_sums() -> None:
    both = notes(1) + notes(2)
    assert sums(both, notes(1), notes(2), 0.5 * both) == [(1, 2), (), (), (1, 2)]


def test_a_sum_of_a_sum_is_one_and_the_parts_stay() -> None:
    drums = notes(1) + notes(2)
    *parts, bus, whole = sums(notes(1), notes(2), notes(3), drums, drums + notes(3))
    assert parts == [(), (), ()]
    assert bus == (0, 1)
    assert 2 in whole


def test_a_part_that_was_flipped_is_not_taken_for_the_sum() -> None:
    parts = notes(1), -notes(2)
    assert sums(*parts, notes(1) + notes(2))[:2] == [(), ()]


def test_two_microphones_and_a_room_are_no_sum() -> None:
    first, second = notes(1) + 0.3 * notes(2), notes(2) + 0.3 * notes(1)
    room = np.roll(first, 80) + np.roll(second, 120) + 0.1 * noise(1)
    assert sums(first, second, room) == [(), (), ()]


def test_silence_is_part_of_nothing() -> None:
    silent = 0.0 * notes(1)
    assert sums(silent, notes(1), notes(2), notes(1) + notes(2)) == [(), (), (), (1, 2)]
    assert sums(silent, silent, silent) == [()] * 3
    assert sums() == []
