"""The bands in which it is judged what is noise."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.noise_bands import band_starts
from assistant.dsp.windows import window_frames


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_every_window_has_the_same_bands_and_none_is_empty(rate: int) -> None:
    found = [window_frames(seconds, rate) for seconds in (0.021, 0.085, 0.34)]
    starts = [band_starts(size, rate) for size in found]
    assert len({one.size for one in starts}) == 1
    for size, one in zip(found, starts, strict=True):
        assert one[0] == 0
        assert np.diff(np.append(one, size // 2 + 1)).min() >= 1
    hertz = [one * rate / size for one, size in zip(starts, found, strict=True)]
    assert np.abs(hertz[0] - hertz[2]).max() <= rate / found[0]
