"""How low and how high voices sing."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.intonation.vocal_range import VOICES, range_hz_of, range_of


def test_auto_listens_everywhere() -> None:
    assert range_of("auto") is None


@pytest.mark.parametrize("voice", VOICES[1:])
def test_a_range_is_two_octaves_and_a_fourth_to_each_side_at_least(voice: str) -> None:
    low, high = range_of(voice) or (0.0, 0.0)
    assert high - low >= 34.0 - 4.0
    assert 20.0 < low < high < 110.0


def test_voices_stand_in_order() -> None:
    order = ("bass", "baritone", "tenor", "alto", "mezzo", "soprano")
    lows = [(range_of(voice) or (0.0, 0.0))[0] for voice in order]
    assert lows == sorted(lows)


def test_a_range_is_told_in_hz_too() -> None:
    assert range_hz_of("auto") is None
    low_hz, high_hz = range_hz_of("alto") or (0.0, 0.0)
    low, high = range_of("alto") or (0.0, 0.0)
    assert 12.0 * np.log2(np.array([low_hz, high_hz]) / 440.0) + 69.0 == pytest.approx([low, high])
