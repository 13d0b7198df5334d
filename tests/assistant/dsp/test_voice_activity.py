"""Where somebody speaks or sings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.dsp.voice_activity import HOP_SECONDS, voice_activity
from assistant.material import Audio
from assistant.steps import result


def test_silence_holds_no_voice() -> None:
    heard = result(voice_activity(Audio(np.zeros((2, 8000), np.float32), 8000)))
    assert heard.voice.size == heard.power.size == 0


@pytest.mark.parametrize("rate", [8000, 48_000, 192_000])
def test_tones_and_hiss_are_no_voice(rate: int) -> None:
    seconds = np.arange(2 * rate) / rate
    tone = 0.5 * np.sin(2.0 * np.pi * 220.0 * seconds)
    hiss = 0.1 * np.random.default_rng(1).standard_normal(seconds.size)
    for sound in (tone, hiss):
        heard = result(voice_activity(Audio(sound.astype(np.float32)[None], rate)))
        assert heard.voice.size == pytest.approx(2.0 / HOP_SECONDS, abs=2)
        assert np.mean(heard.voice > 0.5) < 0.1


def test_level_does_not_matter(data: Path) -> None:
    voice, rate = soundfile.read(data / "speech" / "librispeech-2.ogg", dtype="float32")
    loud = Audio(voice[None, : 5 * rate], rate)
    quiet = Audio(np.float32(1 / 256) * loud.samples, rate)
    heard, faint = result(voice_activity(loud)), result(voice_activity(quiet))
    assert np.mean(heard.voice > 0.5) > 0.6
    assert np.allclose(heard.voice, faint.voice, atol=1e-3)
    assert np.allclose(heard.power, faint.power, rtol=1e-3)


def test_what_is_too_short_for_a_frame_has_none() -> None:
    heard = result(voice_activity(Audio(np.full((1, 100), 0.5, np.float32), 48_000)))
    assert heard.voice.size == 0
