"""Real singing detuned by known curves: what was meant is known, and what is sung.

Three recordings of the folder that ``BANDMATE_TEST_DATA`` names. Their notes were read off the
pitch that Praat's autocorrelation found (5 ms, drawn and looked through); what was meant is the
note of the key that phrase and repeats suggest. Slides and ornaments between them belong to no
note. WORLD takes each recording apart, moves each note to a centre drawn as for the singers of
`bench.pitch_singers`, and sings it again, so that the fundamental is known.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from assistant.material import Audio, Note, Score, Tempo, Track
from bench.pitch_cases import HOP_SECONDS, Truth
from bench.pitch_melodies import MODES, TONICS
from bench.pitch_phrasing import SungNote
from bench.pitch_singers import SINGERS, drawn_cents

__all__ = ["DEVELOPMENT", "REPORTED", "real_takes"]

Array = NDArray[np.float64]

DEVELOPMENT, REPORTED = range(3), range(100, 103)
"""Seeds to try things on, and seeds that figures are reported on."""

_SIZES = (44.0, 0.05, 0.0)
_BPM = 120.0
_EDGE_SECONDS = 0.03  # of a note at both ends is not held
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 1_000.0


@dataclass(frozen=True, slots=True)
class _Recording:
    file: str
    tonic: str
    mode: str
    notes: tuple[tuple[float, float, int], ...]


RECORDINGS = (
    _Recording("vocadito_1.flac", "Bb", "major", (
        (0.66, 0.90, 50), (1.00, 1.28, 51), (1.36, 1.62, 53), (1.68, 2.13, 53), (2.27, 2.65, 50),
        (2.80, 3.18, 46), (3.90, 4.11, 48), (4.47, 4.64, 53), (4.95, 5.36, 51), (5.42, 5.87, 50),
        (5.95, 6.11, 48), (7.02, 7.13, 48), (7.24, 7.45, 50), (7.53, 7.85, 51), (7.90, 8.32, 50),
        (8.47, 8.82, 51), (8.97, 9.24, 48), (10.00, 10.25, 48), (10.51, 10.64, 51),
        (10.94, 11.59, 50), (11.72, 11.83, 48), (11.89, 12.09, 46), (12.93, 13.18, 50),
        (13.46, 13.79, 46), (13.95, 14.37, 46), (14.46, 14.79, 48), (14.96, 15.31, 50),
        (16.07, 16.37, 50), (16.48, 16.92, 50), (16.99, 17.42, 51), (17.50, 17.84, 53),
        (17.98, 18.30, 55), (18.93, 19.18, 55), (19.49, 19.90, 55), (20.03, 20.29, 51),
        (20.73, 20.90, 53), (20.96, 21.36, 53), (21.95, 22.25, 48), (22.52, 22.68, 51),
        (23.01, 23.65, 50), (24.05, 24.38, 46), (25.08, 25.33, 55), (25.65, 26.07, 55),
        (26.29, 26.58, 51), (27.12, 27.36, 53), (27.42, 27.83, 53), (28.54, 28.83, 48),
        (29.17, 29.38, 51), (29.70, 30.34, 50), (30.45, 30.57, 48), (30.77, 31.56, 46),
    )),
    _Recording("singing-female.wav", "E", "major", (
        (0.24, 2.37, 68), (2.46, 3.05, 66), (3.42, 4.13, 69), (4.24, 5.79, 68),
    )),
    _Recording("vignesh.wav", "Ab", "major", (
        (0.10, 0.55, 56), (2.23, 2.39, 56), (2.41, 2.79, 56),
    )),
)  # fmt: skip


def real_takes(seeds: Sequence[int]) -> Iterator[Truth]:
    """Sing each recording again, out of tune in another way for each seed.

    Parameters
    ----------
    seeds : sequence of int
        One take of each recording each.

    Yields
    ------
    Truth
        The same for the same seed; nothing where the recordings are not there.
    """
    folder = os.environ.get("BANDMATE_TEST_DATA")
    for recording in RECORDINGS if folder else ():
        for seed in seeds:
            yield _detuned(recording, Path(folder or "") / "singing" / recording.file, seed)


@dataclass(frozen=True, eq=False)
class _Parts:
    """What WORLD takes a recording apart into, every 5 ms; `hz` is 0.0 where it is unvoiced."""

    rate: int
    hz: Array
    envelope: Array
    noise: Array


@lru_cache(maxsize=1)
def _parts(file: Path) -> _Parts:
    pyworld = importlib.import_module("pyworld")

    samples, rate = soundfile.read(file, always_2d=True)
    sound = np.ascontiguousarray(samples.mean(axis=1))
    rough, times = pyworld.harvest(
        sound, rate, f0_floor=_LOWEST_HZ, f0_ceil=_HIGHEST_HZ, frame_period=1_000.0 * HOP_SECONDS
    )
    hz = pyworld.stonemask(sound, rough, times, rate)
    envelope = pyworld.cheaptrick(sound, hz, times, rate)
    return _Parts(rate, hz, envelope, pyworld.d4c(sound, hz, times, rate))


def _detuned(recording: _Recording, file: Path, seed: int) -> Truth:
    pyworld = importlib.import_module("pyworld")

    parts = _parts(file)
    rng = np.random.default_rng([47, len(recording.notes), seed])
    steps = np.array(
        sorted((TONICS.index(recording.tonic) + step) % 12 for step in MODES[recording.mode])
    )
    times = np.asarray(np.arange(parts.hz.size) * HOP_SECONDS, dtype=np.float64)
    voiced = parts.hz > 0.0
    pitch = 69.0 + 12.0 * np.log2(np.where(voiced, parts.hz, 440.0) / 440.0)
    pitch = np.interp(times, times[voiced], pitch[voiced])
    spans = [_held(start, end) for start, end, _ in recording.notes]
    inside = [(times >= first) & (times < last) & voiced for first, last in spans]
    sung = np.array([pitch[here].mean() for here in inside])
    meant = np.array([number for _, _, number in recording.notes], dtype=np.float64)
    singer = list(SINGERS)[seed % len(SINGERS)]
    centres = meant + drawn_cents(_SIZES, singer, meant, steps, rng) / 100.0
    knots = np.array([[start, end] for start, end, _ in recording.notes]).ravel()
    pitch += np.interp(times, knots, np.repeat(centres - sung, 2))
    hz = np.asarray(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))
    made = pyworld.synthesize(
        np.where(voiced, hz, 0.0), parts.envelope, parts.noise, parts.rate, 1_000.0 * HOP_SECONDS
    )
    beat = 60.0 / _BPM
    notes = tuple(
        SungNote(
            number, start, end, float(centre), held, start / beat, (end - start) / beat, "vowel"
        )
        for (start, end, number), centre, held in zip(recording.notes, centres, spans, strict=True)
    )
    track = Track("voice", tuple(Note(n.pitch, n.start, n.length) for n in notes), 52)
    return Truth(
        Audio(np.asarray(made, dtype=np.float32)[None, :], parts.rate), notes,
        f"{recording.tonic} {recording.mode}", tuple(steps.tolist()),
        Score((track,), (Tempo(0.0, _BPM),)), times, hz, voiced, singer,
        recording.file, "real", 0.0,
    )  # fmt: skip


def _held(start: float, end: float) -> tuple[float, float]:
    edge = min(_EDGE_SECONDS, 0.25 * (end - start))
    return start + edge, end - edge
