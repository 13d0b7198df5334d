"""Offset (DC): tracks that swing about another level than zero.

A converter or a worn part adds one to all that passes it, so that it is there in the softest moment
as well. The mean over all of a track does not tell that: what is not alike above and below zero,
such as a kick, an 808 or a distorted guitar, has a mean of its own, that goes as the sound does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.decibels import decibels
from assistant.dsp.lasting import SILENT
from assistant.dsp.moments import MOMENTS_PER_SECOND
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["find_offsets"]

Row: TypeAlias = NDArray[np.float64]

LEAST_DB = -60.0  # of full scale: a shift of a thousandth
FAINT_DB, BESIDE_DB = -72.0, -30.0  # where it is loud beside the sound
STAYS = 0.7  # of the mean, or its inverse: so much of it is there in soft moments
SOFT_MOMENTS, LEAST_MOMENTS = 20, 5
BLOCKED_HZ = 20.0  # high-pass that takes an offset away, and nothing that is heard


def find_offsets(tracks: Sequence[Track]) -> tuple[Fault, ...]:
    """Find tracks with an offset.

    Parameters
    ----------
    tracks : sequence of Track
        Of a session. Of those whose mean is not zero, 2 s of samples are read.

    Returns
    -------
    tuple of Fault
        Of the kind ``"dc"``; its value is the offset, linear.
    """
    return tuple(fault for track in tracks for fault in _offset(track))


def _offset(track: Track) -> Iterator[Fault]:
    means = np.array(track.heard.offset)
    highest = np.abs(means) / max(_sounding_share(track), 1e-9)  # where the rest was cut silent
    if not means.size or not _matters(float(highest.max()), track):
        return
    soft = _soft_offset(track)
    stays = (soft * means > 0.0) & (np.abs(soft) <= highest / STAYS)
    stays &= np.abs(soft) >= STAYS * np.abs(means)
    largest = float(max(np.where(stays, soft, 0.0), key=abs))
    if not _matters(abs(largest), track):
        return
    db = decibels(abs(largest))
    why = (
        f"{track.name} does not swing about zero: even where it is softest, it is shifted by"
        f" {100.0 * largest:+.2f} % of full scale."
    )
    yield Fault(
        "dc",
        (track.name,),
        severity=float(np.clip(0.3 + (db - LEAST_DB) / 60.0, 0.1, 1.0)),
        value=largest,
        unit="",
        confidence=0.95 if db >= LEAST_DB else 0.7,
        why=why,
        listen_for="clicks where the track is cut or muted, and headroom that is gone",
        evidence={
            "offset": Reading(db, "dBFS"),
            "level": Reading(track.heard.level_db, "dBFS"),
        },
        moves=(Move(track.name, "hpf_hz", BLOCKED_HZ, why),),
    )


def _sounding_share(track: Track) -> float:
    """Tell how much of a track was not cut silent."""
    count = len(track.heard.moments.powers)
    return len(_sounding(track)) / count if count else 1.0


def _sounding(track: Track) -> NDArray[np.intp]:
    """Find the moments that were not cut silent: all, where next to nothing but an offset is."""
    powers = track.heard.moments.powers
    there = np.flatnonzero(powers.max(axis=1, initial=0.0) > SILENT)
    return there if len(there) >= LEAST_MOMENTS else np.arange(len(powers))


def _matters(offset: float, track: Track) -> bool:
    db = decibels(offset)
    return db >= LEAST_DB or db >= max(FAINT_DB, track.heard.level_db + BESIDE_DB)


def _soft_offset(track: Track) -> Row:
    """Return the mean of each channel where least is heard; 0.0 where that is too little."""
    powers = track.heard.moments.powers
    there = _sounding(track)
    softest = there[np.argsort(powers[there, 1:].sum(axis=1), kind="stable")[:SOFT_MOMENTS]]
    audio, means = track.audio, []
    for moment in softest:
        start, stop = (round(n * audio.rate / MOMENTS_PER_SECOND) for n in (moment, moment + 1))
        block = audio.samples[:, start:stop]
        # Low notes do not leave half a period in a mean that fades in and out.
        means.append(np.average(block, axis=1, weights=np.hanning(block.shape[1] + 2)[1:-1]))
    enough = len(means) >= LEAST_MOMENTS
    return np.median(means, axis=0) if enough else np.zeros(audio.channels)
