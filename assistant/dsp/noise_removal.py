"""A noise that is known by its print, taken out of instruments and mixes.

The noise is estimated twice: with a rough pilot of the music, and then with what was left the first
time. What is taken away is the same share of every channel, so that the image stays; it comes no
later, and where there is nothing to take, not a bit is changed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np

from assistant.dsp.noise_mixing import mixed_noise
from assistant.dsp.noise_pilot import pilot
from assistant.dsp.noise_print import Print
from assistant.material import Audio, Samples, Scratch

__all__ = ["denoise", "noise_in"]

FIRST_SECONDS = (0.021, 0.17)  # lengths of windows
SECOND_SECONDS = (0.021, 0.085, 0.34)

BLOCK_SECONDS = 12.0
LEAST_SECONDS = 2.0
MARGIN_SECONDS = 1.0  # to either side, within which what lies beyond it is forgotten
FADE_SECONDS = 0.1
_BLOCK_SAMPLES = 1 << 20  # of all channels: more of them, or more a second, take shorter blocks


def denoise(
    audio: Audio, noise: Print | None, amount_db: float, scratch: Scratch
) -> Generator[float, None, Audio]:
    """Take out a noise.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    noise : Print, optional
        What it sounds like alone.
    amount_db : float
        By how much at most, in dB.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        The take without it; the very same object where there was nothing to take out.

    Raises
    ------
    MaterialError
        Where the print has another number of channels, and more than one.
    """
    if noise is None or amount_db <= 0.0:
        return audio
    share = np.float32(1.0 - 10.0 ** (-amount_db / 20.0))
    out, changed = scratch(audio.samples.shape), False
    for start, removed in _blocks(audio, noise):
        end = start + removed.shape[1]
        out[:, start:end] = audio.samples[:, start:end] - share * removed
        changed |= bool(removed.any())
        yield end / audio.frames
    return Audio(out, audio.rate) if changed else audio


def noise_in(audio: Audio, noise: Print, scratch: Scratch) -> Generator[float, None, Audio]:
    """Tell what of a take is noise.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    noise : Print
        What it sounds like alone.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        As long as the take: a share of every bin of it, the same for all channels.

    Raises
    ------
    MaterialError
        Where the print has another number of channels, and more than one.
    """
    out = scratch(audio.samples.shape)
    for start, removed in _blocks(audio, noise):
        end = start + removed.shape[1]
        out[:, start:end] = removed
        yield end / audio.frames
    return Audio(out, audio.rate)


def _blocks(audio: Audio, noise: Print) -> Iterator[tuple[int, Samples]]:
    """Estimate the noise block by block: where one begins, and its noise."""
    fade = round(FADE_SECONDS * audio.rate)
    tail = np.zeros((audio.channels, 0), np.float32)
    for start, end in _cuts(audio):
        removed = _noise(audio, (start, min(end + fade, audio.frames)), noise)
        _crossfade(tail, removed)
        tail = removed[:, end - start :]
        yield start, removed[:, : end - start]


def _cuts(audio: Audio) -> Iterator[tuple[int, int]]:
    """Cut a sound into blocks, of which wide or fast ones are shorter."""
    shortest, longest = (round(one * audio.rate) for one in (LEAST_SECONDS, BLOCK_SECONDS))
    step = min(max(_BLOCK_SAMPLES // audio.channels, shortest), longest)
    for start in range(0, audio.frames, step):
        yield start, min(start + step, audio.frames)


def _noise(audio: Audio, span: tuple[int, int], noise: Print) -> Samples:
    """Estimate the noise in a span, with what lies around it in mind."""
    margin = round(MARGIN_SECONDS * audio.rate)
    first, last = max(0, span[0] - margin), min(audio.frames, span[1] + margin)
    rows = np.asarray(audio.samples[:, first:last], dtype=np.float32)
    inside = slice(span[0] - first, span[1] - first)
    if noise.is_silent or not rows.any():
        return np.zeros((audio.channels, span[1] - span[0]), np.float32)
    music = pilot(rows, noise, audio.rate)
    music = rows - mixed_noise(rows, music, noise, audio.rate, FIRST_SECONDS)
    made = mixed_noise(rows, music, noise, audio.rate, SECOND_SECONDS)[:, inside]
    # What was silent stays so; a transform leaves a trace of its neighbours there.
    return np.where(rows[:, inside] == 0.0, np.float32(0.0), made)


def _crossfade(tail: Samples, removed: Samples) -> None:
    """Go over from the end of the block before to the beginning of this one."""
    shared = min(tail.shape[1], removed.shape[1])
    if shared:
        rise = (np.arange(shared, dtype=np.float32) + 0.5) / shared
        removed[:, :shared] = rise * removed[:, :shared] + (1 - rise) * tail[:, :shared]
