"""Which of several sounds hold the same source: by how many frames apart, and which way up.

Two microphones before one source hold the same sound at two times. What tells it from two sources
that play together is that *all* frequencies are late by the same time: their phases lie on one
line, so that the generalised cross-correlation, in which every frequency has about the same weight,
has one sharp peak (Knapp and Carter, "The generalized correlation method for estimation of time
delay", IEEE TASSP 24(4), 1976; the weights are those of its smoothed coherence transform). A kick
and a bass on one beat have as constant phases, but no peak.

Windows are taken where both sounds are loud, one from each part of the song, so that a peak stands
for many notes. Levels in short hops come first: sounds that do not swell together are not compared.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from assistant.dsp.mono import mono_blocks, mono_weights
from assistant.dsp.windows import window_frames
from assistant.material import Audio

__all__ = ["LONGEST_SECONDS", "Alignment", "alignments"]

Row: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = NDArray[np.float64]

LONGEST_SECONDS = 0.025  # between two microphones: 8.5 m
HOP_SECONDS = 0.01
MOST_HOPS = 1 << 16  # hops grow beyond eleven minutes, so that memory does not
SWELL = 0.15  # power to this: about loudness, and rests count as much as notes
TOGETHER = 0.2  # correlation of levels, under which nothing is compared
SHIFTED = 0.9  # and over which one may be the other, moved anywhere
WINDOW_SECONDS = 0.37
WINDOWS = 12
QUIET = 1e-3  # of the loudest window: what is quieter tells nothing
LOWEST_HZ, HIGHEST_HZ = 60.0, 12_000.0
FLOOR = 1e-3  # of the strongest line: the weight of what is weaker falls with it
BLOCK_SECONDS = 4.0
_DONE_LISTENING = 0.6


@dataclass(frozen=True, slots=True)
class Alignment:
    """How one sound lies to another that holds the same source.

    Parameters
    ----------
    first, second : int
        Which sounds.
    lag_frames : int
        By how much the second is later; earlier where it is below 0.
    sign : int
        1, or -1 where one is the other upside down.
    likeness : float
        Height of the peak, 0.0 to 1.0: 1.0 where both are the same but for a gain at each
        frequency; rooms and other sources lower it.
    distinctness : float
        The peak over the next one of either sign, at least 1.0.
    evidence : float
        The peak over what chance makes of so many lines of a spectrum, in standard deviations.
    sameness : float
        Correlation of both sounds as they are, moved into line, 0.0 to 1.0: 1.0 where one is the
        other at any gain.
    together : float
        Correlation of their levels over the song, moved into line, -1.0 to 1.0.
    level_db : float
        Of the second over the first.
    """

    first: int
    second: int
    lag_frames: int
    sign: int
    likeness: float
    distinctness: float
    evidence: float
    sameness: float
    together: float
    level_db: float


@dataclass(frozen=True, eq=False)
class _Sound:
    """A sound as one channel, and how its level goes in song time."""

    audio: Audio
    start: int
    weights: Row
    powers: Row  # of each hop
    swells: NDArray[np.complex128]  # spectrum of the level, of unit energy

    def cut(self, begin: int, frames: int) -> Numbers:
        """Cut out some frames of the song; outside there is silence."""
        made, begin = np.zeros(frames), begin - self.start
        first, last = max(begin, 0), min(begin + frames, self.audio.frames)
        if first < last:
            made[first - begin : last - begin] = self.weights @ self.audio.samples[:, first:last]
        return made


def alignments(
    sounds: Sequence[Audio], starts: Sequence[int] | None = None
) -> Generator[float, None, tuple[Alignment, ...]]:
    """Hold each sound against each other one.

    Parameters
    ----------
    sounds : sequence of Audio
        At one rate, finite. May be memory-mapped: each is read in blocks, and then in windows.
    starts : sequence of int, optional
        Frame of the song at which each begins; 0 where they are not given.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Alignment
        Of each pair that swells together: what is best told of it, whether it is related or not.
        Whoever asks judges by `Alignment.likeness` and the others.
    """
    if len(sounds) < 2:
        return ()
    places = [0] * len(sounds) if starts is None else list(starts)
    end = max(start + one.frames for start, one in zip(places, sounds, strict=True))
    rate = sounds[0].rate
    hop = max(round(HOP_SECONDS * rate), -(-max(end, 1) // MOST_HOPS))
    heard: list[_Sound] = []
    for n, (audio, start) in enumerate(zip(sounds, places, strict=True)):
        heard.append(_listen(audio, start, hop, -(-max(end, 1) // hop)))
        yield _DONE_LISTENING * (n + 1) / len(sounds)
    pairs = list(combinations(range(len(sounds)), 2))
    found: list[Alignment] = []
    for n, (one, other) in enumerate(pairs):
        found.extend(_compare(heard, one, other, hop))
        yield _DONE_LISTENING + (1.0 - _DONE_LISTENING) * (n + 1) / len(pairs)
    return tuple(found)


def _listen(audio: Audio, start: int, hop: int, count: int) -> _Sound:
    """Follow the level of a sound; differences, so that what is low does not speak for all."""
    weights, powers = mono_weights(audio), np.zeros(count)
    for begin, block in mono_blocks(audio, weights, BLOCK_SECONDS):
        squares = np.square(np.diff(block, prepend=block[:1]))
        first = max(0, -(start + begin))  # what lies before the song is not heard
        squares, at = squares[first:], start + begin + first
        if not squares.size:
            continue
        edges = np.arange(-(at % hop), squares.size, hop).clip(0)
        powers[at // hop : at // hop + edges.size] += np.add.reduceat(squares, edges)
    swell = powers**SWELL
    swell -= swell.mean()
    swell /= max(float(np.linalg.norm(swell)), 1e-30)
    spectrum = np.fft.rfft(swell, fft.next_fast_len(2 * count, real=True))
    return _Sound(audio, start, weights, powers.astype(np.float32), spectrum)


def _compare(heard: Sequence[_Sound], one: int, other: int, hop: int) -> Iterator[Alignment]:
    """Compare two sounds as they lie, or where their levels lie far better when moved, there."""
    first, second = heard[one], heard[other]
    length = fft.next_fast_len(2 * len(first.powers), real=True)
    levels = np.fft.irfft(np.conj(first.swells) * second.swells, length)
    near = -(-round(LONGEST_SECONDS * first.audio.rate) // hop)
    here = float(levels[np.arange(-near, near + 1)].max())
    best = int(levels.argmax())
    moved = best if levels[best] > max(SHIFTED, here + 0.02) else 0
    if max(here, float(levels[best]) if moved else 0.0) < TOGETHER:
        return
    shift = (moved - length if moved > length // 2 else moved) * hop
    together = float(levels[best]) if moved else here
    peak = _Peak(first, second, shift, hop).found(one, other, together)
    if peak is not None:
        yield peak


class _Peak:
    """The generalised cross-correlation of two sounds, over windows from all over the song.

    Parameters
    ----------
    first, second : _Sound
        The sounds.
    shift : int
        By how many frames the second is taken to be later, about.
    hop : int
        Of their levels.
    """

    def __init__(self, first: _Sound, second: _Sound, shift: int, hop: int) -> None:
        self._first, self._second, self._shift, self._hop = first, second, shift, hop
        rate = first.audio.rate
        self._size = window_frames(WINDOW_SECONDS, rate)
        self._reach = max(round(LONGEST_SECONDS * rate), 2 * hop if shift else 0)
        self._lags = np.arange(-self._reach, self._reach + 1)
        low, high = (round(hz * self._size / rate) for hz in (LOWEST_HZ, HIGHEST_HZ))
        self._band = slice(low, min(high, int(0.45 * self._size)))

    def found(self, one: int, other: int, together: float) -> Alignment | None:
        """Find the peak; None where there is no window in which both sound."""
        begins = self._begins()
        if not len(begins):
            return None
        window = np.hanning(self._size + 1)[:-1]
        left = np.stack([self._first.cut(at, self._size) for at in begins])
        right = np.stack([self._second.cut(at + self._shift, self._size) for at in begins])
        spectra = [fft.rfft(rows * window, axis=1)[:, self._band] for rows in (left, right)]
        energies = [np.square(np.abs(rows)).sum(axis=1) for rows in spectra]
        if not all((row > 0.0).all() for row in energies):
            return None
        cross = np.conj(spectra[0]) * spectra[1]
        cross /= np.sqrt(energies[0] * energies[1])[:, None]
        whole, lines = self._correlation(spectra, cross, energies)
        at = int(np.abs(whole).argmax())
        lag, sign = int(self._lags[at]), 1 if whole[at] > 0.0 else -1
        away = np.abs(self._lags - lag) > 1e-3 * self._first.audio.rate
        sameness, level_db = self._in_line(begins, lag)
        return Alignment(
            one,
            other,
            lag + self._shift,
            sign,
            likeness=min(1.0, float(abs(whole[at]))),
            distinctness=float(abs(whole[at]) / max(np.abs(whole[away]).max(), 1e-9)),
            evidence=float(abs(whole[at])) * math.sqrt(lines),
            sameness=sameness,
            together=together,
            level_db=level_db,
        )

    def _begins(self) -> NDArray[np.int64]:
        """Choose where both are loud: the best window of each part of the song."""
        width = max(1, self._size // self._hop)
        moved = round(self._shift / self._hop)
        second = np.roll(self._second.powers, -moved)
        if moved:
            second[-moved if moved > 0 else 0 : None if moved > 0 else -moved] = 0.0
        sums = [np.convolve(row, np.ones(width), "valid") for row in (self._first.powers, second)]
        loud = np.sqrt(sums[0] * sums[1])
        if not loud.size or loud.max() <= 0.0:
            return np.zeros(0, np.int64)
        parts = np.array_split(np.arange(loud.size), min(WINDOWS, max(1, loud.size // width)))
        best = np.array([one[loud[one].argmax()] for one in parts])
        enough = loud[best] > QUIET * loud.max()
        return np.unique(best[enough]).astype(np.int64) * self._hop

    def _correlation(
        self,
        spectra: Sequence[NDArray[np.complex128]],
        cross: NDArray[np.complex128],
        energies: Sequence[Numbers],
    ) -> tuple[Numbers, float]:
        """Correlate, every frequency with about the same weight; and tell how many those are."""
        pairs = zip(spectra, energies, strict=True)
        one, other = ((np.square(np.abs(rows)) / of[:, None]).sum(axis=0) for rows, of in pairs)
        size = np.sqrt(one * other)
        weight = size / (size + FLOOR * size.max())
        lines = float(weight.sum()) ** 2 / float(np.square(weight).sum())
        scaled = cross.sum(axis=0) * weight / np.maximum(size, 1e-30)
        return self._back(scaled) / float(weight.sum()), lines

    def _back(self, line: NDArray[np.complex128]) -> Numbers:
        """Turn a cross spectrum into the correlation at all lags that are looked at."""
        full = np.zeros(self._size // 2 + 1, np.complex128)
        full[self._band] = line
        return np.asarray(fft.irfft(full, self._size)[self._lags] * (self._size / 2.0))

    def _in_line(self, begins: NDArray[np.int64], lag: int) -> tuple[float, float]:
        """Correlate the sounds as they are, moved into line to the frame; and compare levels."""
        shared, powers = 0.0, np.full(2, 1e-30)
        for at in begins:
            one = self._first.cut(int(at), self._size)
            other = self._second.cut(int(at) + self._shift + lag, self._size)
            one, other = one - one.mean(), other - other.mean()
            shared += float(np.sum(one * other))
            powers += [np.square(one).sum(), np.square(other).sum()]
        sameness = min(1.0, abs(shared) / math.sqrt(powers[0] * powers[1]))
        return sameness, 10.0 * math.log10(powers[1] / powers[0])
