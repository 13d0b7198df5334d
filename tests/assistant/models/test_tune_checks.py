"""What is checked of tunes that may stand in a song."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.models.copying import Runs, gather_hashes
from assistant.models.melodies import Melodies
from assistant.models.melody import MelodyNet
from assistant.models.tune_checks import copied, longest_copy, novelty
from bridge.presets import weights

PITCHES = np.array([60, 62, 64, 65, 67, 69, 71, 72, 74, 76])
STARTS = np.array([0, 2, 4, 8, 10, 12, 14, 18, 20, 24])
LENGTHS = np.array([2, 2, 4, 2, 2, 2, 4, 2, 4, 4])
RUNS = Runs(gather_hashes([(PITCHES, LENGTHS, STARTS)]))


def test_what_was_there_before_is_no_copy_but_its_continuation_is() -> None:
    rows = PITCHES[None, :], LENGTHS[None, :], STARTS[None, :]
    nothing, last, all_ = np.zeros((3, 1, 10), dtype=bool)
    last[:, -1], all_[:] = True, True
    assert copied(RUNS, *rows, nothing).tolist() == [False]
    assert copied(RUNS, *rows, last).tolist() == [True]
    assert [longest_copy(RUNS, *rows, new) for new in (nothing, last, all_)] == [0, 8, 10]


def test_short_tunes_copy_nothing() -> None:
    rows = PITCHES[None, :5], LENGTHS[None, :5], STARTS[None, :5]
    assert longest_copy(RUNS, *rows, np.ones((1, 5), dtype=bool)) == 0


def test_novelty_is_the_same_in_every_octave() -> None:
    net = MelodyNet(weights("melody-pop"))
    there = np.ones((2, 10), dtype=bool)
    written = there.copy()
    written[1, :6] = False
    told = [
        novelty(net, Melodies(np.tile(PITCHES + 12 * octave, (2, 1)), np.tile(LENGTHS, (2, 1)),
                              np.tile(STARTS, (2, 1))), there, written)
        for octave in (-3, 0, 2)
    ]  # fmt: skip
    assert told[0] == pytest.approx(told[1])
    assert told[2] == pytest.approx(told[1])
    assert told[0][0] != told[0][1]  # only what was written is counted
    assert novelty(net, Melodies(PITCHES[None], LENGTHS[None], STARTS[None]), ~there[:1],
                   ~there[:1]).tolist() == [0.0]  # fmt: skip
