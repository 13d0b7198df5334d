"""The sound of hum that was followed, as it is to be subtracted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assistant.dsp.hum_judging import swell
from assistant.dsp.hum_lines import CELLS, rendered
from assistant.dsp.hum_tracking import Track
from assistant.material import Samples

__all__ = ["sound_of"]

LEAST_OVER_DOUBT = 4.0  # of a line that is taken away, in power
_HOPS = 64  # rendered together
_TINY = 1e-20


def sound_of(samples: Samples, track: Track) -> Iterator[tuple[int, Samples]]:
    """Make the sound of hum, block by block.

    Each line is trusted as far as it is known (the gain is that of Wiener), so that one which is
    hidden by music for long fades.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        The stretch in which it was followed.
    track : Track
        What was followed.

    Yields
    ------
    tuple of (int, ndarray of float32, shape (channels, block))
        The first frame of a block, and the block; the last may go on after the end.
    """
    lines, power = track.lines, np.square(np.abs(track.made))
    standing = (power / track.doubt).mean(axis=2) > LEAST_OVER_DOUBT
    trusted = np.maximum(0.0, 1.0 - track.doubt / np.maximum(power, _TINY))
    made = track.made * trusted * swell(track, standing) * standing[:, :, None]
    before = lines.middle // lines.hop
    for first in range(0, samples.shape[1], _HOPS * lines.hop):
        hop = first // lines.hop - before
        sound = rendered(lines, made, track.turned, hop, hop + _HOPS)
        part = samples[:, first : first + sound.shape[1]]
        yield first, sound * _sounding(part, lines.hop // CELLS, sound)


def _sounding(samples: Samples, shortest: int, like: Samples) -> Samples:
    """Tell where a sound is more than nothing: where it was cut silent, hum was as well."""
    heard = np.zeros(like.shape, dtype=np.float32)
    at = np.arange(samples.shape[1])
    for row, given in zip(heard, samples, strict=True):
        nothing = np.concatenate([[0], np.cumsum(given == 0.0)])
        begun = nothing[shortest:] - nothing[:-shortest] == shortest
        runs = np.concatenate([[0], np.cumsum(begun)])
        within = runs[np.minimum(at + 1, begun.size)] - runs[np.maximum(at + 1 - shortest, 0)]
        row[: given.size] = within == 0
    return heard
