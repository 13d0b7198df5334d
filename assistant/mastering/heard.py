"""What is heard in a mix before it is mastered."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.dsp.clipping import flat_tops
from assistant.dsp.loudness import Loudness, metering
from assistant.dsp.stereo import Image, picture
from assistant.dsp.third_octaves import Levels, Spectrum, levels_of, listen, power_of
from assistant.errors import MaterialError
from assistant.material import Audio
from assistant.steps import part

__all__ = ["HeardMix", "check_loudness", "hear", "mean_spectrum"]

SHORTEST_SECONDS = 0.4  # one gating block of BS.1770


@dataclass(frozen=True, eq=False)
class HeardMix:
    """A mix as it came.

    Parameters
    ----------
    loudness : Loudness
        All that the meter says.
    spectrum : Spectrum
        Long-term, middle and sides.
    image : Image
        Its width, and what mono leaves of it.
    flat_tops : int
        Places where it was cut off flat before it came here.
    """

    loudness: Loudness
    spectrum: Spectrum
    image: Image
    flat_tops: int = 0

    @property
    def crest(self) -> float:
        """How far the peaks stand over the loudness, in dB."""
        return self.loudness.true_peak - self.loudness.integrated

    def limiting_at(self, loudness: float, ceiling_db: float) -> float:
        """How far the peaks would stand over a ceiling at a loudness, in dB; at least 0."""
        return max(0.0, loudness + self.crest - ceiling_db)


def hear(audio: Audio) -> Generator[float, None, HeardMix]:
    """Listen to a mix.

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
    HeardMix
        What was heard.

    Raises
    ------
    MaterialError
        Where there is no loudness to measure: silence, or under 0.4 s.
    """
    loudness = yield from part(metering(audio), 0.0, 0.3)
    check_loudness(audio, loudness)
    cut_off = yield from part(flat_tops(audio), 0.3, 0.1)
    spectrum = yield from part(listen(audio), 0.4, 0.3)
    image = yield from part(picture(audio), 0.7, 0.3)
    return HeardMix(loudness, spectrum, image, cut_off)


def check_loudness(audio: Audio, loudness: Loudness) -> None:
    """Refuse what has no loudness.

    Parameters
    ----------
    audio : Audio
        The mix.
    loudness : Loudness
        As measured.

    Raises
    ------
    MaterialError
        Where it is silent, too short, or nowhere louder than the gate.
    """
    if math.isfinite(loudness.integrated):
        return
    if audio.seconds < SHORTEST_SECONDS:
        raise MaterialError(
            f"The audio lasts {audio.seconds:.3f} s; there is no loudness to measure in under"
            f" {SHORTEST_SECONDS:g} s."
        )
    if math.isinf(loudness.sample_peak):
        raise MaterialError("The audio is silent: every sample is 0, or the same offset.")
    raise MaterialError(
        f"The audio is nowhere louder than -70 LUFS, which counts as silence; its peak is"
        f" {loudness.sample_peak:z.1f} dBFS. Check the export, or take out what cannot be heard."
    )


def mean_spectrum(spectra: Sequence[Spectrum]) -> Spectrum:
    """Return the spectrum of several sounds together, each counted for as long as it sounds.

    Parameters
    ----------
    spectra : sequence of Spectrum
        At least one, all at one rate.

    Returns
    -------
    Spectrum
        As if they had been one sound.
    """
    seconds = np.array([one.seconds for one in spectra])
    weights = seconds / max(float(seconds.sum()), 1e-9)
    mid = _mean_db([one.mid_steps_db for one in spectra], weights)
    side = _mean_db([one.side_steps_db for one in spectra], weights)
    return replace(spectra[0], mid_steps_db=mid, side_steps_db=side, seconds=float(seconds.sum()))


def _mean_db(levels_db: Sequence[Levels], weights: Levels) -> Levels:
    return levels_of(weights @ power_of(np.stack(levels_db)))
