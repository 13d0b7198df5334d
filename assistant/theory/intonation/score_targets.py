"""Where each note of a take should be when it follows a score, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.material import note_name
from assistant.theory.intonation.anchors import Anchors
from assistant.theory.intonation.odds import (
    AGAIN,
    ONSET_SPREAD,
    SKIPPED,
    again_odds,
    extra_odds,
    onset_odds,
    pitch_odds,
)
from assistant.theory.intonation.take import TakeNote, Target
from assistant.theory.intonation.written import Written

__all__ = ["ScoreTargets"]

Array = NDArray[np.float64]

_AROUND = 3  # written notes to each side that a sung one might be instead
_TUNING_VAR = 0.04  # semitones squared: of what the notes around tell of the tuning
_LINKED = 0.06  # seconds: an extra note so close to another belongs to it
_OFF_OCTAVE = 1.5  # semitones: further from an octave, a note is wrong and not an octave off
_ORNAMENT_OFF = 0.35  # semitones from the nearest semitone: further off, nobody knows it


class ScoreTargets:
    """Tells the target of each sung note.

    Parameters
    ----------
    notes : sequence of TakeNote
        As they were sung.
    written : sequence of Written
        The score.
    places : ndarray of int, shape (notes,)
        The written note that each is, -1 for an extra one.
    anchors : Anchors
        Of the same.
    lies, goal : float
        Semitones above the score: where the take lies, and where it shall lie.
    concert : float
        Semitones that the song is tuned above A4 = 440 Hz.
    """

    def __init__(
        self,
        notes: Sequence[TakeNote],
        written: Sequence[Written],
        places: NDArray[np.int64],
        anchors: Anchors,
        *,
        lies: float,
        goal: float,
        concert: float = 0.0,
    ) -> None:
        self._notes = notes
        self._written = written
        self._places = places
        self._anchors = anchors
        self._lies = lies
        self._goal = goal
        self._concert = concert

    def target(self, sung: int) -> Target:
        """Tell where a note should be.

        Parameters
        ----------
        sung : int
            Which note.

        Returns
        -------
        Target
            In the octave it is sung in.
        """
        place = int(self._places[sung])
        if place < 0:
            return self._ornament(sung)
        candidates = self._candidates(sung)
        odds, extra = self._odds(sung, candidates), extra_odds(self._notes[sung])
        if np.count_nonzero(self._places == place) == 1:  # else nobody would sing what is written
            extra += SKIPPED
            taken = np.isin(candidates, self._anchors.neighbours(sung))
            odds[taken & (np.array(candidates) != place)] += SKIPPED
        shares = _shares(odds, extra)
        pitch = self._pitch(sung, place)
        by_pitch: dict[float, float] = {}
        for candidate, share in zip(candidates, shares.tolist(), strict=True):
            wanted = self._pitch(sung, candidate)
            by_pitch[wanted] = by_pitch.get(wanted, 0.0) + share
        confidence = by_pitch.pop(pitch)
        other = max(by_pitch, key=lambda each: by_pitch[each], default=None)
        why = f"{note_name(round(pitch - self._concert, 2))} as note {place + 1} of the score"
        return Target(pitch, confidence, moves=True, why=why, other=other)

    def _pitch(self, sung: int, place: int) -> float:
        """Tell a written pitch as it shall be, in the octave of the sung note."""
        lies = self._written[place].pitch + self._lies
        off = self._notes[sung].centre - lies
        octaves = round(off / 12.0)
        if abs(off - 12.0 * octaves) > _OFF_OCTAVE:
            octaves = 0
        return self._written[place].pitch + self._goal + 12.0 * octaves

    def _candidates(self, sung: int) -> list[int]:
        """Name the written notes that a sung one may be, between those of its neighbours."""
        place = int(self._places[sung])
        low, high = self._anchors.neighbours(sung)
        low = max(low, place - _AROUND) if 0 <= low <= place else max(0, place - _AROUND)
        last = min(len(self._written) - 1, place + _AROUND)
        return list(range(low, (min(high, last) if high >= place else last) + 1))

    def _odds(self, sung: int, candidates: Sequence[int]) -> Array:
        """Tell how likely a sung note is each written one: log density."""
        note = self._notes[sung]
        written = np.array([self._written[place].pitch for place in candidates])
        off = note.centre - written - self._lies - self._anchors.tuning(sung)
        odds = pitch_odds(off, _TUNING_VAR)
        low, high = self._anchors.neighbours(sung)
        for index, place in enumerate(candidates):
            if place == low:
                odds[index] = max(odds[index], self._alike(sung, place))
                odds[index] += self._again(sung, place)
                continue
            begins = self._anchors.onset(sung, self._written[place])
            late = 0.0 if np.isnan(begins) else note.start - begins
            odds[index] += float(onset_odds(np.array(late))) + (AGAIN if place == high else 0.0)
        return odds

    def _alike(self, sung: int, place: int) -> float:
        """Tell how likely a note goes on with the one before it."""
        before = sung - 1
        if before < 0 or self._places[before] != place:
            return -np.inf
        return again_odds(self._notes[sung].centre - self._notes[before].centre)

    def _again(self, sung: int, place: int) -> float:
        """Tell how likely a note begins within the written note of the one before."""
        this = self._written[place]
        begun = self._anchors.begun(place, sung)
        tempo = self._anchors.tempo
        lasts = (this.end - this.start) * tempo
        left = begun + lasts - self._notes[sung].start
        return AGAIN - float(np.log(lasts)) + min(0.0, left / ONSET_SPREAD)

    def _ornament(self, sung: int) -> Target:
        """Move what is not written with the note it belongs to, or leave it alone."""
        note = self._notes[sung]
        tuning = self._anchors.tuning(sung)
        pitch = note.centre - tuning - self._lies
        off = pitch - round(pitch)
        goal = round(pitch) + self._goal
        after = sung + 1
        linked = after < len(self._notes) and self._notes[after].start - note.end < _LINKED
        linked = linked or (sung > 0 and note.start - self._notes[sung - 1].end < _LINKED)
        clear = abs(off) < _ORNAMENT_OFF
        why = "an ornament that is not in the score, moved with the notes around it"
        if linked and clear:
            return Target(goal, 0.7 - abs(off), moves=True, why=why)
        return Target(goal, 0.3, moves=False, why="left alone: not in the score")


def _shares(odds: Array, extra: float) -> Array:
    """Turn log odds into probabilities, beside that it is an extra note."""
    top = max(float(odds.max()), extra)
    weights = np.exp(odds - top)
    return np.asarray(weights / (weights.sum() + np.exp(extra - top)), dtype=np.float64)
