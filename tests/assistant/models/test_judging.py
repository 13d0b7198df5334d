"""The network over tunes of unlike length."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.models.judging import bits_a_note
from assistant.models.melodies import Melodies
from assistant.models.melody import MelodyNet
from bridge.presets import weights


def test_a_tune_that_is_filled_up_is_judged_as_it_is_alone() -> None:
    net = MelodyNet(weights("melody-pop"))
    rng = np.random.default_rng(0)
    counts = np.array([5, 9, 12] * 60)
    there = np.arange(12) < counts[:, None]
    pitches = rng.integers(60, 73, there.shape).astype(np.int16)
    starts = np.where(there, np.arange(12) * 2, 31).astype(np.int16)
    lengths = np.where(there, 2, 1).astype(np.int16)
    roots = np.zeros(there.shape, dtype=np.int16)
    tones = np.zeros((*there.shape, 12), dtype=np.float32)
    tones[..., [0, 4, 7]] = 1.0
    together = bits_a_note(net, Melodies(pitches, lengths, starts, 0, "maj", roots, tones), there)
    for row in (0, 1, 2, 128, 179):
        own = slice(0, int(counts[row]))
        pitch, length, start, root, tone = (
            part[row : row + 1, own] for part in (pitches, lengths, starts, roots, tones)
        )
        alone = net.bits(Melodies(pitch, length, start, 0, "maj", root, tone.astype(np.float32)))
        assert together[row] == pytest.approx(float(alone[0]), abs=1e-4)
