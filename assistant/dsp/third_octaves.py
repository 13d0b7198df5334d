"""The long-term spectrum of a sound in third octaves, mid and side apart, silence left out.

Band n is centred on ``10 ** (n / 10)`` Hz (IEC 61260-1, base ten), and each is told apart into
four steps, so that who draws a curve through them has something finer to draw. What is kept while
listening is one sum of spectra for every decibel of level, so that the gate, which is known only
at the end, costs no second pass, and an hour takes no more memory than a minute.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio, Samples

__all__ = [
    "BANDS",
    "CENTRES_HZ",
    "FLOOR_DB",
    "STEPS_A_BAND",
    "STEPS_HZ",
    "Levels",
    "Spectrum",
    "band_name",
    "levels_of",
    "listen",
    "power_of",
]

Levels: TypeAlias = NDArray[np.float64]

LOWEST, HIGHEST = 13, 43  # 20 Hz and 20 kHz, as powers of a tenth of ten
BANDS = HIGHEST - LOWEST + 1
STEPS_A_BAND = 4
STEPS = BANDS * STEPS_A_BAND
CENTRES_HZ = (
    20.0,
    25.0,
    31.5,
    40.0,
    50.0,
    63.0,
    80.0,
    100.0,
    125.0,
    160.0,
    200.0,
    250.0,
    315.0,
    400.0,
    500.0,
    630.0,
    800.0,
    1000.0,
    1250.0,
    1600.0,
    2000.0,
    2500.0,
    3150.0,
    4000.0,
    5000.0,
    6300.0,
    8000.0,
    10_000.0,
    12_500.0,
    16_000.0,
    20_000.0,
)  # by name
_EDGES_HZ: Levels = 10.0 ** ((LOWEST - 0.5 + np.arange(STEPS + 1) / STEPS_A_BAND) / 10.0)
STEPS_HZ: Levels = np.sqrt(_EDGES_HZ[:-1] * _EDGES_HZ[1:])

FLOOR_DB = -160.0  # stands for nothing at all
SILENCE_GATE_DB = -70.0
QUIET_GATE_DB = -20.0  # below the mean of what passed the first gate
_TALLY_LOW_DB, _TALLY_HIGH_DB = -70, 30

FRAME_SECONDS = 32_768 / 48_000
BATCH = 8  # frames transformed at once
_LFE = 3  # channel of low-frequency effects, where there are six or more


@dataclass(frozen=True, eq=False)
class Spectrum:
    """How loud each part of the spectrum is, over all that sounds.

    Parameters
    ----------
    mid_steps_db, side_steps_db : ndarray of float64, shape (124,)
        Level of each step in dB, at `STEPS_HZ`; a sine at full scale has -3.01, nothing has
        `FLOOR_DB`. Mid is half the sum of left and right, side half their difference. With one
        channel there is no side; with more than two, mid is their mean power, without the
        low-frequency channel, and there is no side.
    rate : int
        Of the sound, in Hz.
    seconds : float
        How much of it sounded.
    """

    mid_steps_db: Levels
    side_steps_db: Levels
    rate: int
    seconds: float

    @property
    def mid_db(self) -> Levels:
        """Level of the middle in each third octave, in dB, shape (31,)."""
        return _thirds(self.mid_steps_db)

    @property
    def side_db(self) -> Levels:
        """Level of the sides in each third octave, in dB, shape (31,)."""
        return _thirds(self.side_steps_db)

    @property
    def steps_db(self) -> Levels:
        """Level of middle and sides together in each step, in dB, shape (124,)."""
        return levels_of(power_of(self.mid_steps_db) + power_of(self.side_steps_db))

    @property
    def levels_db(self) -> Levels:
        """Level of middle and sides together in each third octave, in dB, shape (31,)."""
        return _thirds(self.steps_db)

    @property
    def silent(self) -> bool:
        """Whether nothing sounded."""
        return self.seconds == 0.0


def listen(audio: Audio) -> Generator[float, None, Spectrum]:
    """Listen to a whole sound.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped: it is read in blocks.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Spectrum
        The mean power of frames of two thirds of a second, those above -70 dBFS and no more than
        20 dB below the mean of these.
    """
    size = max(16, 1 << round(float(np.log2(FRAME_SECONDS * audio.rate))))
    tally = _Tally(2 if audio.channels == 2 else 1)
    counted = [n for n in range(audio.channels) if n != _LFE or audio.channels < 6]
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    scale = 2.0 * size / float(np.sum(np.square(window, dtype=np.float64)))
    places = np.minimum(_EDGES_HZ * size / audio.rate + 0.5, size // 2 + 1)
    for done, frames in _frames(audio, size):
        powers = [_steps(frames[n], window, places) * scale for n in counted]
        tally.add(np.stack(powers) if audio.channels == 2 else np.mean(powers, axis=0)[None])
        yield done
    mid, side = tally.mean()
    seconds = min(audio.seconds, (tally.counted + 1) * size / 2 / audio.rate * (tally.counted > 0))
    return Spectrum(levels_of(mid), levels_of(side), audio.rate, seconds)


def band_name(hertz: float) -> str:
    """Name a frequency as an engineer does.

    Parameters
    ----------
    hertz : float
        Above 0.

    Returns
    -------
    str
        Such as ``"31.5 Hz"``, ``"250 Hz"``, ``"2.5 kHz"``.
    """
    return f"{hertz / 1000.0:.3g} kHz" if hertz >= 1000.0 else f"{hertz:.3g} Hz"


class _Tally:
    """Spectra summed by how loud their frames were, a decibel at a time."""

    def __init__(self, views: int) -> None:
        levels = _TALLY_HIGH_DB - _TALLY_LOW_DB + 1
        self._sums = np.zeros((levels, views, STEPS))
        self._counts = np.zeros(levels, dtype=np.int64)
        self._kept = np.zeros(levels, dtype=bool)

    def add(self, powers: Levels) -> None:
        """Add frames: powers of shape (views, frames, steps)."""
        level_db = levels_of(powers.sum(axis=(0, 2)))
        heard = level_db > SILENCE_GATE_DB
        row = np.floor(level_db[heard]).astype(np.int64) - _TALLY_LOW_DB
        row = np.minimum(row, len(self._counts) - 1)
        np.add.at(self._sums, row, powers.transpose(1, 0, 2)[heard])
        np.add.at(self._counts, row, 1)

    def mean(self) -> tuple[Levels, Levels]:
        """Return the mean power of middle and sides in what is loud enough."""
        totals = self._sums.sum(axis=(1, 2))
        if not self._counts.any():
            return np.zeros(STEPS), np.zeros(STEPS)
        gate = totals.sum() / self._counts.sum() * 10.0 ** (QUIET_GATE_DB / 10.0)
        self._kept = (self._counts > 0) & (totals >= gate * self._counts)
        mean = self._sums[self._kept].sum(axis=0) / self.counted
        return mean[0], mean[1] if len(mean) == 2 else np.zeros(STEPS)

    @property
    def counted(self) -> int:
        """How many frames were loud enough, known after `mean`."""
        return int(self._counts[self._kept].sum())


def _frames(audio: Audio, size: int) -> Iterator[tuple[float, list[NDArray[np.float32]]]]:
    """Walk through the sound: the share done, and a batch of frames of each view of it.

    What does not fill half a frame at the end is left out; a sound shorter than a frame is set in
    the middle of one.
    """
    hop = size // 2
    count = max(1, audio.frames // hop - 1)
    short = max(0, size - audio.frames)
    for first in range(0, count, BATCH):
        last = min(first + BATCH, count)
        block = audio.samples[:, first * hop : (last + 1) * hop]
        padded = np.pad(block, ((0, 0), (short // 2, short - short // 2)))
        views = [
            np.lib.stride_tricks.sliding_window_view(row, size)[::hop] for row in _views(padded)
        ]
        yield last / count, views


def _views(block: Samples) -> list[NDArray[np.float32]]:
    """Turn channels into what is looked at: middle and sides, or one after the other."""
    if len(block) == 2:
        half = np.float32(0.5)
        return [(block[0] + block[1]) * half, (block[0] - block[1]) * half]
    return list(block)


def _steps(frames: NDArray[np.float32], window: NDArray[np.float32], places: Levels) -> Levels:
    """Sum the power of frames between the edges of the steps, in parts of bins."""
    lines = np.fft.rfft(frames * window, norm="forward")  # without it, in float64
    power = np.square(lines.real)
    power += np.square(lines.imag)
    total = np.zeros((len(power), power.shape[1] + 1))
    np.cumsum(power, axis=1, dtype=np.float64, out=total[:, 1:])
    whole = np.minimum(places.astype(np.int64), power.shape[1] - 1)
    reached = total[:, whole] + (places - whole) * power[:, whole]
    return np.diff(reached, axis=1)


def _thirds(steps_db: Levels) -> Levels:
    bands: Levels = power_of(steps_db).reshape(BANDS, STEPS_A_BAND).sum(axis=1)
    return levels_of(bands)


def power_of(levels_db: Levels) -> Levels:
    """Return the power at levels in dB; none at or under `FLOOR_DB`."""
    return np.where(levels_db > FLOOR_DB, 10.0 ** (levels_db / 10.0), 0.0)


def levels_of(power: Levels) -> Levels:
    """Return the levels of power in dB, `FLOOR_DB` at least."""
    return np.asarray(10.0 * np.log10(np.maximum(power, 10.0 ** (FLOOR_DB / 10.0))))
