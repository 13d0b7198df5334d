"""Long sounds, stretch by stretch."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.dsp.stretches import FADE_SECONDS, LONGEST_SECONDS, MARGIN_SECONDS, by_stretches
from assistant.material import Audio, Samples
from assistant.steps import result

RATE = 8000


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def sound(seconds: float, seed: int, channels: int = 2) -> Audio:
    dice = np.random.default_rng(seed)
    made = dice.standard_normal((channels, round(seconds * RATE)))
    return Audio(made.astype(np.float32), RATE)


@pytest.mark.parametrize("seconds", [0.003, 11.9, 12.05, 30.0])
def test_what_is_made_sample_by_sample_is_as_if_made_at_once(seconds: float) -> None:
    one, other = sound(seconds, 1), sound(seconds, 2)
    made = result(by_stretches((one, other), lambda rows: rows[0] * rows[1], zeros))
    np.testing.assert_allclose(made.samples, one.samples * other.samples, rtol=1e-5, atol=1e-6)


def test_stretches_know_what_lies_around_them_and_fade_into_each_other() -> None:
    lengths: list[int] = []

    def count(rows: Sequence[Samples]) -> Samples:
        lengths.append(rows[0].shape[1])
        return np.full_like(rows[0], len(lengths))

    made = result(by_stretches((sound(2.0 * LONGEST_SECONDS, 1),), count, zeros)).samples[0]
    assert lengths == [
        round((LONGEST_SECONDS + FADE_SECONDS + MARGIN_SECONDS) * RATE),
        round((LONGEST_SECONDS + MARGIN_SECONDS) * RATE),
    ]
    cut, fade = round(LONGEST_SECONDS * RATE), round(FADE_SECONDS * RATE)
    assert (made[:cut] == 1.0).all()
    assert (made[cut + fade :] == 2.0).all()
    assert (np.diff(made[cut : cut + fade]) > 0.0).all()


def test_progress_rises_to_the_end() -> None:
    shares = list(by_stretches((sound(40.0, 1),), lambda rows: rows[0], zeros))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    def peak(seconds: float) -> int:
        shape = (1, round(seconds * RATE))
        given = np.memmap(tmp_path / f"{seconds}", np.float32, "w+", shape=shape)
        out = np.memmap(tmp_path / f"{seconds}.out", np.float32, "w+", shape=shape)
        tracemalloc.start()
        result(by_stretches((Audio(given, RATE),), lambda rows: 0.5 * rows[0], lambda _: out))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(400.0) < 1.1 * peak(40.0)
