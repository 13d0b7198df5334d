"""What the tracks of a mix take from each other: partial loudness of each beside all others.

What a track loses in a band depends on the others only through the sum of what they excite there.
So each other one is answerable for its share of that excitation: these are the Aumann-Shapley
shares of the loss, and they add up to it.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.ear import BANDS, COMPONENTS, Curve
from assistant.dsp.excitation import EARS, Powers, excitations
from assistant.dsp.partial_loudness import partial_loudness, sones, specific_loudness
from assistant.errors import MaterialError

__all__ = ["LISTENING_DB_SPL", "NOBODY", "Masking", "listening_gain", "masking"]

Loudness: TypeAlias = NDArray[np.float32]

LISTENING_DB_SPL = 76.0
"""At each ear, of a whole mix: neither quiet nor loud. As a mix is heard at this level whatever
its own, results do not depend on the gain of a session."""

NOBODY = -1
_BOTH_CHANNELS_LU = 10.0 * math.log10(EARS)  # by which both are louder than each


@dataclass(frozen=True, eq=False)
class Masking:
    """How loud each track is alone and in the mix, and who takes the difference.

    Parameters
    ----------
    alone, heard : ndarray of float32, shape (tracks, windows, bands)
        Specific loudness of each track by itself, and partial loudness in the mix, in sone per
        Cam, to both ears, at `assistant.dsp.ear.BAND_HZ`; both by auditory filters as they are
        in the mix, so that what is lost is lost to the others alone.
    masker : ndarray of int16, shape (tracks, windows, bands)
        The track that takes most; `NOBODY` where nothing is lost.
    taken : ndarray of float32, shape (tracks, tracks, windows)
        What the second track takes from the first one, in sone.
    taken_bands : ndarray of float64, shape (tracks, tracks, bands)
        The same band by band, in sone per Cam, mean of all windows.
    """

    alone: Loudness
    heard: Loudness
    masker: NDArray[np.int16]
    taken: Loudness
    taken_bands: Curve

    @property
    def lost(self) -> Loudness:
        """What each track loses, in sone per Cam, shape (tracks, windows, bands)."""
        return self.alone - self.heard

    @property
    def lost_share(self) -> Curve:
        """Which part of its loudness each track loses, over all windows; 0 to 1, shape (tracks,).

        A silent track loses nothing.
        """
        return _share(self.lost, self.alone, (1, 2))

    @property
    def lost_share_windows(self) -> Curve:
        """The same window by window, shape (tracks, windows)."""
        return _share(self.lost, self.alone, (2,))

    @property
    def lost_share_bands(self) -> Curve:
        """The same band by band, shape (tracks, bands)."""
        return _share(self.lost, self.alone, (1,))


def listening_gain(mix_lufs: float) -> float:
    """Tell what turns power at full scale into power at the head, 1 at 0 dB SPL.

    Parameters
    ----------
    mix_lufs : float
        Integrated loudness of the whole mix, in stereo; minus infinity of silence.

    Returns
    -------
    float
        As a factor of power. A mix that is alike on both channels comes to `LISTENING_DB_SPL` at
        each ear. 0 of silence.

    Raises
    ------
    MaterialError
        Where the loudness is no number, or infinite.
    """
    if math.isnan(mix_lufs) or mix_lufs == math.inf:
        raise MaterialError(f"The loudness of a mix is a number, not {mix_lufs:g} LUFS.")
    if mix_lufs == -math.inf:
        return 0.0
    return float(10.0 ** ((LISTENING_DB_SPL + _BOTH_CHANNELS_LU - mix_lufs) / 10.0))


def masking(powers: Powers, mix_lufs: float) -> Generator[float, None, Masking]:
    """Find out what each track of a mix loses to the others.

    Parameters
    ----------
    powers : ndarray of float32, shape (tracks, 2, windows, components)
        Of each track as it sounds in the mix, one from
        `assistant.dsp.excitation.powers_at_ears` a track, for the same windows.
    mix_lufs : float
        Integrated loudness of the whole mix, which settles how loud it is listened to.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Masking
        Tracks count as independent: where two sound in phase, their powers are added all the
        same. What is masked by what came before is not counted.

    Raises
    ------
    MaterialError
        Where the shape is another, a power is below 0 or no number, or the loudness is none.
    """
    if powers.ndim != 4 or powers.shape[1] != EARS or powers.shape[3] != COMPONENTS:
        raise MaterialError(
            f"Powers have the shape (tracks, {EARS}, windows, {COMPONENTS}), not {powers.shape}."
        )
    gain = listening_gain(mix_lufs)
    tracks, windows = powers.shape[0], powers.shape[2]
    alone, heard = np.zeros((2, tracks, windows, BANDS), np.float32)
    masker = np.full((tracks, windows, BANDS), NOBODY, np.int16)
    taken = np.zeros((tracks, tracks, windows), np.float32)
    taken_bands = np.zeros((tracks, tracks, BANDS))
    for n in range(windows):
        here = powers[:, :, n].astype(np.float64) * gain
        if not (np.isfinite(here).all() and here.min(initial=0.0) >= 0.0):
            raise MaterialError("Powers are numbers, and not below 0.")
        if here.any():
            alone[:, n], heard[:, n], by = _in_window(here)
            taken[:, :, n] = sones(by)
            taken_bands += by / windows
            masker[:, n] = np.where(by.any(axis=1), by.argmax(axis=1), NOBODY)
        yield (n + 1) / windows
    return Masking(alone, heard, masker, taken, taken_bands)


def _in_window(powers: Curve) -> tuple[Curve, Curve, Curve]:
    """Hear one window with both ears: loudness alone, in the mix, and who takes what."""
    tracks = len(powers)
    alone, heard = np.zeros((2, tracks, BANDS))
    by = np.zeros((tracks, tracks, BANDS))
    others = 1.0 - np.eye(tracks)
    for ear in range(EARS):
        excitation = excitations(powers[:, ear])
        masker = others @ excitation
        quiet, partial = specific_loudness(excitation), partial_loudness(excitation, masker)
        alone += quiet
        heard += partial
        a_masker = np.divide(quiet - partial, masker, out=np.zeros_like(masker), where=masker > 0.0)
        by += others[:, :, None] * a_masker[:, None, :] * excitation
    return alone, heard, by


def _share(part: Loudness, whole: Loudness, axes: tuple[int, ...]) -> Curve:
    over: Curve = part.sum(axis=axes, dtype=np.float64)
    under: Curve = whole.sum(axis=axes, dtype=np.float64)
    return np.divide(over, under, out=np.zeros_like(under), where=under > 0.0)
