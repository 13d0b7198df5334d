"""Who leads a mix: the track that the others make room for."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.mixing.role_names import Role
from assistant.mixing.track import Track

__all__ = ["lead_of"]

MELODY = 0.5  # of the windows have one pitch
LEAD_LEAST = 0.2  # of the song: what sounds less is no lead


def lead_of(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Find who leads.

    Parameters
    ----------
    tracks : sequence of Track
        That sound.

    Returns
    -------
    tuple of Track
        The lead vocals; without any, the loudest track of no usual role that plays one melody for
        long enough; nobody where there is none.
    """
    vocals = tuple(one for one in tracks if one.role is Role.LEAD_VOCAL)
    if vocals:
        return vocals
    melodies = [one for one in tracks if one.role is Role.OTHER and _sings(one)]
    return tuple(sorted(melodies, key=lambda one: -one.heard.loudness)[:1])


def _sings(one: Track) -> bool:
    return bool(one.heard.active.mean() > LEAD_LEAST) and one.heard.pitch.voiced > MELODY
