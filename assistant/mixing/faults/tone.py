"""Harshness and boxiness: broad bells where the ear is keenest, and where small rooms ring.

They are told as resonances are, by what a filter does to all that passes through it; that a guitar
has much at 3 kHz by its nature is no more a fault of it than that a cello has little. All of it is
a matter of taste.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from assistant.dsp.resonances import Resonance, broad_bell
from assistant.dsp.spectral_views import SpectralViews
from assistant.mixing.fault import Fault, FaultKind, Reading
from assistant.moves import Move

__all__ = ["band_moves", "broad_faults", "named_hertz", "sureness"]

RANGES_HZ: Final[dict[FaultKind, tuple[float, float]]] = {
    "harshness": (2_000.0, 4_500.0),
    "boxiness": (280.0, 570.0),
}
HEARD_AS: Final[dict[FaultKind, str]] = {
    "harshness": "a hard, shrill edge that tires the ear when it is loud",
    "boxiness": "a hollow sound, as from inside a box",
}
LARGEST_DB = 15.0  # of what is told: more is a note that is held or played often
HALF_SURE_NATS, SURENESS_NATS = 0.4, 0.15
SEVEREST_DB = 30.0


def broad_faults(name: str, views: SpectralViews) -> Iterator[tuple[Fault, Resonance]]:
    """Find what makes a track harsh or boxy.

    Parameters
    ----------
    name : str
        Of the track.
    views : SpectralViews
        Of the track.

    Yields
    ------
    tuple of (Fault, Resonance)
        Of the kinds ``"harshness"`` and ``"boxiness"``, each with the bell that it is.
    """
    for kind, between_hz in RANGES_HZ.items():
        bell = broad_bell(views, between_hz)
        if bell and bell.gain_db <= LARGEST_DB:
            yield _fault(kind, name, bell), bell


def sureness(bell: Resonance) -> float:
    """Return how sure it is that a filter made a bell, 0.0 to 1.0."""
    return 1.0 / (1.0 + math.exp((HALF_SURE_NATS - bell.nats) / SURENESS_NATS))


def named_hertz(hertz: float) -> str:
    """Write a frequency as one says it."""
    return f"{hertz / 1000.0:.1f} kHz" if hertz >= 1000.0 else f"{round(hertz, -1):.0f} Hz"


def band_moves(name: str, kind: FaultKind, bell: Resonance, why: str) -> tuple[Move, ...]:
    """Say how the band of an equaliser is set that takes a bell away."""
    group = f"{kind} {named_hertz(bell.freq_hz)}"
    cut = bell.cut
    values = {"eq.freq_hz": cut.freq_hz, "eq.gain_db": cut.gain_db, "eq.q": cut.q}
    return tuple(Move(name, word, value, why, group=group) for word, value in values.items())


def _fault(kind: FaultKind, name: str, bell: Resonance) -> Fault:
    why = (
        f"All that {name} has around {named_hertz(bell.freq_hz)} stands {bell.gain_db:.1f} dB over"
        " the rest of it, loud or soft, over more than an octave."
    )
    return Fault(
        kind,
        (name,),
        severity=min(0.5, bell.gain_db / SEVEREST_DB),
        value=bell.gain_db,
        unit="dB",
        confidence=sureness(bell),
        why=why,
        listen_for=f"solo {name}: {HEARD_AS[kind]}, which goes when the band is on",
        is_taste=True,
        evidence={
            "frequency": Reading(bell.freq_hz, "Hz"),
            "over the rest": Reading(bell.gain_db, "dB"),
            "smoother without it": Reading(bell.nats, "nats"),
        },
        moves=band_moves(name, kind, bell, why),
    )
