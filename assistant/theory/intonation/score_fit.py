"""Whether a score is that of a take: how much of what is sung it explains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.theory.intonation.lattice import Way
from assistant.theory.intonation.odds import extra_odds
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.written import Written

__all__ = ["FITS", "score_fit"]

FITS = 0.5
"""Fit from which a score is that of a take."""

_GAIN = 5.0  # log likelihood a note, where take and score are one
_SAID = 2.0  # log odds that a score is the right one before a note is heard: it was given for it
_WHOLE_SECONDS = 0.25  # a note beside the score that is shorter says less against it
_REST_SECONDS, _OVERHANG_SECONDS = 0.25, 0.1  # of a rest that is written; into it from its start


def score_fit(notes: Sequence[TakeNote], written: Sequence[Written], way: Way) -> float:
    """Tell how well a way through a score fits: how much more it explains than that all is extra.

    Parameters
    ----------
    notes : sequence of TakeNote
        As they were sung.
    written : sequence of Written
        The score.
    way : Way
        Of the notes through it.

    Returns
    -------
    float
        0.0 to 1.0. What is short or hardly has a pitch, and what is sung where the score rests,
        says little against it; of few notes it takes more to tell that the score is another.
    """
    if not notes:
        return 0.0
    gained = way.score - sum(extra_odds(note) for note in notes)
    extra = (way.places < 0) & ~_in_rests(notes, written, way.places)
    whole = np.array([note.confidence * min(1.0, note.seconds / _WHOLE_SECONDS) for note in notes])
    count = np.count_nonzero(way.places >= 0) + float(whole[extra].sum())
    return float(np.clip((gained + _SAID) / (_GAIN * max(1.0, count)), 0.0, 1.0))


def _in_rests(
    notes: Sequence[TakeNote], written: Sequence[Written], places: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Tell what begins where the score rests, by the written notes that are sung around it."""
    heads = np.flatnonzero((places >= 0) & (np.diff(places, prepend=-2) != 0))
    if heads.size < 2:
        return np.zeros(len(notes), dtype=np.bool_)
    starts = np.array([note.start for note in notes])
    begins = np.array([note.start for note in written])
    ends = np.array([note.end for note in written])
    at = np.interp(starts, starts[heads], begins[places[heads]])
    place = np.searchsorted(heads, np.arange(starts.size), side="right") - 1
    between = (place >= 0) & (place < heads.size - 1)
    sung = places[heads[place.clip(0, heads.size - 1)]]
    rest, goes_on = ends[sung], begins[np.minimum(sung + 1, begins.size - 1)]
    inside = (at > rest - _OVERHANG_SECONDS) & (at < goes_on)
    return np.asarray(between & inside & (goes_on - rest > _REST_SECONDS), dtype=np.bool_)
