"""The mixer that tracks meet at: a strip for each, an effect for each send, and their sum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.biquads import Pair
from assistant.dsp.decibels import amplitude
from assistant.dsp.stereo import front_pair
from assistant.errors import MaterialError
from assistant.material import Samples, Session, Stem
from assistant.mixing.console import MIX, StripSettings, strip_settings
from assistant.mixing.sends import SENDS, begin, tail_seconds
from assistant.mixing.strip import Strip
from assistant.moves import Move

__all__ = ["Mixer"]

_NOTHING = StripSettings()


class Mixer:
    """All strips and effects of a session, at work block by block.

    Parameters
    ----------
    session : Session
        What lies before the beginning of the song is not heard.
    moves : sequence of Move
        What strips are set to.

    Attributes
    ----------
    rate : int
        In Hz.
    names : list of str
        Of the tracks, and then of the sends that are used.
    frames : int
        How long the song is, with what rings on.

    Raises
    ------
    UnknownName
        Where a move names a track or a send that there is not.
    MaterialError
        Where there are no stems, or where a move cannot be done.
    """

    def __init__(self, session: Session, moves: Sequence[Move]) -> None:
        self._stems = session.stems
        if not self._stems:
            raise MaterialError("There are no stems to mix.")
        self.rate = self._stems[0].audio.rate
        names = [stem.name for stem in self._stems]
        wanted = dict(strip_settings(moves, names, SENDS))
        master = wanted.pop(MIX, _NOTHING)  # the sum, even where a stem is called so
        settings = [wanted.get(name, _NOTHING) for name in names]
        self._moved = [_moved(stem, one) for stem, one in zip(self._stems, settings, strict=True)]
        self._strips = [Strip(one, self.rate) for one in settings]
        self._sends = [[(name, amplitude(db)) for name, db in one.sends] for one in settings]
        self._master = Strip(master, self.rate)
        used = {name for one in settings for name, _ in one.sends}
        self._effects = {name: begin(name, self.rate) for name in SENDS if name in used}
        every = [one for strip in (master, *settings) for one in strip.compressors]
        self._keys = {one.key for one in every if one.key is not None}
        self.names = [*names, *(_apart(name, names) for name in self._effects)]
        ends = [stem.start + stem.audio.frames for stem in (*self._stems, *self._moved)]
        self.frames = max(0, *ends) + math.ceil(tail_seconds(used) * self.rate)

    def strip_of(self, name: str) -> tuple[Stem, Strip]:
        """Find a track where it is moved to, and its strip."""
        n = self.names.index(name)
        return self._moved[n], self._strips[n]

    def through(self, stem: Stem, strip: Strip, first: int, count: int) -> Pair:
        """Make what a strip makes of a track."""
        pair = _read(stem, first, np.empty((2, count)))
        strip.run(pair, first, self._keyed(first, count))
        return pair

    def plain(self, first: int, count: int) -> Pair:
        """Sum the stems as they are."""
        total, pair = np.zeros((2, count)), np.empty((2, count))
        for stem in self._stems:
            total += _read(stem, first, pair)
        return total

    def mix(self, first: int, count: int, apart: Sequence[Samples]) -> Pair:
        """Sum what strips and effects make of them, and write down each where that is wanted."""
        keys = self._keyed(first, count)
        sent = {name: np.zeros((2, count)) for name in self._effects}
        total, pair = np.zeros((2, count)), np.empty((2, count))
        for n, (stem, strip) in enumerate(zip(self._moved, self._strips, strict=True)):
            _read(stem, first, pair)
            strip.run(pair, first, keys)
            for name, level in self._sends[n]:
                sent[name] += level * pair
            _add(pair, total, apart[n : n + 1])
        for n, (name, effect) in enumerate(self._effects.items(), len(self._stems)):
            effect.run(sent[name], first)
            _add(sent[name], total, apart[n : n + 1])
        self._master.run(total, first, keys)
        return total

    def _keyed(self, first: int, count: int) -> dict[str, Pair]:
        """Read the tracks whose level a compressor goes by."""
        keys = [one for one in self._moved if one.name in self._keys]
        return {one.name: _read(one, first, np.empty((2, count))) for one in keys}


def _apart(send: str, tracks: Sequence[str]) -> str:
    """Name what comes back from a send apart from a track that is called as it is."""
    return f"{send} send" if send in tracks else send


def _moved(stem: Stem, wanted: StripSettings) -> Stem:
    """Let a stem start later, or sooner."""
    return replace(stem, start=stem.start + round(wanted.delay_ms * stem.audio.rate / 1000.0))


def _read(stem: Stem, first: int, pair: Pair) -> Pair:
    """Read into a pair what is heard of a stem from a frame of the song on, as float32 has it."""
    last = first + pair.shape[1]
    start, end = max(first, stem.start), min(last, stem.start + stem.audio.frames)
    pair[:, : max(start - first, 0)] = 0.0
    pair[:, max(end - first, 0) :] = 0.0
    if start < end:
        block = stem.audio.samples[:, start - stem.start : end - stem.start]
        if not np.isfinite(block).all():
            raise MaterialError(
                f"{stem.name!r} holds samples that are no numbers (NaN or infinite)."
            )
        rows = block if len(block) <= 2 else front_pair(block).astype(np.float32)
        pair[:, start - first : end - first] = rows
    return pair


def _add(made: Pair, total: Pair, apart: Sequence[Samples]) -> None:
    """Add a track to the sum as it will be written down, so that the tracks sum to the mix."""
    rounded: NDArray[np.float32] = made.astype(np.float32)
    total += rounded
    for one in apart:
        one[:] = rounded
