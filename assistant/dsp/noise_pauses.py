"""The pauses of a take, in which nothing but its noise is heard.

A pause is even: no band of it rises, falls or flickers by more than chance makes noise do. It is
the quietest that there is, some band of the music stands well over it, and nothing in it is held,
as tones are. A drum that rings out falls; a pad, a wash of cymbals or a riser never stops, or
moves: there no print is found.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from assistant.dsp.noise_print import Print, print_of_pieces
from assistant.dsp.tonal_share import tonal_share
from assistant.material import Audio, Samples
from assistant.steps import result

__all__ = ["Heard", "bands_of", "find_print", "listened", "pauses_in", "print_of_pauses"]

Levels: TypeAlias = NDArray[np.float64]
"""In dB, shape (windows, bands)."""
Span: TypeAlias = tuple[float, float]

EDGES_HZ = (90.0, 250.0, 700.0, 1_500.0, 3_000.0, 6_000.0, 12_000.0)
WINDOW_SECONDS = 0.043
RUN = 8  # windows: so long a pause is at least
MOST_FLICKER_DB = 3.0  # standard deviation within a run; noise has half of it in the lowest band
MOST_RISE_DB = 3.0  # from the first half of a run to the second
MOST_DRIFT_DB = 2.0  # a second, through all of a pause
ALIKE_DB = 3.0  # what pauses of one noise differ by, in any band
LEAST_SECONDS = 0.5
STAND_OUT_DB = 6.0  # of the music over the noise, in one band at least
SURE_DB = 12.0
SOFT, LOUD = 10, 80  # percentiles of the windows
SILENT_DB = -84.0  # below full scale: less is not heard
FAINT_DB = 60.0  # under the music: neither is this
MOST_TONAL = 0.25
MOST_RAGGED_DB = 4.0  # a single window of noise has 2.5
RAGGED_BINS = 33  # wider than the harmonics of the lowest string are apart
SEVERAL = 0.75  # how sure a single pause makes

MOST_RUNS = 256  # the quietest are kept
MOST_SECONDS = 20.0  # of pauses are looked at in the end
_BLOCK_WINDOWS = 512
_LOWEST_DB = -160.0
_TINY = 1e-30


class _Run(NamedTuple):
    """An even stretch: its first window, and the level of each band."""

    first: int
    levels: Levels

    @property
    def level(self) -> float:
        """All bands alike."""
        return float(self.levels.mean())


class Heard(NamedTuple):
    """What a take holds: its quietest even runs, and how soft and how loud each band gets."""

    runs: list[_Run]
    soft: Levels
    loud: Levels
    second: float  # of a window


def find_print(audio: Audio) -> Generator[float, None, Print | None]:
    """Take the print of a noise from the pauses of a take.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Print or None
        None where there is no pause, or nothing is heard in it.
    """
    heard = yield from listened(audio)
    return print_of_pauses(audio, heard)


def print_of_pauses(audio: Audio, heard: Heard) -> Print | None:
    """Take the print of a noise from what was heard; as `find_print`."""
    found = pauses_in(heard)
    if found is None:
        return None
    pieces = [_piece(audio, span) for span in found[0]]
    # Pieces are put one after another: where they meet, no tone is held.
    if result(tonal_share(Audio(np.concatenate(pieces, axis=1), audio.rate))) > MOST_TONAL:
        return None
    made = print_of_pieces(pieces, audio.rate, "pauses")
    if _raggedness_db(made) > MOST_RAGGED_DB:
        return None
    return replace(made, confidence=found[1] * made.confidence)


def pauses_in(heard: Heard) -> tuple[list[Span], float] | None:
    """Find the pauses of a take.

    Parameters
    ----------
    heard : Heard
        From `listened`.

    Returns
    -------
    tuple of (list of (float, float), float) or None
        Where they are, in seconds, in order, and how sure that is; None where there are none.
    """
    if not heard.runs:
        return None
    quietest = min(heard.runs, key=lambda run: run.level)
    over = heard.loud - quietest.levels
    if over.max() < STAND_OUT_DB or over.max() > FAINT_DB or quietest.level < SILENT_DB:
        return None
    if (quietest.levels > heard.soft + ALIKE_DB).any():  # music that is soft in some bands
        return None
    alike = [run for run in heard.runs if np.abs(run.levels - quietest.levels).max() < ALIKE_DB]
    spans = [span for span, drift in _joined(alike, heard.second) if abs(drift) < MOST_DRIFT_DB]
    spans = _at_most(spans, MOST_SECONDS)
    if sum(end - start for start, end in spans) < LEAST_SECONDS:
        return None
    sure = (1.0 if len(spans) > 1 else SEVERAL) * min(1.0, float(over.max()) / SURE_DB)
    return spans, sure


def listened(audio: Audio) -> Generator[float, None, Heard]:
    """Go through a take once, and remember what pauses are found by.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Heard
        No larger for a longer take.
    """
    window = round(WINDOW_SECONDS * audio.rate / 2.0) * 2
    counts = np.zeros((int(-_LOWEST_DB) + 40, _bands(audio.rate, window)[1]), np.int64)
    runs: list[_Run] = []
    for start, levels in _levels(audio, window):
        for window_levels in np.clip(levels - _LOWEST_DB, 0, len(counts) - 1).astype(np.int64):
            counts[window_levels, np.arange(levels.shape[1])] += 1
        runs = sorted([*runs, *_even(levels, start)], key=lambda run: run.level)[:MOST_RUNS]
        yield min(1.0, (start + len(levels)) * window / audio.frames)
    soft, loud = (_percentile(counts[1:], share) for share in (SOFT, LOUD))
    return Heard(runs, soft, loud, window / audio.rate)


def bands_of(noise: Print) -> Levels:
    """Return the levels that `listened` finds where there is this noise alone, in dB."""
    size = 2 * (noise.levels.shape[1] - 1)
    starts, bands = _bands(noise.rate, size)
    sums = np.add.reduceat(noise.levels.mean(axis=0)[: starts[-1]], starts[:-1])[:bands]
    return np.asarray(10.0 * np.log10(np.maximum(sums / (size / 2.0), 1e-16)))


def _percentile(counts: NDArray[np.int64], percent: float) -> Levels:
    """Read a percentile of each band off its counts, one decibel apart; silence is none."""
    total = counts.cumsum(axis=0)
    below = (total <= percent / 100.0 * total[-1]).sum(axis=0)
    return np.asarray(below + _LOWEST_DB + 1.5)


def _bands(rate: int, window: int) -> tuple[NDArray[np.int64], int]:
    """Return the bins at which bands begin and the last ends, and how many bands there are."""
    edges = [hertz for hertz in EDGES_HZ if hertz < 0.45 * rate]
    return np.round(np.array(edges) * window / rate).astype(np.int64), len(edges) - 1


def _levels(audio: Audio, window: int) -> Iterator[tuple[int, Levels]]:
    """Measure the bands of the windows, a block at a time, in dB below full scale."""
    starts, bands = _bands(audio.rate, window)
    weights = np.hanning(window + 1)[:-1]
    weights /= math.sqrt(np.square(weights).sum() * window / 2.0)
    for first, block in audio.blocks(_BLOCK_WINDOWS * window):
        count = block.shape[1] // window
        if not count:
            return
        rows = block[:, : count * window].astype(np.float64).reshape(len(block), count, window)
        power = np.square(np.abs(np.fft.rfft(rows * weights))).sum(axis=0) / len(block)
        sums = np.add.reduceat(power[:, : starts[-1]], starts[:-1], axis=1)[:, :bands]
        yield first // window, 10.0 * np.log10(np.maximum(sums, 10.0 ** (_LOWEST_DB / 10.0)))


def _even(levels: Levels, start: int) -> Iterator[_Run]:
    """Find the runs in which every band is even; they overlap by half."""
    half = RUN // 2
    for first in range(0, len(levels) - RUN + 1, half):
        run = levels[first : first + RUN]
        rise = run[half:].mean(axis=0) - run[:half].mean(axis=0)
        silent = run.min() <= _LOWEST_DB
        if not silent and np.abs(rise).max() < MOST_RISE_DB and run.std(0).max() < MOST_FLICKER_DB:
            yield _Run(start + first, run.mean(axis=0))


def _joined(runs: list[_Run], second: float) -> Iterator[tuple[Span, float]]:
    """Join runs that touch: where they are in seconds, and by how many dB a second they drift."""
    group: list[_Run] = []
    for run in [*sorted(runs, key=lambda run: run.first), None]:
        if group and (run is None or run.first > group[-1].first + RUN):
            times = np.array([one.first for one in group]) * second
            drift = np.polyfit(times, [one.level for one in group], 1)[0] if len(group) > 2 else 0.0
            yield (times[0], times[-1] + RUN * second), float(drift)
            group = []
        if run is not None:
            group.append(run)


def _at_most(spans: list[Span], seconds: float) -> list[Span]:
    """Leave out the shortest, until the rest is not too long; the longest is cut if need be."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        kept.append((start, min(end, start + seconds)))
        seconds -= kept[-1][1] - kept[-1][0]
        if seconds <= LEAST_SECONDS:
            break
    return sorted(kept)


def _raggedness_db(noise: Print) -> float:
    """Measure by how much a print lies under its own local mean: noise by chance, tones by far."""
    starts, _ = _bands(noise.rate, 2 * (noise.levels.shape[1] - 1))
    levels = noise.levels.sum(axis=0)[starts[0] : starts[-1]] + _TINY
    mean = uniform_filter1d(levels, RAGGED_BINS, mode="nearest")
    mean = np.maximum(mean, levels / RAGGED_BINS)  # its running sum forgets what is far weaker
    return float(10.0 * np.mean(np.log10(mean / levels)))


def _piece(audio: Audio, span: Span) -> Samples:
    return np.array(audio.samples[:, round(span[0] * audio.rate) : round(span[1] * audio.rate)])
