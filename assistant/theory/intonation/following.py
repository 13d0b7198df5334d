"""What was to be sung, by a score: which written note each note of a take is.

No words are needed, nor the tempo or the beginning of the score: see `lattice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.errors import MaterialError
from assistant.theory.intonation.anchors import Anchors
from assistant.theory.intonation.lattice import Clock, Way, find_way
from assistant.theory.intonation.score_fit import FITS, score_fit
from assistant.theory.intonation.score_targets import ScoreTargets
from assistant.theory.intonation.slurs import Split, find_splits
from assistant.theory.intonation.take import TakeNote, Target
from assistant.theory.intonation.written import Part, Written

__all__ = ["Followed", "choose_part", "follow_score"]

_TRIAL = 160  # sung notes by which the transposition is found
_OCTAVE_ODDS, _OTHER_ODDS = -1.0, -6.0  # log odds of a take that lies above or below its score
_OUT_OF_TUNE = 0.75  # semitones: further off all along, another transposition is looked for
_ANOTHER = "left alone: the score does not fit"
_GOOD = 0.8  # fit from which it casts no doubt on a note
_MANY = 1000  # written notes, from which not every transposition is tried
_LIKELIEST = 5
_SAME_LAG, _STEADY_LAG = 0.03, 0.2  # seconds
_STEADY_SHARE = 0.4  # of the notes, at least, where a take runs with its score


@dataclass(frozen=True, slots=True)
class Followed:
    """A take beside its score.

    Parameters
    ----------
    targets : tuple of Target
        One for each sung note; extra ones move with the note they lead to, or stay.
    places : tuple of (int or None)
        The written note that each sung one is; None for an extra one.
    unsung : tuple of int
        Written notes between the first and the last sung one that nobody sings.
    splits : tuple of Split
        Where one sung note seems to be two or more written ones.
    transposition : int
        Semitones that the take lies above the score, octaves and all.
    tuning : tuple of float
        Semitones that the singer is above the score around each note.
    clock : float or None
        Seconds that the take is later than the score where it runs with it; None where its
        tempo is its own.
    fit : float
        How well they fit, 0.0 to 1.0; under `FITS` they do not, and no note moves.
    words : str
        The same in a sentence.
    """

    targets: tuple[Target, ...]
    places: tuple[int | None, ...]
    unsung: tuple[int, ...]
    splits: tuple[Split, ...]
    transposition: int
    tuning: tuple[float, ...]
    clock: float | None
    fit: float
    words: str

    @property
    def fits(self) -> bool:
        """Whether this is the score of the take."""
        return self.fit >= FITS


def follow_score(
    notes: Sequence[TakeNote],
    written: Sequence[Written],
    *,
    concert: float = 0.0,
    transposed: bool = True,
) -> Followed:
    """Find out which written note each sung note is.

    Parameters
    ----------
    notes : sequence of TakeNote
        In order of time.
    written : sequence of Written
        In order of time, one at a time.
    concert : float
        Semitones that the song is tuned above A4 = 440 Hz.
    transposed : bool
        Where the take lies some semitones above or below the score, whether it stays there; if
        not it is moved to where the score is. Octaves stay always.

    Returns
    -------
    Followed
        The same for the same input.

    Raises
    ------
    MaterialError
        Where nothing is written.
    """
    if not written:
        raise MaterialError("The score has no notes to follow; a track that is not drums has to.")
    found, transposition, clock = _search(notes, written, concert)
    lies = transposition + concert
    anchors = Anchors(notes, written, found.places, lies)
    fit = score_fit(notes, written, found)
    goal = concert + transposition if transposed else concert + 12 * round(transposition / 12)
    judge = ScoreTargets(
        notes, written, found.places, anchors, lies=lies, goal=goal, concert=concert
    )
    targets = tuple(_as_sure(judge.target(sung), fit) for sung in range(len(notes)))
    lag = clock.lag if clock else None
    splits = find_splits(notes, written, found.places, anchors, lag=lag)
    sung = set(found.places.tolist()) | {j for split in splits for j in split.written}
    reached = found.places[found.places >= 0]
    span = range(int(reached.min()), int(reached.max())) if reached.size else range(0)
    unsung = tuple(j for j in span if j not in sung)
    return Followed(
        targets, tuple(int(j) if j >= 0 else None for j in found.places), unsung,
        tuple(split for split in splits if len(split.at)), transposition,
        tuple(anchors.tuning(place) for place in range(len(notes))),
        lag, fit, _words(found, len(unsung), transposition, fit),
    )  # fmt: skip


def choose_part(notes: Sequence[TakeNote], parts: Sequence[Part]) -> Part:
    """Choose the part of a score that a take sings.

    Parameters
    ----------
    notes : sequence of TakeNote
        In order of time.
    parts : sequence of Part
        At least one; of equals the first is taken.

    Returns
    -------
    Part
        The one through which the likeliest way leads.

    Raises
    ------
    MaterialError
        Where there is no part.
    """
    if not parts:
        raise MaterialError("The score has no notes to follow; a track that is not drums has to.")
    if len(parts) == 1:
        return parts[0]
    trial = notes[:_TRIAL]
    return max(parts, key=lambda part: _search(trial, part.notes, 0.0)[0].score)


def _search(
    notes: Sequence[TakeNote], written: Sequence[Written], concert: float
) -> tuple[Way, int, Clock | None]:
    """Find the way, how far the take lies above the score, and whether they share a clock."""
    if not notes:
        return Way(np.zeros(0, dtype=np.int64), 0.0, np.zeros(0)), 0, None
    transposition = _transposition(notes[:_TRIAL], written, concert)
    lies = transposition + concert
    best, clock = find_way(notes, written, lies), None
    for lag in _lags(notes, written, best):
        other = find_way(notes, written, lies, Clock(lag))
        if other.score > best.score:
            best, clock = other, Clock(lag)
    return best, transposition, clock


def _transposition(notes: Sequence[TakeNote], written: Sequence[Written], concert: float) -> int:
    """Find how far a take lies above its score: octaves first, the others where they fail."""
    apart = np.median([note.centre for note in notes]) - np.median([n.pitch for n in written])
    octave = 12 * round(float(apart) / 12.0)
    tried: dict[int, tuple[float, Way]] = {}

    def trial(semitones: int) -> None:
        way = find_way(notes, written, semitones + concert)
        odds = abs(semitones) / 12.0 * _OCTAVE_ODDS
        tried[semitones] = way.score + odds + (_OTHER_ODDS if semitones % 12 else 0.0), way

    for octaves in (octave, octave - 12, octave + 12):
        trial(octaves)
    best = max(tried, key=lambda semitones: tried[semitones][0])
    way = tried[best][1]
    matched = way.places >= 0
    off = abs(float(np.median(way.tuning[matched]))) if matched.any() else 12.0
    if off > _OUT_OF_TUNE or score_fit(notes, written, way) < FITS:
        others = [each for each in range(octave - 11, octave + 12) if each not in tried]
        for semitones in others if len(written) < _MANY else _likeliest(others, notes, written):
            trial(semitones)
    return max(tried, key=lambda semitones: tried[semitones][0])


def _likeliest(
    others: Sequence[int], notes: Sequence[TakeNote], written: Sequence[Written]
) -> list[int]:
    """Choose the transpositions under which a take and its score share most pitch classes."""
    sung, score = np.zeros(12), np.zeros(12)
    for note in notes:
        sung[round(note.centre) % 12] += note.end - note.start
    for one in written:
        score[round(one.pitch) % 12] += one.end - one.start
    shared = {each: float(np.minimum(sung / sung.sum(), np.roll(score, each) / score.sum()).sum())
              for each in others}  # fmt: skip
    return sorted(others, key=lambda each: (-shared[each], abs(each)))[:_LIKELIEST]


def _lags(notes: Sequence[TakeNote], written: Sequence[Written], way: Way) -> list[float]:
    """Tell how much later a take may be than its score, if they share a clock; seconds."""
    pairs = zip(notes, way.places.tolist(), strict=True)
    late = [note.start - written[place].start for note, place in pairs if place >= 0]
    if not late:
        return [0.0]
    middle = float(np.median(late))
    steady = np.mean(np.abs(np.array(late) - middle) < _STEADY_LAG) > _STEADY_SHARE
    lags = [middle] if steady else []
    return (
        lags if abs(middle) < _SAME_LAG or score_fit(notes, written, way) > _GOOD else [*lags, 0.0]
    )


def _as_sure(target: Target, fit: float) -> Target:
    """Let a target be no surer than that this is the score; move nothing where it is not."""
    sure = target.confidence * min(1.0, fit / _GOOD)
    if fit < FITS:
        return replace(target, confidence=sure, moves=False, why=_ANOTHER)
    return replace(target, confidence=sure)


def _words(way: Way, unsung: int, transposition: int, fit: float) -> str:
    """Say how take and score go together."""
    count, matched = way.places.size, int((way.places >= 0).sum())
    if fit < FITS:
        return (
            "The score does not fit the take: "
            f"{round(100 * fit)} % of what a take of it would have in common with it."
        )
    said = [f"{matched} of {count} sung notes are in the score"]
    octaves, other = divmod(transposition, 12)
    if other:
        where = "above" if transposition > 0 else "under"
        said.append(f"sung {abs(transposition)} semitones {where} it")
    elif octaves:
        where = "above" if octaves > 0 else "under"
        said.append(f"sung {_octaves(abs(octaves))} {where} it")
    if unsung:
        said.append(
            "1 written note is not sung" if unsung == 1 else f"{unsung} written notes are not sung"
        )
    return "; ".join(said) + "."


def _octaves(count: int) -> str:
    return "an octave" if count == 1 else f"{count} octaves"
