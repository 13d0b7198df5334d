"""How loud a take is where it is loud, and where it is quiet."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.denoising.levels import LOWEST_DB, levels_in, levels_of, powers_of
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
    samples[0, :RATE] = np.resize([0.5, -0.5], RATE)
    told = result(levels_of(Audio(samples, RATE)))
    assert told.quiet_db == pytest.approx(told.loud_db) == pytest.approx(-6.02, abs=0.01)


def test_an_offset_is_no_sound() -> None:
    noise = (0.01 * np.random.default_rng(1).standard_normal((2, RATE))).astype(np.float32)
    offset = np.array([[0.3], [-0.2]], np.float32)
    there, without = (result(levels_of(Audio(one, RATE))) for one in (noise + offset, noise))
    assert np.allclose(there, without, atol=0.1)
    alone = result(levels_of(Audio(offset.repeat(RATE, axis=1), RATE)))
    assert alone == (LOWEST_DB, LOWEST_DB, LOWEST_DB)


def test_before_and_after_speak_of_the_same_moments() -> None:
    heights = np.repeat([0.1, 0.001], [6 * RATE, 14 * RATE])
    noise = heights * np.random.default_rng(1).standard_normal((1, heights.size))
    cleaned = np.where(heights > 0.01, noise, 0.0)
    before, after = (
        result(powers_of(Audio(one.astype(np.float32), RATE))) for one in (noise, cleaned)
    )
    told = levels_in(after, before > 0.0)
    assert told.quiet_db == LOWEST_DB
    assert told.loud_db == pytest.approx(levels_in(before, before > 0.0).loud_db, abs=0.01)
