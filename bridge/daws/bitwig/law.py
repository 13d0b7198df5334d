"""How DrivenByMoss counts a fader: whole numbers up to its *value resolution*, 0 dB at .7937.

How sure this is: Bitwig's default fader stands at .7937 = 2^(-1/3), and its end is shown as +6 dB;
gain = 2 x^3 is the curve through both. It was never measured against a real Bitwig, so a fader is
moved only where the curve agrees with the texts that Bitwig shows for the faders as they stand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

__all__ = ["HIGHEST_DB", "RESOLUTIONS", "gain_db", "resolution", "volume"]

HIGHEST_DB = 20.0 * math.log10(2.0)
RESOLUTIONS = (16384, 1024, 128)
"""High, Medium and Low, as the settings of DrivenByMoss call them."""

SLACK_DB = 0.5
LOWEST_DB = -24.0  # below, one step of a coarse fader is more than the slack


def gain_db(volume: int, steps: int) -> float:
    """Turn a fader into decibels; its lower end is silence.

    Parameters
    ----------
    volume : int
        0 to ``steps - 1``.
    steps : int
        The value resolution.

    Returns
    -------
    float
        -inf at the lower end.
    """
    place = volume / (steps - 1)
    return 20.0 * math.log10(2.0 * place**3) if place > 0.0 else -math.inf


def volume(decibels: float, steps: int) -> int:
    """Turn decibels into a fader, as `gain_db` turns it back."""
    place = math.cbrt(math.pow(10.0, min(decibels, HIGHEST_DB) / 20.0) / 2.0)
    return round(min(1.0, place) * (steps - 1))


def resolution(told: Iterable[tuple[int, float]]) -> int | None:
    """Tell the value resolution by faders and the decibels that Bitwig shows for them.

    Parameters
    ----------
    told : iterable of tuple of (int, float)
        Faders, each with its decibels.

    Returns
    -------
    int or None
        One of `RESOLUTIONS`; None where no fader tells, or the curve is not Bitwig's.
    """
    heard = [(fader, shown) for fader, shown in told if shown > LOWEST_DB]
    for steps in RESOLUTIONS if heard else ():
        if all(
            abs(gain_db(min(fader, steps - 1), steps) - shown) <= SLACK_DB for fader, shown in heard
        ):
            return steps
    return None
