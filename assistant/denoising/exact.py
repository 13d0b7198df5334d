"""What is taken away, so that it and what is left make up the take again, sample for sample.

Two floats do not always add up to a third. They do where all lie on one grid and no bit is out of
reach, so what is taken away is put on the grid that the take came on, that of 16 or 24 bits.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from assistant.dsp.dither import on_grid
from assistant.material import Audio, Samples, Scratch

__all__ = ["apart", "steps_of"]

_BLOCK_FRAMES = 1 << 18


def apart(
    take: Audio, cleaned: Audio, scratch: Scratch, steps: float | None
) -> Generator[float, None, tuple[Audio, Audio]]:
    """Split a take into what is kept and what is taken away.

    Parameters
    ----------
    take : Audio
        As it came. May be memory-mapped.
    cleaned : Audio
        What was made of it, as long.
    scratch : callable
        Makes float32 arrays.
    steps : float, optional
        Of the grid that the take came on, to full scale; from `steps_of`.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio, Audio
        The cleaned sound, moved by half a step at most, and the residual. As 32-bit floats their
        sum is the take, bit for bit, where that came on a grid and the residual stays under 2.0,
        which only what is mended beyond +9 dBFS can pass. Of a take of finer floats the sum may be
        off by half the last bit of the greater of both: no two floats reach it then.
    """
    kept, residual = scratch(take.samples.shape), scratch(take.samples.shape)
    for start, block in take.blocks(_BLOCK_FRAMES):
        span = slice(start, start + block.shape[1])
        _split(block, cleaned.samples[:, span], steps, kept[:, span], residual[:, span])
        yield span.stop / take.frames
    return Audio(kept, take.rate), Audio(residual, take.rate)


def steps_of(take: Audio) -> float | None:
    """Count the steps to full scale of the grid that a take came on; None for finer floats."""
    return next((2.0 ** (bits - 1) for bits in (16, 24) if on_grid(take, bits)), None)


def _split(
    block: Samples, made: Samples, steps: float | None, kept: Samples, residual: Samples
) -> None:
    """Write what is kept, and what is not; doubles hold every sum of two floats on a grid."""
    whole = block.astype(np.float64)
    taken = whole - made
    if steps is None:
        taken = taken.astype(np.float32).astype(np.float64)
    else:
        taken = np.rint(taken * steps) / steps
    kept[:] = whole - taken
    residual[:] = whole - kept
