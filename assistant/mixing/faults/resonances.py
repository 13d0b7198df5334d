"""Resonances of single tracks: what rings at one place of the spectrum whatever is played.

By its height alone a resonance cannot be told from an instrument's own sound, whose spectrum goes
up and down by as much. What tells it is that it is always there (`assistant.dsp.resonances`). What
is told is a matter of taste, but for what is so high, narrow and sure that no recording has it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import numpy as np

from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.dsp.resonances import Resonance, resonances, without
from assistant.dsp.spectral_views import SpectralViews, spectral_views
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.faults.tone import (
    LARGEST_DB,
    SEVEREST_DB,
    band_moves,
    broad_faults,
    named_hertz,
    sureness,
)
from assistant.mixing.track import Track
from assistant.steps import part

__all__ = ["find_resonances"]

MOST = 4  # bands a track
SILENT = 1e-11  # mean square of a moment
FAULT_DB, FAULT_Q, FAULT_NATS = 10.0, 2.0, 1.5


def find_resonances(tracks: Sequence[Track]) -> Generator[float, None, tuple[Fault, ...]]:
    """Find what rings in each track, and what makes it harsh or boxy.

    Parameters
    ----------
    tracks : sequence of Track
        Of a mix. Samples are read at 320 moments of each.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        Of the kinds ``"resonance"``, ``"harshness"`` and ``"boxiness"``, at most four a track; of
        each, the move is a band that takes it away.
    """
    found: list[Fault] = []
    for n, track in enumerate(tracks):
        if track.sounds:
            looking = spectral_views(track.audio, _sounding(track))
            views = yield from part(looking, n / len(tracks), 1.0 / len(tracks))
            found.extend(_faults(track.name, views))
    return tuple(found)


def _sounding(track: Track) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the middles of all moments that are not silent, rests with hiss among them."""
    there = track.heard.moments.powers.sum(axis=1, dtype=np.float64) > SILENT
    return (np.flatnonzero(there) + 0.5) / MOMENTS_PER_SECOND


def _faults(name: str, views: SpectralViews) -> Iterator[Fault]:
    """Tell the broad bells, and the narrow ones that are left without them."""
    broad = list(broad_faults(name, views))
    yield from (fault for fault, _ in broad)
    rest = without(views, [bell for _, bell in broad])
    for bell in resonances(rest, MOST - len(broad)):
        if bell.gain_db <= LARGEST_DB:
            yield _fault(name, bell)


def _fault(name: str, bell: Resonance) -> Fault:
    hertz = named_hertz(bell.freq_hz)
    why = (
        f"{name} rings at {hertz}: what it has there stands {bell.gain_db:.1f} dB over what lies"
        " around, in loud notes and in what is left of them, in tones and between them."
    )
    is_fault = bell.gain_db >= FAULT_DB and bell.q >= FAULT_Q and bell.nats >= FAULT_NATS
    return Fault(
        "resonance",
        (name,),
        severity=min(0.6, bell.gain_db / SEVEREST_DB),
        value=bell.gain_db,
        unit="dB",
        confidence=sureness(bell),
        why=why,
        listen_for=f"solo {name}, and the one note at {hertz} that hangs over all others",
        is_taste=not is_fault,
        evidence={
            "frequency": Reading(bell.freq_hz, "Hz"),
            "over what lies around": Reading(bell.gain_db, "dB"),
            "Q": Reading(bell.q, ""),
            "smoother without it": Reading(bell.nats, "nats"),
        },
        moves=band_moves(name, "resonance", bell, why),
    )
