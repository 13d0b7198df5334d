from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.listening import listen
from assistant.material import Audio, Meter, Score
from assistant.theory.ear.heard import Heard
from assistant.theory.ear.listening import hear_sound
from assistant.theory.ear.voice_judging import VoiceHeard
from assistant.theory.harmony.chord import read_chord
from bench.singing_cases import takes


@dataclass(frozen=True)
class Pulse:
    beats: NDArray[np.float64]
    bpm: float
    others: tuple[tuple[float, float], ...] = ((200.0, 0.6), (50.0, 0.2))
    clarity: float = 0.6
    steady: bool = True


@dataclass(frozen=True)
class Sound:
    pulse: Pulse
    treble: NDArray[np.float32]
    bass: NDArray[np.float32]
    accents: NDArray[np.float64]
    tonal: float = 0.25
    tuning_cents: float = 0.0
    seconds: float = 60.0
    heard_seconds: float = 60.0
    voice: VoiceHeard | None = None
    about: str = field(default="", compare=False)


def sound(
    symbols: str, beats_each: int, bpm: float = 100.0, skip: int = 0, first_second: float = 0.5
) -> Sound:
    """Lay chords out beat by beat, leaving out the first beats."""
    rng = np.random.default_rng(4)
    treble, bass = [], []
    for symbol in symbols.split():
        classes = list(read_chord(symbol).pitch_classes)
        for _ in range(beats_each):
            row = 0.02 * rng.random(12)
            row[classes] += 0.6 + 0.3 * rng.random(len(classes))
            low = 0.02 * rng.random(12)
            low[classes[0]] += 1.0
            treble.append(row)
            bass.append(low)
    count = len(treble) - skip
    accents = np.ones((count, 2))
    accents[(-skip) % beats_each :: beats_each] = 2.0
    beats = first_second + 60.0 / bpm * np.arange(count + 1)
    rows = [np.array(each[skip:], dtype=np.float32) for each in (treble, bass)]
    return Sound(Pulse(np.asarray(beats, dtype=np.float64), bpm), rows[0], rows[1], accents)


def symbols_of(heard: Heard) -> str:
    return " ".join(each.chord.symbol for each in heard.chords)


def test_key_metre_and_chords() -> None:
    heard = hear_sound(sound("Am F C G Am F C G Am", 4))
    assert str(heard.key) == "A minor"
    assert heard.key_heard
    assert symbols_of(heard) == "Am F C G Am F C G Am"
    assert (heard.meter.numerator, heard.meter.denominator) == (4, 4)
    assert [each.start for each in heard.chords] == [4.0 * bar for bar in range(9)]
    assert heard.start_seconds == pytest.approx(0.5)
    assert heard.origin == "sound"
    assert heard.other_bpm == (200.0,)
    assert heard.tempos[0].bpm == heard.bpm == 100.0


def test_a_waltz() -> None:
    heard = hear_sound(sound("C G Am F C G F C", 3))
    assert (heard.meter.numerator, heard.meter.denominator) == (3, 4)
    assert heard.meter_confidence > 0.5


def test_a_sound_that_starts_within_a_bar() -> None:
    heard = hear_sound(sound("Am F C G Am F C G", 4, skip=3))
    assert [each.start for each in heard.chords[1:]] == [4.0 * bar for bar in range(1, 8)]
    assert heard.start_seconds == pytest.approx(0.5 - 3 * 0.6)
    assert heard.beats == 32.0


def test_a_moving_tempo_has_a_map() -> None:
    steady = sound("Am F C G", 4)
    beats = np.cumsum(np.concatenate(([0.5], 60.0 / np.linspace(90.0, 120.0, 16))))
    moving = Sound(Pulse(beats, 104.0, steady=False), steady.treble, steady.bass, steady.accents)
    heard = hear_sound(moving)
    timed = Score((), heard.tempos)
    assert len(heard.tempos) == 4
    for bar in range(4):
        expected = beats[4 * bar] - heard.start_seconds
        assert timed.seconds_at(4.0 * bar) == pytest.approx(expected, abs=1e-3)
    assert any("tempo moves" in line for line in heard.report)


def test_noise_has_no_key_and_says_so() -> None:
    rng = np.random.default_rng(0)
    plain = sound("Am F C G", 4)
    rows = rng.random((16, 12)).astype(np.float32)
    heard = hear_sound(Sound(plain.pulse, rows, rows, plain.accents, tonal=0.01))
    assert not heard.key_heard
    assert heard.chords == ()
    assert heard.report[0].startswith("Key: none was heard")
    assert any("noise, speech or drums" in line for line in heard.report)


def test_what_was_left_out_and_the_tuning_are_said() -> None:
    plain = sound("Am F C G Am", 4)
    heard = hear_sound(
        Sound(plain.pulse, plain.treble, plain.bass, plain.accents, tuning_cents=-22.0,
              seconds=3_600.0, heard_seconds=600.0)
    )  # fmt: skip
    assert "Only the first 10 of 60 minutes were listened to." in heard.report
    assert "The music is tuned -22 cents from A = 440 Hz." in heard.report


@pytest.mark.parametrize("symbols", ["C", "C G"])
def test_a_few_beats_are_heard_without_much_confidence(symbols: str) -> None:
    heard = hear_sound(sound(symbols, 4))
    assert heard.meter_confidence < 0.6
    assert symbols_of(heard) == symbols


def test_a_said_tempo_and_metre_are_followed() -> None:
    plain = sound("Am F C G Am F C G", 3, first_second=0.0)
    heard = hear_sound(plain, bpm=100.0, meter=Meter(0.0, 3, 4))
    assert heard.tempo_confidence == heard.meter_confidence == 1.0
    assert heard.other_bpm == ()
    assert heard.meter.numerator == 3
    assert [each.start for each in heard.chords] == [3.0 * bar for bar in range(8)]


def test_dotted_beats_are_counted_in_quarters() -> None:
    heard = hear_sound(sound("Am F C G Am F C G", 2, bpm=80.0), meter=Meter(0.0, 6, 8))
    assert heard.bpm == pytest.approx(120.0)
    assert heard.beats == 24.0
    assert [each.start for each in heard.chords] == [3.0 * bar for bar in range(8)]


def whole(audio: Audio, bpm: float | None = None) -> Heard:
    work = listen(audio, bpm=bpm)
    while True:
        try:
            next(work)
        except StopIteration as end:
            return hear_sound(end.value, bpm=bpm)


@pytest.mark.parametrize("bpm", [None, "said"])
def test_one_voice_has_a_melody_and_no_chords(bpm: str | None) -> None:
    (take,) = takes("hum", [502], count_in=0.0 if bpm else 0.35)
    heard = whole(take.audio, take.bpm if bpm else None)
    assert heard.bpm == pytest.approx(take.bpm, rel=0.0 if bpm else 0.02)
    assert heard.chords == ()
    assert len(heard.melody) == pytest.approx(len(take.notes), abs=2)
    assert heard.melody_confidence > 0.5
    assert any(line.startswith(f"Melody: {len(heard.melody)} notes, ") for line in heard.report)


@pytest.mark.parametrize("path", [
    "music/karissa_hobbs-lets_go_fishin.ogg", "speech/librispeech-1.ogg", "noise/wind.ogg",
    "instruments/guit_em9.flac", "instruments/loop_amen_full.flac", "instruments/loop_tabla.flac",
])  # fmt: skip
def test_what_is_not_one_voice_has_no_melody(data: Path, path: str) -> None:
    import soundfile

    samples, rate = soundfile.read(data / path, dtype="float32", always_2d=True, frames=2_000_000)
    heard = whole(Audio(np.ascontiguousarray(samples.T), rate))
    assert heard.melody == ()
    if path.startswith("music"):
        assert "Melody: none was heard (several things sound at once)." in heard.report
    if path.startswith("speech"):
        assert "Melody: none was heard (the voice glides as in speech" in " ".join(heard.report)


def test_real_singing_has_a_melody(data: Path) -> None:
    import soundfile

    samples, rate = soundfile.read(data / "singing" / "vocadito_1.flac", dtype="float32")
    heard = whole(Audio(samples[None, :], rate))
    assert 50 <= len(heard.melody) <= 75
    assert heard.key_heard
