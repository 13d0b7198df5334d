"""Plosives: bursts of air from a "p" or a "b" that hit the microphone, turned down.

Such a burst is a short push under all notes of the voice, before or without one, and louder than
the vowels. What is turned down is what lies under those notes.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from assistant.dsp.mouth import Burst, Plan, bursts, turned_down
from assistant.material import Audio, Scratch

__all__ = ["Plosives", "find_plosives", "without_plosives"]

PLAN = Plan(0.01, (20.0, 90.0), (120.0, 1_000.0), 1.0, (0.02, 0.16))
STANDS_OUT_DB = 3.0  # against loud vowels
WANTED_DB = -9.0
MOST_DB = 24.0
VOICE = 0.3  # least share of the power that is voice
CORNER_HZ = 130.0
TAP_SECONDS, FADE_SECONDS = 0.03, 0.02


@dataclass(frozen=True, eq=False)
class Plosives:
    """What is known of them.

    Parameters
    ----------
    places : tuple of Burst
        Each of them.
    level_db : float
        Of the loudest, against loud vowels.
    sure : float
        0.0 to 1.0.
    """

    places: tuple[Burst, ...]
    level_db: float
    sure: float


def find_plosives(audio: Audio) -> Generator[float, None, Plosives | None]:
    """Look for bursts of air.

    Parameters
    ----------
    audio : Audio
        A voice alone: a kick drum is no less than a burst to it. Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Plosives or None
        None where there are none.
    """
    heard = yield from bursts(audio, PLAN)
    places = tuple(burst for burst in heard.bursts if burst.level_db >= STANDS_OUT_DB)
    if not places or heard.voice_share < VOICE:
        return None
    level_db = float(np.max([burst.level_db for burst in places]))
    return Plosives(places, level_db, min(1.0, 0.5 + 0.05 * (level_db - STANDS_OUT_DB)))


def without_plosives(
    audio: Audio, plosives: Plosives | None, amount: float, scratch: Scratch
) -> Generator[float, None, Audio]:
    """Turn bursts of air down to well under the vowels.

    Parameters
    ----------
    audio : Audio
        The sound in which they were found.
    plosives : Plosives or None
        From `find_plosives`.
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

    if plosives is None or amount == 0.0:
        return audio
    count = 2 * round(TAP_SECONDS * audio.rate / 2.0) + 1
    taps = firwin(count, CORNER_HZ, fs=audio.rate)
    places = [
        (burst, amount * min(MOST_DB, burst.level_db - WANTED_DB)) for burst in plosives.places
    ]
    return (yield from turned_down(audio, places, taps, FADE_SECONDS, scratch))
