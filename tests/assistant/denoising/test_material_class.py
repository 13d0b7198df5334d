"""What is on a take."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.denoising.material_class import hear
from assistant.material import Audio
from assistant.steps import result

VOICES = {
    "speech/librispeech-1.ogg": "speech",
    "speech/librispeech-2.ogg": "speech",
    "singing/vocadito_1.flac": "singing",
    "singing/vignesh.wav": "singing",
}


def take(path: Path, most_seconds: float = 12.0) -> Audio:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return Audio(np.ascontiguousarray(samples[: round(most_seconds * rate)].T), rate)


@pytest.mark.parametrize("name", VOICES)
def test_a_voice_alone_is_told(data: Path, name: str) -> None:
    heard = result(hear(take(data / name)))
    assert heard.name == VOICES[name]
    assert heard.confidence > 0.7
    assert "%" in heard.why


def test_nothing_else_is_taken_for_a_voice(data: Path) -> None:
    others = [path for kind in ("instruments", "music") for path in (data / kind).iterdir()]
    others += [path for path in (data / "noise").iterdir() if path.suffix != ".md"]
    assert len(others) > 5
    for path in others:
        assert result(hear(take(path))).name in {"instrument", "mix"}, path.name


def test_silence_is_no_voice() -> None:
    heard = result(hear(Audio(np.zeros((2, 48_000), np.float32), 48_000)))
    assert heard.name == "instrument"


def test_progress_rises_over_slices() -> None:
    rng = np.random.default_rng(1)
    long = Audio(rng.standard_normal((1, 125 * 8000)).astype(np.float32) * np.float32(0.1), 8000)
    shares = list(hear(long))
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] <= shares[-1] <= 1.0
