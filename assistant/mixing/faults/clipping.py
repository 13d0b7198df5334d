"""Clipping: tracks whose peaks were cut off flat where they were recorded.

It is told by the wall that the peaks run into, wherever that was moved to since: turning a clipped
track down does not mend it. No desk has a knob that does; what is told is where to repair it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from assistant.dsp.decibels import decibels
from assistant.dsp.walls import Walls, find_walls
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.track import Track
from assistant.steps import part

__all__ = ["find_clipping"]

LEAST_CONFIDENCE = 0.4
SLIGHT_PERCENT = 1e-3  # of the samples
SEVERE_PERCENT = 10.0


def find_clipping(tracks: Sequence[Track]) -> Generator[float, None, tuple[Fault, ...]]:
    """Find tracks that were clipped.

    Parameters
    ----------
    tracks : sequence of Track
        Of a session. Their samples are read.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of Fault
        Of the kind ``"clipping"``; its value is the share of the samples that was cut off, in %.
    """
    found = []
    for n, track in enumerate(tracks):
        if track.sounds:
            walls = yield from part(find_walls(track.audio), n / len(tracks), 1.0 / len(tracks))
            if walls is not None:
                found.append(_clipped(track, walls))
    return tuple(one for one in found if one.confidence >= LEAST_CONFIDENCE)


def _clipped(track: Track, walls: Walls) -> Fault:
    cut, still, frames = (
        sum(getattr(wall, name) for wall in walls.walls) for name in ("cut", "still", "frames")
    )
    level_db = decibels(max(wall.level for wall in walls.walls))
    percent = 100.0 * frames / (track.audio.frames * track.audio.channels)
    first, last = walls.places[0][0], walls.places[-1][1]
    why = (
        f"{cut} peaks of {track.name} are cut off flat at {level_db:.1f} dBFS, the first at"
        f" {first:.1f} s, the last at {last:.1f} s: no fader brings them back. Let denoise mend"
        " that file, or take it again with less gain."
    )
    return Fault(
        "clipping",
        (track.name,),
        severity=_severity(percent),
        value=percent,
        unit="%",
        confidence=cut / (cut + 1.0) * cut / (cut + still),
        why=why,
        listen_for=f"solo {track.name}, loudest at {first:.1f} s: a crackle on top of its peaks",
        evidence={
            "flat tops": Reading(float(cut), ""),
            "cut off at": Reading(level_db, "dBFS"),
            "cut off": Reading(percent, "%"),
            "first": Reading(first, "s"),
            "last": Reading(last, "s"),
        },
    )


def _severity(percent: float) -> float:
    span = (np.log10(SLIGHT_PERCENT), np.log10(SEVERE_PERCENT))
    return float(np.interp(np.log10(max(percent, 1e-9)), span, (0.2, 0.9)))
