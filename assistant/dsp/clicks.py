"""Clicks and crackle: found by what no music leads to, and nothing follows from.

Where something begins in music, the residual of a linear prediction is large, as it is at a click.
But from a hit follows what rings, and a click is over when it is over. So the residual is taken in
both directions: that from before is large from the beginning of a click on, that from behind up to
its end, and together they enclose it (Niedźwiecki and Ciołek, "Elimination of impulsive
disturbances from archive audio signals using bidirectional processing", IEEE Trans. Audio, Speech,
and Language Processing 21, 2013). Then the place is mended, and the residual looked at again. Where
it was a click, nothing unexpected is left. Where it was a hit, the pluck of a string or the pulse
of a voice, what rings on comes from nowhere once that is gone, and the residual stays.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.click_judging import CERTAIN, mend_all
from assistant.dsp.click_places import LONGEST_FRAMES
from assistant.dsp.windows import window_frames
from assistant.material import Audio, Samples, Scratch

__all__ = ["Clicks", "declick", "find_clicks"]

Doubles: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]

WINDOW_SECONDS, AFTER_SECONDS = 0.023, 0.009
LONGEST_SECONDS = 0.003
# How like a click something is: by how many powers of ten mending it lowers the residual, less what
# speaks against it. Nothing in music is extreme; in the busiest, something may be likely.
EXTREME, LIKELY, POSSIBLE = 4.0, 1.2, 0.3
CALM, STRUCK = 0.15, 0.25  # hits, to what is likely a click: few, and already many
TELLING = 0.15  # of what is likely a click
CRACKLE = 5  # so many that are likely do, if there is none that is certain
# Of the time between two clicks: if the next most often comes as soon again, to so little, it is a
# wave or a metronome. A scratch does, too, once in a turn of the record: longer than is looked at.
EVERY, LEAST_PAIRS = 0.01, 3
BLOCK_FRAMES = 1 << 16
MOST_PLACES = 1000


@dataclass(frozen=True, slots=True)
class Clicks:
    """The clicks of a sound.

    Parameters
    ----------
    count : int
        How many there are; one that is in several channels at once is one.
    certain : int
        How many of them can be nothing else.
    least : float
        From where on something is taken for a click in this sound; see the constants.
    places : tuple of (float, float)
        Where, in seconds, in order: the first thousand.
    """

    count: int
    certain: int
    least: float
    places: tuple[tuple[float, float], ...]


def find_clicks(audio: Audio) -> Generator[float, None, Clicks | None]:
    """Find clicks.

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
    Clicks or None
        None where nothing is certain to be one.
    """
    levels = np.array([EXTREME, CERTAIN, LIKELY, POSSIBLE])
    counts, events = np.zeros((2, 4), dtype=np.int64)
    told: list[tuple[float, float, float]] = []
    hits, even, pairs = 0, 0, 0
    for done, blocks in _side_by_side(audio, POSSIBLE):
        for block in blocks:
            counts += _reached(block.scores, levels)
            hits += block.hits
            starts = block.places[block.scores >= LIKELY, 0]
            even, pairs = even + _even(starts), pairs + max(0, starts.size - 2)
        places, scores = _events(blocks)
        events += _reached(scores, levels)
        likely = np.flatnonzero(scores >= LIKELY)[: MOST_PLACES - len(told)]
        spans = (places[likely] / audio.rate).tolist()
        told += [
            (a, b, score) for (a, b), score in zip(spans, scores[likely].tolist(), strict=True)
        ]
        yield done
    at = _level(counts, hits)
    if at is None or 2 * even > pairs >= LEAST_PAIRS:
        return None
    least, count = float(levels[at]), int(events[at])
    clear = tuple((start, end) for start, end, score in told if score >= least)
    return Clicks(count, min(count, int(events[1])), least, clear)


def _reached(scores: Doubles, levels: Doubles) -> Places:
    """Count what reaches each level."""
    return np.asarray(np.count_nonzero(scores >= levels[:, None], axis=1))


def _events(blocks: Sequence[_Block]) -> tuple[Places, Doubles]:
    """Put what is in several channels at once into one: where that is, and the most of its scores.

    Click by click, as crackle is dense: two of one channel are never the same event.
    """
    places = np.concatenate([block.places for block in blocks])
    scores = np.concatenate([block.scores for block in blocks])
    channels = np.concatenate([np.full(block.scores.size, block.channel) for block in blocks])
    merged: list[tuple[int, int, float]] = []
    there: set[int] = set()
    for n in np.argsort(places[:, 0], kind="stable"):
        start, end = map(int, places[n])
        score, channel = float(scores[n]), int(channels[n])
        if merged and start < merged[-1][1] and channel not in there:
            first, last, most = merged[-1]
            merged[-1] = first, max(last, end), max(most, score)
            there.add(channel)
        else:
            merged.append((start, end, score))
            there = {channel}
    made = np.array(merged, dtype=np.float64).reshape(-1, 3)
    return made[:, :2].astype(np.int64), made[:, 2]


def _level(counts: Places, hits: int) -> int | None:
    """Tell from which level on there are clicks, by how many there are above each, and hits."""
    extreme, certain, likely, _ = map(int, counts)
    if hits <= STRUCK * likely:
        clear = certain or likely >= CRACKLE
        return (3 if hits <= CALM * likely else 2) if clear else None
    # Among many hits some look like clicks, so only clicks that no hit looks like tell of others.
    if extreme > max(1.0, TELLING * likely):
        return 2
    return 0 if extreme else None


def _even(starts: Places) -> int:
    """Count how often something comes as soon again as the time before."""
    gaps = np.diff(starts)
    return int(np.count_nonzero(np.abs(np.diff(gaps)) <= np.maximum(2, EVERY * gaps[1:])))


def declick(audio: Audio, clicks: Clicks | None, scratch: Scratch) -> Generator[float, None, Audio]:
    """Take clicks out, and put what the music did meanwhile in their place.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    clicks : Clicks or None
        What `find_clicks` found in it.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        The sound itself where there are none. What lies outside the clicks is as it was, bit for
        bit.
    """
    if clicks is None:
        return audio
    out = scratch(audio.samples.shape)
    for done, blocks in _side_by_side(audio, clicks.least):
        for block in blocks:
            out[block.channel, block.start : block.start + block.made.size] = block.made
        yield done
    return Audio(out, audio.rate)


@dataclass(frozen=True, slots=True)
class _Block:
    """Some frames of a channel, mended: where that was, how like clicks, and how many hits."""

    channel: int
    start: int
    made: NDArray[np.float32]
    places: Places
    scores: Doubles
    hits: int


def _side_by_side(audio: Audio, least: float) -> Iterator[tuple[float, list[_Block]]]:
    """Walk through all channels at once: the share that is done, and a block of each."""
    rows = (_mended(row, channel, audio.rate, least) for channel, row in enumerate(audio.samples))
    for blocks in zip_longest(*rows):  # clicks move where a block ends, so there may be one less
        there = [block for block in blocks if block is not None]
        stop = max(block.start + block.made.size for block in there)
        yield stop / audio.frames, there


def _mended(row: Samples, channel: int, rate: int, least: float) -> Iterator[_Block]:
    """Mend block by block what is so like a click."""
    lengths = _lengths(rate)
    margin = 4 * lengths[0]
    start = 0
    while start < row.size:
        stop = min(start + BLOCK_FRAMES, row.size)
        first = max(0, start - margin)
        around = row[first : stop + margin].astype(np.float64)
        span = (start - first, stop - first)
        places, scores, touched, hits = _mend_block(around, span, lengths, least)
        if places.size:  # a click may go on where the block ends
            stop = max(stop, first + int(places[:, 1].max()))
        inside = slice(start - first, stop - first)
        made = np.where(touched[inside], around[inside].astype(np.float32), row[start:stop])
        yield _Block(channel, start, made, places + first, scores, hits)
        start = stop


def _lengths(rate: int) -> tuple[int, int, int]:
    """Return frames: of a window, a power of two, of the longest click, and what follows one."""
    window = window_frames(WINDOW_SECONDS, rate)
    return window, min(round(LONGEST_SECONDS * rate), LONGEST_FRAMES), round(AFTER_SECONDS * rate)


def _mend_block(
    row: Doubles, span: tuple[int, int], lengths: tuple[int, int, int], least: float
) -> tuple[Places, Doubles, NDArray[np.bool_], int]:
    """Mend in place: where that was, how like clicks, what is changed, and how many hits were."""
    most = row.size // 8 + 1
    places, scores = np.empty((most, 2), dtype=np.int64), np.empty(most)
    touched = np.zeros(row.size, dtype=np.bool_)
    found, hits = mend_all(row, span, lengths, least, places, scores, touched)
    order = np.argsort(places[:found, 0], kind="stable")
    return places[order], scores[order], touched, hits
