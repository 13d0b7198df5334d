"""A limiter driven to a loudness: how much gain a target asks for, and what it sounds like.

Loudness is measured behind the limiter, so the gain cannot be told beforehand: it is searched for,
and each step costs one gain curve and one pass of the meter, but no copy of the sound. What comes
out a trace too loud, or jumps over the target where a gate of BS.1770 opens, is turned down a
trace behind the limiter.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.decibels import amplitude, decibels
from assistant.dsp.envelope import Envelope, envelope
from assistant.dsp.gain_search import CLOSE_LU, gain_reaching
from assistant.dsp.kweighting import Energies
from assistant.dsp.limiter import GainCurve, apply_gain, gain_curve
from assistant.dsp.loudness import gated_loudness, tenths
from assistant.dsp.overs import TOLERATED, Limited, raise_overs
from assistant.material import Audio, Samples, Scratch
from assistant.steps import part

__all__ = ["Drive", "Master", "follow", "low_end"]

Frames: TypeAlias = NDArray[np.int64]

# Kept below the ceiling for what comes after: rounding to 16 bits, what `overs` tolerates, and
# meters that are none of those asked, such as an FFT of the whole file.
SAFETY_DB = 0.02
ROUNDS = 8

CLOSE_ENOUGH_LU = 0.015  # where the finished sound is good
MOST_TRIM_LU = 1.0  # how far it is turned down behind the limiter at most

LIMITED_FROM_DB = -0.1
TRIES = 4
_BLOCK_CELLS = 1 << 16
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
    """One sound in front of a limiter with one ceiling, made by `follow`.

    Parameters
    ----------
    audio : Audio
        Finite; not silent.
    ceiling_db : float
        Highest true peak to let through, in dBTP.
    heard : ndarray of float64, shape (tenths,)
        Its energies.
    followed : Envelope
        Its peaks.
    scratch : callable
        Makes float32 arrays.

    highest : float
        What the highest of the meters reads in it, linear.

    Attributes
    ----------
    headroom_db : float
        The gain that takes the highest true peak to the ceiling; more than that is limited.
    """

    def __init__(
        self,
        audio: Audio,
        ceiling_db: float,
        heard: Energies,
        followed: Envelope,
        highest: float,
        scratch: Scratch,
    ) -> None:
        self._audio = audio
        self._scratch = scratch
        self._ceiling = amplitude(ceiling_db - SAFETY_DB)
        self._heard = heard
        self._followed = followed
        self._knots = scratch(self._followed.peaks.shape)  # of the gain of the last master
        self._other_knots = scratch(self._followed.peaks.shape)
        self._gain_db = 0.0
        self.headroom_db = decibels(self._ceiling / highest)
        self._free_db = self.headroom_db  # the gain that takes the first place to where it is held

    def loudness_at(self, gain_db: float) -> Generator[float, None, float]:
        """Tell how loud the sound comes out.

        Parameters
        ----------
        gain_db : float
            Gain into the limiter.

        Yields
        ------
        float
            Share that is done.

        Returns
        -------
        float
            Integrated loudness in LUFS.
        """
        return gated_loudness((yield from self.heard_at(gain_db)))

    def heard_at(self, gain_db: float) -> Generator[float, None, Energies]:
        """Return the energies of the sound as it comes out.

        Parameters
        ----------
        gain_db : float
            Gain into the limiter.

        Yields
        ------
        float
            Share that is done.

        Returns
        -------
        ndarray of float64, shape (tenths,)
            As from `assistant.dsp.loudness.tenths`.
        """
        scale = amplitude(gain_db)
        if gain_db <= self._free_db:
            return np.asarray(self._heard * scale**2)
        drawing = gain_curve(self._followed, self._ceiling / scale, self._other_knots)
        curve = yield from part(drawing, 0.0, 0.5)
        listening = tenths(self._audio.samples, self._audio.rate, curve)
        heard = yield from part(listening, 0.5, 0.5)
        return np.asarray(heard * scale**2)

    @property
    def heard(self) -> Energies:
        """The energies of the sound before any gain."""
        return self._heard

    @property
    def gain_curve(self) -> GainCurve:
        """The gain of the last master over time."""
        return GainCurve(self._knots, self._followed.cell, self._audio.frames)

    def gain_for(
        self, loudness: float, most_limiting_db: float
    ) -> Generator[float, None, float | None]:
        """Search for the gain that brings the sound to a loudness.

        Parameters
        ----------
        loudness : float
            Wanted, in LUFS.
        most_limiting_db : float
            Where to give up: peaks so far above the ceiling.

        Yields
        ------
        float
            Share that is done.

        Returns
        -------
        float or None
            In dB. Where the loudness jumps over the target, as the gates of BS.1770 can make it,
            the gain at the jump. None where the sound does not get that loud.
        """
        start, most = loudness - gated_loudness(self._heard), self.headroom_db + most_limiting_db
        return (yield from gain_reaching(self.loudness_at, loudness, start, most))

    def master(self, gain_db: float) -> Generator[float, None, Master]:
        """Make the sound.

        Parameters
        ----------
        gain_db : float
            Gain into the limiter.

        Yields
        ------
        float
            Share that is done.

        Returns
        -------
        Master
            Under the ceiling, as long as the input, not a frame earlier or later.
        """
        out = self._scratch(self._audio.samples.shape)
        return (yield from self._made(gain_db, out))

    def master_at(
        self, loudness: float, most_limiting_db: float
    ) -> Generator[float, None, Master | None]:
        """Make the sound at a loudness, within 0.02 LU of it.

        Parameters
        ----------
        loudness, most_limiting_db : float
            As in `gain_for`.

        Yields
        ------
        float
            Share that is done.

        Returns
        -------
        Master or None
            None where the sound does not get that loud.
        """
        out = self._scratch(self._audio.samples.shape)
        made, short = None, math.inf
        # What the meters correct on the way costs some loudness: once more from there.
        for turn in range(TRIES):
            share = 0.5 ** (turn + 1)
            search = self.gain_for(loudness, most_limiting_db)
            gain_db = yield from part(search, 1.0 - 2.0 * share, 0.5 * share)
            if gain_db is None:
                break
            made = yield from part(self._made(gain_db, out), 1.0 - 1.5 * share, 0.4 * share)
            listening = tenths(out, self._audio.rate)
            heard = yield from part(listening, 1.0 - 1.1 * share, 0.1 * share)
            short = loudness - gated_loudness(heard)
            if short <= CLOSE_ENOUGH_LU or made.limiting_db == 0.0:
                break
        if -MOST_TRIM_LU <= short < -CLOSE_LU:
            yield from part(apply_gain(out, None, amplitude(short), out), 1.0 - share, share)
        return made

    def hold(self, decoded: Audio, highest_db: float) -> Generator[float, None, float]:
        """Hold the places where what a codec made of the last master goes too high.

        From then on the sound is limited there by so much more, at whatever gain; a master at the
        same loudness makes up for it with next to nothing anywhere else.

        Parameters
        ----------
        decoded : Audio
            The last master, encoded and decoded, not a frame earlier or later; at any rate.
        highest_db : float
            Highest true peak that it should have, in dBTP.

        Yields
        ------
        float
            Share that is done.

        Returns
        -------
        float
            Highest true peak that it has, in dBTP; minus infinity in silence.
        """
        highest = amplitude(highest_db)
        heard = yield from part(envelope(decoded.samples, decoded.rate, self._scratch), 0.0, 0.8)
        yield from part(heard.look(highest), 0.8, 0.2)
        for start in range(0, len(heard.peaks), _BLOCK_CELLS):
            over = heard.peaks[start : start + _BLOCK_CELLS] / np.float32(highest)
            places = np.flatnonzero(over > 1.0)
            first = (start + places) * heard.cell * self._audio.rate // decoded.rate
            last = first + heard.cell * self._audio.rate // decoded.rate
            self._hold_between(first, last, over[places])
        self._free_db = min(self._free_db, decibels(self._ceiling / self._followed.peak))
        return decibels(heard.peak)

    def _hold_between(self, first: Frames, last: Frames, over: Samples) -> None:
        """Raise the peaks from frame to frame so that the gain of the last master falls by `over`.

        A cell on either side comes along, for a codec does not keep a peak where it was to a cell.
        """
        followed, made = self._followed, amplitude(self._gain_db)
        cells = len(followed.peaks)
        start, stop = first // followed.cell - 1, last // followed.cell + 1
        for aside in range(int((stop - start).max(initial=-1)) + 1):
            places = np.clip(np.minimum(start + aside, stop), 0, cells - 1)
            asked = over * np.float32(self._ceiling / made) / self._knots[places]
            np.maximum.at(followed.peaks, places, asked)

    def _made(self, gain_db: float, out: Samples) -> Generator[float, None, Master]:
        """Write the sound."""
        self._gain_db = gain_db
        limiting_db, limited = max(0.0, gain_db - self._free_db), 0.0
        if limiting_db > 0.0:
            curve = yield from self._limit(amplitude(gain_db), out)
            limited = curve.share_below(amplitude(LIMITED_FROM_DB))
        else:
            _copy(None, self._knots)
            yield from apply_gain(self._audio.samples, None, amplitude(gain_db), out)
        return Master(Audio(out, self._audio.rate), gain_db, limiting_db, limited)

    def _limit(self, scale: float, out: Samples) -> Generator[float, None, GainCurve]:
        """Limit, and again until no meter reads an over."""
        before = None
        for turn in range(ROUNDS):
            begun, share = 1.0 - 0.5**turn, 0.5 ** (turn + 1) / 3.0
            drawing = gain_curve(self._followed, self._ceiling / scale, self._knots)
            curve = yield from part(drawing, begun, share)
            applying = apply_gain(self._audio.samples, curve, scale, out)
            yield from part(applying, begun + share, share)
            made = Limited(out, self._knots, scale)
            checking = raise_overs(self._followed, made, self._ceiling, before)
            over = yield from part(checking, begun + 2.0 * share, share)
            if over <= TOLERATED:
                return curve
            before = self._other_knots
            _copy(self._knots, before)
        yield from part(apply_gain(self._audio.samples, curve, scale / over, out), begun, share)
        return curve


def follow(audio: Audio, ceiling_db: float, scratch: Scratch) -> Generator[float, None, Drive]:
    """Put a sound in front of a limiter.

    Parameters
    ----------
    audio : Audio
        Finite; not silent. May be memory-mapped.
    ceiling_db : float
        Highest true peak to let through, in dBTP.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Drive
        That knows its loudness and its peaks.
    """
    heard = yield from part(tenths(audio.samples, audio.rate), 0.0, 0.2)
    followed = yield from part(envelope(audio.samples, audio.rate, scratch), 0.2, 0.6)
    untouched, peak = np.broadcast_to(np.float32(1.0), followed.peaks.shape), followed.peak
    checking = raise_overs(followed, Limited(audio.samples, untouched, 1.0), peak, None)
    over = yield from part(checking, 0.8, 0.2)
    return Drive(audio, ceiling_db, heard, followed, peak * max(1.0, over), scratch)


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


def _copy(values: Samples | None, out: Samples) -> None:
    """Copy cells, or fill them with ones, block by block."""
    for start in range(0, len(out), _BLOCK_CELLS):
        block = slice(start, start + _BLOCK_CELLS)
        out[block][:] = 1.0 if values is None else values[block]
