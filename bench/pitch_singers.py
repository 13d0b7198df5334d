"""How far off the notes of the pitch bench are sung: singers who err in ways of their own.

The two levels were set on seeds that are used nowhere else, so that over many takes the mean
absolute error and the share of notes whose nearest note of the scale is the right one come out
near 32 cents and 89.6 % (``good``), and near 66 cents and 84.6 % (``rough``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVELS", "SINGERS", "Level", "drawn_cents", "errors_cents", "nearest"]

Array = NDArray[np.float64]
Level = Literal["good", "rough"]

LEVELS: tuple[Level, ...] = get_args(Level)

# Cents of one standard deviation, share of notes drawn far towards a neighbour, share of notes
# that are another note of the scale altogether.
_SIZES: dict[Level, tuple[float, float, float]] = {
    "good": (30.0, 0.075, 0.0),
    "rough": (36.0, 0.04, 0.06),
}
_DRAWN = (0.45, 0.85)  # of the way to the neighbour
_MISSED_STEPS = (2, 5)

Singer: TypeAlias = Callable[[np.random.Generator, Array], Array]


def errors_cents(
    level: Level, singer: str, pitches: Array, steps: NDArray[np.int64], rng: np.random.Generator
) -> Array:
    """Draw how far off each note is sung.

    Parameters
    ----------
    level : str
        One of `LEVELS`.
    singer : str
        One of `SINGERS`.
    pitches : ndarray of float, shape (notes,)
        What is meant, MIDI numbers.
    steps : ndarray of int
        The pitch classes of the scale.
    rng : Generator
        Of this take.

    Returns
    -------
    ndarray of float, shape (notes,)
        Cents.
    """
    return drawn_cents(_SIZES[level], singer, pitches, steps, rng)


def drawn_cents(
    sizes: tuple[float, float, float],
    singer: str,
    pitches: Array,
    steps: NDArray[np.int64],
    rng: np.random.Generator,
) -> Array:
    """Draw errors as `errors_cents` does, by the sizes of a level of its own."""
    size, drawn, missed = sizes
    errors = size * SINGERS[singer](rng, pitches)
    scale = np.array([p for p in range(128) if p % 12 in steps], dtype=np.float64)
    places = np.searchsorted(scale, pitches)
    for note in np.flatnonzero(rng.random(pitches.size) < drawn):
        side = int(rng.choice([-1, 1]))
        way = 100.0 * (scale[places[note] + side] - pitches[note])
        errors[note] = rng.uniform(*_DRAWN) * way
    for note in np.flatnonzero(rng.random(pitches.size) < missed):
        far = int(rng.integers(*_MISSED_STEPS)) * int(rng.choice([-1, 1]))
        errors[note] += 100.0 * (scale[places[note] + far] - pitches[note])
    return errors


def nearest(centres: Array, steps: NDArray[np.int64]) -> Array:
    """Return the note of the scale that each centre is nearest to, MIDI numbers."""
    scale = np.array([p for p in range(128) if p % 12 in steps], dtype=np.float64)
    return np.asarray(scale[np.abs(centres[:, None] - scale).argmin(axis=1)])


def _even(rng: np.random.Generator, pitches: Array) -> Array:
    """Err on each note for itself."""
    return rng.normal(0.0, 1.1, pitches.size)


def _lagging(rng: np.random.Generator, pitches: Array) -> Array:
    """Err much as on the note before."""
    errors = rng.normal(0.0, 1.15, pitches.size)
    for note in range(1, pitches.size):
        errors[note] = 0.75 * errors[note - 1] + np.sqrt(1.0 - 0.75**2) * errors[note]
    return errors


def _drifting(rng: np.random.Generator, pitches: Array) -> Array:
    """Sink or rise over the take, and wander."""
    slope = rng.uniform(0.8, 1.8) * rng.choice([-1.0, -1.0, 1.0])
    path = slope * np.linspace(0.0, 1.0, pitches.size)
    path += np.cumsum(rng.normal(0.0, 0.08, pitches.size))
    return np.asarray(path + rng.normal(0.0, 0.7, pitches.size))


def _slipping(rng: np.random.Generator, pitches: Array) -> Array:
    """Be near the note as a rule, far off at times."""
    return np.asarray(np.clip(rng.standard_t(2.5, pitches.size) * 0.75, -3.5, 3.5))


def _flat_on_top(rng: np.random.Generator, pitches: Array) -> Array:
    """Sing flatter the higher it goes."""
    high = (pitches - np.median(pitches)) / 6.0
    return np.asarray(0.2 - 0.9 * np.maximum(high, 0.0) + rng.normal(0.0, 0.85, pitches.size))


def _timid(rng: np.random.Generator, pitches: Array) -> Array:
    """Sing leaps too small, and find back after them."""
    errors = rng.normal(0.0, 0.8, pitches.size)
    for note in range(1, pitches.size):
        leap = pitches[note] - pitches[note - 1]
        short = -0.28 * leap if abs(leap) > 2.0 else 0.0
        errors[note] += 0.5 * errors[note - 1] + float(np.clip(short, -2.0, 2.0))
    return errors


def _flat(rng: np.random.Generator, pitches: Array) -> Array:
    """Stay under, or over, the pitch of the band."""
    return np.asarray(rng.choice([-0.8, 0.8]) + rng.normal(0.0, 0.85, pitches.size))


SINGERS: dict[str, Singer] = {
    "even": _even,
    "lagging": _lagging,
    "drifting": _drifting,
    "slipping": _slipping,
    "flat on top": _flat_on_top,
    "timid": _timid,
    "flat": _flat,
}
