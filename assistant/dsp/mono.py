"""One channel from several, for what is analysed: the middle, unless it cancels out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio

__all__ = ["mono_blocks", "mono_weights", "resampled_mono"]

Row = NDArray[np.float32]

_BLOCK_SECONDS = 10.0
_CANCELLED = 0.1  # of the mean power of the channels: two that have nothing in common leave a half


def mono_weights(audio: Audio) -> NDArray[np.float32]:
    """Choose how the channels of a sound are added up.

    Parameters
    ----------
    audio : Audio
        Any sound; it is read once, in blocks.

    Returns
    -------
    ndarray of float32, shape (channels,)
        The same weight for all, their sum 1.0; where that cancels out, as with one channel in
        antiphase, 1.0 for the loudest channel and 0.0 for the others.
    """
    count = audio.channels
    middle = np.full(count, 1.0 / count, dtype=np.float32)
    if count == 1:
        return middle
    products = np.zeros((count, count))
    for _, block in audio.blocks(round(_BLOCK_SECONDS * audio.rate)):
        products += (block @ block.T).astype(np.float64)
    powers = products.diagonal()
    if products.mean() >= _CANCELLED * powers.mean():
        return middle
    return np.asarray(np.arange(count) == powers.argmax(), dtype=np.float32)


def mono_blocks(
    audio: Audio, weights: NDArray[np.float32] | None = None, block_seconds: float = _BLOCK_SECONDS
) -> Iterator[tuple[int, Row]]:
    """Walk through a sound as one channel.

    Parameters
    ----------
    audio : Audio
        Any sound.
    weights : ndarray of float32, shape (channels,), optional
        From `mono_weights`; worked out where they are not given.
    block_seconds : float
        Length of a block.

    Yields
    ------
    tuple of (int, ndarray of float32, shape (frames,))
        The first frame of the block, and the block.
    """
    if weights is None:
        weights = mono_weights(audio)
    for start, block in audio.blocks(round(block_seconds * audio.rate)):
        if audio.channels == 1:
            yield start, block[0]
            continue
        mono = weights[0] * block[0]
        for weight, channel in zip(weights[1:], block[1:], strict=True):
            if weight:
                mono += weight * channel
        yield start, mono


def resampled_mono(
    audio: Audio, rate_hz: int, weights: NDArray[np.float32] | None = None
) -> Iterator[tuple[float, Row]]:
    """Walk through a sound as one channel at another rate.

    Parameters
    ----------
    audio : Audio
        Any sound.
    rate_hz : int
        Frames a second of what comes out.
    weights : ndarray of float32, shape (channels,), optional
        From `mono_weights`; worked out where they are not given.

    Yields
    ------
    tuple of (float, ndarray of float32, shape (frames,))
        How much is done, rising to 1.0, and a block.
    """
    import soxr

    stream = soxr.ResampleStream(audio.rate, rate_hz, 1, dtype="float32", quality="HQ")
    for start, mono in mono_blocks(audio, weights):
        end = start + mono.size
        yield end / audio.frames, stream.resample_chunk(mono, last=end == audio.frames)
