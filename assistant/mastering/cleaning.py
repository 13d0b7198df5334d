"""What is not heard and takes headroom, taken out before anything else: an offset, rumble."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.rumble import CORNER_HZ, rumble_under_bass, without_low_end
from assistant.dsp.truepeak import chunk_peaks, sample_peak
from assistant.material import Audio, Samples, Scratch, Session
from assistant.steps import part

__all__ = ["clean", "clean_album", "offsets", "without_offset", "without_rumble"]

LEAST = 0.02  # of the highest sample: less costs under 0.2 dB of headroom
LEAST_HEADROOM_DB = 0.2  # that rumble costs
_SILENCE = 1e-9
_BLOCK_FRAMES = 1 << 18


def clean(
    audio: Audio, amount: float, scratch: Scratch
) -> Generator[float, None, tuple[Audio, str]]:
    """Take out a constant offset and rumble, where that is worth it.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    amount : float
        How much of them to take out, 0.0 to 1.0.
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
        What was done, in sentences; empty where nothing was.
    """
    level, offset = yield from part(without_offset(audio, amount, scratch), 0.0, 0.3)
    made, rumble = yield from part(without_rumble(level, amount, scratch), 0.3, 0.7)
    return made, " ".join(said for said in (offset, rumble) if said)


def offsets(audio: Audio) -> Generator[float, None, NDArray[np.float64]]:
    """Measure the mean of each channel.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    ndarray of float64, shape (channels,)
        Linear.
    """
    total = np.zeros(audio.channels)
    for start, block in audio.blocks(_BLOCK_FRAMES):
        total += block.sum(axis=1, dtype=np.float64)
        yield (start + block.shape[1]) / audio.frames
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
    found = yield from part(offsets(audio), 0.0, 0.25)
    peaks = yield from part(chunk_peaks(audio.samples), 0.25, 0.25)
    peak = float(peaks.max(initial=0.0))
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


def without_rumble(
    audio: Audio, amount: float, scratch: Scratch
) -> Generator[float, None, tuple[Audio, str]]:
    """Take out rumble, where there is any and it costs headroom.

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
    if amount == 0.0:
        return audio, ""
    level_db = yield from part(rumble_under_bass(audio), 0.0, 0.3)
    if level_db is None:
        return audio, ""
    out = scratch(audio.samples.shape)
    yield from part(without_low_end(audio, out), 0.3, 0.6)
    took_db = 20.0 * math.log10(sample_peak(audio.samples) / max(sample_peak(out), _SILENCE))
    if took_db < LEAST_HEADROOM_DB:
        return audio, ""
    _blend(audio.samples, amount, out)
    yield 1.0
    told = (
        f"Rumble under {CORNER_HZ:g} Hz, {_beside(level_db)}, is taken out: it is not heard, and"
        f" took {took_db:.1f} dB of headroom."
    )
    return Audio(out, audio.rate), told


def clean_album(
    session: Session, amount: float, scratch: Scratch
) -> Generator[float, None, tuple[Session, str]]:
    """Clean every track of an album.

    Parameters
    ----------
    session : Session
        The tracks.
    amount, scratch
        As in `clean`.

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
        work = clean(stem.audio, amount, scratch)
        audio, said = yield from part(work, n * share, share)
        stems[n] = replace(stem, audio=audio)
        told += [f"{stem.name}: {said}"] if said else []
    return replace(session, stems=tuple(stems)), " ".join(told)


def _blend(samples: Samples, amount: float, out: Samples) -> None:
    """Go only so far from a sound to what was made of it, in place."""
    if amount == 1.0:
        return
    for start in range(0, out.shape[1], _BLOCK_FRAMES):
        span = slice(start, start + _BLOCK_FRAMES)
        out[:, span] = samples[:, span] + np.float32(amount) * (out[:, span] - samples[:, span])


def _beside(level_db: float) -> str:
    if abs(level_db) < 0.5:
        return "as strong as the bass"
    return f"{abs(level_db):.0f} dB {'below' if level_db < 0.0 else 'above'} the bass"
