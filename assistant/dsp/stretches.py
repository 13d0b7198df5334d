"""Long sounds, gone through in stretches that fade into each other.

What is made of a stretch is made with what lies around it in mind, so that it does not matter where
the stretches are cut, and memory does not grow with the length.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence

import numpy as np

from assistant.material import Audio, Samples, Scratch

__all__ = ["by_stretches"]

LONGEST_SECONDS, SHORTEST_SECONDS = 12.0, 2.0
MARGIN_SECONDS = 0.6  # to either side, within which what lies beyond it is forgotten
FADE_SECONDS = 0.1
_MOST_SAMPLES = 1 << 20  # of all channels: more of them, or more a second, take shorter stretches


def by_stretches(
    sounds: Sequence[Audio], make: Callable[[Sequence[Samples]], Samples], scratch: Scratch
) -> Generator[float, None, Audio]:
    """Make one sound of several, stretch by stretch.

    Parameters
    ----------
    sounds : sequence of Audio
        Of one rate and one shape. May be memory-mapped.
    make : callable
        Takes a stretch of each, shape (channels, frames); returns what is made of them, as long.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        As long as the sounds.
    """
    first = sounds[0]
    fade, margin = (round(one * first.rate) for one in (FADE_SECONDS, MARGIN_SECONDS))
    out = scratch(first.samples.shape)
    tail = np.zeros((first.channels, 0), np.float32)
    for start, end in _cuts(first):
        begin, last = max(0, start - margin), min(first.frames, end + fade + margin)
        made = make([np.asarray(one.samples[:, begin:last], np.float32) for one in sounds])
        here = np.array(made[:, start - begin : min(end + fade, first.frames) - begin])
        _crossfade(tail, here)
        out[:, start:end] = here[:, : end - start]
        tail = here[:, end - start :]
        yield end / first.frames
    return Audio(out, first.rate)


def _cuts(audio: Audio) -> Iterator[tuple[int, int]]:
    """Cut a sound into stretches, of which wide or fast ones are shorter."""
    shortest, longest = (round(one * audio.rate) for one in (SHORTEST_SECONDS, LONGEST_SECONDS))
    step = min(max(_MOST_SAMPLES // audio.channels, shortest), longest)
    for start in range(0, audio.frames, step):
        yield start, min(start + step, audio.frames)


def _crossfade(tail: Samples, made: Samples) -> None:
    """Go over from the end of the stretch before to the beginning of this one."""
    shared = min(tail.shape[1], made.shape[1])
    if shared:
        rise = (np.arange(shared, dtype=np.float32) + 0.5) / shared
        made[:, :shared] = rise * made[:, :shared] + (1 - rise) * tail[:, :shared]
