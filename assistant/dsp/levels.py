"""How loud a sound is, frame by frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.mono import mono_blocks
from assistant.material import Audio

__all__ = ["frame_levels"]

_QUIETEST = 1e-14  # power: -140 dB
_BLOCK_SECONDS = 10.0


def frame_levels(
    audio: Audio, hop_seconds: float, weights: NDArray[np.float32] | None = None
) -> NDArray[np.float64]:
    """Measure the level of each frame.

    Parameters
    ----------
    audio : Audio
        Any sound.
    hop_seconds : float
        From frame to frame; the first is at 0.0.
    weights : ndarray of float32, shape (channels,), optional
        How channels are added up: see `assistant.dsp.mono.mono_weights`.

    Returns
    -------
    ndarray of float, shape (frames,)
        RMS of four hops around each frame, their mean taken off, so that an offset does not count:
        dBFS, -140.0 where it is silent.
    """
    frames = int(np.ceil(audio.seconds / hop_seconds))
    edges = np.arange(frames + 1, dtype=np.float64)
    edges *= hop_seconds
    edges *= audio.rate
    np.minimum(np.round(edges, out=edges), audio.frames, out=edges)
    power, offset = np.zeros(frames), np.zeros(frames)
    for start, block in mono_blocks(audio, weights, _BLOCK_SECONDS):
        first = int(np.searchsorted(edges, start, "right")) - 1
        last = int(np.searchsorted(edges[:-1], start + block.size, "left"))
        heads = np.maximum(edges[first:last] - start, 0).astype(np.int64)
        power[first:last] += np.add.reduceat(np.square(block, dtype=np.float64), heads)
        offset[first:last] += np.add.reduceat(block, heads, dtype=np.float64)
    count = np.maximum(_around(np.diff(edges)), 1.0)
    power, offset = _around(power), _around(offset)
    power /= count
    offset /= count
    power -= np.square(offset, out=offset)
    level_db = np.log10(np.maximum(power, _QUIETEST, out=power), out=power)
    level_db *= 10.0
    return level_db


def _around(hops: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up the two hops before each frame, and the two from it on."""
    total = hops.copy()
    total[:-1] += hops[1:]
    total[1:] += hops[:-1]
    total[2:] += hops[:-2]
    return total
