"""A gain that does not move."""

from __future__ import annotations

from assistant.dsp.decibels import amplitude
from assistant.material import Audio, Scratch

__all__ = ["with_gain"]

_BLOCK_FRAMES = 1 << 18


def with_gain(audio: Audio, gain_db: float, scratch: Scratch) -> Audio:
    """Turn a sound up or down.

    Parameters
    ----------
    audio : Audio
        May be memory-mapped: it is worked through in blocks.
    gain_db : float
        In dB.
    scratch : callable
        Makes the array for what comes out.

    Returns
    -------
    Audio
        The sound itself at 0 dB.
    """
    if gain_db == 0.0:
        return audio
    out, factor = scratch(audio.samples.shape), amplitude(gain_db)
    for start, block in audio.blocks(_BLOCK_FRAMES):
        out[:, start : start + block.shape[1]] = block * factor
    return Audio(out, audio.rate)
