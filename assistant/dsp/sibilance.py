"""Sibilance: "s" that stands out of a voice, turned down by what it stands out.

Each s is measured against the loud vowels of the same take, so that neither the level of the take
nor a bright microphone makes one. What is turned down is what lies above the frequency from which
on the s of this voice holds more than its vowels; the rest of the voice stays as it is.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from assistant.dsp.mouth import Burst, Heard, Plan, bursts, turned_down
from assistant.material import Audio, Scratch

__all__ = ["Sibilance", "find_sibilance", "without_sibilance"]

_TOP = 0.45  # of the rate
LEAST_RATE_HZ = 16_000
HISSING_HZ = (4_500.0, 12_000.0)
PLAN = Plan(0.005, HISSING_HZ, (200.0, 4_000.0), 2.0, (0.03, 0.4))
STANDS_OUT_DB = -2.0  # against loud vowels
WANTED_DB = -6.0
MOST_DB = 9.0
LEAST_COUNT = 2  # one alone may be a breath, or a cymbal
VOICE = 0.5  # least share of the power that is voice
CORNER_HZ = (3_000.0, 7_000.0)
TAP_SECONDS, FADE_SECONDS = 0.004, 0.008


@dataclass(frozen=True, eq=False)
class Sibilance:
    """What is known of it.

    Parameters
    ----------
    places : tuple of Burst
        Each s that stands out.
    corner_hz : float
        From where on it is turned down.
    level_db : float
        The median of them against loud vowels.
    sure : float
        0.0 to 1.0.
    """

    places: tuple[Burst, ...]
    corner_hz: float
    level_db: float
    sure: float


def find_sibilance(audio: Audio) -> Generator[float, None, Sibilance | None]:
    """Look for "s" that stands out.

    Parameters
    ----------
    audio : Audio
        A voice alone: a hi-hat is no worse than an s to it. Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Sibilance or None
        None where none does, or the rate is too low to hold it.
    """
    if audio.rate < LEAST_RATE_HZ:
        return None
    heard = yield from bursts(audio, PLAN)
    places = tuple(burst for burst in heard.bursts if burst.level_db >= STANDS_OUT_DB)
    if len(places) < LEAST_COUNT or heard.voice_share < VOICE:
        return None
    level_db = float(np.median([burst.level_db for burst in places]))
    sure = min(1.0, 0.4 + 0.1 * len(places) + 0.05 * (level_db - STANDS_OUT_DB))
    return Sibilance(places, _corner_hz(heard, audio.rate), level_db, sure)


def without_sibilance(
    audio: Audio, sibilance: Sibilance | None, amount: float, scratch: Scratch
) -> Generator[float, None, Audio]:
    """Turn each s down to where it does not stand out.

    Parameters
    ----------
    audio : Audio
        The sound in which it was found.
    sibilance : Sibilance or None
        From `find_sibilance`.
    amount : float
        How far to go, 0.0 to 1.0.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Audio
        The sound itself where there is nothing to do.
    """
    from scipy.signal import firwin

    if sibilance is None or amount == 0.0:
        return audio
    count = 2 * round(TAP_SECONDS * audio.rate / 2.0) + 1
    taps = firwin(count, sibilance.corner_hz, pass_zero=False, fs=audio.rate)
    places = [
        (burst, amount * min(MOST_DB, burst.level_db - WANTED_DB)) for burst in sibilance.places
    ]
    return (yield from turned_down(audio, places, taps, FADE_SECONDS, scratch))


def _corner_hz(heard: Heard, rate: int) -> float:
    """Return the lowest frequency from which on s holds more than vowels do."""
    more = heard.burst_power > heard.voice_power
    less = np.flatnonzero(~more & (heard.hertz < HISSING_HZ[0]))
    corner = float(heard.hertz[less[-1] + 1]) if less.size else CORNER_HZ[0]
    return float(np.clip(corner, CORNER_HZ[0], min(CORNER_HZ[1], 0.8 * _TOP * rate)))
