"""The grid of a song: where its beats fall, how strong each is, and what sounds on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from assistant.material import Meter

__all__ = ["BAR", "HALF", "PULSE", "Grid", "Sounding", "bar_starts", "bars_in", "grid_of",
           "place_on", "walk_bars"]  # fmt: skip

PULSE, HALF, BAR = 0, 1, 2
"""How strong a beat is: any, the middle of a bar, the first of a bar."""

MAX_PULSES = 4096
_SHORTEST = 0.125  # beats; a shorter note lasts this long
_LONGEST = 16.0  # beats; a drone tells no more than this
_TOUCHED = 0.15  # share of a beat that a note must fill to be its lowest
_SILENT = 127


@dataclass(frozen=True, eq=False)
class Grid:
    """Beats, one pulse after the other.

    Parameters
    ----------
    edges : ndarray of float, shape (pulses + 1,)
        Where each pulse starts, and where the last one ends, in beats (quarter notes).
    strengths : ndarray of int, shape (pulses,)
        `BAR`, `HALF` or `PULSE`.
    """

    edges: NDArray[np.float64]
    strengths: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.float64]:
        """Length of each pulse in beats."""
        return np.diff(self.edges)


@dataclass(frozen=True, eq=False)
class Sounding:
    """What sounds on each pulse of a grid.

    Parameters
    ----------
    classes : ndarray of float, shape (pulses, 12)
        Beats for which each pitch class sounds, weighted.
    lowest : ndarray of float, shape (pulses, 12)
        Beats for which each pitch class is the lowest note, at most the length of the pulse.
    """

    classes: NDArray[np.float64]
    lowest: NDArray[np.float64]


def grid_of(meters: Sequence[Meter], end: float) -> Grid:
    """Lay the beats of a song out.

    A pulse is the lower number of the metre (a quarter in 3/4, an eighth in 7/8), but a dotted
    quarter in 6/8, 9/8 and 12/8.

    Parameters
    ----------
    meters : sequence of Meter
        In order of beat, the first at beat 0.
    end : float
        Where the song ends, in beats.

    Returns
    -------
    Grid
        As far as the end, at most `MAX_PULSES` pulses, at least one.
    """
    edges: list[NDArray[np.float64]] = []
    strengths: list[NDArray[np.int64]] = []
    room = MAX_PULSES
    stops = [meter.beat for meter in meters[1:]] + [max(end, meters[0].beat + 1e-3)]
    for meter, stop in zip(meters, stops, strict=True):
        span = min(stop, end) - meter.beat
        if span <= 0.0 and edges:
            break
        pulse, a_bar = _pulse(meter)
        count = min(room, max(1, int(np.ceil(span / pulse - 1e-6))))
        place = np.arange(count)
        edges.append(np.asarray(meter.beat + pulse * place, dtype=np.float64))
        strengths.append(_strengths(place % a_bar, a_bar))
        last = meter.beat + pulse * count if stop >= end else stop
        room -= count
        if room <= 0:
            last = float(edges[-1][-1] + pulse)
            break
    return Grid(np.append(np.concatenate(edges), last), np.concatenate(strengths))


def bar_starts(meters: Sequence[Meter], end: float) -> tuple[Meter, ...]:
    """Walk through the bars of a song.

    Parameters
    ----------
    meters : sequence of Meter
        The metre map, the first at beat 0.
    end : float
        Where the song ends, in beats; the last bar may reach beyond.

    Returns
    -------
    tuple of Meter
        One for each bar, at the beat where the bar begins.
    """
    return tuple(takewhile(lambda bar: bar.beat < end - 1e-6, walk_bars(meters)))


def walk_bars(meters: Sequence[Meter]) -> Iterator[Meter]:
    """Walk through the bars of a song, and on after its end, without one.

    Parameters
    ----------
    meters : sequence of Meter
        The metre map, the first at beat 0; a change within a bar counts from the next bar line.

    Yields
    ------
    Meter
        Each bar, at the beat where it begins.
    """
    beat, place = 0.0, 0
    while True:
        while place + 1 < len(meters) and meters[place + 1].beat <= beat + 1e-6:
            place += 1
        meter = meters[place]
        yield Meter(beat, meter.numerator, meter.denominator)
        beat += meter.bar_beats


def bars_in(meters: Sequence[Meter], end: float) -> float:
    """Count the bars of a song, a last one that is cut short as a part of one."""
    stops = [meter.beat for meter in meters[1:]] + [end]
    return sum(
        max(0.0, min(stop, end) - meter.beat) / meter.bar_beats
        for meter, stop in zip(meters, stops, strict=True)
    )


def _pulse(meter: Meter) -> tuple[float, int]:
    """Find the length of a pulse in beats, and how many make a bar."""
    pulse = meter.pulse_beats
    return pulse, round(meter.bar_beats / pulse)


def _strengths(place: NDArray[np.int64], a_bar: int) -> NDArray[np.int64]:
    middle = (a_bar + 1) // 2
    strong = np.where(place == 0, BAR, PULSE)
    return np.where((place == middle) & (a_bar > 3), HALF, strong)


def place_on(
    grid: Grid,
    starts: NDArray[np.float64],
    lengths: NDArray[np.float64],
    pitches: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> Sounding:
    """Find out what sounds on each pulse.

    Parameters
    ----------
    grid : Grid
        The beats.
    starts, lengths : ndarray of float, shape (notes,)
        In beats.
    pitches : ndarray of int, shape (notes,)
        MIDI numbers.
    weights : ndarray of float, shape (notes,)
        How much each note counts, 0.0 to 1.0.

    Returns
    -------
    Sounding
        What sounds.
    """
    edges, pulses = grid.edges, grid.strengths.size
    starts = np.clip(starts, 0.0, edges[-1] - _SHORTEST)
    ends = np.minimum(starts + np.clip(lengths, _SHORTEST, _LONGEST), edges[-1])
    first = np.searchsorted(edges, starts + 1e-6, side="right") - 1
    last = np.searchsorted(edges, ends - 1e-6, side="left")
    counts = np.maximum(last - first, 1)
    note = np.repeat(np.arange(starts.size), counts)
    pulse = first[note] + np.arange(note.size) - np.repeat(np.cumsum(counts) - counts, counts)
    shared = np.minimum(ends[note], edges[pulse + 1]) - np.maximum(starts[note], edges[pulse])
    length = grid.lengths
    place = pulse * 12 + pitches[note] % 12
    classes = _by_class(place, shared * weights[note], length)
    low = np.full(pulses, _SILENT)
    touched = shared > _TOUCHED * length[pulse]
    np.minimum.at(low, pulse[touched], pitches[note][touched])
    under = pitches[note] == low[pulse]
    return Sounding(classes, _by_class(place[under], shared[under], length))


def _by_class(
    place: NDArray[np.int64], lasting: NDArray[np.float64], length: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Add up how long each pitch class lasts on each pulse, at most as long as the pulse."""
    total = np.bincount(place, lasting, minlength=length.size * 12).reshape(length.size, 12)
    return np.asarray(np.minimum(total, length[:, None]), dtype=np.float64)
