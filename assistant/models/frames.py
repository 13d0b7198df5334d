"""What a network is told about a melody: one frame for each place where a chord may stand.

A place, or slot, is a stretch of beats, mostly half a bar. Pitches are counted from the tonic, so
that a song sounds the same to the network in every key.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.models.layers import Floats

__all__ = ["FEATURES", "STEPS", "Frames", "Line", "Slots", "alike", "half_bars", "hear"]

STEPS = 8  # moments at which a slot is listened to: sixteenths of half a bar in 4/4
_PERIODS = (2, 4, 8, 16)  # half-bars: where in the bar, in two, four and eight bars
_AROUND = (0, 2, 4)  # slots to either side that are compared with them
FEATURES = 14 * STEPS + 12 + 4 + sum(_PERIODS) + 4 + 2 + 12
_EDGE = 4.0  # slots over which the start and the end of the song are felt


@dataclass(frozen=True)
class Line:
    """A melody, its notes in the order in which they start.

    Parameters
    ----------
    pitches : ndarray of shape (notes,)
        MIDI pitches.
    starts, lengths : ndarray of shape (notes,)
        In beats (quarters).
    """

    pitches: NDArray[np.int64]
    starts: NDArray[np.float64]
    lengths: NDArray[np.float64]


@dataclass(frozen=True)
class Slots:
    """The places where a chord may stand, in order.

    Parameters
    ----------
    starts, lengths : ndarray of shape (slots,)
        In beats (quarters).
    bar : float
        Length of a bar in beats.
    """

    starts: NDArray[np.float64]
    lengths: NDArray[np.float64]
    bar: float = 4.0


@dataclass(frozen=True)
class Frames:
    """What the network is told.

    Parameters
    ----------
    features : ndarray of shape (slots, FEATURES)
        What is heard in each slot, and where it stands.
    steps : ndarray of shape (slots, STEPS * 12)
        1 where a pitch class, counted from the tonic, sounds at a moment of the slot.
    """

    features: Floats
    steps: Floats


def half_bars(beats: float, bar: float = 4.0) -> Slots:
    """Lay slots of half a bar from beat 0 on.

    Parameters
    ----------
    beats : float
        Length of the song; a slot that it only begins is counted.
    bar : float
        Length of a bar in beats.

    Returns
    -------
    Slots
        At least one.
    """
    half = bar / 2.0
    count = max(1, int(np.ceil(beats / half - 1e-9)))
    return Slots(half * np.arange(count, dtype=np.float64), np.full(count, half), bar)


def hear(line: Line, tonic: int, mode: str, slots: Slots) -> Frames:
    """Listen to a melody, slot by slot.

    Parameters
    ----------
    line : Line
        The melody; may be empty.
    tonic : int
        Pitch class of the key.
    mode : str
        ``"maj"`` or ``"min"``; anything else stands for neither.
    slots : Slots
        Where chords may stand.

    Returns
    -------
    Frames
        One for each slot.
    """
    pitches, onsets = _listen(line, slots)
    sounds = pitches > 0
    classes = np.where(sounds, (pitches - tonic) % 12, 12)
    heard = np.eye(13)[classes]
    steps = heard[:, :, :12]
    shares = steps.sum(axis=1) / STEPS
    song = shares.sum(axis=0) / max(float(shares.sum()), 1e-9)
    count = len(pitches)
    told = [
        heard.reshape(count, -1), onsets, shares, _register(pitches, sounds), _place(slots),
        _edges(count), ~sounds.any(axis=1, keepdims=True),
        np.tile([mode == "maj", mode == "min"], (count, 1)), np.tile(4.0 * song, (count, 1)),
    ]  # fmt: skip
    features = np.concatenate(told, axis=1, dtype=np.float32, casting="unsafe")
    return Frames(features, steps.reshape(count, -1).astype(np.float32))


def _listen(line: Line, slots: Slots) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Tell the pitch at each moment, 0 where none sounds, and where notes start."""
    moments = np.arange(STEPS) / STEPS
    edges = (slots.starts[:, None] + slots.lengths[:, None] * moments).ravel()
    ends = edges + np.repeat(slots.lengths / STEPS, STEPS)
    if not len(line.starts):
        nothing = np.zeros((len(slots.starts), STEPS))
        return nothing.astype(np.int64), nothing
    middles = (edges + ends) / 2.0
    last = np.searchsorted(line.starts, middles, side="right") - 1
    sounding = (last >= 0) & (middles < (line.starts + line.lengths)[last])
    pitches = np.where(sounding, line.pitches[last], 0)
    begun = np.searchsorted(line.starts, ends - 1e-9) - np.searchsorted(line.starts, edges - 1e-9)
    return pitches.reshape(-1, STEPS), (begun > 0).reshape(-1, STEPS).astype(np.float64)


def _register(pitches: NDArray[np.int64], sounds: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Tell the middle, highest and lowest pitch of slots, in octaves from that of the song."""
    middle = np.median(pitches[sounds]) if sounds.any() else 0.0
    octaves = np.where(sounds, (pitches - middle) / 12.0, np.nan)
    played = sounds.sum(axis=1)
    told = np.zeros((len(pitches), 4))
    some = played > 0
    told[some, 0] = np.nanmean(octaves[some], axis=1)
    told[some, 1] = np.nanmax(octaves[some], axis=1)
    told[some, 2] = np.nanmin(octaves[some], axis=1)
    told[:, 3] = played / STEPS
    return told


def _place(slots: Slots) -> NDArray[np.float64]:
    """Tell where slots stand in bars and phrases; between two half-bars, half of each."""
    halves = 2.0 * slots.starts / slots.bar
    before = np.floor(halves + 1e-6).astype(np.int64)
    beyond = np.clip(halves - before, 0.0, 1.0)[:, None]
    return np.concatenate(
        [
            np.eye(period)[before % period] * (1.0 - beyond)
            + np.eye(period)[(before + 1) % period] * beyond
            for period in _PERIODS
        ],
        axis=1,
    )


def _edges(count: int) -> NDArray[np.float64]:
    """Tell how near the start and the end of the song are."""
    place = np.arange(count)
    told = (np.exp(-place / _EDGE), np.exp(-(count - 1 - place) / _EDGE), place / count)
    return np.stack(told, axis=1)


def alike(steps: Floats) -> Floats:
    """Compare slots by what is sung in them, alone and with those around them.

    Parameters
    ----------
    steps : ndarray of shape (slots, STEPS * 12)
        As in `Frames`.

    Returns
    -------
    ndarray of shape (3, slots, slots)
        Shares of the moments, 0.0 to 1.0, at which the same pitch class sounds.
    """
    count = len(steps)
    sung = steps.reshape(count, STEPS, 12).sum(axis=2)
    same = steps @ steps.T / STEPS
    any_of = (sung.sum(axis=1)[:, None] + sung.sum(axis=1)[None] - sung @ sung.T) / STEPS
    told = np.empty((len(_AROUND), count, count), np.float32)
    common, either = np.zeros((2, count, count), np.float32)
    for reach, (first, last) in enumerate(zip((-1, *_AROUND[:-1]), _AROUND, strict=True)):
        for shift in range(first + 1, last + 1):
            for signed in {shift, -shift}:
                here = slice(max(0, -signed), max(0, count - max(0, signed)))
                there = slice(max(0, signed), max(0, count - max(0, -signed)))
                if abs(signed) < count:
                    common[here, here] += same[there, there]
                    either[here, here] += any_of[there, there]
        told[reach] = common / (either + 1.0)
    return told
