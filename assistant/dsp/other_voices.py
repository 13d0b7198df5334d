"""What sounds beside the voice that a tracker follows: another pitch, or more voices on the same.

Looked for at some places of a take, so that it costs no more for a long take than for a minute.
What repeats with the period of the voice is taken away by a comb (what is left is half of the
differences from the periods before and after, which cancels glides and swells); a rest that
repeats with a period of its own is another voice. More voices on one pitch are told by overtones
that do not keep step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import float64, njit, types
from numpy.typing import NDArray

from assistant.dsp.echoes import echo_share
from assistant.dsp.f0 import F0Track
from assistant.material import Audio

__all__ = ["ALONE", "Others", "other_voices"]

Array = NDArray[np.float64]

_RATE_HZ = 12_000
_EVERY_SECONDS, _MOST_PLACES = 0.15, 150
_SOUNDING_DB, _LOUD_SECONDS = 30.0, 0.5  # under the level that is exceeded for so long
_LOWEST_HZ, _HIGHEST_HZ = 80.0, 3_500.0  # what is listened to
_HALF_SECONDS = 0.05  # of a look at the rest
_LOOK_SAMPLES = round(2.0 * _HALF_SECONDS * _RATE_HZ)
_LONG_SECONDS = 0.12  # half of a look at the overtones
_BATCH = 32  # places
_AROUND_SECONDS = 0.06  # for a period more and the filter to settle
_REACH_SECONDS = _LONG_SECONDS + _AROUND_SECONDS
_LAGS_HZ = (55.0, 650.0)  # of another voice
# Lags that say nothing: those of the voice itself, of its overtones and of what lies below it
_OWN = np.array([1 / 3, 1 / 2, 2 / 3, 1.0, 4 / 3, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0])
_OWN_WIDTH = 0.03
_FIRST_PEAK = 0.9  # of the highest: the shortest lag is that of the pitch
_REPEATS, _FAINTEST_DB = 0.6, -14.5  # from where on it is another voice; to all that sounds
_FEW = 10.0  # places that count for nothing
_LOUDEST = 0.9  # quantile of the places that none weighs more than
_OVERTONES, _CYCLES, _PER_CYCLE = 8, 4, 64
_STEP_SECONDS = 0.04  # from phase to phase
_FEWEST_LONG = 8
_TINY = 1e-20
_SIZE = 2048  # of a spectrum: a look at the rest, and zeros for the longest lag
_LAGS = np.arange(int(_RATE_HZ / _LAGS_HZ[1]), int(_RATE_HZ / _LAGS_HZ[0]))
_ROWS = types.Array(types.float64, 2, "C", readonly=True)


@dataclass(frozen=True, slots=True)
class Others:
    """What was found beside a voice.

    Parameters
    ----------
    second : float
        Share of the places in which another pitch sounds that is no echo, 0.0 to 1.0, less where
        there are few places.
    second_db : float
        How loud it is there, against all that sounds.
    wavering_hz : float
        How far the overtones stray from whole multiples of one pitch within 40 ms; 0.0 where no
        stretch is long enough to tell.
    """

    second: float
    second_db: float
    wavering_hz: float


ALONE = Others(0.0, 0.0, 0.0)
"""Nothing beside the voice."""


def other_voices(audio: Audio, fine: F0Track, weights: NDArray[np.float32]) -> Others:
    """Look for other voices in a take.

    Parameters
    ----------
    audio : Audio
        The take.
    fine : F0Track
        Its pitch every 5 ms: see `assistant.dsp.f0_fine.sharpen`.
    weights : ndarray of float32, shape (channels,)
        How its channels are mixed.

    Returns
    -------
    Others
        The same for the same take; all 0.0 where nothing is voiced for long enough.
    """
    places = _places(fine)
    if not places.size:
        return ALONE
    rows, wavering = [], []
    for first in range(0, places.size, _BATCH):
        stretches = _Stretches(audio, fine, weights, places[first : first + _BATCH])
        rows.append(_rests(stretches))
        wavering += [_wavering(stretches, int(each)) for each in np.flatnonzero(stretches.long)]
    wavers = float(np.median(wavering)) if len(wavering) >= _FEWEST_LONG else 0.0
    return Others(*_second(places, np.concatenate(rows, axis=1), fine), wavers)


def _places(fine: F0Track) -> NDArray[np.int64]:
    """Choose frames around which the voice sounds, evenly."""
    margin = round((_HALF_SECONDS + _AROUND_SECONDS) / fine.hop_seconds)
    half = round(_HALF_SECONDS / fine.hop_seconds) + 2
    last = fine.times.size - margin
    if last <= margin:
        return np.zeros(0, dtype=np.int64)
    counts = np.concatenate(([0], np.cumsum(fine.voiced, dtype=np.int32)), dtype=np.int32)
    voiced = counts[margin + half + 1 : last + half + 1] - counts[margin - half : last - half]
    more = min(round(_LOUD_SECONDS / fine.hop_seconds), fine.times.size - 1)
    loud_db = float(np.partition(fine.level_db, -more - 1)[-more - 1])
    loud = fine.level_db[margin:last] > loud_db - _SOUNDING_DB
    frames = margin + np.flatnonzero((voiced == 2 * half + 1) & loud)
    cells = frames // round(_EVERY_SECONDS / fine.hop_seconds)
    frames = frames[np.diff(cells, prepend=-1) > 0]
    if frames.size > _MOST_PLACES:
        frames = frames[np.linspace(0, frames.size - 1, _MOST_PLACES).astype(np.int64)]
    return frames


class _Stretches:
    """Some sound around each of some frames, at a rate of its own, with the pitch of the voice."""

    def __init__(
        self,
        audio: Audio,
        fine: F0Track,
        weights: NDArray[np.float32],
        frames: NDArray[np.int64],
    ) -> None:
        import soxr

        hop = fine.hop_seconds
        half, reach = (round(each / hop) for each in (_LONG_SECONDS, _REACH_SECONDS))
        around = frames[:, None] + np.arange(-reach, reach + 1)
        inside = (around[:, 0] >= 0) & (around[:, -1] < fine.times.size)
        near = np.clip(around, 0, fine.times.size - 1)
        voiced = fine.voiced[near][:, reach - half : reach + half + 1]
        self.long = inside & voiced.all(axis=1)
        self.hz = fine.hz[near]
        self.places = np.arange(-reach, reach + 1) * hop * _RATE_HZ  # of `hz`, from the middle
        starts = np.round((frames * hop - _REACH_SECONDS) * audio.rate).astype(np.int64)
        pieces = np.zeros((round(2.0 * _REACH_SECONDS * audio.rate), frames.size), np.float32)
        for place, start in enumerate(starts):
            first, last = max(0, start), min(audio.frames, start + pieces.shape[0])
            piece = weights @ audio.samples[:, first:last]
            pieces[first - start : last - start, place] = piece - piece.mean()
        sound = soxr.resample(pieces, audio.rate, _RATE_HZ, quality="MQ")
        shaped = np.ascontiguousarray(np.reshape(sound, (-1, frames.size)).T, dtype=np.float64)
        self.sound = np.ascontiguousarray(_banded(shaped))
        self.middles = (frames * hop - starts / audio.rate) * _RATE_HZ


def _banded(sounds: Array) -> Array:
    """Keep what lies where overtones of voices are told apart; nothing is delayed by it."""
    size = sounds.shape[1] + _SIZE // 8
    hz = np.maximum(np.fft.rfftfreq(size, 1.0 / _RATE_HZ), _TINY)
    gains = 1.0 / np.sqrt((1.0 + (_LOWEST_HZ / hz) ** 4) * (1.0 + (hz / _HIGHEST_HZ) ** 4))
    return np.asarray(np.fft.irfft(np.fft.rfft(sounds, size, axis=1) * gains, size, axis=1))[
        :, : sounds.shape[1]
    ]


@njit(float64[:, ::1](_ROWS, _ROWS), cache=True, nogil=True)
def _sampled(sounds, places):  # type: ignore[no-untyped-def]
    """Return each sound between its samples (cubic, of four), 0.0 beyond it."""
    made = np.zeros(places.shape)
    for row in range(places.shape[0]):
        sound = sounds[row]
        for i in range(places.shape[1]):
            first = int(np.floor(places[row, i]))
            if first < 1 or first + 2 >= sound.size:
                continue
            by = places[row, i] - first
            a, b, c, d = sound[first - 1], sound[first], sound[first + 1], sound[first + 2]
            bend = 2.0 * a - 5.0 * b + 4.0 * c - d + by * (3.0 * (b - c) + d - a)
            made[row, i] = b + 0.5 * by * (c - a + by * bend)
    return made


def _rests(stretches: _Stretches) -> Array:
    """Take the voice away: energy of all, share of the rest, how well it repeats, its pitch."""
    away = np.arange(_LOOK_SAMPLES, dtype=np.float64) - _LOOK_SAMPLES // 2
    places = stretches.middles[:, None] + away
    period = _RATE_HZ / np.stack([np.interp(away, stretches.places, hz) for hz in stretches.hz])
    here, before, after = (
        _sampled(stretches.sound, places + shift) for shift in (0.0, -period, period)
    )
    rest = here - 0.5 * (before + after)
    energy = (here**2).mean(axis=1)
    share = (rest**2).mean(axis=1) / 1.5 / np.maximum(energy, _TINY)
    return np.stack((energy, share, *_own_pitch(rest, period[:, _LOOK_SAMPLES // 2])))


def _own_pitch(rests: Array, periods: Array) -> tuple[Array, Array]:
    """Tell how well rests repeat, and with what pitch, which is not that of the voice."""
    power = np.abs(np.fft.rfft(rests * _LOOK, _SIZE, axis=1)) ** 2
    alike = np.fft.irfft(power, axis=1)[:, : _LAGS[-1] + 2]
    repeats = alike * _LOOK_ALIKE / np.maximum(alike[:, :1], _TINY)
    at = repeats[:, _LAGS]
    peaks = (at > repeats[:, _LAGS - 1]) & (at >= repeats[:, _LAGS + 1])
    for own in _OWN:
        peaks &= np.abs(_LAGS / (periods[:, None] * own) - 1.0) >= _OWN_WIDTH
    best = np.where(peaks, at, 0.0).max(axis=1)
    first = (peaks & (at >= _FIRST_PEAK * best[:, None])).argmax(axis=1)
    return best, np.asarray(_RATE_HZ / _LAGS[first])


def _look() -> tuple[Array, Array]:
    """Window of a look at the rest, and by how much its own correlation falls with the lag."""
    window = np.hanning(_LOOK_SAMPLES)
    alike = np.correlate(window, window, "full")[_LOOK_SAMPLES - 1 :][: _LAGS[-1] + 2]
    return window, alike[0] / alike


_LOOK, _LOOK_ALIKE = _look()


def _second(frames: NDArray[np.int64], rows: Array, fine: F0Track) -> tuple[float, float]:
    """Tell in how many places another voice sounds, and how loud it is there."""
    energy, share, repeats, hz = rows
    amplitude = np.sqrt(energy)
    weights = np.minimum(amplitude, np.quantile(amplitude, _LOUDEST))
    weights /= max(float(weights.sum()), _TINY)
    level_db = 10.0 * np.log10(np.maximum(share * repeats, _TINY))
    other = (repeats > _REPEATS) & (level_db > _FAINTEST_DB)
    if not other.any():
        return 0.0, 0.0
    found = float(weights[other].sum())
    echo = echo_share(fine, frames[other], hz[other], weights[other] / found)
    second = found * (1.0 - echo) * frames.size / (frames.size + _FEW)
    return second, float(np.median(level_db[other]))


def _wavering(stretches: _Stretches, row: int) -> float:
    """Measure how far the overtones stray from one pitch, Hz: by their phases, cycle by cycle."""
    inside = np.abs(stretches.places) <= _LONG_SECONDS * _RATE_HZ
    where, hz = stretches.places[inside] + stretches.middles[row], stretches.hz[row, inside]
    middle_hz = float(hz.mean())
    turns = np.concatenate(([0.0], np.cumsum(0.5 * (hz[1:] + hz[:-1]) * np.diff(where)))) / _RATE_HZ
    cycles = int(turns[-1])
    step = max(1, round(_STEP_SECONDS * middle_hz))
    many = min(_OVERTONES, int(_HIGHEST_HZ / float(hz.max())))
    if cycles < _CYCLES + step + 1 or many < 2:
        return 0.0
    grid = np.arange(cycles * _PER_CYCLE) / _PER_CYCLE
    places = np.interp(grid, turns, where)[None, :]
    sound = _sampled(stretches.sound[row : row + 1], places)[0]
    views = np.lib.stride_tricks.sliding_window_view(sound, _CYCLES * _PER_CYCLE)[::_PER_CYCLE]
    tones = views @ _WAVES[:, :many]
    turned = tones[step:] * tones[:-step].conj()
    order = np.arange(1, many + 1)
    weight = np.abs(turned)
    off_hz = np.angle(turned) / (2.0 * np.pi) * middle_hz / step
    common = (off_hz * weight).sum(axis=1) / np.maximum((weight * order).sum(axis=1), _TINY)
    stray = off_hz - common[:, None] * order
    return float(np.sqrt((weight * stray**2).sum() / max(float(weight.sum()), _TINY)))


def _waves() -> NDArray[np.complex128]:
    """Waves of the overtones over a few cycles, under a window."""
    turns = np.arange(_CYCLES * _PER_CYCLE) / _PER_CYCLE
    waves = np.exp(-2j * np.pi * turns[:, None] * np.arange(1, _OVERTONES + 1))
    return np.asarray(waves * np.hanning(turns.size)[:, None])


_WAVES = _waves()
