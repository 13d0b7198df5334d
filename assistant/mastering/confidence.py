"""How sure it is that a master is wanted: the less is done to it by force, the surer."""

from __future__ import annotations

__all__ = ["confidence"]

SURE, LEAST_SURE = 0.95, 0.2
LESS_SURE_A_DB = 0.05  # of limiting, and of what is missing to the loudness
LESS_SURE_TO_TASTE, LESS_SURE_WITHOUT_ROOM = 0.05, 0.15


def confidence(limiting_db: float, missing_lu: float, *, tasted: bool, little_room: bool) -> float:
    """Tell how sure a master is to be wanted.

    Parameters
    ----------
    limiting_db : float
        The most that the limiter takes away; of an album, in any track.
    missing_lu : float
        How far the loudness is from the one that was asked for.
    tasted : bool
        Whether some of it is to taste.
    little_room : bool
        Whether a mix was limited or clipped before it came here.

    Returns
    -------
    float
        0.2 to 0.95.
    """
    sure = SURE - LESS_SURE_A_DB * (limiting_db + abs(missing_lu))
    sure -= LESS_SURE_TO_TASTE if tasted else 0.0
    sure -= LESS_SURE_WITHOUT_ROOM if little_room else 0.0
    return max(LEAST_SURE, sure)
