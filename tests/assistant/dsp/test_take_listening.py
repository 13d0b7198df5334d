from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.dsp import f0
from assistant.dsp.take_listening import TakeHeard, listen_to_take
from assistant.dsp.voices import render
from assistant.errors import MaterialError
from assistant.material import Audio, Note, Score, Track
from bench.pitch_cases import take
from bench.singing_cases import TIMBRES, Timbre, takes

RATE = 22_050


def heard(audio: Audio, low: float | None = None, high: float | None = None) -> TakeHeard:
    steps: Generator[float, None, Any] = listen_to_take(audio, low, high)
    before = 0.0
    while True:
        try:
            now = next(steps)
        except StopIteration as end:
            assert before == 1.0
            found: TakeHeard = end.value
            return found
        assert before <= now <= 1.0
        before = now


def read(data: Path, name: str) -> Audio:
    import soundfile

    samples, rate = soundfile.read(data / name, dtype="float32", always_2d=True)
    return Audio(np.ascontiguousarray(samples.T[:, : 20 * rate]), rate)


@pytest.mark.parametrize("timbre", TIMBRES)
def test_one_voice_is_heard_as_one(timbre: Timbre) -> None:
    found = heard(next(takes(timbre, [11], bars=4)).audio)
    assert found.verdict.kind == "one voice"
    assert found.verdict.confidence > 0.9
    assert "%" in found.verdict.words
    frames = found.coarse.times.size
    assert found.onsets.shape == found.harmonic.shape == (frames,)
    assert found.fine.hop_seconds == 0.005
    assert found.fine.voiced.mean() > 0.5


def test_a_quiet_voice_keeps_its_level() -> None:
    audio = next(takes("voice", [12], bars=2)).audio
    found = heard(audio)
    quiet = heard(Audio((audio.samples * 1e-3).astype(np.float32), audio.rate))
    assert quiet.verdict.kind == "one voice"
    loud = found.coarse.level_db > found.coarse.level_db.max() - 30.0
    np.testing.assert_allclose(quiet.coarse.level_db[loud], found.coarse.level_db[loud] - 60.0,
                               atol=0.1)  # fmt: skip
    assert quiet.fine.voiced.sum() > 0.9 * found.fine.voiced.sum()


def test_an_offset_and_rumble_are_not_heard() -> None:
    audio = next(takes("voice", [12], bars=2)).audio
    found = heard(audio)
    time = np.arange(audio.frames) / audio.rate
    rumble = 0.1 * np.sin(2.0 * np.pi * 7.0 * time)
    for beside in (np.float32(0.3), rumble.astype(np.float32)):
        other = heard(Audio(0.2 * audio.samples + beside, audio.rate))
        assert other.verdict.kind == "one voice"
        assert other.verdict.confidence == pytest.approx(found.verdict.confidence, abs=0.02)
        assert (other.fine.voiced == found.fine.voiced).mean() > 0.98
        both = other.fine.voiced & found.fine.voiced
        np.testing.assert_allclose(other.fine.pitch[both], found.fine.pitch[both], atol=0.1)


def test_an_offset_alone_is_silence() -> None:
    found = heard(Audio(np.full((2, RATE), 0.3, dtype=np.float32), RATE)).verdict
    assert (found.kind, found.one_voice) == ("silent", False)


def test_channels_in_antiphase_and_long_rests_do_not_matter() -> None:
    audio = next(takes("voice", [13], bars=2)).audio
    rest = np.random.default_rng(1).normal(0.0, 1e-4, (1, 25 * RATE)).astype(np.float32)
    samples = np.concatenate((rest, audio.samples, rest), axis=1)
    found = heard(Audio(np.concatenate((samples, -samples)), RATE))
    assert found.verdict.kind == "one voice"
    assert found.verdict.confidence > 0.9


def test_the_range_is_kept_to() -> None:
    audio = next(takes("flute", [14], bars=2)).audio
    assert not heard(audio, 60.0, 100.0).fine.voiced.any()


def test_chords_are_several_voices() -> None:
    notes = tuple(Note(float(pitch + 5 * (bar % 3)), 2.0 * bar, 2.0)
                  for bar in range(6) for pitch in (48, 52, 55, 60))  # fmt: skip
    found = heard(Audio(render(Score((Track("keys", notes),)), RATE), RATE)).verdict
    assert found.kind == "several voices"
    assert found.confidence > 0.7
    assert "%" in found.words


@pytest.mark.parametrize("level_db", [0.0, -6.0])
@pytest.mark.parametrize("other", ["voice", "hum"])
def test_a_duet_is_several_voices(other: Timbre, level_db: float) -> None:
    audio = next(takes("voice", [21], bars=5)).audio
    second = next(takes(other, [22], bars=5)).audio
    frames = min(audio.frames, second.frames)
    voice, guide = (each.samples[:, :frames] for each in (audio, second))
    level = 10.0 ** (level_db / 20.0) * np.std(voice) / np.std(guide)
    found = heard(Audio(np.asarray(voice + level * guide, dtype=np.float32), RATE)).verdict
    assert found.kind == "several voices"
    bleeds = Audio(np.asarray(voice + 0.05 * level * guide, dtype=np.float32), RATE)
    assert heard(bleeds).verdict.kind == "one voice"


@pytest.mark.parametrize(("seed", "seconds"), [(1, 0.375), (4, 0.3)])
def test_a_voice_with_a_delay_is_one_voice(seed: int, seconds: float) -> None:
    audio = take("good", seed, 16).audio
    wet = audio.samples.copy()
    for time in range(1, 4):
        late = round(time * seconds * audio.rate)
        wet[:, late:] += np.float32(0.5**time) * audio.samples[:, :-late]
    found = heard(Audio(wet, audio.rate)).verdict
    assert found.kind == "one voice"


def test_drums_are_drums() -> None:
    notes = tuple(Note(38.0 if at % 2 else 36.0, at / 2.0, 0.3) for at in range(24))
    score = Score((Track("drums", notes, drums=True),))
    assert heard(Audio(render(score, RATE), RATE)).verdict.kind == "drums or noise"


@pytest.mark.parametrize("colour", [0.0, 0.95])
def test_noise_needs_no_tracker(monkeypatch: pytest.MonkeyPatch, colour: float) -> None:
    from scipy.signal import lfilter

    monkeypatch.setattr(f0, "Tracker", None)
    noise = np.random.default_rng(3).normal(0.0, 0.05, (2, 4 * RATE))
    sound = lfilter([1.0], [1.0, -colour], noise).astype(np.float32)
    found = heard(Audio(sound, RATE))
    assert found.verdict.kind == "drums or noise"
    assert found.coarse.times.size == found.fine.times.size == found.onsets.size == 0


def test_silence_and_too_short_are_told_with_numbers() -> None:
    silence = heard(Audio(np.zeros((2, RATE), dtype=np.float32), RATE)).verdict
    assert (silence.kind, silence.one_voice) == ("silent", False)
    tone = 1e-5 * np.hanning(RATE) * np.sin(2.0 * np.pi * 440.0 * np.arange(RATE) / RATE)
    faint = heard(Audio(tone[None, :].astype(np.float32), RATE)).verdict
    assert faint.kind == "silent"
    assert "-100 dBFS" in faint.words
    short = heard(Audio(np.zeros((1, 100), dtype=np.float32), RATE)).verdict
    assert short.kind == "too short"
    assert "0.15 s" in short.words


def test_what_is_no_number_is_refused() -> None:
    samples = np.zeros((1, RATE), dtype=np.float32)
    samples[0, 500] = np.nan
    with pytest.raises(MaterialError, match="no numbers"):
        heard(Audio(samples, RATE))


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("singing/singing-female.wav", "one voice"),
        ("singing/vignesh.wav", "one voice"),
        ("singing/vocadito_1.flac", "one voice"),
        ("stems/potassium/vox_lead.flac", "one voice"),
        ("speech/librispeech-1.ogg", "speech"),
        ("speech/librispeech-2.ogg", "speech"),
        ("instruments/guit_em9.flac", "several voices"),
        ("instruments/guit_e_fifths.flac", "several voices"),
        ("instruments/ambi_piano.flac", "several voices"),
        ("music/karissa_hobbs-lets_go_fishin.ogg", "several voices"),
        ("music/kevin_macleod-vibe_ace.ogg", "several voices"),
        ("instruments/loop_tabla.flac", "drums or noise"),
        ("instruments/loop_amen_full.flac", "drums or noise"),
        ("noise/city.ogg", "drums or noise"),
        ("noise/coffee-shop.ogg", "drums or noise"),
        ("noise/vinyl_hiss.flac", "drums or noise"),
        ("stems/potassium/breakbeat.flac", "drums or noise"),
        ("stems/potassium/end_drums.flac", "silent"),
    ],
)
def test_real_material(data: Path, name: str, kind: str) -> None:
    assert heard(read(data, name)).verdict.kind == kind


@pytest.mark.data
@pytest.mark.parametrize("name", ["singing-female.wav", "vignesh.wav", "vocadito_1.flac"])
def test_singing_over_the_phone_or_clipped_is_still_singing(data: Path, name: str) -> None:
    from scipy.signal import butter, sosfilt

    audio = read(data, "singing/" + name)
    mono = audio.samples.mean(axis=0)
    band = butter(4, (300.0, 3_400.0), "bandpass", fs=audio.rate, output="sos")
    clipped = np.clip(8.0 * mono / np.abs(mono).max(), -1.0, 1.0)
    for sound in (sosfilt(band, mono), clipped):
        found = heard(Audio(sound[None, :].astype(np.float32), audio.rate))
        assert found.verdict.kind == "one voice"
