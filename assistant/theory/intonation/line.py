"""The pitch of a voice, worked out once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.theory.ear.singing_heard import VoiceTrack

__all__ = ["Line", "line_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """A `VoiceTrack` whose pitch stands ready.

    One that works its pitch out whenever it is asked takes as long for a note as for a take.

    Parameters
    ----------
    times : ndarray of float, shape (frames,)
        The middle of each frame, seconds.
    pitch : ndarray of float, shape (frames,)
        MIDI numbers with fractions.
    confidence : ndarray of float, shape (frames,)
        That a frame is voiced, 0.0 to 1.0.
    level_db : ndarray of float, shape (frames,)
        Level of each frame.
    hop_seconds : float
        From frame to frame.
    """

    times: Array
    pitch: Array
    confidence: Array
    level_db: Array
    hop_seconds: float


def line_of(track: VoiceTrack) -> Line:
    """Work out the pitch of a voice.

    Parameters
    ----------
    track : VoiceTrack
        The voice.

    Returns
    -------
    Line
        The same, or the track itself where it is one already.
    """
    if isinstance(track, Line):
        return track
    return Line(track.times, track.pitch, track.confidence, track.level_db, track.hop_seconds)
