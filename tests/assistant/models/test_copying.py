"""Copies of training melodies are found by hashes alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.models.copying import RUN, Runs, gather_hashes, run_hashes

Line = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def melody(seed: int, notes: int = 40) -> Line:
    """Make a random melody: pitches, lengths, starts."""
    random = np.random.default_rng(seed)
    lengths = random.choice([1, 2, 4], notes)
    rests = random.choice([0, 0, 2], notes)
    starts = np.cumsum(lengths + rests) - lengths
    return 60 + random.integers(-7, 8, notes), lengths, starts


@pytest.fixture(scope="module")
def runs() -> Runs:
    return Runs(gather_hashes([melody(seed) for seed in range(50)]))


def longest(runs: Runs, line: Line) -> int:
    (told,) = runs.longest(*(part[None] for part in line))
    return int(told)


@given(st.integers(0, 49), st.integers(0, 40), st.integers(0, 40), st.integers(-12, 12))
def test_every_stretch_of_eight_and_more_is_found_in_any_key(
    runs: Runs, seed: int, start: int, end: int, up: int
) -> None:
    pitches, lengths, starts = melody(seed)
    stretch = slice(start, end)
    line = pitches[stretch] + up, lengths[stretch], starts[stretch] + 5
    notes = max(end - start, 0)
    assert longest(runs, line) == (notes if notes >= RUN else 0)


def test_what_is_new_is_no_copy(runs: Runs) -> None:
    lines = [melody(seed) for seed in range(1000, 3000)]
    pitches, lengths, starts = (np.stack(parts) for parts in zip(*lines, strict=True))
    assert not runs.copied(pitches, lengths, starts).any()


def test_seven_notes_may_be_the_same(runs: Runs) -> None:
    pitches, lengths, starts = melody(3)
    other, _, _ = melody(1000)
    mixed = np.concatenate([pitches[:7], other[7:]])
    assert mixed[7] - mixed[6] != pitches[7] - pitches[6]
    assert longest(runs, (mixed, lengths, starts)) == 0


def test_playing_shorter_is_copying(runs: Runs) -> None:
    pitches, lengths, starts = melody(4)
    assert longest(runs, (pitches, np.maximum(lengths // 2, 1), starts)) == len(pitches)


def test_moving_notes_apart_is_copying(runs: Runs) -> None:
    pitches, lengths, starts = melody(4)
    assert longest(runs, (pitches, lengths, starts + np.arange(len(starts)))) == len(pitches)
    (without,) = runs.longest(pitches[None], lengths[None])
    assert without == len(pitches)


def test_another_rhythm_is_no_copy(runs: Runs) -> None:
    pitches, lengths, _ = melody(4)
    assert longest(runs, (pitches, lengths[::-1], np.cumsum(lengths[::-1]))) == 0


def test_two_stretches_are_not_added_up(runs: Runs) -> None:
    pitches, lengths, starts = melody(5)
    changed = pitches.copy()
    changed[20] += 1
    assert longest(runs, (changed, lengths, starts)) == 20
    found = runs.found(changed[None], lengths[None], starts[None])[0]
    assert np.flatnonzero(~found).tolist() == list(range(13, 21))


def test_many_rows_are_told_as_one_by_one(runs: Runs) -> None:
    lines = [melody(seed) for seed in range(45, 1100)]
    pitches, lengths, starts = (np.stack(parts) for parts in zip(*lines, strict=True))
    told = runs.longest(pitches, lengths, starts)
    assert told[:5].tolist() == [40] * 5
    assert not told[5:].any()


@pytest.mark.parametrize("notes", [0, 1, 6, 7])
def test_few_notes_hold_no_run(runs: Runs, notes: int) -> None:
    line = tuple(part[:notes] for part in melody(6))
    assert [len(hashes) for hashes in run_hashes(*line)] == [0, 0]
    assert not runs.copied(*(part[None] for part in line)).any()


def test_no_training_melodies_know_no_copies() -> None:
    empty = Runs({"starts": np.zeros(0, np.uint32), "lengths": np.zeros(0, np.uint32)})
    assert len(empty) == 0
    assert longest(empty, melody(1)) == 0


def test_no_melodies_at_all(runs: Runs) -> None:
    nothing = np.zeros((0, 64), np.int64)
    assert runs.longest(nothing, nothing).shape == (0,)


def test_hashes_of_other_runs_are_spread_evenly() -> None:
    random = np.random.default_rng(0)
    pitches, lengths = random.integers(55, 75, (4000, 64)), random.choice([1, 2, 3, 4], (4000, 64))
    for hashes in run_hashes(pitches, lengths):
        # With 228,000 of 2 to the 32 one expects 6 pairs to fall together.
        assert hashes.size - len(np.unique(hashes)) < 30
        counts = np.bincount((hashes >> np.uint32(28)).ravel(), minlength=16)
        assert counts.max() < 1.05 * counts.min()
