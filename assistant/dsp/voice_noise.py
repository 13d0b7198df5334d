"""The noise behind a voice, told by a net that knows speech and by the print of the noise together.

The net follows noise that moves, and is silent between words, but takes what speech has not: held
notes, the room, breath. The print knows none of that, but how loud each frequency of the noise is.
So what the net leaves is a pilot of the voice, through which the print is seen again (empirical
Wiener filtering; Ghael, Sayeed and Baraniuk, Proc. SPIE 3169, 1997), and their errors are not the
same ones.

Where *speech* is as soft as its noise the net is nearest to it, and where it is loud the net's own
errors are louder than what is left of the noise: with errors in proportion to what each has to
find, the best mixture of both follows from the ratio of what the net leaves to what it takes. No
more is followed than noise may swell.

*Singing* has more of what the net takes, so there it is but a part of the pilot.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

import numpy as np
from scipy.ndimage import uniform_filter1d

from assistant.dsp.deep_filter import RATE
from assistant.dsp.noise_bands import Bands, band_starts
from assistant.dsp.noise_mixing import mixed_noise
from assistant.dsp.noise_pilot import pilot as rough_pilot
from assistant.dsp.noise_print import Print
from assistant.dsp.noise_removal import noise_in
from assistant.dsp.short_spectra import OVERLAP, Powers, powers_of, sound, spectra
from assistant.dsp.stretches import by_stretches
from assistant.dsp.windows import window_frames
from assistant.material import Audio, Samples, Scratch
from assistant.steps import part

__all__ = ["noise_behind_singing", "noise_behind_speech"]

SPEECH_SECONDS = (0.021, 0.085)  # lengths of windows
SINGING_SECONDS = (0.021, 0.085, 0.34)
CELL_SECONDS = 0.17  # over which it is judged who is right
ERRORS = 0.1  # of the net, in the voice, against those of the print, in the noise
SWELLS = 4.0  # so much louder than the print, and than that swells, a noise may be
NET_IN_SINGING = 0.7  # of the pilot
PASSED = 0.9  # of half the rate: so far up a resampler leaves all as it is
_SILENCE = 1e-20


def noise_behind_speech(
    take: Audio, net: Audio, noise: Print, scratch: Scratch
) -> Generator[float, None, Audio]:
    """Tell what of speech is noise.

    Parameters
    ----------
    take : Audio
        Finite. May be memory-mapped.
    net : Audio
        What the net would take away, as long as the take.
    noise : Print
        Of the noise.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        As long as the take.

    Raises
    ------
    MaterialError
        Where the print has another number of channels, and more than one.
    """

    def make(rows: Sequence[Samples]) -> Samples:
        whole, by_net = rows
        return _spoken(whole, _completed(whole, by_net, noise, take.rate), noise, take.rate)

    return (yield from by_stretches((take, net), make, scratch))


def noise_behind_singing(
    take: Audio, net: Audio, noise: Print, scratch: Scratch
) -> Generator[float, None, Audio]:
    """Tell what of singing is noise; as `noise_behind_speech`.

    What is no voice at all loses little more than by the print alone.
    """
    steady = yield from part(noise_in(take, noise, scratch), 0.0, 0.6)
    # A noise that swells is as often over its mean as that is far from its strongest moments.
    swell = noise.swelling(2 * (noise.levels.shape[1] - 1), noise.rate)
    louder = replace(noise, levels=noise.levels * np.sqrt(swell))

    def make(rows: Sequence[Samples]) -> Samples:
        whole, by_net, by_print = rows
        by_net = _completed(whole, by_net, noise, take.rate)
        pilot = whole - NET_IN_SINGING * by_net - (1.0 - NET_IN_SINGING) * by_print
        return _known(whole, pilot, louder, take.rate, SINGING_SECONDS)

    return (yield from part(by_stretches((take, net, steady), make, scratch), 0.6, 0.4))


def _completed(rows: Samples, net: Samples, noise: Print, rate: int) -> Samples:
    """Add the noise at the top, which is lost on the way to the rate of the net and back."""
    if rate >= RATE or noise.is_silent or not rows.any():
        return net
    size = window_frames(SPEECH_SECONDS[0], rate)
    rest = spectra(rows - net - rough_pilot(rows, noise, rate), size)
    rest[:, :, : round(PASSED * (size // 2))] = 0.0
    return np.asarray(net + sound(rest, size, rows.shape[1]))


def _known(
    rows: Samples, pilot: Samples, noise: Print, rate: int, seconds: Sequence[float]
) -> Samples:
    """Tell the noise by its print; what was silent stays so."""
    if noise.is_silent or not rows.any():
        return np.zeros_like(rows)
    made = mixed_noise(rows, pilot.astype(np.float32), noise, rate, seconds)
    return np.where(rows == 0.0, np.float32(0.0), made)


def _spoken(rows: Samples, net: Samples, noise: Print, rate: int) -> Samples:
    """Tell the noise by the net and the print, each where it is nearer to it."""
    pilot = rows - net
    steady = _known(rows, pilot, noise, rate, SPEECH_SECONDS)
    if noise.is_silent or not rows.any():
        return steady
    size = window_frames(CELL_SECONDS / 8.0, rate)
    starts = band_starts(size, rate)
    taken, left = (_cells(powers_of(one, size), starts, rate) for one in (net, pilot))
    levels = noise.seen(size, rate, rows.shape[0]).sum(axis=0) * noise.swelling(size, rate)
    most = SWELLS * np.add.reduceat(levels, starts).astype(np.float32)
    share = np.minimum(taken, most) / (taken + ERRORS * left + _SILENCE)
    widths = np.diff(np.append(starts, size // 2 + 1))
    apart = spectra(net - steady, size)
    apart *= np.repeat(share, widths, axis=1)
    made = steady + sound(apart, size, rows.shape[1])
    return np.where(rows == 0.0, np.float32(0.0), made)


def _cells(power: Powers, starts: Bands, rate: int) -> Powers:
    """Return the power of each band over a moment, shape (windows, bands)."""
    hop = 2 * (power.shape[1] - 1) // OVERLAP
    windows = max(1, round(CELL_SECONDS * rate / hop))
    bands = np.add.reduceat(power, starts, axis=1)
    return np.asarray(uniform_filter1d(bands, windows, axis=0, mode="nearest"))
