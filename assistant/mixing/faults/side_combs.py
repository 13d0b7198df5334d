"""Combs that a track makes in mono, where one side holds the sound of the other, later."""

from __future__ import annotations

import numpy as np

from assistant.dsp.moments import Moments
from assistant.dsp.side_delay import side_delay
from assistant.mixing.fault import Fault, Reading

__all__ = ["side_comb"]

FOLLOWED = 0.5  # share of the correlations of all bands that a delay explains
ALIKE = 0.4  # of both sides, at least: what is less loses nothing that matters
CM_PER_MS = 34.3  # that sound travels


def side_comb(name: str, bands: Moments, loss_db: float) -> tuple[Fault, ...]:
    """Tell of a delay between the sides of a track.

    Parameters
    ----------
    name : str
        Of the track.
    bands : Moments
        What was heard of it.
    loss_db : float
        What it loses in mono.

    Returns
    -------
    tuple of Fault
        One of the kind ``"mono_loss"``, or none. It is a taste, for two microphones apart make one
        too, and no move cures it: no knob of a channel delays one side.
    """
    late = side_delay(bands)
    if late.fit < FOLLOWED or late.alike < ALIKE:
        return ()
    ms, notch_hz = 1000.0 * late.seconds, 0.5 / late.seconds
    why = (
        f"Left and right of {name} hold much the same sound {ms:.2f} ms apart: in mono that is a"
        f" comb whose first notch lies at {notch_hz:.0f} Hz, and {loss_db:.1f} dB are lost."
    )
    listen_for = (
        f"{name} in mono: hollow, until one side is moved by {ms:.2f} ms; two microphones"
        f" {CM_PER_MS * ms:.0f} cm apart sound so, too"
    )
    evidence = {
        "apart": Reading(ms, "ms"),
        "first notch": Reading(notch_hz, "Hz"),
        "alike": Reading(late.alike, ""),
        "lost in mono": Reading(loss_db, "dB"),
    }
    comb = Fault(
        "mono_loss",
        (name,),
        severity=float(np.clip(0.15 + loss_db / 25.0, 0.15, 0.4)),
        value=loss_db,
        unit="dB",
        confidence=float(np.clip(late.fit, 0.0, 0.95)),
        why=why,
        listen_for=listen_for,
        is_taste=True,
        evidence=evidence,
    )
    return (comb,)
