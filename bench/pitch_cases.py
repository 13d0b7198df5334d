"""Sung takes for the pitch bench, made from seeds, of which everything is known.

What was meant (notes, key, score), what was sung (the centre and the held part of each note, the
fundamental every 5 ms, where the folds swing), and the same performance at any other pitch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import oaconvolve

from assistant.material import Audio, Note, Samples, Score, Tempo, Track
from bench.pitch_curves import Curve, curve_of
from bench.pitch_melodies import MODES, TONICS, melody
from bench.pitch_phrasing import FIRST_SECONDS, VOICES, SungNote, Voice, spans_of, step
from bench.pitch_singers import SINGERS, Level, errors_cents, nearest
from bench.pitch_syllables import performance_of
from bench.pitch_voice import CONTROL_HZ, RATE_HZ, Performance, sing

__all__ = [
    "DEVELOPMENT",
    "HOP_SECONDS",
    "REPORTED",
    "Curve",
    "SungNote",
    "Take",
    "Truth",
    "spoiled",
    "take",
    "takes",
]

Array = NDArray[np.float64]

HOP_SECONDS = 0.005
DEVELOPMENT, REPORTED = range(100), range(1_000, 1_008)
"""Seeds to try things on, and seeds that figures are reported on; try nothing on the second."""

_NOTES = 48
_TAIL_SECONDS = 0.5
_SOUNDING, _NEAR_STEPS = 0.03, 50  # of the loudest nearby: from here on the folds swing
_ROOM_SECONDS, _ROOM_DB = 0.9, -8.0  # until it is 60 dB down, and against the voice


@dataclass(frozen=True, eq=False)
class Truth:
    """A take and what is known about it.

    Parameters
    ----------
    audio : Audio
        One channel.
    notes : tuple of SungNote
        In order.
    key : str
        Such as ``"A minor"``.
    steps : tuple of int
        Pitch classes of its scale.
    score : Score
        What was meant, in beats.
    times, hz : ndarray of float, shape (frames,)
        Every 5 ms: seconds, and the fundamental, going on through what is unvoiced.
    voiced : ndarray of bool, shape (frames,)
        Where the folds swing.
    singer, voice, source : str
        What kind of errors, of voice, of melody.
    first_seconds : float
        Where beat 0 of the score lies.
    """

    audio: Audio
    notes: tuple[SungNote, ...]
    key: str
    steps: tuple[int, ...]
    score: Score
    times: Array
    hz: Array
    voiced: NDArray[np.bool_]
    singer: str
    voice: str
    source: str
    first_seconds: float

    @property
    def meant(self) -> Array:
        """What was meant, MIDI numbers, shape (notes,)."""
        return np.array([note.pitch for note in self.notes], dtype=np.float64)

    @property
    def centres(self) -> Array:
        """What was sung, MIDI numbers, shape (notes,)."""
        return np.array([note.centre for note in self.notes])

    @property
    def nearest(self) -> Array:
        """The notes of the scale nearest to what was sung, MIDI numbers, shape (notes,)."""
        return nearest(self.centres, np.array(self.steps))


@dataclass(frozen=True, eq=False)
class Take(Truth):
    """A take made from numbers, of which all is known exactly; see `Truth`."""

    curve: Curve
    performance: Performance
    gain: float

    def shifted(self, cents: float) -> Audio:
        """Return the same performance, all of it higher by some cents."""
        return self.at(self.centres + cents / 100.0)

    def corrected(self) -> Audio:
        """Return the same performance with each note's centre where it was meant."""
        return self.at(self.meant)

    def at(self, centres: Array) -> Audio:
        """Return the same performance with other centres, MIDI numbers."""
        return _audio(sing(self.performance, self.curve.at(centres)), self.gain)

    def hz_at(self, centres: Array) -> Array:
        """Return the fundamental at `times` with other centres."""
        return _hz(self.curve.at(centres))


def takes(level: Level, seeds: Sequence[int], notes: int = _NOTES) -> Iterator[Take]:
    """Make takes.

    Parameters
    ----------
    level : str
        ``good`` or ``rough``.
    seeds : sequence of int
        One take each; the seed also draws the singer, the voice and the melody.
    notes : int
        Length.

    Yields
    ------
    Take
        The same for the same seed.
    """
    for seed in seeds:
        yield take(level, seed, notes)


def take(level: Level, seed: int, notes: int = _NOTES) -> Take:
    """Make one take: write a melody, err, phrase it, sing it."""
    rng = np.random.default_rng([41, level == "rough", seed])
    tune = melody(rng, notes)
    voice = VOICES[seed % len(VOICES)]
    tonic, shift = _placed(tune.line, voice, rng)
    written = [(at, long, pitch + shift) for at, long, pitch in tune.line]
    steps = tuple(sorted((tonic + step) % 12 for step in MODES[tune.mode]))
    meant = np.array([pitch for _, _, pitch in written], dtype=np.float64)
    names = list(SINGERS)
    singer = names[seed % len(names)]
    centres = meant + errors_cents(level, singer, meant, np.array(steps), rng) / 100.0
    bpm = float(rng.integers(92, 144))
    spans = spans_of(written, 60.0 / bpm, rng)
    size = step(spans[-1].end + _TAIL_SECONDS)
    curve, held = curve_of(spans, size, voice, rng)
    performance = performance_of(spans, centres, size, voice, rng)
    phrased = tuple(
        SungNote(pitch, span.onset, span.end, float(centre), where, start, length, span.attack)
        for (start, length, pitch), span, centre, where in zip(
            written, spans, centres, held, strict=True
        )
    )
    pitch = curve.at(centres)
    sound = sing(performance, pitch)
    gain = float(rng.uniform(0.35, 0.7) / np.abs(sound).max())
    track = Track("voice", tuple(Note(p, at, long) for at, long, p in written), 52)
    every = round(HOP_SECONDS * CONTROL_HZ)
    return Take(
        _audio(sound, gain), phrased, f"{TONICS[tonic]} {tune.mode}", steps,
        Score((track,), (Tempo(0.0, bpm),)), np.arange(0, pitch.size, every) / CONTROL_HZ,
        _hz(pitch), _swinging(performance.loudness)[::every], singer, voice.name, tune.source,
        FIRST_SECONDS, curve, performance, gain,
    )  # fmt: skip


def _placed(
    line: Sequence[tuple[float, float, int]], voice: Voice, rng: np.random.Generator
) -> tuple[int, int]:
    """Choose a key in which the melody suits the voice: pitch class, and what to add."""
    pitches = [pitch for _, _, pitch in line]
    middle = (min(pitches) + max(pitches)) / 2.0
    shift = round(voice.middle - middle + rng.uniform(-3.0, 3.0))
    return shift % 12, shift


def _swinging(loudness: Array) -> NDArray[np.bool_]:
    loudest = maximum_filter1d(loudness, _NEAR_STEPS)
    return np.asarray((loudness > _SOUNDING * loudest) & (loudest > 0.0))


def _hz(pitch: Array) -> Array:
    return np.asarray(440.0 * 2.0 ** ((pitch[:: round(HOP_SECONDS * CONTROL_HZ)] - 69.0) / 12.0))


def _audio(sound: Samples, gain: float) -> Audio:
    return Audio(np.asarray(gain * sound, dtype=np.float32), RATE_HZ)


def spoiled(audio: Audio, seed: int, snr_db: float | None = None, room: bool = False) -> Audio:
    """Return a sound with pink noise, or in a room whose tail is made of noise."""
    rng = np.random.default_rng([43, seed])
    sound = audio.samples[0].astype(np.float64)
    level = float(np.std(sound))
    if room:
        time = np.arange(int(_ROOM_SECONDS * audio.rate)) / audio.rate
        tail = rng.standard_normal(time.size) * 10.0 ** (-3.0 * time / _ROOM_SECONDS)
        wet = oaconvolve(sound, tail)[: sound.size]
        sound += 10.0 ** (_ROOM_DB / 20.0) * level * wet / float(np.std(wet))
    if snr_db is not None:
        bins = np.fft.rfft(rng.standard_normal(sound.size))
        pink = np.fft.irfft(bins / np.sqrt(np.arange(bins.size) + 50.0), sound.size)
        sound += level * 10.0 ** (-snr_db / 20.0) * pink / float(np.std(pink))
    return Audio(np.asarray(0.5 * sound / np.abs(sound).max(), dtype=np.float32)[None], audio.rate)
