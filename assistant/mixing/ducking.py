"""A track that steps back under the strokes of another one, by a compressor that goes by these."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assistant.dsp.compressor import Compressor
from assistant.mixing.makeup import loudness_taken
from assistant.mixing.peaks import Peaks
from assistant.mixing.track import Track
from assistant.moves import PARAMETERS

__all__ = ["Ducking", "duck", "ducking"]

LOUD_DB = -20.0  # under the top: what belongs to strokes
STROKE = 95.0  # percentile of that: the peak of a usual stroke
_FAST = Compressor(0.0, ratio=4.0, attack_ms=5.0, release_ms=90.0)


@dataclass(frozen=True, slots=True)
class Ducking:
    """How a track steps back.

    Parameters
    ----------
    key : str
        Name of the track with the strokes.
    compressor : Compressor
        With the make-up that leaves the track as loud as it was.
    by_db : float
        How far it goes down under a usual stroke.
    """

    key: str
    compressor: Compressor
    by_db: float


def duck(strokes: Peaks, by_db: float) -> Compressor:
    """Set up a compressor that goes by the strokes of another track.

    Parameters
    ----------
    strokes : Peaks
        Of that track; it sounds.
    by_db : float
        How far a usual stroke is to turn down what is compressed.

    Returns
    -------
    Compressor
        Fast, back before the next stroke, and without make-up.
    """
    levels = strokes.levels_db
    stroke_db = float(np.percentile(levels[levels > strokes.top_db + LOUD_DB], STROKE))
    threshold_db = stroke_db - by_db / (1.0 - 1.0 / _FAST.ratio)
    knob = PARAMETERS["comp.threshold_db"]
    return replace(_FAST, threshold_db=round(min(max(threshold_db, knob.low), knob.high), 1))


def ducking(track: Track, key: Track, by_db: float) -> Ducking:
    """Let a track step back under the strokes of another one, and stay as loud on the whole.

    Parameters
    ----------
    track, key : Track
        What steps back, and under what; both sound.
    by_db : float
        How far under a usual stroke.

    Returns
    -------
    Ducking
        Its threshold is that of the key as it is before its strip.
    """
    compressor = duck(key.peaks, by_db)
    lost_lu = loudness_taken(track, compressor, key=key)
    return Ducking(key.name, replace(compressor, makeup_db=round(lost_lu, 1)), by_db)
