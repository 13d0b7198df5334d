"""Whether a noise print belongs to a take, or was made in another room.

Where the take pauses, the print is held against the pauses: at another level it is scaled, with
another colour it is refused. Without a pause one thing can still be told: no band of the take is
ever much softer than its noise.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from assistant.dsp.noise_pauses import Heard, bands_of, listened, print_of_pauses
from assistant.dsp.noise_print import Levels, Print
from assistant.material import Audio

__all__ = ["Fit", "fits"]

SAME_DB = 1.5  # a print of one second is no closer
MOST_OFF_DB = 4.0  # mean difference in colour
MOST_SCALED_DB = 18.0
DOUBT = 2.0  # of the decibels by which a noise swells
SOFTEST_DB = -2.0  # the softest tenth of a noise, against its mean
LEAST_DB = -100.0  # below full scale: bands of noise that soft are not compared


@dataclass(frozen=True, eq=False)
class Fit:
    """How a print goes with a take.

    Parameters
    ----------
    noise : Print or None
        The print at the level of the take; the same one where it fits as it is. None where it is
        of another noise.
    change_db : float
        By how much it was scaled.
    why : str
        In a musician's words; empty where it fits as it is.
    """

    noise: Print | None
    change_db: float = 0.0
    why: str = ""


def fits(noise: Print, audio: Audio) -> Generator[float, None, Fit]:
    """Tell whether a print belongs to a take.

    Parameters
    ----------
    noise : Print
        From elsewhere.
    audio : Audio
        Finite. May be memory-mapped.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Fit
        What to use of it.
    """
    heard = yield from listened(audio)
    if noise.is_silent:
        return Fit(noise)
    own = print_of_pauses(audio, heard)
    return _by_softest(noise, heard) if own is None else _by_pauses(noise, own)


def _by_pauses(noise: Print, own: Print) -> Fit:
    """Hold a print against that of the pauses."""
    given, heard = _shared(bands_of(noise), bands_of(own))
    if not given.size:
        return Fit(noise)
    change = float(np.median(heard - given))
    off = float(np.abs(heard - given - change).mean())
    if off > MOST_OFF_DB:
        return Fit(
            None,
            why=f"The noise print is of another noise: its colour differs by {off:.0f} dB from "
            "what is heard in the pauses.",
        )
    # A pause is a calm moment of a noise that swells: half of the difference may be that.
    doubt = min(abs(change) / 2.0, DOUBT * noise.swell_db)
    return _scaled(noise, change - math.copysign(doubt, change), "what is heard in the pauses")


def _by_softest(noise: Print, heard: Heard) -> Fit:
    """Hold a print against the softest moments of each band."""
    given, soft = _shared(bands_of(noise), heard.soft)
    if not given.size:
        return Fit(noise)
    change = min(0.0, float((soft - given).min()) - SOFTEST_DB + noise.swell_db)
    return _scaled(noise, change, "the softest moments of the take")


def _shared(given: Levels, heard: Levels) -> tuple[Levels, Levels]:
    """Return the bands that both have."""
    count = min(len(given), len(heard))
    there = np.maximum(given[:count], heard[:count]) > LEAST_DB
    return given[:count][there], heard[:count][there]


def _scaled(noise: Print, change: float, against: str) -> Fit:
    """Bring a print to the level of the take, unless it is too far from that."""
    if abs(change) < SAME_DB + noise.swell_db:
        return Fit(noise)
    if abs(change) > MOST_SCALED_DB:
        way = "louder" if change < 0.0 else "softer"
        return Fit(
            None,
            why=f"The noise print is of another noise: it is {abs(change):.0f} dB {way} than "
            f"{against}.",
        )
    way = "softer" if change < 0.0 else "louder"
    return Fit(
        noise.scaled(change),
        change,
        f"The noise print was made at another level: by {against}, it is used {abs(change):.1f} dB "
        f"{way}.",
    )
