"""Scores to listen to: by the synth that was found, or else by the built-in voices."""

from __future__ import annotations

from assistant.contract import Context
from assistant.dsp.voices import render
from assistant.material import Audio, Score

__all__ = ["RATE_HZ", "audition"]

RATE_HZ = 44_100


def audition(score: Score, context: Context) -> tuple[Audio, str]:
    """Play a score.

    Parameters
    ----------
    score : Score
        With drums, where they should be heard.
    context : Context
        The synth, where one was found, and scratch.

    Returns
    -------
    Audio
        Stereo.
    str
        By whom it was played, in words.
    """
    synth = context.synth
    if synth is not None:
        return Audio(synth(score, RATE_HZ), RATE_HZ), f"played by {synth.name}"
    return Audio(render(score, RATE_HZ, context.scratch), RATE_HZ), "played by the built-in voices"
