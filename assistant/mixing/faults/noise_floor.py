"""Noise floor: hiss that goes on under a track, through its rests and under its notes.

It is told by the bands in which the quietest moments are as loud as each other, again and again,
and rise as the width of the bands does: hiss has as much in each hertz, while what rings, breathes
or is held has less the higher it lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.dsp.gate import HYSTERESIS_DB
from assistant.dsp.hiss import Hiss, hiss_in
from assistant.dsp.lasting import HEARD, Lasting, lasting
from assistant.dsp.third_octaves import levels_of
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["find_noise_floors"]

EVEN = 0.15  # share of the time in which a band of hiss is as soft, where all else sounds densely
RISE_DB = (-1.0, 2.5)  # from a third octave to the next: 0 in pink noise, 1 in white
COLOURS_DB = (0.0, 1.0)  # of these
MOST_MORE_DB = 6.0  # in bands in which it was not heard
LEAST_BANDS = 4
FAULT_DB, TOLD_DB = -34.0, -45.0  # against the sound of the track
ALL_DB = -5.0  # what is louder is the sound itself
LEAST_PURITY = 0.85  # noise has over 0.9, notes that are held less than 0.65
MOSTLY = 80  # percentile of the moments in which some bands are even
MIX_DB = -55.0  # against all tracks together: what is fainter is not told
CREST_DB = 13.0  # of noise: one sample in a quarter of a million is higher
LOUDER_DB = 10.0  # over the noise: so loud a moment of music opens a gate
REST_DB, LEAST_REST = 3.0, 0.1  # over the noise; share of the time


def find_noise_floors(tracks: Sequence[Track]) -> tuple[Fault, ...]:
    """Find tracks that hiss.

    Parameters
    ----------
    tracks : sequence of Track
        Of a session.

    Returns
    -------
    tuple of Fault
        Of the kind ``"noise_floor"``; its value is the level of the noise against the sound, in dB.
        A matter of taste where it is faint.
    """
    lasts = [lasting(track.heard.moments.powers) if track.sounds else None for track in tracks]
    levels_db = np.array([one.sounding_db for one in lasts if one is not None])
    mix_db = float(levels_of((10.0 ** (levels_db / 10.0)).sum()))
    return tuple(
        fault
        for track, one in zip(tracks, lasts, strict=True)
        if one is not None
        for fault in _told(track, one, mix_db)
    )


def _told(track: Track, lasts: Lasting, mix_db: float) -> Iterator[Fault]:
    bands = _even_bands(lasts)
    if bands is None:
        return
    hiss = _everywhere(_listened(track, lasts, bands), lasts, bands)
    against_db = hiss.level_db - lasts.sounding_db
    if not TOLD_DB <= against_db <= ALL_DB or hiss.level_db - mix_db < MIX_DB:
        return
    if hiss.purity < LEAST_PURITY:
        return
    is_taste = against_db < FAULT_DB or track.role is Role.FX
    gate_db = _threshold(lasts, hiss)
    cure = (
        f"A gate at {gate_db:.0f} dB closes in rests; denoise takes it from under the notes too."
        if gate_db is not None
        else "It leaves no rest that a gate could close in: let denoise take it out of that file."
    )
    why = (
        f"A steady hiss at {hiss.level_db:.0f} dBFS goes on under {track.name},"
        f" {-against_db:.0f} dB below its sound. {cure}"
    )
    yield Fault(
        "noise_floor",
        (track.name,),
        severity=float(np.interp(against_db, (TOLD_DB, FAULT_DB, -15.0), (0.05, 0.25, 0.7))),
        value=against_db,
        unit="dB",
        confidence=float(np.interp(bands.stop - bands.start, (LEAST_BANDS, 12), (0.6, 0.95))),
        why=why,
        listen_for=f"solo {track.name} and turn it up where it rests or is softest",
        is_taste=is_taste,
        evidence={
            "noise": Reading(hiss.level_db, "dBFS"),
            "against the sound": Reading(against_db, "dB"),
            "third octaves": Reading(float(bands.stop - bands.start), ""),
        },
        moves=() if gate_db is None else (Move(track.name, "gate.threshold_db", gate_db, why),),
    )


def _even_bands(lasts: Lasting) -> slice | None:
    """Find the longest run of bands that are even at times, and rise as noise does."""
    rises = np.diff(levels_of(lasts.floors))
    even = lasts.shares >= EVEN
    linked = even[1:] & even[:-1] & (rises >= RISE_DB[0]) & (rises <= RISE_DB[1])
    linked[: HEARD.start] = False
    edges = np.flatnonzero(np.diff(linked, prepend=False, append=False)).reshape(-1, 2)
    if not len(edges):
        return None
    first, last = max(edges, key=lambda edge: edge[1] - edge[0])
    return slice(int(first), int(last) + 1) if last - first + 1 >= LEAST_BANDS else None


def _listened(track: Track, lasts: Lasting, bands: slice) -> Hiss:
    """Listen where most of these bands are even at once."""
    together = lasts.even[:, bands].sum(axis=1)
    most = np.flatnonzero(together >= np.percentile(together[together > 0], MOSTLY))
    return hiss_in(track.audio, most, bands)


def _everywhere(hiss: Hiss, lasts: Lasting, bands: slice) -> Hiss:
    """Add what must lie under the music in the other bands, where it is louder."""
    places = np.arange(len(lasts.floors))
    inside = places[bands]
    floors_db = levels_of(lasts.floors)
    rise = float(np.clip(np.polyfit(inside, floors_db[bands], 1)[0], *COLOURS_DB))
    middle_db = float(floors_db[bands].mean())
    drawn_db = middle_db + rise * (places - inside.mean())
    under = 10.0 ** (np.minimum(drawn_db, floors_db)[HEARD] / 10.0)
    here = 10.0 ** (floors_db[bands] / 10.0)
    more = float(levels_of(under.sum()) - levels_of(here.sum()))
    return Hiss(hiss.level_db + float(np.clip(more, 0.0, MOST_MORE_DB)), hiss.purity)


def _threshold(lasts: Lasting, hiss: Hiss) -> float | None:
    """Put a gate over the peaks of noise and under those of soft notes; None where it cannot be."""
    over_db = levels_of(lasts.heard) - hiss.level_db
    if np.count_nonzero(over_db < REST_DB) < LEAST_REST * over_db.size:
        return None
    if over_db.max() < LOUDER_DB:
        return None
    return min(0.0, hiss.level_db + CREST_DB + HYSTERESIS_DB)
