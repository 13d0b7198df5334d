"""What is learned from a reference: its spectrum, how loud it is, and how much that moves."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from assistant.dsp.loudness import metering
from assistant.dsp.third_octaves import Spectrum, listen
from assistant.errors import MaterialError
from assistant.material import Audio
from assistant.steps import part

__all__ = ["Reference", "check_apart", "density_by", "reference_of"]

SHORTEST_SECONDS = 3.0
DENSER_LU = 6.0  # a reference whose range is so much smaller asks for all the density there is
_BLOCK_FRAMES = 1 << 18


@dataclass(frozen=True, eq=False)
class Reference:
    """What is learned from a reference.

    Parameters
    ----------
    spectrum : Spectrum
        Long-term, middle and sides.
    loudness : float
        Integrated, in LUFS.
    plr : float
        Peak to loudness ratio: true peak less loudness, in dB.
    lra : float
        Loudness range, in LU.
    """

    spectrum: Spectrum
    loudness: float
    plr: float
    lra: float


def reference_of(audio: Audio) -> Generator[float, None, Reference]:
    """Learn what is to be learned from a reference.

    Parameters
    ----------
    audio : Audio
        At any rate, with any channels.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Reference
        Its spectrum, loudness and dynamics.

    Raises
    ------
    MaterialError
        Where it is shorter than 3 s, silent, or holds samples that are no numbers.
    """
    if audio.seconds < SHORTEST_SECONDS:
        raise MaterialError(
            f"The reference lasts {audio.seconds:.1f} s; to be learned from it lasts"
            f" {SHORTEST_SECONDS:g} s or more."
        )
    told = yield from part(metering(audio), 0.0, 0.5)
    spectrum = yield from part(listen(audio), 0.5, 0.5)
    if spectrum.silent or not math.isfinite(told.integrated):
        raise MaterialError("The reference is silent, so there is nothing to learn from it.")
    plr = told.true_peak - told.integrated
    return Reference(spectrum, told.integrated, plr, told.loudness_range)


def density_by(reference: Reference, lra: float) -> float:
    """Tell how dense a reference asks a master to be, by how far its loudness ranges.

    Parameters
    ----------
    reference : Reference
        From `reference_of`.
    lra : float
        Loudness range of the mix, in LU.

    Returns
    -------
    float
        0.0 where it ranges as far as the mix, to 1.0.
    """
    return min(max((lra - reference.lra) / DENSER_LU, 0.0), 1.0)


def check_apart(mix: Audio, reference: Audio) -> None:
    """Refuse a reference that is the mix itself.

    Parameters
    ----------
    mix, reference : Audio
        To compare.

    Raises
    ------
    MaterialError
        Where they are the same, sample by sample.
    """
    if mix.rate != reference.rate or mix.samples.shape != reference.samples.shape:
        return
    pairs = zip(mix.blocks(_BLOCK_FRAMES), reference.blocks(_BLOCK_FRAMES), strict=True)
    if all(np.array_equal(one, other) for (_, one), (_, other) in pairs):
        raise MaterialError("The reference is the mix itself, so there is nothing to match.")
