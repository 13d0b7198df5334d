"""Parts of a track that stand for all of it, so that a long song costs no more than a short one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.material import Audio, Samples
from assistant.mixing.heard import Heard

__all__ = ["Excerpt", "excerpt", "typical_excerpt"]

Row: TypeAlias = NDArray[np.float64]

PIECE_MOMENTS = 40
TYPICAL_SECONDS = 60.0
FAR_LU = 60.0  # so far under the loudest, nothing counts


@dataclass(frozen=True, eq=False)
class Excerpt:
    """Pieces of a track, one after the other.

    Parameters
    ----------
    audio : Audio
        What they sound like.
    starts : ndarray of float64, shape (pieces,)
        Where each begins in the track, in seconds.
    piece_seconds : float
        How long each is; the last one of a track may be shorter.
    """

    audio: Audio
    starts: Row
    piece_seconds: float

    def places(self, times: Row) -> Row:
        """Tell where in the excerpt moments of the track lie, leaving out those that do not.

        Parameters
        ----------
        times : ndarray of float64, shape (any,)
            In the track, in seconds.

        Returns
        -------
        ndarray of float64, shape (those inside,)
            In the excerpt, in seconds, in order.
        """
        if not len(self.starts):
            return np.zeros(0)
        piece = np.searchsorted(self.starts, times, "right") - 1
        into = times - self.starts[np.maximum(piece, 0)]
        inside = (piece >= 0) & (into < self.piece_seconds)
        return (piece * self.piece_seconds + into)[inside]

    def meanwhile(self, other: Audio, later_frames: int) -> Samples:
        """Take what another track plays in the same moments of the song.

        Parameters
        ----------
        other : Audio
            At the same rate. May be memory-mapped.
        later_frames : int
            By how much this track begins later than the other one; below 0 where it is sooner.

        Returns
        -------
        ndarray of float32, shape (channels, frames)
            As long as the excerpt; silence where the other one is over, or has not begun.
        """
        rate, frames = self.audio.rate, self.audio.frames
        found = np.zeros((other.channels, frames), np.float32)
        length = round(self.piece_seconds * rate)
        for n, start in enumerate(self.starts.tolist()):
            place = n * length
            begin = round(start * rate) + later_frames
            first, last = max(begin, 0), min(begin + min(length, frames - place), other.frames)
            if first < last:
                here = slice(place + first - begin, place + last - begin)
                found[:, here] = other.samples[:, first:last]
        return found


def excerpt(audio: Audio, worth: Row, seconds: float, *, typical: bool = False) -> Excerpt:
    """Take the pieces of a track that are worth most.

    Parameters
    ----------
    audio : Audio
        The track. May be memory-mapped: only what is taken is read.
    worth : ndarray of float64, shape (moments,)
        Of each tenth of a second; a piece is worth the sum of its moments, and one that is worth
        nothing is never taken.
    seconds : float
        About how much to take.
    typical : bool
        Whether pieces of every worth are taken alike, from the most to the least.

    Returns
    -------
    Excerpt
        In order of time.
    """
    count = -(-len(worth) // PIECE_MOMENTS)
    sums = np.pad(worth, (0, count * PIECE_MOMENTS - len(worth))).reshape(count, PIECE_MOMENTS)
    values = sums.sum(axis=1)
    order = np.argsort(-values, kind="stable")
    order = order[values[order] > 0.0]
    wanted = max(1, round(seconds * MOMENTS_PER_SECOND / PIECE_MOMENTS))
    if typical and len(order) > wanted:
        order = order[np.round(np.linspace(0, len(order) - 1, wanted)).astype(np.int64)]
    pieces = np.sort(order[:wanted])
    frames = round(PIECE_MOMENTS * audio.rate / MOMENTS_PER_SECOND)
    parts = [np.asarray(audio.samples[:, n * frames : (n + 1) * frames]) for n in pieces.tolist()]
    samples = np.concatenate(parts, axis=1) if parts else audio.samples[:, :0]
    length = frames / audio.rate
    return Excerpt(Audio(samples, audio.rate), pieces * length, length)


def typical_excerpt(audio: Audio, heard: Heard) -> Excerpt:
    """Take a minute of a track at all levels at which it plays.

    Parameters
    ----------
    audio : Audio
        The track.
    heard : Heard
        What was heard of it.

    Returns
    -------
    Excerpt
        All that sounds, where that is less than a minute.
    """
    loudness = heard.momentary
    over = loudness - max(loudness.max(initial=-70.0) - FAR_LU, -70.0)
    return excerpt(audio, np.where(heard.active, over, 0.0), TYPICAL_SECONDS, typical=True)
