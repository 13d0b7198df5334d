"""What a score tells: its key, how sure that is, its tempo and its metre."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import MaterialError
from assistant.material import Meter, Note, Score
from assistant.theory.key import Key, spelled_key

__all__ = ["Heard", "hear", "key_of"]

# Krumhansl and Kessler, "Tracing the dynamic changes in perceived tonal organization", 1982.
_PROBE_TONES = (
    (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
)
# Temperley, "Music and Probability", 2007: how often each degree is sounded.
_SOUNDED = (
    (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400),
    (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330),
)
_LOWEST_WEIGHT = 2.0  # the lowest of notes struck together
_EDGE_WEIGHT = 0.04  # first and last lowest note, as a share of all that sounds
_TOGETHER = 0.05  # beats
_MAX_NOTE = 16.0  # beats; a drone tells no more than this
T = TypeVar("T")
_CONFIDENCE = (-0.4, 19.1)  # logistic in the lead over the second best key, from POP909


@dataclass(frozen=True, slots=True)
class Heard:
    """What a score tells.

    Parameters
    ----------
    key : Key
        Major or minor.
    confidence : float
        How sure the key is, 0.0 to 1.0.
    second : Key
        The key it might be instead.
    bpm : float
        Quarter notes a minute, for most of the score.
    meter : Meter
        The metre of most of the score.
    notes : int
        Pitched notes that were heard.
    """

    key: Key
    confidence: float
    second: Key
    bpm: float
    meter: Meter
    notes: int


def hear(score: Score) -> Heard:
    """Listen to a score.

    Parameters
    ----------
    score : Score
        At least one pitched note.

    Returns
    -------
    Heard
        What it tells.

    Raises
    ------
    MaterialError
        Where there are no notes, or drums only.
    """
    notes = [note for track in score.tracks if not track.drums for note in track.notes]
    if not notes:
        drums = [track.name for track in score.tracks if track.notes]
        if not drums:
            raise MaterialError("The score holds no notes; play or draw some, or ask without it.")
        named = ", ".join(repr(name) for name in drums[:4])
        raise MaterialError(
            f"The score holds drums only ({named}), which have no key; say the key instead."
        )
    key, second, confidence = key_of(notes)
    end = score.beats
    bpm = _longest([(tempo.beat, tempo.bpm) for tempo in score.tempos], end)
    meters = {(meter.numerator, meter.denominator): meter for meter in score.meters}
    named_meters = [(meter.beat, (meter.numerator, meter.denominator)) for meter in score.meters]
    return Heard(key, confidence, second, bpm, meters[_longest(named_meters, end)], len(notes))


def key_of(notes: Sequence[Note]) -> tuple[Key, Key, float]:
    """Find the key of some notes.

    Their durations by pitch class are correlated with the mean of two published key profiles
    (both standardised); the lowest of notes struck together counts twice, and the first and last
    of these count more.

    Parameters
    ----------
    notes : sequence of Note
        At least one, pitched.

    Returns
    -------
    Key
        The likeliest, major or minor, with the fewest accidentals.
    Key
        The second likeliest.
    float
        How sure the first is, 0.0 to 1.0.
    """
    weights = _weights(notes)
    spread = weights - weights.mean()
    norm = float(np.sqrt((spread**2).sum()))
    if norm < 1e-12:
        return Key(0), Key(-3, "minor"), 0.0
    fits = _templates() @ (spread / norm)
    best, second = np.argsort(-fits, kind="stable")[:2]
    offset, slope = _CONFIDENCE
    sure = 1.0 / (1.0 + math.exp(-offset - slope * float(fits[best] - fits[second])))
    few = min(1.0, np.count_nonzero(weights) / 5)
    return _key(int(best)), _key(int(second)), sure * few


def _key(place: int) -> Key:
    return spelled_key(place % 12, "minor" if place >= 12 else "major")


def _templates() -> NDArray[np.float64]:
    """Lay out the profiles of the 24 keys, each of length 1 about a mean of 0."""
    rows: list[NDArray[np.float64]] = []
    for probe, sounded in zip(_PROBE_TONES, _SOUNDED, strict=True):
        mean = _standard(probe) + _standard(sounded)
        rows += [np.roll(mean, tonic) for tonic in range(12)]
    table = np.array(rows)
    return np.asarray(table / np.sqrt((table**2).sum(axis=1, keepdims=True)), dtype=np.float64)


def _standard(profile: Sequence[float]) -> NDArray[np.float64]:
    values = np.array(profile)
    return np.asarray((values - values.mean()) / values.std(), dtype=np.float64)


def _weights(notes: Sequence[Note]) -> NDArray[np.float64]:
    """Weigh the pitch classes by how long they sound and by how low they lie."""
    starts = np.array([note.start for note in notes])
    pitches = np.array([round(note.pitch) for note in notes])
    lengths = np.array([min(note.length, _MAX_NOTE) for note in notes])
    order = np.lexsort((pitches, np.round(starts / _TOGETHER)))
    starts, pitches, lengths = starts[order], pitches[order], lengths[order]
    lowest = np.concatenate(([True], np.diff(np.round(starts / _TOGETHER)) > 0))
    heavy = np.where(lowest, _LOWEST_WEIGHT, 1.0) * np.maximum(lengths, 1e-3)
    sounding = np.bincount(pitches % 12, heavy, minlength=12)
    weights = np.asarray(sounding / sounding.sum(), dtype=np.float64)
    edges = pitches[lowest]
    weights[edges[0] % 12] += _EDGE_WEIGHT
    weights[edges[-1] % 12] += _EDGE_WEIGHT
    return weights


def _longest(changes: list[tuple[float, T]], end: float) -> T:
    """Find the value that holds for the most beats; the first of those that tie."""
    lasts: dict[T, float] = {}
    ends = [beat for beat, _ in changes[1:]] + [math.inf]
    for (beat, value), stop in zip(changes, ends, strict=True):
        lasts[value] = lasts.get(value, 0.0) + max(0.0, min(stop, end) - beat)
    return max(lasts, key=lambda value: lasts[value])
