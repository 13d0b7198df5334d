"""A session rendered with moves, and without, so that one can be held against the other.

Every track goes through its `Strip`, every send through its effect, and all of it is summed; each
track is rounded to float32 before, so that tracks that are asked for sum to the mix. With no moves
that is the plain sum of the stems, bit for bit: a mono stem is heard at its own level from both
sides (`assistant.dsp.panning`), as it is when a DAW pans it to the centre.

Both sums last as long, start at the beginning of the song, and are turned down, each by one gain
that is told, where their true peak would pass -1 dBTP.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.biquads import Pair
from assistant.dsp.decibels import amplitude, decibels
from assistant.dsp.loudness import gated_loudness, tenths
from assistant.dsp.stereo import front_pair
from assistant.dsp.truepeak import highest_point
from assistant.errors import MaterialError
from assistant.material import Audio, Samples, Scratch, Session, Stem
from assistant.mixing.console import MIX, StripSettings, strip_settings
from assistant.mixing.sends import SENDS, begin, tail_seconds
from assistant.mixing.strip import Strip
from assistant.moves import Move
from assistant.steps import part

__all__ = ["CEILING_DB", "Bounce", "Rendering", "render"]

CEILING_DB = -1.0
BLOCK_FRAMES = 1 << 15
_RENDERING = 0.7  # of the work; the rest is measuring
_NOTHING = StripSettings()


@dataclass(frozen=True, eq=False)
class Bounce:
    """A sum of tracks.

    Parameters
    ----------
    audio : Audio
        Stereo, from the beginning of the song.
    turned_down_db : float
        The gain that keeps it below the ceiling: 0, or below.
    integrated : float
        In LUFS, as it is; minus infinity in silence.
    true_peak : float
        In dBTP, as it is.
    """

    audio: Audio
    turned_down_db: float
    integrated: float
    true_peak: float


@dataclass(frozen=True, eq=False)
class Rendering:
    """A mix, and what it is made from.

    Parameters
    ----------
    mix : Bounce
        With moves.
    plain : Bounce
        Without.
    tracks : tuple of Stem
        Where they were asked for: each stem, stereo, after its strip, in the order of the session,
        and then what comes back from each send under its name. All as long as the mix, and turned
        down with it. They sum to the mix: exactly where it was not turned down, within 1e-7 of full
        scale a track where it was; moves for ``"mix"`` are not in them.
    """

    mix: Bounce
    plain: Bounce
    tracks: tuple[Stem, ...] = ()

    @property
    def matching_db(self) -> tuple[float, float]:
        """Gains that make the mix and the plain sum equally loud: the louder one goes down.

        So neither can clip. Both are 0 where one is silent.
        """
        louder = self.mix.integrated - self.plain.integrated
        if not math.isfinite(louder):
            return 0.0, 0.0
        return min(0.0, -louder), min(0.0, louder)


def render(
    session: Session, moves: Sequence[Move], scratch: Scratch, *, tracks: bool = False
) -> Generator[float, None, Rendering]:
    """Render a session.

    Parameters
    ----------
    session : Session
        Stems of any lengths, starts and channels; what lies before the beginning of the song is not
        heard. May be memory-mapped: all of it is worked through in blocks.
    moves : sequence of Move
        In the order in which they are done: see `assistant.mixing.console`. A delay is rounded to
        whole frames.
    scratch : callable
        Makes float32 arrays: two of the length of the song, and one a track where they are wanted.
    tracks : bool
        Whether each track is wanted by itself.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Rendering
        The same bits for the same session and moves.

    Raises
    ------
    UnknownName
        Where a move names a track or a send that there is not.
    MaterialError
        Where there are no stems, where samples are no numbers, or where a move cannot be done.
    """
    desk = _Desk(session, moves)
    mix, plain = scratch((2, desk.frames)), scratch((2, desk.frames))
    apart = [scratch((2, desk.frames)) for _ in desk.names] if tracks else []
    for first in range(0, desk.frames, BLOCK_FRAMES):
        count = min(BLOCK_FRAMES, desk.frames - first)
        span = slice(first, first + count)
        plain[:, span] = desk.plain(first, count)
        mix[:, span] = desk.mix(first, count, [one[:, span] for one in apart])
        yield _RENDERING * (first + count) / desk.frames
    rest = (1.0 - _RENDERING) / 2.0
    made = yield from part(_bounce(mix, desk.rate, apart), _RENDERING, rest)
    before = yield from part(_bounce(plain, desk.rate, ()), _RENDERING + rest, rest)
    stems = [
        Stem(name, Audio(one, desk.rate)) for name, one in zip(desk.names, apart, strict=tracks)
    ]
    yield 1.0
    return Rendering(made, before, tuple(stems))


class _Desk:
    """All strips and effects of a session, at work block by block."""

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
        self.names = [*names, *self._effects]
        ends = [stem.start + stem.audio.frames for stem in (*self._stems, *self._moved)]
        self.frames = max(0, *ends) + math.ceil(tail_seconds(used) * self.rate)

    def plain(self, first: int, count: int) -> Pair:
        """Sum the stems as they are."""
        total = np.zeros((2, count))
        for stem in self._stems:
            total += _read(stem, first, count)
        return total

    def mix(self, first: int, count: int, apart: Sequence[Samples]) -> Pair:
        """Sum what strips and effects make of them, and write down each where that is wanted."""
        keys = {one.name: _read(one, first, count) for one in self._moved if one.name in self._keys}
        sent = {name: np.zeros((2, count)) for name in self._effects}
        total = np.zeros((2, count))
        for n, (stem, strip) in enumerate(zip(self._moved, self._strips, strict=True)):
            made = strip.run(_read(stem, first, count), first, keys)
            for name, level in self._sends[n]:
                sent[name] += level * made
            _add(made, total, apart[n : n + 1])
        for n, (name, effect) in enumerate(self._effects.items(), len(self._stems)):
            effect.run(sent[name], first)
            _add(sent[name], total, apart[n : n + 1])
        return self._master.run(total, first, keys)


def _moved(stem: Stem, wanted: StripSettings) -> Stem:
    """Let a stem start later, or sooner."""
    return replace(stem, start=stem.start + round(wanted.delay_ms * stem.audio.rate / 1000.0))


def _read(stem: Stem, first: int, count: int) -> Pair:
    """Read what is heard of a stem from a frame of the song on, as float32 has it."""
    pair = np.zeros((2, count))
    start, end = max(first, stem.start), min(first + count, stem.start + stem.audio.frames)
    if start < end:
        block = stem.audio.samples[:, start - stem.start : end - stem.start]
        if not np.isfinite(block).all():
            raise MaterialError(
                f"{stem.name!r} holds samples that are no numbers (NaN or infinite)."
            )
        pair[:, start - first : end - first] = front_pair(block).astype(np.float32)
    return pair


def _add(made: Pair, total: Pair, apart: Sequence[Samples]) -> None:
    """Add a track to the sum as it will be written down, so that the tracks sum to the mix."""
    rounded: NDArray[np.float32] = made.astype(np.float32)
    total += rounded
    for one in apart:
        one[:] = rounded


def _bounce(
    samples: Samples, rate: int, apart: Sequence[Samples]
) -> Generator[float, None, Bounce]:
    """Measure a sum, and turn it down, and its tracks with it, where its peak asks for that."""
    peak = yield from part(highest_point(samples), 0.0, 0.4)
    heard = yield from part(tenths(samples, rate), 0.4, 0.4)
    turned_down_db = min(0.0, CEILING_DB - decibels(peak))
    gain = amplitude(turned_down_db)
    for start in range(0, samples.shape[1] if gain < 1.0 else 0, BLOCK_FRAMES):
        for one in (samples, *apart):
            one[:, start : start + BLOCK_FRAMES] *= np.float32(gain)
        yield 0.8 + 0.2 * start / samples.shape[1]
    loudness = gated_loudness(heard * gain**2)
    return Bounce(Audio(samples, rate), turned_down_db, loudness, decibels(peak * gain))
