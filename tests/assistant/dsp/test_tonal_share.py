"""How much of a sound is held tones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.dsp.tonal_share import tonal_share
from assistant.material import Audio
from assistant.steps import result


def share(samples: np.ndarray, rate: int) -> float:
    return result(tonal_share(Audio(np.atleast_2d(samples).astype(np.float32), rate)))


@pytest.mark.parametrize("rate", [8000, 44_100, 192_000])
def test_a_chord_is_tones_and_hiss_is_none(rate: int) -> None:
    seconds = np.arange(3 * rate) / rate
    chord = sum(0.1 * np.sin(2.0 * np.pi * hertz * seconds) for hertz in (220.0, 277.2, 329.6))
    hiss = np.random.default_rng(1).standard_normal(seconds.size)
    assert share(np.asarray(chord), rate) > 0.8
    assert share(0.1 * hiss, rate) < 0.01
    both = share(np.asarray(chord) + 0.1 * hiss, rate)
    assert 0.2 < both < 0.95


def test_silence_and_what_is_short_have_none() -> None:
    assert share(np.zeros(48_000), 48_000) == 0.0
    assert share(np.ones(10), 48_000) == 0.0


def test_drums_are_few_and_a_guitar_is_much(data: Path) -> None:
    found = {}
    for name in ("guit_em9", "loop_amen_full"):
        samples, rate = soundfile.read(data / "instruments" / f"{name}.flac", dtype="float32")
        found[name] = share(samples.T, rate)
    assert found["loop_amen_full"] < 0.15
    assert found["guit_em9"] > 0.5
