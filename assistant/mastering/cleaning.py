"""A constant offset taken out before anything else: it is not heard, and takes headroom."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.truepeak import sample_peak
from assistant.material import Audio, Scratch, Session
from assistant.steps import part

__all__ = ["album_without_offset", "offsets", "without_offset"]


LEAST = 0.02  # of the highest sample: less costs under 0.2 dB of headroom
_BLOCK_FRAMES = 1 << 18


def offsets(audio: Audio) -> NDArray[np.float64]:
    """Measure the mean of each channel.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Returns
    -------
    ndarray of float64, shape (channels,)
        Linear.
    """
    total = np.zeros(audio.channels)
    for _, block in audio.blocks(_BLOCK_FRAMES):
        total += block.sum(axis=1, dtype=np.float64)
    return np.asarray(total / max(1, audio.frames))


def without_offset(
    audio: Audio, amount: float, scratch: Scratch
) -> Generator[float, None, tuple[Audio, str]]:
    """Take out what each channel lies off the middle by, where that is worth it.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    amount : float
        How much of it to take out, 0.0 to 1.0.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        The sound itself where there is nothing to take out.
    str
        What was done, in a sentence; empty where nothing was.
    """
    found, peak = offsets(audio), sample_peak(audio.samples)
    yield 0.5
    most = float(np.abs(found).max(initial=0.0))
    if amount == 0.0 or most <= LEAST * peak:
        return audio, ""
    out, taken = scratch(audio.samples.shape), np.asarray(amount * found, dtype=np.float32)[:, None]
    for start, block in audio.blocks(_BLOCK_FRAMES):
        span = slice(start, start + block.shape[1])
        np.subtract(block, taken, out=out[:, span])
        yield 0.5 + 0.5 * span.stop / audio.frames
    share = 100.0 * most / peak
    told = f"A constant offset, {share:.0f} % of the highest sample, is taken out: it is not heard."
    return Audio(out, audio.rate), told


def album_without_offset(
    session: Session, amount: float, scratch: Scratch
) -> Generator[float, None, tuple[Session, str]]:
    """Do so with every track of an album.

    Parameters
    ----------
    session : Session
        The tracks.
    amount, scratch
        As in `without_offset`.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Session
        Clean.
    str
        What was done to which; empty where nothing was.
    """
    stems, told, share = list(session.stems), [], 1.0 / len(session.stems)
    for n, stem in enumerate(session.stems):
        work = without_offset(stem.audio, amount, scratch)
        audio, said = yield from part(work, n * share, share)
        stems[n] = replace(stem, audio=audio)
        told += [f"{stem.name}: {said}"] if said else []
    return replace(session, stems=tuple(stems)), " ".join(told)
