"""Hum of the mains: found, followed by its phase, and subtracted.

Nothing is filtered: what is at 50 or 60 Hz and its harmonics besides the hum stays, notes too.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.hum_judging import Evidence, evidence_of
from assistant.dsp.hum_lines import lines_of
from assistant.dsp.hum_sound import sound_of
from assistant.dsp.hum_tracking import Track, follow, sharpened
from assistant.dsp.mains import Comb, combs, is_mains
from assistant.material import Audio, Samples, Scratch

__all__ = ["Hum", "HumStretch", "find_hum", "without_hum"]

STRETCH_SECONDS, STEP_SECONDS = 30.0, 20.0  # they overlap
SHORTEST_SECONDS = 1.5
FADE_SECONDS = 1.0
LEAST_SURE = 0.3
LEAST_MUSIC = 0.2  # power over that of hum, at the loudest: less is a tone, which may be the music
EXPECTED_SURE = 0.5  # where it is known to be, and nothing speaks against it
_BLOCK_FRAMES = 1 << 18
_TINY = 1e-20


@dataclass(frozen=True, slots=True)
class HumStretch:
    """A stretch with hum.

    Parameters
    ----------
    start, stop : int
        From which frame to which.
    hertz : float
        Of the mains in it, on the average.
    orders : tuple of int
        Its harmonics that stand out most.
    """

    start: int
    stop: int
    hertz: float
    orders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hum:
    """What is known of hum.

    Parameters
    ----------
    stretches : tuple of HumStretch
        Where it is, in order; they overlap where it goes on.
    hertz : float
        Of the mains where it is surest, near 50 or 60.
    lines : int
        How many harmonics stand, at most.
    level_db : float
        RMS of the channel with most of it, in dBFS, where it is strongest.
    under_db : float
        How far that lies under all that sounds there; negative where hum is most of it.
    sure : float
        0.0 to 1.0.
    """

    stretches: tuple[HumStretch, ...]
    hertz: float
    lines: int
    level_db: float
    under_db: float
    sure: float


class _Heard(NamedTuple):
    """Hum of one stretch: as of `Hum`; which harmonics stand; and whether there is only a tone."""

    hertz: float
    orders: tuple[int, ...]
    level_db: float
    under_db: float
    sure: float
    alone: bool

    @property
    def lines(self) -> int:
        return len(self.orders)


def find_hum(audio: Audio, noise: Audio | None = None) -> Generator[float, None, Hum | None]:
    """Look for hum of the mains.

    Parameters
    ----------
    audio : Audio
        Finite. May be memory-mapped.
    noise : Audio, optional
        Some seconds of the same room without music, at any rate: where that hums, less evidence
        is asked for in the sound itself.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Hum or None
        None where there is none, or it is too short to tell.
    """
    known = None if noise is None else _known(noise)
    stretches = list(_stretches(audio))
    found: dict[tuple[int, int], _Heard] = {}
    for n, (start, stop) in enumerate(stretches):
        heard = _heard(audio.samples[:, start:stop], audio.rate, known)
        if heard is not None:
            found[start, stop] = heard
        yield 0.5 * (n + 1) / len(stretches)
    if not found:
        return None
    # Where hum is before and after, it goes on through what is too loud to hear it alone.
    surest = max(found.values(), key=lambda heard: (heard.sure, heard.lines))
    for n, (start, stop) in enumerate(stretches):
        if (start, stop) not in found:
            part = audio.samples[:, start:stop]
            heard = _expected(part, audio.rate, Comb(surest.hertz, 0.0, surest.orders))
            if heard is not None:
                found[start, stop] = heard
        yield 0.5 + 0.5 * (n + 1) / len(stretches)
    loudest = max(found.values(), key=lambda heard: heard.level_db)
    return Hum(
        tuple(
            HumStretch(start, stop, heard.hertz, heard.orders)
            for (start, stop), heard in sorted(found.items())
        ),
        surest.hertz,
        max(heard.lines for heard in found.values()),
        loudest.level_db,
        loudest.under_db,
        surest.sure,
    )


def without_hum(
    audio: Audio, hum: Hum | None, amount: float, scratch: Scratch
) -> Generator[float, None, Audio]:
    """Subtract hum.

    Parameters
    ----------
    audio : Audio
        The sound in which it was found.
    hum : Hum or None
        From `find_hum`.
    amount : float
        How much of it to take away, 0.0 to 1.0.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        The sound itself where there is nothing to take away.
    """
    if hum is None or amount == 0.0:
        return audio
    out = scratch(audio.samples.shape)
    for start, block in audio.blocks(_BLOCK_FRAMES):
        out[:, start : start + block.shape[1]] = block
        yield 0.1 * (start + block.shape[1]) / audio.frames
    for n, stretch in enumerate(hum.stretches):
        part = audio.samples[:, stretch.start : stretch.stop]
        track = follow(lines_of(part, audio.rate, stretch.hertz), stretch.orders)
        share = amount * _fades(hum.stretches, n, audio)
        for first, sound in sound_of(part, track):
            last = min(first + sound.shape[1], part.shape[1])
            taken = share[first:last] * sound[:, : last - first]
            out[:, stretch.start + first : stretch.start + last] -= taken.astype(np.float32)
        yield 0.1 + 0.9 * (n + 1) / len(hum.stretches)
    return Audio(out, audio.rate)


def _stretches(audio: Audio) -> Iterator[tuple[int, int]]:
    """Part a sound into stretches that overlap, the last of which may be longer."""
    length, step = (round(seconds * audio.rate) for seconds in (STRETCH_SECONDS, STEP_SECONDS))
    if audio.seconds < SHORTEST_SECONDS:
        return
    count = 1 + max(0, math.ceil((audio.frames - length) / step))
    for n in range(count):
        yield n * step, min(n * step + length, audio.frames)


def _known(noise: Audio) -> Comb | None:
    """Listen for hum in noise alone."""
    for comb in combs(noise.samples, noise.rate)[:1]:
        track = _followed(noise.samples, noise.rate, comb)
        evidence = evidence_of(track)
        if not evidence.refutes and is_mains(track.hertz):
            return Comb(track.hertz, comb.score_db, _orders(evidence))
    return None


def _heard(samples: Samples, rate: int, known: Comb | None) -> _Heard | None:
    """Follow what may be hum in a stretch, and tell of it if it is."""
    best: _Heard | None = None
    for comb in _apart(combs(samples, rate)):
        track = _followed(samples, rate, comb)
        evidence = evidence_of(track)
        told = _told(samples, track, evidence)
        enough = evidence.sure >= LEAST_SURE and (best is None or evidence.sure > best.sure)
        if enough and not told.alone:
            best = told
    if best is None and known is not None:
        return _expected(samples, rate, known)
    return best


def _expected(samples: Samples, rate: int, known: Comb) -> _Heard | None:
    """Follow hum where it is to be expected, and tell of it unless it is not there."""
    if samples.shape[1] < SHORTEST_SECONDS * rate:
        return None
    track = _followed(samples, rate, known)
    evidence = evidence_of(track)
    if evidence.refutes or not is_mains(track.hertz):
        return None
    return _told(samples, track, replace(evidence, sure=max(evidence.sure, EXPECTED_SURE)))


def _followed(samples: Samples, rate: int, comb: Comb) -> Track:
    """Follow lines, of which it is not quite known where they are."""
    hertz = sharpened(lines_of(samples, rate, comb.hertz), comb.orders)
    return follow(lines_of(samples, rate, hertz), comb.orders)


def _apart(found: list[Comb]) -> list[Comb]:
    """Leave out a family that is but the harmonics which both have: 300 Hz is of 50 and of 60."""
    return [comb for comb in found if comb.score_db > 0.4 * found[0].score_db]


def _orders(evidence: Evidence) -> tuple[int, ...]:
    return tuple((np.flatnonzero(evidence.standing.any(axis=0)) + 1).tolist())


def _told(samples: Samples, track: Track, evidence: Evidence) -> _Heard:
    """Put what was heard in numbers."""
    of_channels = 0.5 * (np.square(np.abs(track.made)).mean(axis=2) * evidence.standing).sum(axis=1)
    loudest = int(np.argmax(of_channels))
    whole = float(np.square(samples[loudest], dtype=np.float64).mean())
    level_db = 10.0 * math.log10(max(float(of_channels[loudest]), _TINY))
    under_db = 10.0 * math.log10(max(whole, _TINY)) - level_db
    alone = _loudest(samples, track.lines.rate) < (1.0 + LEAST_MUSIC) * float(of_channels.sum())
    return _Heard(track.hertz, _orders(evidence), level_db, under_db, evidence.sure, alone)


def _loudest(samples: Samples, second: int) -> float:
    """Return the power of all channels in the loudest second."""
    starts = range(0, max(1, samples.shape[1] - second + 1), max(1, second // 2))
    powers = [np.square(samples[:, n : n + second]).mean(axis=1).sum() for n in starts]
    return float(max(powers))


def _fades(stretches: tuple[HumStretch, ...], n: int, audio: Audio) -> NDArray[np.float64]:
    """Tell how much of a stretch counts, frame by frame: neighbours are faded into each other."""
    start, stop = stretches[n].start, stretches[n].stop
    fade, share = round(FADE_SECONDS * audio.rate), np.ones(stop - start)
    before = stretches[n - 1].stop if n else start
    after = stretches[n + 1].start if n + 1 < len(stretches) else stop
    frames = np.arange(start, stop) + 0.5
    if start > 0:
        middle = max(start + fade / 2.0, (start + before) / 2.0)
        share *= np.clip((frames - middle) / fade + 0.5, 0.0, 1.0)
    if stop < audio.frames:
        middle = min(stop - fade / 2.0, (after + stop) / 2.0)
        share *= np.clip((middle - frames) / fade + 0.5, 0.0, 1.0)
    return share
