"""Sums of other tracks that lie beside them, so that each is heard twice."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.mixing.fault import Fault, Reading
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["find_buses"]

NAMED = 4  # of its parts, before it is said how many more there are


def find_buses(tracks: Sequence[Track]) -> tuple[Fault, ...]:
    """Find tracks that are the sum of others in the same folder.

    Parameters
    ----------
    tracks : sequence of Track
        Each knows what it is the sum of.

    Returns
    -------
    tuple of Fault
        Of the kind ``"duplicate"``: the sum is muted, for its parts can be mixed and it cannot.
    """
    return tuple(_heard_twice(one) for one in tracks if one.sum_of)


def _heard_twice(track: Track) -> Fault:
    parts = _listed(track.sum_of)
    why = f"{track.name} is the sum of {parts}, which are here too: all of it is heard twice."
    return Fault(
        "duplicate",
        (track.name, *track.sum_of),
        severity=0.8,
        value=float(len(track.sum_of)),
        unit="",
        confidence=0.8,
        why=why,
        listen_for=f"mute {track.name}: nothing is missing, and all of it is 6 dB softer",
        evidence={"tracks in it": Reading(float(len(track.sum_of)), "")},
        moves=(Move(track.name, "mute", 1.0, why),),
    )


def _listed(names: Sequence[str]) -> str:
    first, more = names[:NAMED], len(names) - NAMED
    if more > 0:
        return f"{', '.join(first)} and {more} more"
    return " and ".join([", ".join(first[:-1]), first[-1]] if len(first) > 1 else first)
