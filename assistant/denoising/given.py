"""The noise that a musician gives or marks: whether anything can be learned from it."""

from __future__ import annotations

import numpy as np

from assistant.denoising.asked import Asked
from assistant.dsp.noise_print import SHORTEST_SECONDS
from assistant.errors import MaterialError
from assistant.material import Audio

__all__ = ["check_noise", "noise_alone"]

_ROUNDING_SECONDS = 0.01  # that a pause may end behind the take: as clocks are read
_BLOCK_FRAMES = 1 << 18


def check_noise(take: Audio, asked: Asked) -> None:
    """Refuse a print or a pause that is none, before any work is done.

    Parameters
    ----------
    take : Audio
        The take.
    asked : Asked
        What is asked.

    Raises
    ------
    MaterialError
        Where it is too short, outside the take, of other channels, or no sound.
    """
    if asked.print is not None:
        _check_print(take, asked.print)
    elif asked.pause_seconds is not None:
        _check_pause(take, *asked.pause_seconds)


def noise_alone(take: Audio, asked: Asked) -> Audio | None:
    """Return the noise that was given or marked, as a sound.

    Parameters
    ----------
    take : Audio
        The take.
    asked : Asked
        What is asked, checked.

    Returns
    -------
    Audio or None
        None where nothing was.
    """
    if asked.print is not None or asked.pause_seconds is None:
        return asked.print
    first, last = (round(second * take.rate) for second in asked.pause_seconds)
    return Audio(take.samples[:, first:last], take.rate)


def _check_print(take: Audio, noise: Audio) -> None:
    if noise.channels not in (1, take.channels):
        raise MaterialError(
            f"A noise print of {noise.channels} channels does not go with a take of"
            f" {take.channels}: give one of as many, or of one."
        )
    if noise.seconds < SHORTEST_SECONDS:
        raise MaterialError(
            f"The noise print is {noise.seconds:.3f} s long; it needs {SHORTEST_SECONDS:g} s of"
            " noise alone."
        )
    if not all(np.isfinite(block).all() for _, block in noise.blocks(_BLOCK_FRAMES)):
        raise MaterialError(
            "The noise print holds samples that are no numbers (NaN or infinite): render or export"
            " it again."
        )


def _check_pause(take: Audio, first: float, last: float) -> None:
    if last > take.seconds + _ROUNDING_SECONDS:
        raise MaterialError(
            f"There is no noise alone from {first:g} to {last:g} s: the take is"
            f" {take.seconds:.2f} s long."
        )
    if last - first < SHORTEST_SECONDS:
        raise MaterialError(
            f"The pause is {last - first:.3f} s long; a noise print needs {SHORTEST_SECONDS:g} s of"
            " noise alone."
        )
