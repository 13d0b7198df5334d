"""From one sample rate to another, for what is delivered: as good as it gets, and not a frame late.

`soxr` at its very high quality is flat within 0.01 dB up to 0.46 of the lower rate, adds nothing
above -150 dB, is linear in phase, and takes its own delay off, so that a peak stays at its moment.
It is fed in blocks and keeps what it needs from one to the next: a long sound takes no more memory
than a short one, and the length of the blocks does not show.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

import numpy as np

from assistant.material import Audio, Samples

__all__ = ["frames_at", "resample"]

BLOCK_FRAMES = 1 << 16
QUALITY = "VHQ"


def frames_at(frames: int, rate_hz: int, to_rate_hz: int) -> int:
    """Tell how many frames a sound has at another rate.

    Parameters
    ----------
    frames : int
        That it has at its own.
    rate_hz, to_rate_hz : int
        Its own rate, and the other.

    Returns
    -------
    int
        As many as last as long, rounded; one at least, where there is any sound at all.
    """
    return max((2 * frames * to_rate_hz + rate_hz) // (2 * rate_hz), min(frames, 1))


def resample(
    audio: Audio, rate_hz: int, scratch: Callable[[tuple[int, ...]], Samples]
) -> Generator[float, None, Audio]:
    """Convert a sound to another sample rate.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    rate_hz : int
        To convert to, 8000 to 192000.
    scratch : callable
        Makes the float32 array that the sound is written to.

    Yields
    ------
    float
        Share of the work that is done.

    Returns
    -------
    Audio
        `frames_at` frames, frame n at the moment ``n / rate_hz``; the sound itself where it has
        that rate already. Peaks between the samples can come out higher than the samples were:
        what has a ceiling to keep is limited afterwards.
    """
    if rate_hz == audio.rate:
        yield 1.0
        return audio
    out = scratch((audio.channels, frames_at(audio.frames, audio.rate, rate_hz)))
    filled = 0
    for done, block in _converted(audio, rate_hz):
        room = out[:, filled : filled + block.shape[1]]
        room[:] = block[:, : room.shape[1]]
        filled += room.shape[1]
        yield done
    out[:, filled:] = 0.0
    return Audio(out, rate_hz)


def _converted(audio: Audio, rate_hz: int) -> Iterator[tuple[float, Samples]]:
    """Walk through the sound at the other rate: the share done, and a block."""
    import soxr

    stream = soxr.ResampleStream(
        audio.rate, rate_hz, audio.channels, dtype="float32", quality=QUALITY
    )
    for start, block in audio.blocks(BLOCK_FRAMES):
        end = start + block.shape[1]
        # It takes one channel as a row, and several as columns.
        frames = np.ascontiguousarray(block[0] if audio.channels == 1 else block.T)
        made = stream.resample_chunk(frames, last=end == audio.frames)
        yield end / audio.frames, made.reshape(-1, audio.channels).T
