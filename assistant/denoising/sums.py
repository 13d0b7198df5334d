"""Sounds of one length, taken from each other or moved towards each other, in blocks."""

from __future__ import annotations

import numpy as np

from assistant.material import Audio, Scratch

__all__ = ["difference", "toward"]

_BLOCK_FRAMES = 1 << 18


def difference(one: Audio, other: Audio, scratch: Scratch) -> Audio:
    """Return one sound without another."""
    out = scratch(one.samples.shape)
    for start, block in one.blocks(_BLOCK_FRAMES):
        span = slice(start, start + block.shape[1])
        np.subtract(block, other.samples[:, span], out=out[:, span])
    return Audio(out, one.rate)


def toward(one: Audio, other: Audio, share: float, scratch: Scratch) -> Audio:
    """Go a share of the way from one sound to another; where both are alike, not a bit changes."""
    if share == 1.0 or other is one:
        return other
    out = scratch(one.samples.shape)
    for start, block in one.blocks(_BLOCK_FRAMES):
        span = slice(start, start + block.shape[1])
        out[:, span] = block + np.float32(share) * (other.samples[:, span] - block)
    return Audio(out, one.rate)
