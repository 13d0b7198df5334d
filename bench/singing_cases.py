"""Sung, hummed, whistled and played melodies made for hearing tests, with every note known.

Pitch scoops, slides, wavers and drifts; syllables begin with vowels, voiced and unvoiced
consonants; breath and room noise are there; beginnings of notes stray from the beat as people do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio

__all__ = ["RATE_HZ", "TIMBRES", "Sung", "Take", "Timbre", "takes"]

Array = NDArray[np.float64]
Timbre = Literal["voice", "hum", "whistle", "flute", "guitar"]

TIMBRES: tuple[Timbre, ...] = get_args(Timbre)
RATE_HZ = 22_050
NOISE_DB = (-58.0, -44.0)
_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
_Bar = tuple[float, ...]
_BARS_4: tuple[_Bar, ...] = (
           (1, 1, 1, 1), (2, 1, 1), (1.5, 0.5, 1, 1), (0.5, 0.5, 1, 0.5, 0.5, 1), (1, 0.5, 0.5, 2),
           (0.5, 0.5, 0.5, 0.5, 1, 1), (0.75, 0.25, 1, 1, 1), (1.5, 0.5, 2), (3, 1),
           (0.5, 1, 0.5, 1, 1))  # fmt: skip
_BARS_3: tuple[_Bar, ...] = ((1, 1, 1), (2, 1), (1.5, 0.5, 1), (1, 0.5, 0.5, 1), (3,))
_FOOT = {"voice": (50, 62), "hum": (46, 60), "whistle": (66, 72), "flute": (64, 74),
         "guitar": (52, 64)}  # fmt: skip
_VOWELS = ((700, 1_150, 2_500), (300, 2_250, 2_950), (400, 800, 2_500), (500, 1_700, 2_450))


@dataclass(frozen=True, slots=True)
class Sung:
    """A note as it was meant: MIDI number, onset and end in seconds, onset and length in beats."""

    pitch: int
    onset: float
    end: float
    start: float
    length: float


@dataclass(frozen=True, eq=False)
class Take:
    """A recording of one voice, and what is in it.

    `tuning` is how far the singer is from concert pitch in each note, semitones; beat 0 lies
    `first_beat` seconds into the sound.
    """

    audio: Audio
    notes: tuple[Sung, ...]
    tuning: tuple[float, ...]
    bpm: float
    beats_a_bar: int
    first_beat: float
    tonic: int
    mode: str


def takes(
    timbre: Timbre, seeds: Sequence[int], bars: int = 8, count_in: float = 0.35
) -> Iterator[Take]:
    """Make takes.

    Parameters
    ----------
    timbre : str
        One of `TIMBRES`.
    seeds : sequence of int
        One take each.
    bars : int
        Length.
    count_in : float
        Seconds of room before the first bar; 0.0 as a DAW cuts a clip.

    Yields
    ------
    Take
        The same for the same seed.
    """
    for seed in seeds:
        rng = np.random.default_rng([17, TIMBRES.index(timbre), seed])
        yield _take(timbre, rng, bars, count_in)


def _take(timbre: Timbre, rng: np.random.Generator, bars: int, first: float) -> Take:
    mode = "major" if rng.random() < 0.6 else "minor"
    tonic = int(rng.integers(12))
    a_bar = 3 if rng.random() < 0.25 else 4
    bpm = float(rng.integers(72, 141))
    tune = _tune(rng, bars, a_bar)
    low, high = _FOOT[timbre]
    foot = int(rng.integers(low, high + 1))
    foot += (tonic - foot + 6) % 12 - 6
    scale = np.array(_MAJOR if mode == "major" else _MINOR)
    beat = 60.0 / bpm
    stray = 0.008 if timbre == "guitar" else 0.018
    sung: list[Sung] = []
    for start, length, degree in tune:
        pitch = foot + 12 * (degree // 7) + int(scale[degree % 7])
        late = float(np.clip(rng.normal(0.0, stray), -0.04, 0.04))
        onset = max(0.0, first + start * beat + late)
        sung.append(Sung(pitch, onset, onset + length * beat, start, length))
    sung = _legato(sung, rng)
    tuning = _tuning(len(sung), timbre, rng)
    sound = _sing(timbre, sung, tuning, rng)
    return Take(Audio(sound[None, :], RATE_HZ), tuple(sung), tuple(tuning.tolist()), bpm, a_bar,
                first, tonic, mode)  # fmt: skip


def _tune(rng: np.random.Generator, bars: int, a_bar: int) -> list[tuple[float, float, int]]:
    """Write a tune: start and length in beats, degree of the scale; bar 4 and the last rest."""
    tune: list[tuple[float, float, int]] = []
    patterns = _BARS_4 if a_bar == 4 else _BARS_3
    motif = [patterns[rng.integers(len(patterns))] for _ in range(2)]
    degree = int(rng.choice([0, 2, 4]))
    for bar in range(bars):
        lengths = motif[bar % 2] if rng.random() < 0.6 else patterns[rng.integers(len(patterns))]
        if bar % 4 == 3:
            lengths = (float(a_bar),)
        at = float(bar * a_bar)
        for length in lengths:
            tune.append((at, float(length), degree))
            at += length
            step = int(rng.choice([-4, -2, -1, -1, 0, 0, 1, 1, 2, 3]))
            degree = int(np.clip(degree + step, -3, 9))
        if bar % 4 == 3:
            start, length, _ = tune[-1]
            tune[-1] = (start, 0.7 * length, int(rng.choice([0, 4, 0])))
    return tune


def _legato(sung: list[Sung], rng: np.random.Generator) -> list[Sung]:
    """End each note where the next begins, most of them; some before."""
    out = []
    for note, following in zip(sung, [*sung[1:], None], strict=True):
        end = note.end
        if following:
            end = min(end, following.onset)
            if rng.random() < 0.2:
                end -= 0.25 * (end - note.onset)
        out.append(Sung(note.pitch, note.onset, end, note.start, note.length))
    return out


def _tuning(count: int, timbre: Timbre, rng: np.random.Generator) -> Array:
    """Draw how far each note is off: all of them, drifting, and each for itself; semitones."""
    if timbre == "guitar":
        return np.full(count, rng.normal(0.0, 0.05)) + rng.normal(0.0, 0.03, count)
    drift = np.cumsum(rng.normal(0.0, 0.035, count)) + rng.uniform(-0.3, 0.3)
    each = np.clip(rng.normal(0.0, 0.08 if timbre == "flute" else 0.16, count), -0.35, 0.35)
    return np.asarray(drift + each, dtype=np.float64)


def _sing(
    timbre: Timbre, sung: Sequence[Sung], tuning: Array, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Sing: pitch and loudness of each sample, then overtones under formants, then breath."""
    size = int((sung[-1].end + 0.6) * RATE_HZ)
    time = np.arange(size) / RATE_HZ
    pitch = _pitch(timbre, sung, tuning, time, rng)
    gain, consonants = _loudness(timbre, sung, time, rng)
    vowel = np.zeros(size, dtype=np.int64)
    for note in sung:
        vowel[int(note.onset * RATE_HZ) :] = rng.integers(len(_VOWELS))
    tone = _tone(timbre, pitch, vowel)
    room = 10.0 ** (rng.uniform(*NOISE_DB) / 20.0)
    breath = {"whistle": 0.02, "flute": 0.015, "voice": 0.006, "hum": 0.003, "guitar": 0.0}[timbre]
    hiss = rng.standard_normal(size)
    sound = 0.25 * gain * (tone + breath * hiss) + consonants * hiss + room * hiss
    return np.asarray(sound, dtype=np.float32)


def _pitch(
    timbre: Timbre, sung: Sequence[Sung], tuning: Array, time: Array, rng: np.random.Generator
) -> Array:
    pitch = np.full(time.size, sung[0].pitch + tuning[0])
    for place, (note, off) in enumerate(zip(sung, tuning, strict=True)):
        goal = note.pitch + off
        since = time - note.onset
        here = since >= 0.0
        pitch[here] = goal
        if timbre == "guitar":
            continue
        if place and rng.random() < 0.7:
            before = sung[place - 1].pitch + tuning[place - 1]
            glide = rng.uniform(0.03, 0.08)
            pitch = _slide(pitch, since, before, goal, glide)
        elif rng.random() < 0.5:
            scoop = -rng.uniform(0.5, 2.0) * np.exp(-since / rng.uniform(0.03, 0.06))
            pitch[here] += scoop[here]
        if note.end - note.onset > 0.4 and rng.random() < 0.6:
            depth, hz = rng.uniform(0.15, 0.6), rng.uniform(4.8, 6.5)
            wave = depth * np.sin(2.0 * np.pi * hz * (since - 0.2))
            pitch[here] += (wave * np.clip((since - 0.2) / 0.15, 0.0, 1.0))[here]
    jitter = np.convolve(rng.normal(0.0, 1.0, time.size // 200 + 2), np.ones(3) / 3.0, "same")
    waver = np.interp(time, np.arange(jitter.size) * 200 / RATE_HZ, jitter)
    return np.asarray(pitch + (0.0 if timbre == "guitar" else 0.06) * waver, dtype=np.float64)


def _slide(pitch: Array, since: Array, before: float, goal: float, glide: float) -> Array:
    near = np.abs(since) < glide
    share = 0.5 - 0.5 * np.cos(np.pi * (since[near] + glide) / (2.0 * glide))
    pitch[near] = before + (goal - before) * share
    return pitch


def _loudness(
    timbre: Timbre, sung: Sequence[Sung], time: Array, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw the loudness of the tone, and of the hiss of consonants."""
    gain, hiss = np.zeros(time.size), np.zeros(time.size)
    for place, note in enumerate(sung):
        since, left = time - note.onset, note.end - time
        here = (since >= 0.0) & (left > 0.0)
        level = rng.uniform(0.6, 1.0)
        if timbre == "guitar":
            pluck = np.minimum(1.0, since / 0.004) * np.exp(-since / rng.uniform(0.5, 1.2))
            gain = np.where(here, level * pluck * np.minimum(1.0, left / 0.02), gain)
            continue
        before = sung[place - 1] if place else None
        linked = before is not None and note.onset - before.end < 0.02
        kind = _consonant(timbre, before is not None and before.pitch == note.pitch, rng)
        shape = np.minimum(1.0, left / 0.03)
        if not linked or kind != "vowel":
            shape = np.minimum(np.clip(since / rng.uniform(0.015, 0.05), 0.0, 1.0), shape)
        gain = np.where(here, level * shape, gain)
        dip = (since < 0.0) & (since > -rng.uniform(0.04, 0.08)) & linked
        if kind == "voiced":
            gain[dip] *= rng.uniform(0.12, 0.4)
        elif kind == "unvoiced":
            gain[dip], hiss[dip] = 0.0, 0.03
    smooth = np.hanning(int(0.012 * RATE_HZ))
    smooth /= smooth.sum()
    if timbre != "guitar":
        gain = np.convolve(gain, smooth, "same")
    return gain, np.convolve(hiss, smooth, "same")


def _consonant(timbre: Timbre, again: bool, rng: np.random.Generator) -> str:
    """Draw what a syllable begins with; the same note again needs something."""
    kind = str(rng.choice(["vowel", "voiced", "unvoiced"], p=[0.4, 0.35, 0.25]))
    if (again and kind == "vowel") or (timbre != "voice" and kind == "unvoiced"):
        return "voiced"
    return kind


def _tone(timbre: Timbre, pitch: Array, vowel: NDArray[np.int64]) -> Array:
    hz = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    turns = 2.0 * np.pi * np.cumsum(hz) / RATE_HZ
    tone = np.zeros(pitch.size)
    formants = np.array(_VOWELS, dtype=np.float64)[vowel].T
    for order in range(1, 41):
        partial = order * hz
        if partial.min() > 9_000.0:
            break
        strength = _strength(timbre, order, partial, formants)
        tone += np.where(partial < 9_500.0, strength, 0.0) * np.sin(order * turns)
    return np.asarray(tone / max(float(np.abs(tone).max()), 1e-9), dtype=np.float64)


def _strength(timbre: Timbre, order: int, partial: Array, formants: Array) -> Array:
    if timbre == "whistle":
        return np.full(partial.size, 1.0 if order == 1 else 0.02 / order)
    if timbre == "flute":
        return np.full(partial.size, 1.0 / order**2.2)
    if timbre == "guitar":
        return np.full(partial.size, 1.0 / order**1.4)
    fall = 1.0 / order ** (2.0 if timbre == "hum" else 1.3)
    if timbre == "hum":
        return np.asarray(fall * np.exp(-partial / 900.0), dtype=np.float64)
    peaks = sum(np.exp(-0.5 * ((partial - each) / 120.0) ** 2) for each in formants)
    return np.asarray(fall * (0.12 + peaks), dtype=np.float64)
