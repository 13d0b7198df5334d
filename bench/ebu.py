"""The signals of EBU Tech 3341 and Tech 3342 that can be made from their description.

Made at any rate. Cases 7, 8, 11 and 14 of Tech 3341, cases 5 and 6 of Tech 3342 are recordings or
ask what others ask already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from assistant.material import Samples

TOLERANCES = {
    "integrated": (-0.1, 0.1),
    "short_term": (-0.1, 0.1),
    "momentary": (-0.1, 0.1),
    "loudness_range": (-1.0, 1.0),
    "true_peak": (-0.4, 0.2),
}


@dataclass(frozen=True)
class Case:
    """One signal and what a meter should say about it.

    Parameters
    ----------
    name : str
        Document and number, such as ``"3341-13.4"``.
    quantity : str
        A key of `TOLERANCES`.
    target : float
        In LUFS, LU or dBTP.
    make : callable
        Takes a rate in Hz, returns samples of shape (channels, frames).
    constant_after : float, optional
        From so many seconds on, the meter should stay at the target; where there is none, the
        target is for the maximum (or for the whole).
    """

    name: str
    quantity: str
    target: float
    make: Callable[[int], Samples]
    constant_after: float | None = None


def cases() -> Iterator[Case]:
    """List all signals."""
    yield from _integrated()
    yield from _sliding()
    yield from _ranges()
    yield from _peaks()


def error(case: Case, readings: np.ndarray | float, readings_a_second: float) -> float:
    """Say how far a meter is off.

    Parameters
    ----------
    case : Case
        What was measured.
    readings : float or ndarray
        One reading, or all readings one after the other.
    readings_a_second : float
        Where there are many: how fast they follow, the first at the end of the first window.

    Returns
    -------
    float
        In LU or dB, the worst one, positive where the meter reads too high.
    """
    if case.constant_after is None:
        return float(np.max(readings) - case.target)
    window = {"momentary": 0.4, "short_term": 3.0}[case.quantity]
    first = max(0, round((case.constant_after - window) * readings_a_second))
    off = np.asarray(readings)[first:] - case.target
    return float(off[np.argmax(np.abs(off))])


def tone(*sections: tuple[float, float]) -> Callable[[int], Samples]:
    """Make 1 kHz, the same on both sides, of sections of (dBFS, seconds)."""

    def make(rate: int) -> Samples:
        row = _tone(rate, sections)
        return np.stack([row, row])

    return make


def _tone(rate: int, sections: tuple[tuple[float, float], ...]) -> Samples:
    ends = np.cumsum([0.0, *(seconds for _, seconds in sections)])
    edges = np.round(ends * rate).astype(int)
    row = np.sin(2.0 * np.pi * 1000.0 / rate * np.arange(edges[-1]))
    for (start, stop), (level, _) in zip(pairwise(edges), sections, strict=True):
        row[start:stop] *= 10.0 ** (level / 20.0)
    return row.astype(np.float32)


SILENCE = -np.inf


def _integrated() -> Iterator[Case]:
    yield Case("3341-1", "integrated", -23.0, tone((-23, 20)))
    yield Case("3341-2", "integrated", -33.0, tone((-33, 20)))
    yield Case("3341-3", "integrated", -23.0, tone((-36, 10), (-23, 60), (-36, 10)))
    steps = ((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10))
    yield Case("3341-4", "integrated", -23.0, tone(*steps))
    yield Case("3341-5", "integrated", -23.0, tone((-26, 20), (-20, 20.1), (-26, 20)))
    yield Case("3341-6", "integrated", -23.0, _surround)


def _surround(rate: int) -> Samples:
    """Make case 6 in the channel order of WAV: L R C LFE Ls Rs."""
    levels = (-28.0, -28.0, -24.0, SILENCE, -30.0, -30.0)
    return np.stack([_tone(rate, ((level, 20.0),)) for level in levels])


def _sliding() -> Iterator[Case]:
    for number, level in ((1, -23.0), (2, -33.0)):
        steady = tone((level, 20))
        yield Case(f"3341-{number}.S", "short_term", level, steady, constant_after=3.0)
        yield Case(f"3341-{number}.M", "momentary", level, steady, constant_after=1.0)
    wave = tone(*((-20, 1.34), (-30, 1.66)) * 5)
    yield Case("3341-9", "short_term", -23.0, wave, constant_after=3.0)
    wave = tone(*((-20, 0.18), (-30, 0.22)) * 25)
    yield Case("3341-12", "momentary", -23.0, wave, constant_after=1.0)
    for i in range(20):
        burst = tone((SILENCE, i * 0.15), (-23, 3.0), (SILENCE, 1.0))
        yield Case(f"3341-10.{i}", "short_term", -23.0, burst)
        burst = tone((SILENCE, i * 0.02), (-23, 0.4), (SILENCE, 1.0))
        yield Case(f"3341-13.{i}", "momentary", -23.0, burst)


def _ranges() -> Iterator[Case]:
    levels = {
        1: (10, -20, -30),
        2: (5, -20, -15),
        3: (20, -40, -20),
        4: (15, -50, -35, -20, -35, -50),
    }
    for number, (target, *sections) in levels.items():
        make = tone(*((level, 20.0) for level in sections))
        yield Case(f"3342-{number}", "loudness_range", target, make)


def _peaks() -> Iterator[Case]:
    yield Case("3341-15", "true_peak", -6.0, _faded(4, 0.5, 0.0))
    yield Case("3341-16", "true_peak", -6.0, _faded(4, 0.5, 45.0))
    yield Case("3341-17", "true_peak", -6.0, _faded(6, 0.5, 60.0))
    yield Case("3341-18", "true_peak", -6.0, _faded(8, 0.5, 67.5))
    yield Case("3341-19", "true_peak", 3.0, _faded(4, 1.41, 45.0))
    for offset in range(4):
        yield Case(f"3341-{20 + offset}", "true_peak", 0.0, _between_samples(offset))


def _faded(divisor: int, amplitude: float, degrees: float) -> Callable[[int], Samples]:
    """Make a sine of rate / divisor that fades in and out over 10 ms."""

    def make(rate: int) -> Samples:
        phase = 2.0 * np.pi * np.arange(rate // 2) / divisor + np.radians(degrees)
        fade = np.minimum(1.0, np.arange(rate // 2) / (0.01 * rate))
        row = (amplitude * np.sin(phase) * fade * fade[::-1]).astype(np.float32)
        return np.stack([row, row])

    return make


def _between_samples(offset: int) -> Callable[[int], Samples]:
    """Make a sine of rate / 6 that carries one louder period of rate / 4, `offset` / 4 late."""
    from scipy.signal import firwin, oaconvolve

    def make(rate: int) -> Samples:
        carrier = np.sin(2.0 * np.pi / 24.0 * np.arange(24 * (rate // 24)))
        period = np.sin(2.0 * np.pi / 16.0 * np.arange(16))
        whole = np.concatenate([0.5 * carrier, period, 0.5 * carrier])
        fade = np.minimum(1.0, np.arange(len(whole)) / (0.04 * rate))
        low = oaconvolve(whole * fade * fade[::-1], firwin(1023, 0.25), mode="same")
        row = low[offset::4].astype(np.float32)
        return np.stack([row, row])

    return make
