"""Pitch tracks of a voice whose every note is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FINE, COARSE = 0.005, 0.016
REST = 0.3


@dataclass(frozen=True)
class Track:
    times: Array
    pitch: Array
    confidence: Array
    level_db: Array
    hop_seconds: float


@dataclass(frozen=True)
class Sung:
    """A note: its centre, its length, its movements in cents, and the silence after it."""

    pitch: float
    seconds: float
    drift: float = 0.0
    depth: float = 0.0
    hz: float = 5.5
    phase: float = 0.0
    scoop: float = 0.0
    gap: float = 0.0
    glide: float = 0.04

    def cents(self, since: Array) -> Array:
        wave = self.depth * np.sin(2.0 * np.pi * self.hz * since + self.phase)
        line = self.drift * (since / self.seconds - 0.5)
        return np.asarray(line + wave + self.scoop * np.exp(-since / 0.03), dtype=np.float64)


@dataclass(frozen=True)
class Made:
    coarse: Track
    fine: Track
    onsets: Array
    starts: tuple[float, ...]


def made(*notes: Sung, unrest: float = 0.0, seed: int = 1, again_db: float = 0.0) -> Made:
    """Sing notes; `again_db` is how far the loudness dips before each linked one."""
    starts = [REST + 2.0 * FINE]
    for note in notes:
        starts.append(starts[-1] + note.seconds + note.gap)
    times = np.asarray(np.arange(round((starts[-1] + REST) / FINE)) * FINE, dtype=np.float64)
    pitch, sure, level = np.full(times.size, 60.0), np.zeros(times.size), np.full(times.size, -85.0)
    for start, note in zip(starts, notes, strict=False):
        here = (times >= start - 1e-9) & (times < start + note.seconds - 1e-9)
        pitch[here] = note.pitch + note.cents(times[here] - start) / 100.0
        sure[here], level[here] = 0.96, -20.0
    for start, before, note in zip(starts[1:], notes, notes[1:], strict=False):
        if before.gap == 0.0:
            _link(times, pitch, start, note.glide)
            level[np.abs(times - start + 0.03) < 0.03] -= again_db
    waver = np.random.default_rng(seed).normal(0.0, unrest, times.size)
    pitch = pitch + np.convolve(waver, np.ones(4) / 2.0, "same") / 100.0
    fine = Track(times, pitch, sure, level, FINE)
    every: Array = np.arange(0.0, times[-1], COARSE)
    columns = [np.interp(every, times, each) for each in (pitch, sure, level)]
    coarse = Track(every, columns[0], columns[1], columns[2], COARSE)
    return Made(coarse, fine, np.zeros(every.size), tuple(starts[:-1]))


def _link(times: Array, pitch: Array, at: float, glide: float) -> None:
    inside = np.flatnonzero(np.abs(times - at) < 0.5 * glide)
    first, last = pitch[inside[0] - 1], pitch[inside[-1] + 1]
    share = (np.arange(inside.size) + 1.0) / (inside.size + 1.0)
    pitch[inside] = first + (last - first) * (0.5 - 0.5 * np.cos(np.pi * share))


def within(track: Track, start: float, end: float) -> slice:
    first, last = np.searchsorted(track.times, (start, end))
    return slice(int(first), int(last))


def melody(pitches: Sequence[float], seconds: float = 0.5) -> tuple[Sung, ...]:
    return tuple(Sung(pitch, seconds) for pitch in pitches)
