from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.drums import DRUM_NAMES, drum
from assistant.theory.playing.rhythm import DRUMS

KEYS = sorted({35: 0, **dict.fromkeys(DRUM_NAMES), 60: 0})


@pytest.mark.parametrize("rate", [22_050, 44_100, 96_000])
@pytest.mark.parametrize("key", KEYS)
def test_a_drum_peaks_at_one_and_dies_away(key: int, rate: int) -> None:
    sound = drum(key, rate)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() == pytest.approx(1.0)
    assert sound[0] == 0.0
    assert np.abs(sound[-10:]).max() < 0.01
    tenth = sound.size // 10
    assert np.abs(sound[-tenth:]).max() < 0.2 * np.abs(sound[: 2 * tenth]).max()


def test_every_line_of_a_pattern_has_its_drum() -> None:
    assert {name: DRUM_NAMES[key] for name, key in DRUMS.items()} == {name: name for name in DRUMS}


def test_a_drum_is_the_same_every_time_and_closed() -> None:
    first = drum(38, 44_100).copy()
    drum.cache_clear()
    np.testing.assert_array_equal(first, drum(38, 44_100))
    with pytest.raises(ValueError, match="read-only"):
        drum(38, 44_100)[0] = 1.0


def test_a_kick_is_low_and_a_hat_is_high() -> None:
    def centre_hz(key: int) -> float:
        power = np.abs(np.fft.rfft(drum(key, 44_100), 1 << 16)) ** 2
        return float((power * np.fft.rfftfreq(1 << 16, 1 / 44_100)).sum() / power.sum())

    assert centre_hz(36) < 300.0
    assert 1_000.0 < centre_hz(38) < centre_hz(42)
