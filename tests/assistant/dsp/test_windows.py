"""How long windows are."""

from __future__ import annotations

import pytest

from assistant.dsp.windows import window_frames


@pytest.mark.parametrize(
    ("seconds", "rate", "frames"),
    [(0.085, 48_000, 4096), (0.085, 44_100, 4096), (0.085, 8000, 512), (0.04, 192_000, 8192)],
)
def test_they_are_powers_of_two_near_the_length(seconds: float, rate: int, frames: int) -> None:
    assert window_frames(seconds, rate) == frames


def test_a_window_is_as_long_at_every_rate() -> None:
    assert [window_frames(0.0213, rate) for rate in (12_000, 48_000, 192_000)] == [256, 1024, 4096]
