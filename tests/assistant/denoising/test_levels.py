"""How loud a take is where it is loud, and where it is quiet."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.denoising.levels import LOWEST_DB, levels_of
from assistant.material import Audio
from assistant.steps import result

RATE = 8000


def test_loud_and_quiet_parts_are_told_apart() -> None:
    rng = np.random.default_rng(1)
    heights = np.repeat([0.1, 0.001], [6 * RATE, 14 * RATE])
    take = Audio((heights * rng.standard_normal((2, heights.size))).astype(np.float32), RATE)
    told = result(levels_of(take))
    assert told.loud_db == pytest.approx(-20.0, abs=1.0)
    assert told.quiet_db == pytest.approx(-60.0, abs=1.0)
    assert told.all_db == pytest.approx(-20.0 + 10.0 * np.log10(0.3), abs=0.3)


def test_digital_silence_is_no_quiet_part() -> None:
    samples = np.zeros((1, 4 * RATE), np.float32)
    assert result(levels_of(Audio(samples, RATE))) == (LOWEST_DB, LOWEST_DB, LOWEST_DB)
    samples[0, :RATE] = 0.5
    told = result(levels_of(Audio(samples, RATE)))
    assert told.quiet_db == pytest.approx(told.loud_db) == pytest.approx(-6.02, abs=0.01)
