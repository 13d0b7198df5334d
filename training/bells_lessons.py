"""Spectra to learn bells from: tracks with bells put in, as `assistant.dsp.bells` looks at them.

A bell moves all views alike, so that it is put into levels, and a track is a lesson many times.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.bells import Bell, levels_of, nats_without
from assistant.dsp.spectral_views import STEPS_AN_OCTAVE, STEPS_HZ, SpectralViews

__all__ = ["Lessons", "Track", "lessons"]

Dice: TypeAlias = np.random.Generator
Levels: TypeAlias = NDArray[np.float32]
Moments: TypeAlias = NDArray[np.float16]
Lesson: TypeAlias = tuple[Levels, Levels, tuple[tuple[int, Bell], ...]]
"""Nats, quantiles, bells with their steps."""

COUNTS = (0.3, 0.52, 0.18)  # how often there is none, one, two
BROAD = 0.32  # of the bells
NARROW_QS, BROAD_QS = (1.3, 9.0), (0.6, 0.9)
NARROW_HZ = (130.0, 8_900.0)
BROAD_HZ = ((220.0, 700.0), (1_700.0, 5_500.0))
GAINS_DB = (2.5, 15.0)
UNDER_DB = 25.0  # beside the loudest third of a semitone: what is fainter is not heard
LEFTOVER_DB = 1.2  # of bells that were not quite taken out: not to be told
HISSED, CUT_OFF, TILTED, DULL, TOGETHER, MOVED_STEPS = 0.3, 0.1, 0.5, 0.1, 0.2, 5
SHELVES, SHELF_HZ, DULL_HZ = (0.7, 0.25, 0.05), (100.0, 10_000.0), (3_000.0, 12_000.0)
LOWEST_RATE_STEPS = 66  # a rate of 8 kHz has so many
SHORT_LINES, LONG_LINES = 0.0075, 0.09  # of a step: by Hz of its middle; as good as independent


@dataclass(frozen=True, eq=False)
class Track:
    """Levels of the moments of a track in dB, shape (moments, steps): short ones, long ones."""

    short: Moments
    long: Moments


@dataclass(frozen=True, eq=False)
class Lessons:
    """Spectra, and which bells are in them.

    Parameters
    ----------
    nats : ndarray of float32, shape (spectra, NATS, steps)
    quantiles_db : ndarray of float32, shape (spectra, 2 * QUANTILES, steps)
    bells : tuple of tuple of (int, Bell)
        Of each spectrum, with the step that is nearest.
    """

    nats: Levels
    quantiles_db: Levels
    bells: tuple[tuple[tuple[int, Bell], ...], ...]


def lessons(tracks: Sequence[Track], count: int, dice: Dice) -> Lessons:
    """Make lessons.

    Parameters
    ----------
    tracks : sequence of Track
        What they are made of.
    count : int
        How many.
    dice : numpy.random.Generator
        What is left to chance.

    Returns
    -------
    Lessons
        The same for the same dice.
    """
    made = islice(_lessons(tracks, dice), count)
    nats, quantiles, bells = zip(*made, strict=True)
    return Lessons(np.stack(nats), np.stack(quantiles), tuple(bells))


def _lessons(tracks: Sequence[Track], dice: Dice) -> Iterator[Lesson]:
    """Make lessons without end, but of tracks of which filters left too little to be heard."""
    while True:
        made = _lesson(_track(tracks, dice), dice)
        if made is not None:
            yield made


def _track(tracks: Sequence[Track], dice: Dice) -> Track:
    """Take a track, or two that are one: few are of one instrument alone."""
    one, other = (tracks[int(dice.integers(len(tracks)))] for _ in range(2))
    if dice.random() >= TOGETHER:
        return one
    louder_db = dice.normal(0.0, 6.0)
    return Track(_sum(one.short, other.short, louder_db), _sum(one.long, other.long, louder_db))


def _sum(one: Moments, other: Moments, louder_db: float) -> Moments:
    count = min(len(one), len(other))
    level_db = float(one.max()) - float(other.max()) + louder_db
    powers = [10.0 ** (levels[:count].astype(np.float64) / 10.0) for levels in (one, other)]
    summed = powers[0] + 10.0 ** (level_db / 10.0) * powers[1]
    return np.asarray(10.0 * np.log10(summed), dtype=np.float16)


def _lesson(track: Track, dice: Dice) -> Lesson | None:
    steps = int(dice.integers(-MOVED_STEPS, MOVED_STEPS + 1))
    short, long = (_moved(levels, steps) for levels in (track.short, track.long))
    shape_db = _shape_db(dice)
    bells = tuple(_bells(_heard_db(short + shape_db), dice))
    for bell in (*(bell for _, bell in bells), *_leftovers(dice)):
        shape_db = shape_db + bell.levels_db
    powers = [10.0 ** ((levels + shape_db) / 10.0) for levels in (short, long)]
    if dice.random() < HISSED:
        powers = _hissed(powers, dice)
    if dice.random() < CUT_OFF:
        last = int(dice.integers(LOWEST_RATE_STEPS, len(STEPS_HZ)))
        powers = [power[:, :last] for power in powers]
        bells = tuple((step, bell) for step, bell in bells if step < last)
    levels = levels_of(SpectralViews(*powers))
    if levels is None:
        return None
    nats = nats_without(levels.averages_db).astype(np.float32)
    return nats, levels.quantiles_db.astype(np.float32), bells


def _moved(levels: Moments, steps: int) -> NDArray[np.float64]:
    """Play all higher, or lower."""
    padded = np.pad(levels.astype(np.float64), ((0, 0), (MOVED_STEPS, MOVED_STEPS)), mode="edge")
    first = MOVED_STEPS - steps
    return padded[:, first : first + levels.shape[1]]


def _shape_db(dice: Dice) -> NDArray[np.float64]:
    """Bend all of it, put on shelves, and cut the treble: what no bell is."""
    place = np.linspace(-1.0, 1.0, len(STEPS_HZ))
    shape_db = np.zeros_like(place)
    if dice.random() < TILTED:
        shape_db += dice.normal(0.0, 4.0) * place + dice.normal(0.0, 2.0) * np.square(place)
    for _ in range(int(dice.choice(len(SHELVES), p=SHELVES))):
        corner_hz = math.exp(dice.uniform(*np.log(SHELF_HZ)))
        steep = dice.uniform(1.0, 3.0)
        shape_db += dice.normal(0.0, 4.0) / (1.0 + (corner_hz / STEPS_HZ) ** steep)
    if dice.random() < DULL:
        corner_hz = math.exp(dice.uniform(*np.log(DULL_HZ)))
        shape_db -= 10.0 * np.log10(1.0 + (STEPS_HZ / corner_hz) ** 4)
    return shape_db


def _heard_db(short: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tell how loud each step is."""
    return np.asarray(10.0 * np.log10((10.0 ** (short / 10.0)).mean(axis=0) * STEPS_HZ))


def _bells(heard_db: NDArray[np.float64], dice: Dice) -> list[tuple[int, Bell]]:
    """Choose bells where something is heard, a third of an octave apart and more."""
    bells: list[tuple[int, Bell]] = []
    for _ in range(int(dice.choice(len(COUNTS), p=COUNTS))):
        bell = _bell(dice)
        step = round(STEPS_AN_OCTAVE * math.log2(bell.freq_hz / STEPS_HZ[0]))
        audible = heard_db[step] > heard_db.max() - UNDER_DB
        if audible and all(abs(step - other) > STEPS_AN_OCTAVE // 3 for other, _ in bells):
            bells.append((step, bell))
    return bells


def _bell(dice: Dice) -> Bell:
    broad = dice.random() < BROAD
    between_hz = BROAD_HZ[int(dice.integers(len(BROAD_HZ)))] if broad else NARROW_HZ
    hertz = math.exp(dice.uniform(*np.log(between_hz)))
    q = math.exp(dice.uniform(*np.log(BROAD_QS if broad else NARROW_QS)))
    return Bell(hertz, dice.uniform(*GAINS_DB), q)


def _leftovers(dice: Dice) -> list[Bell]:
    """Leave what is left where bells were taken out, a little wrong."""
    return [
        Bell(math.exp(dice.uniform(*np.log(NARROW_HZ))), dice.normal(0.0, LEFTOVER_DB),
             math.exp(dice.uniform(-0.3, 2.0)))
        for _ in range(int(dice.integers(3)))
    ]  # fmt: skip


def _hissed(powers: Sequence[NDArray[np.float64]], dice: Dice) -> list[NDArray[np.float64]]:
    """Add the noise of a converter that stands behind all filters."""
    loudest = powers[0].max()
    slope = dice.uniform(0.0, 1.0) if dice.random() < 0.5 else 0.0
    noise = loudest * 10.0 ** (-dice.uniform(30.0, 85.0) / 10.0) * (STEPS_HZ / 1_000.0) ** -slope
    hissed = []
    for power, lines, level in zip(powers, (SHORT_LINES, LONG_LINES), (1.0, 0.3), strict=True):
        count = np.maximum(lines * STEPS_HZ, 0.5)
        hissed.append(power + level * noise * dice.gamma(count, 1.0 / count, power.shape))
    return hissed
