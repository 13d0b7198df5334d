from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp import levels
from assistant.dsp.levels import frame_levels
from assistant.material import Audio


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_a_tone_has_its_rms_and_silence_the_floor(rate: int) -> None:
    time = np.arange(2 * rate) / rate
    tone = 0.5 * np.sin(2.0 * np.pi * 1_000.0 * time) * (time < 1.0)
    found = frame_levels(Audio(tone[None, :].astype(np.float32), rate), 0.005)
    assert found.size == 400
    np.testing.assert_allclose(found[4:197], 20.0 * np.log10(0.5 / np.sqrt(2.0)), atol=0.15)
    assert (found[206:] == -140.0).all()


def test_an_offset_does_not_count() -> None:
    noise = np.random.default_rng(3).normal(0.0, 1e-4, (1, 44_100))
    found = frame_levels(Audio((noise + 0.3).astype(np.float32), 44_100), 0.005)
    plain = frame_levels(Audio(noise.astype(np.float32), 44_100), 0.005)
    np.testing.assert_allclose(found, plain, atol=0.01)


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(2).normal(0.0, 0.1, (2, 50_001)).astype(np.float32)
    whole = frame_levels(Audio(noise, 44_100), 0.005)
    monkeypatch.setattr(levels, "_BLOCK_SECONDS", 0.0731)
    np.testing.assert_allclose(frame_levels(Audio(noise, 44_100), 0.005), whole, atol=1e-9)


@pytest.mark.parametrize("frames", [0, 1, 30, 250])
def test_a_few_samples(frames: int) -> None:
    found = frame_levels(Audio(np.full((1, frames), 0.1, dtype=np.float32), 44_100), 0.005)
    assert found.size == np.ceil(frames / 44_100 / 0.005)
    assert np.isfinite(found).all()
