from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from assistant.dsp.listening import MAX_SECONDS, Listened, listen
from assistant.dsp.voices import render
from assistant.errors import MaterialError
from assistant.material import Audio, Meter, Note, Score, Tempo, Track
from bench.singing_cases import takes


def song(bpm: float = 100.0, bars: int = 8) -> Score:
    roots = (57, 53, 60, 55)
    upper, lower, beat = [], [], []
    for bar in range(bars):
        root = roots[bar % 4]
        third = root + (3 if bar % 4 == 0 else 4)
        for quarter in range(4):
            at = 4.0 * bar + quarter
            upper += [Note(float(pitch), at, 1.0) for pitch in (root, third, root + 7)]
            beat.append(Note(36.0 if quarter % 2 == 0 else 38.0, at, 0.25))
        lower.append(Note(root - 24.0, 4.0 * bar, 4.0))
    tracks = (Track("keys", tuple(upper)), Track("bass", tuple(lower), 33),
              Track("drums", tuple(beat), drums=True))  # fmt: skip
    return Score(tracks, (Tempo(0.0, bpm),))


def heard(audio: Audio, bpm: float | None = None, meter: Meter | None = None) -> Listened:
    work = listen(audio, bpm=bpm, meter=meter)
    before = 0.0
    while True:
        try:
            done = next(work)
        except StopIteration as end:
            assert before == 1.0
            assert isinstance(end.value, Listened)
            return end.value
        assert before <= done <= 1.0
        before = done


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000, 192_000])
def test_any_rate_is_heard_alike(rate: int) -> None:
    found = heard(Audio(render(song(bars=6), rate), rate))
    assert found.pulse.bpm == pytest.approx(100.0, rel=0.003)
    assert found.treble.shape == found.bass.shape == (found.pulse.beats.size - 1, 12)
    assert found.accents.shape == (found.pulse.beats.size - 1, 2)
    assert found.treble[:3].sum(axis=0).argmax() in {9, 0, 4}
    assert found.bass[:3].sum(axis=0).argmax() == 9
    assert found.tonal > 0.12


def test_a_known_tempo_is_kept_and_its_phase_found() -> None:
    audio = Audio(render(song(bpm=97.3), 22_050), 22_050)
    found = heard(audio, 97.3)
    assert found.pulse.bpm == 97.3
    assert found.pulse.others == ()
    assert found.pulse.beats[0] == pytest.approx(0.0, abs=0.03)
    np.testing.assert_allclose(np.diff(found.pulse.beats)[1:], 60.0 / 97.3, atol=1e-6)


def test_a_known_metre_says_what_a_beat_is() -> None:
    audio = Audio(render(song(bpm=96.0), 22_050), 22_050)
    assert heard(audio, 96.0, Meter(0.0, 6, 8)).pulse.bpm == pytest.approx(64.0)


def test_one_voice_is_followed_and_a_long_song_is_not() -> None:
    (take,) = takes("flute", [503], bars=8)
    found = heard(take.audio)
    assert found.voice is not None
    assert found.voice.track.voiced.mean() > 0.6
    assert heard(Audio(render(song(bars=16), 22_050), 22_050)).voice is None


def test_mono_and_many_channels() -> None:
    stereo = render(song(), 32_000)
    mono = Audio(stereo.mean(axis=0, keepdims=True), 32_000)
    six = Audio(np.repeat(mono.samples, 6, axis=0), 32_000)
    np.testing.assert_allclose(heard(mono).pulse.beats, heard(six).pulse.beats, atol=1e-4)


def test_the_same_sound_is_heard_the_same() -> None:
    audio = Audio(render(song(), 44_100), 44_100)
    first, second = heard(audio), heard(audio)
    assert np.array_equal(first.treble, second.treble)
    assert np.array_equal(first.pulse.beats, second.pulse.beats)


def test_noise_is_not_tonal() -> None:
    noise = 0.1 * np.random.default_rng(2).standard_normal((1, 10 * 32_000))
    assert heard(Audio(noise.astype(np.float32), 32_000)).tonal < 0.02


@pytest.mark.parametrize(
    ("samples", "text"),
    [(np.zeros((2, 0)), "silent"), (np.zeros((2, 320_000)), "silent"),
     (np.full((1, 32_000), np.nan), "no numbers"), (np.full((1, 32_000), np.inf), "no numbers"),
     (np.resize([0.5, -0.5], (1, 16_000)), "lasts 0.5 s")],
)  # fmt: skip
def test_what_cannot_be_heard_is_refused(samples: np.ndarray, text: str) -> None:
    with pytest.raises(MaterialError, match=text):
        heard(Audio(samples.astype(np.float32), 32_000))


def test_one_click_has_no_beat() -> None:
    samples = np.zeros((1, 3 * 32_000), dtype=np.float32)
    samples[0, 1_000:1_100] = 0.5
    with pytest.raises(MaterialError, match="beats; give 5 or more"):
        heard(Audio(samples, 32_000))


@pytest.mark.slow
def test_an_hour_takes_no_more_than_its_first_minutes() -> None:
    rate = 8_000
    minute = render(song(bars=25), rate)[:1, : 60 * rate]
    hour = Audio(np.tile(minute, (1, 60)), rate)
    tracemalloc.start()
    found = heard(hour)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.heard_seconds == MAX_SECONDS
    assert found.seconds == pytest.approx(3_600.0)
    assert found.pulse.beats[-1] <= MAX_SECONDS
    assert peak < 400e6
