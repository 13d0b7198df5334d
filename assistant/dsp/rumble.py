"""Rumble below all music: wind, traffic, a turntable. It is not heard, and takes headroom.

It is told from music by two things. It never stops, nor swells by much, so that even the quietest
windows hold it: notes and drops die away. And it has no pitch: the lowest pipe of an organ has, at
16 Hz.

It is taken out with linear phase, which takes away what it added to the peaks and nothing else; a
high pass of minimum phase turns the bass against what lies above it, and raised the peaks of
finished mixes by up to 0.9 dB.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.linear_phase import convolve, kernel
from assistant.dsp.windows import window_frames
from assistant.material import Audio, Samples
from assistant.steps import part

__all__ = ["CORNER_HZ", "rumble_under_bass", "without_low_end"]

Powers: TypeAlias = NDArray[np.float32]

CORNER_HZ = 18.0  # half an octave under the lowest string of a bass with five
LOWEST_HZ = 1.0  # what is slower is an offset
BASS_HZ = (25.0, 120.0)
LEAST_DB = -18.0  # under the bass; finished mixes hold 25 dB less than their bass, and more

BEAT_SECONDS = 0.7  # short enough to see a note stop
LEAST_WINDOWS = 14
QUIET, STRONG = 20, 80  # percentiles of the windows
MOST_SWELL_DB = 12.0  # between these; what swells more is struck, or falls
GATE = 1e-4  # of the energy of the loudest window: less is a pause

NOTE_SECONDS = 2.8  # long enough to tell a third of a hertz apart
PITCHED_HZ = (10.0, 22.0)
AROUND_HZ = 4.0
LINE = 16.0  # over the median around it, in two windows one after the other
LINE_OVER_BASS = 0.0025

_FLOOR_DB = -120.0


class _Low(NamedTuple):
    """The low end of a window: powers by frequency, so many hertz apart."""

    powers: Powers
    hertz: float

    def power(self, lowest_hz: float, highest_hz: float) -> float:
        """Return the power between two frequencies."""
        return float(self.powers[self.at(lowest_hz) : self.at(highest_hz)].sum())

    def at(self, hertz: float) -> int:
        """Return the place of a frequency."""
        return math.ceil(hertz / self.hertz)


def rumble_under_bass(audio: Audio) -> Generator[float, None, float | None]:
    """Measure rumble, if there is any.

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
    float or None
        What never stops under 18 Hz against the bass, in dB. None where that is little, or is a
        note, or the sound is too short to tell.
    """
    level_db = yield from part(_lasting(audio), 0.0, 0.5)
    if level_db < LEAST_DB or (yield from part(_holds_a_note(audio), 0.5, 0.5)):
        return None
    return level_db


def without_low_end(audio: Audio, out: Samples) -> Generator[float, None, None]:
    """Write a sound without what lies under 18 Hz.

    Parameters
    ----------
    audio : Audio
        May be memory-mapped.
    out : ndarray of float32, shape (channels, frames)
        Zeros; takes the sound.

    Yields
    ------
    float
        Share that is done.
    """
    taps = kernel(lambda hertz: np.where(hertz < CORNER_HZ, _FLOOR_DB, 0.0), audio.rate)
    yield from convolve(audio, taps, taps, out)


def _lasting(audio: Audio) -> Generator[float, None, float]:
    """Measure what lies under the corner in the quietest windows against the bass, in dB."""
    rows: list[tuple[float, float, float]] = []
    for done, energy, low in _windows(audio, BEAT_SECONDS):
        rows.append((energy, low.power(LOWEST_HZ, CORNER_HZ), low.power(*BASS_HZ)))
        yield done
    energies, *powers = np.array(rows).reshape(-1, 3).T
    sounding = energies > GATE * energies.max(initial=0.0)
    if sounding.sum() < LEAST_WINDOWS:
        return -math.inf
    under, bass = (power[sounding] for power in powers)
    quiet_db, strong_db = (_decibels(float(np.percentile(under, at))) for at in (QUIET, STRONG))
    if strong_db - quiet_db > MOST_SWELL_DB:
        return -math.inf
    return quiet_db - _decibels(float(np.median(bass)))


def _holds_a_note(audio: Audio) -> Generator[float, None, bool]:
    """Tell whether a line stands out at one low frequency for long, beside the bass."""
    before: NDArray[np.bool_] | None = None
    for done, _, low in _windows(audio, NOTE_SECONDS):
        around = 2 * round(AROUND_HZ / low.hertz / 2.0) + 1
        lines = low.powers > LINE * _median_around(low.powers, around)
        lines &= low.powers > LINE_OVER_BASS * low.power(*BASS_HZ)
        lines = lines[low.at(PITCHED_HZ[0]) : low.at(PITCHED_HZ[1])]
        if before is not None and (before & lines).any():
            return True
        before = lines
        yield done
    return False


def _windows(audio: Audio, seconds: float) -> Iterator[tuple[float, float, _Low]]:
    """Cut a sound into windows: the share that is done, their energy, and their low end."""
    frames = window_frames(seconds, audio.rate)
    weights, hertz = np.hanning(frames).astype(np.float32), audio.rate / frames
    bins = math.ceil(BASS_HZ[1] / hertz)
    for start in range(0, audio.frames - frames + 1, frames):
        block = audio.samples[:, start : start + frames]
        energy = float(np.square(block).mean(dtype=np.float64))
        # Numpy stays in float32 only where it is to scale; that by a power of two is undone.
        spectra = frames * np.fft.rfft(block * weights, norm="forward")[:, :bins]
        low = _Low(np.square(np.abs(spectra)).sum(axis=0), hertz)
        yield (start + frames) / audio.frames, energy, low


def _median_around(powers: Powers, width: int) -> Powers:
    """Return the median of so many neighbours of each, an odd number; the ends are mirrored."""
    padded = np.pad(powers, width // 2, mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    return np.asarray(np.median(windows, axis=1))


def _decibels(power: float) -> float:
    return 10.0 * math.log10(max(power, 1e-30))
