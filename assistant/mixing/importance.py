"""How much each track of a mix matters: who goes before whom where two want the same place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.dsp.ear import Curve
from assistant.mixing.lead import lead_of
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track

__all__ = ["IMPORTANCE", "importances"]

IMPORTANCE: Mapping[Role, float] = {
    Role.LEAD_VOCAL: 1.0,
    Role.SNARE: 0.6,
    Role.OTHER: 0.6,
    Role.KICK: 0.55,
    Role.BASS: 0.5,
    Role.DRUMS: 0.5,
    Role.BACKING_VOCAL: 0.45,
    Role.GUITAR: 0.4,
    Role.KEYS: 0.4,
    Role.TOMS: 0.35,
    Role.BUS: 0.3,
    Role.HATS: 0.25,
    Role.PAD: 0.2,
    Role.FX: 0.15,
}
"""Who goes before whom: what is sung before what is struck, a solo before chords, a pad last."""
UNKNOWN_IMPORTANCE = 0.45  # of a track of which nobody knows what it plays
MELODY_IMPORTANCE = 0.8  # of the one that leads where nobody sings


def importances(tracks: Sequence[Track]) -> Curve:
    """Tell how much each track matters.

    Parameters
    ----------
    tracks : sequence of Track
        Of one mix.

    Returns
    -------
    ndarray of float64, shape (tracks,)
        0.0 to 1.0: that of its role, as far as it is sure what that is. Where nobody sings, the
        melody that leads has more.
    """
    leads = lead_of(tracks)
    return np.array([max(_of(one), MELODY_IMPORTANCE * (one in leads)) for one in tracks])


def _of(track: Track) -> float:
    sure = track.guess.confidence
    return sure * IMPORTANCE[track.role] + (1.0 - sure) * UNKNOWN_IMPORTANCE
