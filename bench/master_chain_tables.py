"""The tables of whole chains: at a loudness, and towards a reference."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import numpy as np

from assistant.material import Audio
from bench.master_cases import near_mono
from bench.master_chains import CHAINS, MATCHERS, Chain, Matcher
from bench.master_measures import (
    loudness,
    loudness_range,
    peak_by_soxr,
    side_over_mid,
    spectral_distance,
)
from bench.master_tables import Column, Compared

__all__ = ["chains", "matchers"]

TARGET = -14.0


def chains(sounds: Mapping[str, Audio], ceiling_db: float) -> Compared:
    """Master every sound with every chain.

    Parameters
    ----------
    sounds : mapping of str to Audio
        In stereo.
    ceiling_db : float
        In dBTP.

    Returns
    -------
    Compared
        One row for each, and one for the mixes themselves.
    """
    heads = {f"error at {TARGET:g}": -1, "true peak": 0, f"PLR at {TARGET:g}": 1, "range": 0}
    mixes = [(audio, audio) for audio in sounds.values()]
    rows = {"the mixes": [None, None, *_about(mixes)[2:]]}
    rows |= {name: _chain(chain, sounds, ceiling_db) for name, chain in CHAINS.items()}
    return Compared([Column(*head) for head in heads.items()], rows)


def _chain(chain: Chain, sounds: Mapping[str, Audio], ceiling_db: float) -> list[float | None]:
    return _about([(a, Audio(chain(a, TARGET, ceiling_db), a.rate)) for a in sounds.values()])


def _about(pairs: list[tuple[Audio, Audio]]) -> list[float | None]:
    readings = [loudness(made.samples, made.rate) for _, made in pairs]
    peaks = [peak_by_soxr(made.samples) for _, made in pairs]
    ranges = [
        loudness_range(made.samples, made.rate) - loudness_range(mix.samples, mix.rate)
        for mix, made in pairs
    ]
    plr = np.subtract(peaks, readings).mean()
    off = max(abs(reading - TARGET) for reading in readings)
    return [round(off, 2), round(max(peaks), 2), round(float(plr), 1), _two(np.mean(ranges))]


def matchers(sounds: Mapping[str, Audio], ceiling_db: float) -> Compared:
    """Bring every sound to every other.

    Parameters
    ----------
    sounds : mapping of str to Audio
        In stereo.
    ceiling_db : float
        In dBTP.

    Returns
    -------
    Compared
        One row for each that matches, and one for the mixes themselves.
    """
    heads = {
        "distance": -1,
        "largest": -1,
        "off": -1,
        "true peak": 0,
        "PLR, matched": 1,
        "sides": -1,
    }
    pairs = list(permutations(sounds.values(), 2))
    before = [spectral_distance(mix, reference) for mix, reference in pairs]
    rows: dict[str, list[float | None]] = {
        "the mixes": [_two(np.mean(before)), _two(max(before)), None, None, None, None]
    }
    rows |= {name: _matcher(one, sounds, ceiling_db) for name, one in MATCHERS.items()}
    return Compared([Column(*head) for head in heads.items()], rows)


def _matcher(
    matcher: Matcher, sounds: Mapping[str, Audio], ceiling_db: float
) -> list[float | None]:
    distances, offs, peaks, ratios = [], [], [], []
    for mix, reference in permutations(sounds.values(), 2):
        made = Audio(matcher(mix, reference, ceiling_db), mix.rate)
        reading = loudness(made.samples, made.rate)
        distances.append(spectral_distance(made, reference))
        offs.append(abs(reading - loudness(reference.samples, reference.rate)))
        peaks.append(peak_by_soxr(made.samples))
        ratios.append(peaks[-1] - reading)
    sides = _sides_lost(matcher, sounds, ceiling_db)
    told = np.mean(distances), max(distances), max(offs), max(peaks), np.mean(ratios), sides
    return [_two(float(one)) for one in told]


def _sides_lost(matcher: Matcher, sounds: Mapping[str, Audio], ceiling_db: float) -> float:
    """Tell how much of the sides goes where the reference has next to none, at most, in dB."""
    names = list(sounds)
    lost = []
    for name, other in zip(names, names[1:] + names[:1], strict=True):
        made = matcher(sounds[name], near_mono(sounds[other]), ceiling_db)
        lost.append(side_over_mid(sounds[name].samples) - side_over_mid(made))
    return max(lost)


def _two(value: float | np.floating) -> float:
    return round(float(value), 2)
