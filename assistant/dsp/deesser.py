"""A de-esser for a track: a band that is turned down while it is loud.

The band pass leaves its centre as it is, so what is taken from the sound makes a bell whose gain
moves: as deep at its centre as the compressor behind it asks for, nothing far away from it, and no
change at all while the band is quiet. Whether it is loud is heard through the band pass twice, so
that loud vowels do not count as an s. `assistant.dsp.sibilance` is for single takes, and looks for
each s before anything is done.
"""

from __future__ import annotations

from assistant.dsp.biquads import Biquads, Pair, band_pass
from assistant.dsp.compressor import Compressor, Reduction
from assistant.dsp.peak_hold import PeakHold

__all__ = ["ATTACK_MS", "MOST_DB", "RATIO", "RELEASE_MS", "DeEsser"]

RATIO, MOST_DB = 4.0, 12.0
ATTACK_MS, RELEASE_MS = 1.0, 40.0
WIDTH_Q = 1.0


class DeEsser:
    """A de-esser at work.

    Parameters
    ----------
    freq_hz : float
        Centre of the sibilant band; below half the rate.
    threshold_db : float
        Peak level of that band, as it is heard through two band passes, from which it is turned
        down, in dBFS.
    rate : int
        In Hz.

    Raises
    ------
    MaterialError
        Where the band lies at or above half the rate.
    """

    def __init__(self, freq_hz: float, threshold_db: float, rate: int) -> None:
        wanted = Compressor(threshold_db, RATIO, ATTACK_MS, RELEASE_MS)
        self._band = Biquads(band_pass(freq_hz, WIDTH_Q, rate))
        self._ear = Biquads(band_pass(freq_hz, WIDTH_Q, rate))
        self._hold = PeakHold(rate)
        self._reduction = Reduction(wanted, rate, MOST_DB)

    def run(self, pair: Pair, first: int) -> None:
        """De-ess a block in place.

        Parameters
        ----------
        pair : ndarray of float64, shape (2, frames)
            What follows the block before.
        first : int
            The frame of the song at which it begins.
        """
        band = pair.copy()
        self._band.run(band, first)
        heard = band.copy()
        self._ear.run(heard, first)
        band *= self._reduction.gains(self._hold.run(heard, first)) - 1.0
        pair += band
