"""How loud a sound is, frame by frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.mono import mono_blocks
from assistant.material import Audio

__all__ = ["frame_levels"]

_QUIETEST = 1e-14  # power: -140 dB
_HALF_HOPS = 4  # that are measured to either side of a frame
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
        RMS of four hops around each frame in dBFS, -140.0 where it is silent.
    """
    bins = int(np.ceil(2.0 * audio.seconds / hop_seconds))
    edges = np.minimum(np.round(np.arange(bins + 1) * hop_seconds / 2.0 * audio.rate), audio.frames)
    edges = edges.astype(np.int64)
    power = np.zeros(bins)
    for start, block in mono_blocks(audio, weights, _BLOCK_SECONDS):
        first = int(np.searchsorted(edges, start, "right")) - 1
        last = int(np.searchsorted(edges[:-1], start + block.size, "left"))
        heads = np.maximum(edges[first:last] - start, 0)
        squares = np.square(block, dtype=np.float64)
        power[first:last] += np.add.reduceat(squares, heads)
    frames = -(-bins // 2)
    total = np.concatenate((np.zeros(1), np.cumsum(power)))
    low = np.clip(2 * np.arange(frames) - _HALF_HOPS, 0, bins)
    high = np.clip(2 * np.arange(frames) + _HALF_HOPS, 0, bins)
    mean = (total[high] - total[low]) / np.maximum(edges[high] - edges[low], 1)
    return np.asarray(10.0 * np.log10(np.maximum(mean, _QUIETEST)), dtype=np.float64)
