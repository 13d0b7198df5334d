"""How long windows are, and that they add up."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.windows import hann, window_frames


@pytest.mark.parametrize(
    ("seconds", "rate", "frames"),
    [(0.085, 48_000, 4096), (0.085, 44_100, 4096), (0.085, 8000, 512), (0.04, 192_000, 8192)],
)
def test_they_are_powers_of_two_near_the_length(seconds: float, rate: int, frames: int) -> None:
    assert window_frames(seconds, rate) == frames


def test_a_window_is_as_long_at_every_rate() -> None:
    assert [window_frames(0.0213, rate) for rate in (12_000, 48_000, 192_000)] == [256, 1024, 4096]


@pytest.mark.parametrize("size", [2, 8, 4096])
def test_two_that_overlap_by_half_add_up_to_one(size: int) -> None:
    window = hann(size)
    assert window.shape == (size,)
    assert window + np.roll(window, size // 2) == pytest.approx(np.ones(size))
