"""Resonances, harshness and boxiness of single tracks: what a filter lifts, whatever is played.

By its height alone a bell cannot be told from an instrument's own sound, whose spectrum goes up and
down by as much: that a guitar has much at 3 kHz by its nature is no more a fault of it than that a
cello has little. What tells it is that it is always there, and that instruments do not sound so
(`assistant.mixing.bells`). It is a matter of taste, but for what is so high, narrow and sure that
no recording has it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.dsp.spectral_views import SpectralViews, spectral_views
from assistant.mixing.bells import ToldBell, bells_in
from assistant.mixing.fault import Fault, FaultKind, Reading
from assistant.mixing.track import Track
from assistant.models.bell_net import BellNet
from assistant.moves import Move
from assistant.steps import part

__all__ = ["SILENT", "find_resonances"]

MOST = 4  # bands a track
SILENT = 1e-11  # mean square of a moment
LARGEST_DB = 24.0  # of what is told: more is a note that is held or played often
FAULT_DB, FAULT_Q, FAULT_ODDS = (10.0, 18.0), 2.0, 0.9
SEVEREST_DB = 30.0


@dataclass(frozen=True)
class _Broad:
    """A word for broad bells in some part of the spectrum, and what they sound like."""

    kind: FaultKind
    lowest_hz: float
    highest_hz: float
    heard_as: str


BROAD = (
    _Broad("boxiness", 220.0, 700.0, "a hollow sound, as from inside a box"),
    _Broad("harshness", 1_700.0, 5_500.0, "a hard, shrill edge that tires the ear when it is loud"),
)


def find_resonances(
    tracks: Sequence[Track], net: BellNet
) -> Generator[float, None, tuple[Fault, ...]]:
    """Find what rings in each track, and what makes it harsh or boxy.

    Parameters
    ----------
    tracks : sequence of Track
        Of a mix. Samples are read at 320 moments of each.
    net : BellNet
        Tells bells of filters from the sound of instruments.

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
            found.extend(_faults(track.name, views, net))
    return tuple(found)


def _sounding(track: Track) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the middles of all moments that are not silent, rests with hiss among them."""
    there = track.heard.moments.powers.sum(axis=1, dtype=np.float64) > SILENT
    return (np.flatnonzero(there) + 0.5) / MOMENTS_PER_SECOND


def _faults(name: str, views: SpectralViews, net: BellNet) -> Iterator[Fault]:
    """Tell narrow bells, and those broad ones that have a name: others are tone."""
    for told in bells_in(views, net, MOST):
        if told.bell.gain_db > LARGEST_DB:
            continue
        if not told.is_broad:
            yield _narrow_fault(name, told)
        else:
            yield from (
                _broad_fault(name, told, broad)
                for broad in BROAD
                if broad.lowest_hz <= told.bell.freq_hz <= broad.highest_hz
            )


def _narrow_fault(name: str, told: ToldBell) -> Fault:
    bell, hertz = told.bell, _named_hertz(told.bell.freq_hz)
    why = (
        f"{name} rings at {hertz}: what it has there stands {bell.gain_db:.1f} dB over what lies"
        " around, in loud notes and in what is left of them, in tones and between them."
    )
    least_db, largest_db = FAULT_DB
    is_high = least_db <= bell.gain_db <= largest_db
    is_fault = is_high and bell.q >= FAULT_Q and told.odds >= FAULT_ODDS
    return Fault(
        "resonance",
        (name,),
        severity=min(0.6, bell.gain_db / SEVEREST_DB),
        value=bell.gain_db,
        unit="dB",
        confidence=told.odds,
        why=why,
        listen_for=f"solo {name}, and the one note at {hertz} that hangs over all others",
        is_taste=not is_fault,
        evidence={
            "frequency": Reading(bell.freq_hz, "Hz"),
            "over what lies around": Reading(bell.gain_db, "dB"),
            "Q": Reading(bell.q, ""),
        },
        moves=_band_moves(name, "resonance", told, why),
    )


def _broad_fault(name: str, told: ToldBell, broad: _Broad) -> Fault:
    bell = told.bell
    why = (
        f"All that {name} has around {_named_hertz(bell.freq_hz)} stands {bell.gain_db:.1f} dB over"
        " the rest of it, loud or soft, over more than an octave."
    )
    return Fault(
        broad.kind,
        (name,),
        severity=min(0.5, bell.gain_db / SEVEREST_DB),
        value=bell.gain_db,
        unit="dB",
        confidence=told.odds,
        why=why,
        listen_for=f"solo {name}: {broad.heard_as}, which goes when the band is on",
        is_taste=True,
        evidence={
            "frequency": Reading(bell.freq_hz, "Hz"),
            "over the rest": Reading(bell.gain_db, "dB"),
        },
        moves=_band_moves(name, broad.kind, told, why),
    )


def _named_hertz(hertz: float) -> str:
    """Write a frequency as one says it."""
    return f"{hertz / 1000.0:.1f} kHz" if hertz >= 1000.0 else f"{round(hertz, -1):.0f} Hz"


def _band_moves(name: str, kind: FaultKind, told: ToldBell, why: str) -> tuple[Move, ...]:
    """Say how the band of an equaliser is set that takes a bell away."""
    group = f"{kind} {_named_hertz(told.bell.freq_hz)}"
    cut = told.bell.cut
    values = {"eq.freq_hz": cut.freq_hz, "eq.gain_db": cut.gain_db, "eq.q": cut.q}
    return tuple(Move(name, word, value, why, group=group) for word, value in values.items())
