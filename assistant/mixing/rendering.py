"""A session rendered with moves, and without, so that one can be held against the other.

Every track goes through its `Strip`, every send through its effect, and all of it is summed; each
track is rounded to float32 before, so that tracks that are asked for sum to the mix. With no moves
that is the plain sum of the stems, bit for bit: a mono stem is heard at its own level from both
sides (`assistant.dsp.panning`), as it is when a DAW pans it to the centre.

Both sums start at the beginning of the song, and are turned down, each by one gain that is told,
where their true peak would pass -1 dBTP; the mix may also be turned to be as loud as the plain sum.
The plain one ends with the last stem, the other one rings on for as long as its sends do.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.dsp.decibels import amplitude, decibels
from assistant.dsp.loudness import gated_loudness, tenths
from assistant.dsp.truepeak import highest_point
from assistant.material import Audio, Samples, Scratch, Session, Stem
from assistant.mixing.mixer import Mixer
from assistant.moves import Move
from assistant.steps import part

__all__ = ["CEILING_DB", "Bounce", "Rendering", "plain_sum", "render", "through_strip"]

CEILING_DB = -1.0
BLOCK_FRAMES = 1 << 15
_AS_LOUD_LU = 1e-6  # what floats round
_SUMMING = 0.3  # of the work, where the plain sum is not known yet
_RENDERING = 0.7  # of what else there is; the rest is measuring


@dataclass(frozen=True, eq=False)
class Bounce:
    """A sum of tracks.

    Parameters
    ----------
    audio : Audio
        Stereo, from the beginning of the song.
    gain_db : float
        What it was turned by: down to stay below the ceiling, or either way to be as loud as asked.
    integrated : float
        In LUFS, as it is; minus infinity in silence.
    true_peak : float
        In dBTP, as it is.
    """

    audio: Audio
    gain_db: float
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
        with it. They sum to the mix: exactly where it was not turned, within 1e-7 of full scale a
        track where it was; moves for ``"mix"`` are not in them.
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
        if not math.isfinite(louder) or abs(louder) < _AS_LOUD_LU:
            return 0.0, 0.0
        return min(0.0, -louder), min(0.0, louder)


def plain_sum(session: Session, scratch: Scratch) -> Generator[float, None, Bounce]:
    """Sum the stems as they are, as `render` does.

    Parameters
    ----------
    session : Session
        As for `render`.
    scratch : callable
        Makes a float32 array of the length of the song.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Bounce
        The plain sum.

    Raises
    ------
    MaterialError
        Where there are no stems, or where samples are no numbers.
    """
    mixer = Mixer(session, ())
    plain = scratch((2, mixer.frames))
    for first, span in _blocks(mixer.frames):
        plain[:, span] = mixer.plain(first, span.stop - first)
        yield _RENDERING * span.stop / mixer.frames
    return (yield from part(_bounce(plain, mixer.rate, ()), _RENDERING, 1.0 - _RENDERING))


def render(
    session: Session,
    moves: Sequence[Move],
    scratch: Scratch,
    *,
    tracks: bool = False,
    plain: Bounce | None = None,
    matched: bool = False,
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
        Makes float32 arrays: one of the length of the song for each sum, and one a track where they
        are wanted.
    tracks : bool
        Whether each track is wanted by itself.
    plain : Bounce, optional
        What `plain_sum` made of the session, where that is known.
    matched : bool
        Whether the mix is turned up or down to be as loud as the plain sum, up as far as the
        ceiling lets it.

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
    before = plain or (yield from part(plain_sum(session, scratch), 0.0, _SUMMING))
    begun = 0.0 if plain else _SUMMING
    mixer = Mixer(session, moves)
    mix = scratch((2, mixer.frames))
    apart = [scratch((2, mixer.frames)) for _ in mixer.names] if tracks else []
    work = _RENDERING * (1.0 - begun)
    for first, span in _blocks(mixer.frames):
        mix[:, span] = mixer.mix(first, span.stop - first, [one[:, span] for one in apart])
        yield begun + work * span.stop / mixer.frames
    rest = 1.0 - begun - work
    as_loud_as = before.integrated if matched else None
    made = yield from part(_bounce(mix, mixer.rate, apart, as_loud_as), begun + work, rest)
    stems = [
        Stem(name, Audio(one, mixer.rate)) for name, one in zip(mixer.names, apart, strict=tracks)
    ]
    yield 1.0
    return Rendering(made, before, tuple(stems))


def through_strip(
    session: Session, name: str, moves: Sequence[Move], scratch: Scratch
) -> Generator[float, None, Stem]:
    """Hear one track behind its strip, at its own level: not turned down for a sum.

    Parameters
    ----------
    session : Session
        As for `render`.
    name : str
        Of the track.
    moves : sequence of Move
        Those of other tracks do not count, nor do sends.
    scratch : callable
        Makes the float32 array for it.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Stem
        Stereo, from where the track starts, or is moved to.

    Raises
    ------
    UnknownName, MaterialError
        As `render` does.
    """
    mixer = Mixer(session, [move for move in moves if move.target == name])
    before, strip = mixer.strip_of(name)
    out = scratch((2, before.audio.frames))
    for first, span in _blocks(before.audio.frames):
        out[:, span] = mixer.through(before, strip, before.start + first, span.stop - first)
        yield span.stop / before.audio.frames
    return replace(before, audio=Audio(out, mixer.rate))


def _blocks(frames: int) -> Iterator[tuple[int, slice]]:
    for first in range(0, frames, BLOCK_FRAMES):
        yield first, slice(first, min(first + BLOCK_FRAMES, frames))


def _bounce(
    samples: Samples, rate: int, apart: Sequence[Samples], as_loud_as: float | None = None
) -> Generator[float, None, Bounce]:
    """Measure a sum; turn it and its tracks by what its peak and its loudness ask for."""
    peak = yield from part(highest_point(samples), 0.0, 0.4)
    heard = yield from part(tenths(samples, rate), 0.4, 0.4)
    wanted_db = 0.0 if as_loud_as is None else _apart(as_loud_as, gated_loudness(heard))
    gain_db = min(wanted_db, CEILING_DB - decibels(peak))
    gain = amplitude(gain_db)
    for start in range(0, samples.shape[1] if gain_db else 0, BLOCK_FRAMES):
        for one in (samples, *apart):
            block = one[:, start : start + BLOCK_FRAMES]
            block *= np.float32(gain)
        yield 0.8 + 0.2 * start / samples.shape[1]
    loudness = gated_loudness(heard * gain**2)
    return Bounce(Audio(samples, rate), gain_db, loudness, decibels(peak * gain))


def _apart(wanted_lufs: float, loudness: float) -> float:
    """Tell the gain from one loudness to another; 0 where either is that of silence."""
    both = math.isfinite(wanted_lufs) and math.isfinite(loudness)
    return wanted_lufs - loudness if both else 0.0
