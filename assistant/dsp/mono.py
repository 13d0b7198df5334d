"""One channel from several, for what is analysed: the middle, unless it cancels out.

What is listened to has no offset and no rumble: they lie below every note, but would count as
sound wherever levels are measured or a wave is compared with itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numba import float64, njit, types, void
from numpy.typing import NDArray

from assistant.material import Audio

__all__ = ["heard_blocks", "mono_blocks", "mono_weights", "resampled_mono"]

Row = NDArray[np.float32]

_BLOCK_SECONDS = 10.0
_CANCELLED = 0.1  # of the mean power of the channels: two that have nothing in common leave a half
_RUMBLE_HZ = 25.0  # half of the power is gone there; 2 % at the lowest note of a bass, 41 Hz
_BUTTERWORTH_Q = (0.541196100146197, 1.3065629648763766)  # of fourth order
_DIED_AWAY = 1e-60  # far above the tiny numbers that a processor is slow with


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
        antiphase, 1.0 for the loudest channel and 0.0 for the others. Offsets do not count.
    """
    count = audio.channels
    middle = np.full(count, 1.0 / count, dtype=np.float32)
    if count == 1:
        return middle
    products = np.zeros((count, count))
    for _, block in audio.blocks(round(_BLOCK_SECONDS * audio.rate)):
        with np.errstate(invalid="ignore"):  # what is no number is refused by who listens
            sums = block.sum(axis=1).astype(np.float64)
            # One by one: a product of matrices so flat takes three times as long.
            products += [[float(one @ other) for other in block] for one in block]
            products -= np.outer(sums, sums) / block.shape[1]
    powers = products.diagonal()
    if products.mean() >= _CANCELLED * powers.mean():
        return middle
    return np.asarray(np.arange(count) == powers.argmax(), dtype=np.float32)


def mono_blocks(
    audio: Audio, weights: NDArray[np.float32] | None = None, block_seconds: float = _BLOCK_SECONDS
) -> Iterator[tuple[int, Row]]:
    """Walk through a sound as one channel, as it is.

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


def heard_blocks(
    audio: Audio, weights: NDArray[np.float32] | None = None, block_seconds: float = _BLOCK_SECONDS
) -> Iterator[tuple[int, Row]]:
    """Walk through a sound as one channel, without what lies too low to be heard.

    Parameters
    ----------
    audio, weights, block_seconds
        As of `mono_blocks`.

    Yields
    ------
    tuple of (int, ndarray of float32, shape (frames,))
        The first frame of the block, and the block after a high-pass at 25 Hz that begins as if
        the first frame had been there for ever. The same however the sound is cut.
    """
    filters = np.stack([_high_pass(q, audio.rate) for q in _BUTTERWORTH_Q])
    state: NDArray[np.float64] | None = None
    for start, mono in mono_blocks(audio, weights, block_seconds):
        if state is None:
            state = _settled(filters, float(mono[0]))
        heard = np.empty(mono.size, dtype=np.float32)
        _filter(np.ascontiguousarray(mono), filters, state, heard)
        yield start, heard


def resampled_mono(
    audio: Audio,
    rate_hz: int,
    weights: NDArray[np.float32] | None = None,
    block_seconds: float = _BLOCK_SECONDS,
) -> Iterator[tuple[float, Row]]:
    """Walk through a sound as one channel at another rate, without what is too low to be heard.

    Parameters
    ----------
    audio : Audio
        Any sound.
    rate_hz : int
        Frames a second of what comes out.
    weights : ndarray of float32, shape (channels,), optional
        From `mono_weights`; worked out where they are not given.
    block_seconds : float
        Length of a block of the sound.

    Yields
    ------
    tuple of (float, ndarray of float32, shape (frames,))
        How much is done, rising to 1.0, and a block.
    """
    import soxr

    stream = soxr.ResampleStream(audio.rate, rate_hz, 1, dtype="float32", quality="HQ")
    for start, heard in heard_blocks(audio, weights, block_seconds):
        end = start + heard.size
        yield end / audio.frames, stream.resample_chunk(heard, last=end == audio.frames)


def _high_pass(q: float, rate: int) -> NDArray[np.float64]:
    """Design one half of the high-pass by the bilinear transform: gain, a1, a2."""
    k = np.tan(np.pi * _RUMBLE_HZ / rate)
    scale = 1.0 + k / q + k * k
    numbers = np.array([1.0, 2.0 * (k * k - 1.0), 1.0 - k / q + k * k])
    return np.asarray(numbers / scale, dtype=np.float64)


def _settled(filters: NDArray[np.float64], value: float) -> NDArray[np.float64]:
    """Return the state of both halves after a sound has stood at one value for ever."""
    gain = filters[0, 0]
    return np.array([[-gain * value, gain * value], [0.0, 0.0]])


@njit(
    void(
        types.Array(types.float32, 1, "C", readonly=True),
        types.Array(types.float64, 2, "C", readonly=True),
        float64[:, ::1],
        types.float32[::1],
    ),
    cache=True,
    nogil=True,
)
def _filter(sound, filters, state, heard):  # type: ignore[no-untyped-def]
    """Run a sound through both halves, and carry their state on."""
    gain, a1, a2 = filters[0]
    lead, c1, c2 = filters[1]
    s1, s2 = state[0]
    t1, t2 = state[1]
    for i in range(sound.size):
        x = gain * sound[i]
        y = x + s1
        s1 = (s2 - 2.0 * x) - a1 * y
        s2 = x - a2 * y
        x = lead * y
        y = x + t1
        t1 = (t2 - 2.0 * x) - c1 * y
        t2 = x - c2 * y
        if abs(s1) + abs(s2) + abs(t1) + abs(t2) < _DIED_AWAY:
            s1 = s2 = t1 = t2 = 0.0
        heard[i] = y
    state[0, 0], state[0, 1] = s1, s2
    state[1, 0], state[1, 1] = t1, t2
