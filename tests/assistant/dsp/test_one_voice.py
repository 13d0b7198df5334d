from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp import f0
from assistant.dsp.beats import ONSETS_PER_SECOND
from assistant.dsp.f0 import HOP_SECONDS, RATE_HZ, F0Track, Tracker
from assistant.dsp.one_voice import Voice, follow_voice, harmonic_shares
from assistant.dsp.voices import render
from assistant.material import Audio, Note, Score, Track
from bench.singing_cases import takes


def followed(audio: Audio) -> Voice | None:
    strength = np.linspace(0.0, 1.0, round(audio.seconds * ONSETS_PER_SECOND))
    work = follow_voice(audio, audio.seconds, strength)
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: Voice | None = end.value
            return found


def tones(*hz: float, seconds: float = 0.128, fall: float = 1.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    tone = sum(np.sin(2.0 * np.pi * order * each * time) / order**fall
               for each in hz for order in range(1, 9))  # fmt: skip
    return np.asarray(0.1 * tone, dtype=np.float32)


def test_a_tone_lies_on_its_overtones_and_noise_does_not() -> None:
    rng = np.random.default_rng(5)
    noise = (0.1 * rng.standard_normal((20, 2048))).astype(np.float32)
    assert harmonic_shares(tones(180.0)[None, :], np.array([180.0]))[0] > 0.98
    assert harmonic_shares(noise, np.full(20, 180.0)).mean() < 0.15


def test_a_chord_does_not_lie_on_the_overtones_of_one_of_its_notes() -> None:
    chord = tones(220.0, 277.2, 329.6)[None, :]
    assert harmonic_shares(chord, np.array([220.0]))[0] < 0.6


def test_one_voice_is_followed_from_beginning_to_end() -> None:
    take = next(takes("voice", [500], bars=4))
    found = followed(take.audio)
    assert found is not None
    frames = found.track.times.size
    assert found.harmonic.shape == found.onsets.shape == (frames,)
    assert frames == pytest.approx(take.audio.seconds / HOP_SECONDS, abs=2)
    assert found.harmonic[found.track.voiced].mean() > 0.8
    assert (np.diff(found.onsets) >= 0.0).all()


def test_a_voice_whose_channels_cancel_out_is_followed() -> None:
    audio = next(takes("voice", [500], bars=4)).audio
    plain = followed(audio)
    found = followed(Audio(np.concatenate((audio.samples, -audio.samples)), audio.rate))
    assert plain is not None
    assert found is not None
    np.testing.assert_array_equal(found.track.hz, plain.track.hz)


def test_noise_with_an_offset_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f0, "Tracker", None)
    noise = np.random.default_rng(3).normal(0.0, 0.01, (1, 4 * 44_100)).astype(np.float32)
    assert followed(Audio(noise + np.float32(0.3), 44_100)) is None


def test_an_octave_too_high_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = Audio(tones(196.0, seconds=3.0)[None, :], RATE_HZ)
    plain = followed(sound)
    assert plain is not None

    class High(Tracker):
        def push(self, samples: NDArray[np.float32]) -> F0Track:
            found = super().push(samples)
            return replace(found, hz=2.0 * found.hz)

        def finish(self) -> F0Track:
            found = super().finish()
            return replace(found, hz=2.0 * found.hz)

    monkeypatch.setattr(f0, "Tracker", High)
    mended = followed(sound)
    assert mended is not None
    inside = slice(8, -8)
    assert np.median(mended.track.hz[inside]) == pytest.approx(196.0, rel=0.01)
    assert np.median(mended.harmonic[inside]) > 0.95


def test_a_long_mix_is_left_after_some_probes() -> None:
    notes = tuple(
        Note(float(pitch), 2.0 * at, 2.0)
        for at in range(60)
        for pitch in (48 + 5 * (at % 3), 52 + 5 * (at % 3), 55 + 5 * (at % 3), 71 - at % 7)
    )
    drums = tuple(Note(38.0 if at % 2 else 36.0, float(at), 0.3) for at in range(120))
    score = Score((Track("keys", notes), Track("drums", drums, drums=True)))
    assert followed(Audio(render(score, 22_050), 22_050)) is None


@pytest.mark.parametrize("channels", [1, 2])
def test_noise_is_left_before_a_tracker_is_loaded(
    monkeypatch: pytest.MonkeyPatch, channels: int
) -> None:
    monkeypatch.setattr(f0, "Tracker", None)
    noise = np.random.default_rng(3).normal(0.0, 0.1, (channels, 4 * 44_100)).astype(np.float32)
    noise[:, :44_100] = 0.0
    assert followed(Audio(noise, 44_100)) is None
