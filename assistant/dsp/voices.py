"""The built-in players: a score as sound, by plucked strings and a small drum kit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit, types
from numpy.typing import NDArray

from assistant.dsp.drums import DRUM_NAMES, drum
from assistant.dsp.strings import String, pluck
from assistant.material import Samples, Score, Track, note_hz

__all__ = ["CEILING", "render"]

CEILING = 10.0 ** (-3.0 / 20.0)
"""Highest sample peak of a rendering: -3 dBFS."""

_TAIL_SECONDS = 1.5
_MAX_HZ_SHARE = 0.2  # of the rate: no fundamental is higher
_MIN_HZ = 20.0
_SOUNDS_KEPT = 48  # plucks remembered for notes that come again
_SPREAD = 0.4  # how far the outer voices of a chord stand from the middle, 0.0 to 1.0
_CENTRE_PITCH, _SPREAD_PITCHES = 62.0, 18.0
_DRUM_PLACES = {"hat": (-0.3, 0.16), "open": (-0.3, 0.16), "ride": (0.35, 0.14),
                "rim": (0.15, 0.3), "snare": (0.05, 0.42), "kick": (0.0, 0.75)}  # fmt: skip
_BODY = ((108.0, 1.4, 4.0), (215.0, 1.2, 3.0), (2_600.0, 0.7, -2.0))  # Hz, Q, dB


@dataclass(frozen=True, slots=True)
class _Player:
    """Who plays a track: on what string, how loud, and how far apart a chord is strummed."""

    string: String
    gain: float
    strum_seconds: float = 0.0
    spread: float = _SPREAD


_KEYS = _Player(String(5.0, 0.32, 0.7, 0.11), 0.15)
_GUITAR = _Player(String(4.0, 0.42, 0.9, 0.14), 0.17, strum_seconds=0.011)
_SOFT = _Player(String(9.0, 0.5, 0.25, 0.3, attack_seconds=0.05), 0.15)
_BASS = _Player(String(5.0, 0.5, 0.35, 0.2), 0.25, spread=0.0)


def _player(track: Track) -> _Player:
    """Choose a player by General MIDI program."""
    if 24 <= track.program <= 31:
        return _GUITAR
    if 32 <= track.program <= 39 or track.program in {42, 43, 58, 87}:
        return _BASS
    return _KEYS if track.program < 16 else _SOFT


@njit(  # type: ignore[untyped-decorator]
    types.void(types.Array(types.float32, 1, "C"), types.Array(types.float64, 1, "C")),
    cache=True,
    nogil=True,
)
def _filter(samples: Samples, coefficients: NDArray[np.float64]) -> None:
    """Run a biquad (b0 b1 b2 a1 a2) over samples, in place."""
    first, second = 0.0, 0.0
    b0, b1, b2, a1, a2 = coefficients
    for frame in range(samples.size):
        sample = samples[frame]
        out = b0 * sample + first
        first = b1 * sample - a1 * out + second
        second = b2 * sample - a2 * out
        samples[frame] = out


def render(
    score: Score, rate: int, scratch: Callable[[tuple[int, ...]], Samples] | None = None
) -> Samples:
    """Play a score.

    Parameters
    ----------
    score : Score
        Any; notes below 20 Hz or above a fifth of the rate are played at that limit.
    rate : int
        Frames a second.
    scratch : callable, optional
        Makes a float32 array of zeros of a given shape; by default in memory.

    Returns
    -------
    ndarray of float32, shape (2, frames)
        The sound with its tail, its sample peak at `CEILING`; silence where there are no notes.
        The same for the same score.
    """
    frames = round((score.seconds_at(score.beats) + _TAIL_SECONDS) * rate)
    out = (scratch or _zeros)((2, frames))
    players = [(track, _player(track)) for track in score.tracks if not track.drums]
    for track, player in players:
        if player is not _BASS:
            _play_strings(score, track, player, rate, out)
    for channel in out:
        for bell in _BODY:
            _filter(channel, _bell(*bell, rate))
    for track, player in players:
        if player is _BASS:
            _play_strings(score, track, player, rate, out)
    for track in score.tracks:
        if track.drums:
            _play_drums(score, track, rate, out)
    loudest = max(float(out.max(initial=0.0)), -float(out.min(initial=0.0)))
    if loudest > 0.0:
        out *= np.float32(CEILING / loudest * (1.0 - 1e-6))
    return out


def _zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def _play_strings(score: Score, track: Track, player: _Player, rate: int, out: Samples) -> None:
    struck: dict[tuple[float, float, int], NDArray[np.float64]] = {}
    rank, before = 0, math.nan
    for note in track.notes:
        rank = rank + 1 if note.start == before else 0
        before = note.start
        start, end = score.seconds_at(note.start), score.seconds_at(note.end)
        how = (note.pitch, round(end - start, 6), note.velocity // 4 * 4 + 2)
        if how not in struck:
            if len(struck) == _SOUNDS_KEPT:
                del struck[next(iter(struck))]
            struck[how] = pluck(player.string, _hz(note.pitch, rate), how[1], how[2] / 127.0, rate)
        height = max(-1.0, min(1.0, (note.pitch - _CENTRE_PITCH) / _SPREAD_PITCHES))
        late = round((start + rank * player.strum_seconds) * rate)
        _add(out, struck[how], late, player.gain, height * player.spread)


def _play_drums(score: Score, track: Track, rate: int, out: Samples) -> None:
    for note in track.notes:
        key = round(note.pitch)
        pan, gain = _DRUM_PLACES[DRUM_NAMES.get(key, "rim")]
        start = round(score.seconds_at(note.start) * rate)
        _add(out, drum(key, rate), start, gain * (note.velocity / 127.0) ** 1.5, pan)


def _add(out: Samples, sound: NDArray[np.float64], start: int, gain: float, pan: float) -> None:
    """Mix a sound in at a place between left (-1.0) and right (1.0), at constant power."""
    end = min(out.shape[1], start + sound.size)
    angle = (pan + 1.0) * math.pi / 4.0
    heard = sound[: end - start]
    out[0, start:end] += (gain * math.cos(angle)) * heard
    out[1, start:end] += (gain * math.sin(angle)) * heard


def _hz(pitch: float, rate: int) -> float:
    return min(max(note_hz(pitch), _MIN_HZ), _MAX_HZ_SHARE * rate)


def _bell(centre_hz: float, q: float, gain_db: float, rate: int) -> NDArray[np.float64]:
    """Design a bell (Bristow-Johnson's cookbook)."""
    amplitude = 10.0 ** (gain_db / 40.0)
    omega = 2.0 * math.pi * centre_hz / rate
    alpha = math.sin(omega) / (2.0 * q)
    a0 = 1.0 + alpha / amplitude
    middle = -2.0 * math.cos(omega)
    return np.array([
        (1.0 + alpha * amplitude) / a0, middle / a0, (1.0 - alpha * amplitude) / a0,
        middle / a0, (1.0 - alpha / amplitude) / a0,
    ])  # fmt: skip
