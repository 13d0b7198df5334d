"""A limiter driven to a loudness: how much gain a target asks for, and what it sounds like.

Loudness is measured behind the limiter, so the gain cannot be told beforehand: it is searched for,
and each step costs one gain curve and one pass of the meter, but no copy of the sound.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.dsp.limiter import apply_gain, envelope, gain_curve
from assistant.dsp.loudness import energies, energies_with_gain, integrated
from assistant.dsp.overs import raise_overs
from assistant.material import Audio, Samples

__all__ = ["Drive", "Master", "low_end"]

# Kept below the ceiling for what comes after: rounding to 16 bits, and meters that are none of
# those asked.
SAFETY_DB = 0.01
CONVERGED = 10.0 ** (0.3 * SAFETY_DB / 20.0)
ROUNDS = 8

CLOSE_LU = 0.005  # where the search ends
CLOSE_ENOUGH_LU = 0.02  # where the finished sound is good
NARROW_DB = 0.0005
STEPS = 32

LIMITED_FROM_DB = -0.1
_BLOCK_FRAMES = 1 << 20
_SPECTRUM_FRAMES = 1 << 16


@dataclass(frozen=True, eq=False)
class Master:
    """A finished sound, and what was done to it.

    Parameters
    ----------
    audio : Audio
        The sound.
    gain_db : float
        Gain into the limiter.
    limiting_db : float
        How far the highest true peak stood above the ceiling after that gain: the most that the
        limiter takes away; 0 where it does nothing.
    limited : float
        For which part of the time it takes away more than 0.1 dB, 0 to 1.
    """

    audio: Audio
    gain_db: float
    limiting_db: float
    limited: float


class Drive:
    """One sound in front of a limiter with one ceiling.

    Parameters
    ----------
    audio : Audio
        Finite; not silent.
    ceiling_db : float
        Highest true peak to let through, in dBTP.
    scratch : callable
        Makes float32 arrays.

    Attributes
    ----------
    headroom_db : float
        The gain that takes the highest true peak to the ceiling; more than that is limited.
    """

    def __init__(
        self, audio: Audio, ceiling_db: float, scratch: Callable[[tuple[int, ...]], Samples]
    ) -> None:
        self._audio = audio
        self._scratch = scratch
        self._ceiling = _linear(ceiling_db - SAFETY_DB)
        self._heard = energies(audio.samples, audio.rate)
        self._followed = envelope(audio.samples, audio.rate, scratch)
        self._curve = scratch((audio.frames,))
        self._unity = np.broadcast_to(np.float32(1.0), (audio.frames,))  # takes no memory
        self.headroom_db = _decibels(self._ceiling / self._highest_peak())

    def loudness_at(self, gain_db: float) -> float:
        """Tell how loud the sound comes out.

        Parameters
        ----------
        gain_db : float
            Gain into the limiter.

        Returns
        -------
        float
            Integrated loudness in LUFS.
        """
        if gain_db <= self.headroom_db:
            return integrated(self._heard * 10.0 ** (gain_db / 10.0))
        scale = _linear(gain_db)
        gain_curve(self._followed, self._ceiling / scale, self._curve)
        heard = energies_with_gain(self._audio.samples, self._curve, self._audio.rate)
        return integrated(heard * scale**2)

    def gain_for(self, loudness: float, most_limiting_db: float) -> float | None:
        """Search for the gain that brings the sound to a loudness.

        Parameters
        ----------
        loudness : float
            Wanted, in LUFS.
        most_limiting_db : float
            Where to give up: peaks so far above the ceiling.

        Returns
        -------
        float or None
            In dB. Where the loudness jumps over the target, as the gates of BS.1770 can make it,
            the gain at the jump. None where the sound does not get that loud.
        """
        start = loudness - integrated(self._heard)
        return _search(self.loudness_at, loudness, start, self.headroom_db + most_limiting_db)

    def master(self, gain_db: float) -> Master:
        """Make the sound.

        Parameters
        ----------
        gain_db : float
            Gain into the limiter.

        Returns
        -------
        Master
            Under the ceiling, as long as the input, not a frame earlier or later.
        """
        out = self._scratch(self._audio.samples.shape)
        limiting_db = max(0.0, gain_db - self.headroom_db)
        if limiting_db > 0.0:
            self._limit(gain_db, out)
        else:
            apply_gain(self._audio.samples, self._unity, _linear(gain_db), out)
        limited = self._limited() if limiting_db > 0.0 else 0.0
        return Master(Audio(out, self._audio.rate), gain_db, limiting_db, limited)

    def master_at(self, loudness: float, most_limiting_db: float) -> Master | None:
        """Make the sound at a loudness, within 0.02 LU of it where that exists.

        Parameters
        ----------
        loudness, most_limiting_db : float
            As in `gain_for`.

        Returns
        -------
        Master or None
            None where the sound does not get that loud.
        """
        gain_db = self.gain_for(loudness, most_limiting_db)
        if gain_db is None:
            return None
        made = self.master(gain_db)
        # What the meters corrected on the way can cost a little loudness: once more from there.
        error = loudness - integrated(energies(made.audio.samples, made.audio.rate))
        if abs(error) > CLOSE_ENOUGH_LU and made.limiting_db > 0.0:
            again_db = self.gain_for(loudness, most_limiting_db)
            made = made if again_db is None else self.master(again_db)
        return made

    def _limit(self, gain_db: float, out: Samples) -> None:
        """Limit, and again until no meter reads an over."""
        scale, over = _linear(gain_db), math.inf
        for _ in range(ROUNDS):
            gain_curve(self._followed, self._ceiling / scale, self._curve)
            apply_gain(self._audio.samples, self._curve, scale, out)
            over = self._raise_overs(out, self._curve, scale, self._ceiling)
            if over <= CONVERGED:
                return
        apply_gain(self._audio.samples, self._curve, scale / over, out)

    def _raise_overs(self, sound: Samples, curve: Samples, scale: float, ceiling: float) -> float:
        followed = self._followed
        return raise_overs(followed.peaks, sound, curve, scale, followed.cell, ceiling)

    def _highest_peak(self) -> float:
        """Return what the highest of the meters reads before any gain, linear."""
        peak = self._followed.peak
        return peak * max(1.0, self._raise_overs(self._audio.samples, self._unity, 1.0, peak))

    def _limited(self) -> float:
        """Tell for which part of the time the curve takes away more than 0.1 dB."""
        frames, level = self._audio.frames, np.float32(_linear(LIMITED_FROM_DB))
        starts = range(0, frames, _BLOCK_FRAMES)
        blocks = (self._curve[start : start + _BLOCK_FRAMES] for start in starts)
        return sum(int(np.count_nonzero(block < level)) for block in blocks) / frames


def low_end(audio: Audio, below_hz: float = 100.0) -> float:
    """Tell how much of the energy lies below a frequency.

    Parameters
    ----------
    audio : Audio
        Any sound.
    below_hz : float
        The frequency.

    Returns
    -------
    float
        0 to 1; 0 in silence.
    """
    below = total = 0.0
    for _, block in audio.blocks(_SPECTRUM_FRAMES):
        energy = np.square(np.abs(np.fft.rfft(block)))
        hertz = np.fft.rfftfreq(block.shape[1], 1.0 / audio.rate)
        below += float(energy[:, hertz < below_hz].sum())
        total += float(energy.sum())
    return below / total if total > 0.0 else 0.0


def _search(
    reach: Callable[[float], float], target: float, start: float, most: float
) -> float | None:
    """Find where a function that grows no faster than its argument comes to a target.

    Steps up grow until the target is passed, then false position closes in.
    """
    low: tuple[float, float] | None = None
    high: tuple[float, float] | None = None
    place = min(start, most)
    for n in range(STEPS):
        here = reach(place)
        if abs(here - target) <= CLOSE_LU:
            break
        if here < target and place >= most:
            return None
        if here < target:
            low = (place, here)
        else:
            high = (place, here)
        if high is None:
            place = min(place + 2.0 ** (n + 1) * (target - here), most)
        elif low is None:
            place -= 2.0 ** (n + 1) * (here - target)
        elif high[0] - low[0] < NARROW_DB:
            break
        else:
            part = (target - low[1]) / (high[1] - low[1])
            place = low[0] + min(max(part, 0.02), 0.98) * (high[0] - low[0])
    return place


def _linear(decibels: float) -> float:
    return float(10.0 ** (decibels / 20.0))


def _decibels(linear: float) -> float:
    return 20.0 * math.log10(linear)
