"""From bars of numerals to notes, chord marks and a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from assistant.contract import ChordMark
from assistant.material import Meter, Score, Tempo, Track
from assistant.theory import spelling
from assistant.theory.bass import bass_line
from assistant.theory.chord import Chord
from assistant.theory.function import applied, explain
from assistant.theory.key import Key
from assistant.theory.progression import Bar
from assistant.theory.rhythm import Pattern, Span, half_bar, play, play_drums
from assistant.theory.roman import Numeral, realise
from assistant.theory.voicing import Voicing, held, movement, voice

__all__ = ["Arrangement", "Playing", "arrange", "with_drums"]


@dataclass(frozen=True, slots=True)
class Playing:
    """How to play.

    Parameters
    ----------
    pattern : Pattern
        Rhythm of one bar.
    meter : Meter
        Of the pattern.
    bpm : float
        Quarter notes a minute.
    swing : float
        Where the second eighth of a beat falls, 0.5 straight.
    program, bass : int
        General MIDI programs of the chords and of the bass.
    low, high : int
        Range of the chords.
    """

    pattern: Pattern
    meter: Meter
    bpm: float
    swing: float
    program: int
    bass: int
    low: int
    high: int


@dataclass(frozen=True)
class Arrangement:
    """What was made of some bars.

    Parameters
    ----------
    marks : tuple of ChordMark
        Each chord with its symbol, its numeral and what it does; a chord that is held over bar
        lines once.
    score : Score
        Tracks ``chords`` and ``bass``.
    numerals : tuple of Numeral
        The same chords as numerals.
    movement : float
        Semitones a voice a change of chord.
    """

    marks: tuple[ChordMark, ...]
    score: Score
    numerals: tuple[Numeral, ...]
    movement: float


@dataclass(frozen=True, slots=True)
class _Place:
    """A numeral with where it starts and how long it lasts, in beats."""

    start: float
    length: float
    numeral: Numeral


def arrange(
    bars: Sequence[Bar], key: Key, playing: Playing, rng: np.random.Generator
) -> Arrangement:
    """Voice, play and explain some bars.

    Parameters
    ----------
    bars : sequence of Bar
        Numerals in `key`.
    key : Key
        The key.
    playing : Playing
        How.
    rng : numpy.random.Generator
        The dice for velocities.

    Returns
    -------
    Arrangement
        Notes and words.
    """
    places = _places(bars, playing.meter)
    changes = _merged(places)
    numerals = tuple(
        applied(here.numeral, following.numeral, key)
        for here, following in pairwise((*changes, changes[0]))
    )
    chords = [realise(numeral, key) for numeral in numerals]
    voicings = voice(chords, playing.low, playing.high)
    basses = bass_line(chords, voicings)
    starts = [change.start for change in changes]
    spans: list[Span] = []
    for place in places:
        at = int(np.searchsorted(starts, place.start, side="right")) - 1
        spans.append(Span(place.start, place.length, chords[at], voicings[at], basses[at]))
    upper, lower = play(spans, playing.pattern, playing.meter, playing.swing, rng)
    tracks = (Track("chords", upper, playing.program), Track("bass", lower, playing.bass))
    score = Score(tracks, (Tempo(0.0, playing.bpm),), (playing.meter,))
    marks = _marks(changes, numerals, chords, voicings, key)
    return Arrangement(marks, score, numerals, movement(voicings))


def with_drums(score: Score, pattern: Pattern, bars: int, swing: float) -> Score:
    """Add the drums of a pattern, for listening.

    Parameters
    ----------
    score : Score
        In one metre.
    pattern : Pattern
        What they play.
    bars : int
        For how long.
    swing : float
        See `Playing`.

    Returns
    -------
    Score
        With a track ``drums`` more where the pattern has any.
    """
    notes = play_drums(pattern, bars, score.meters[0], swing)
    if not notes:
        return score
    drums = Track("drums", notes, drums=True)
    return Score((*score.tracks, drums), score.tempos, score.meters)


def _places(bars: Sequence[Bar], meter: Meter) -> list[_Place]:
    """Lay the chords out in time, one to a span that stays within its bar."""
    whole, half = meter.bar_beats, half_bar(meter)
    places: list[_Place] = []
    for index, bar in enumerate(bars):
        start = index * whole
        if len(bar) == 1:
            places.append(_Place(start, whole, bar[0]))
        else:
            places.append(_Place(start, half, bar[0]))
            places.append(_Place(start + half, whole - half, bar[1]))
    return places


def _merged(places: Sequence[_Place]) -> list[_Place]:
    """Join the spans over which a chord is held."""
    merged: list[_Place] = []
    for _, group in groupby(places, key=lambda place: place.numeral):
        first, *others = group
        length = first.length + sum(place.length for place in others)
        merged.append(_Place(first.start, length, first.numeral))
    return merged


def _marks(
    changes: Sequence[_Place],
    numerals: Sequence[Numeral],
    chords: Sequence[Chord],
    voicings: Sequence[Voicing],
    key: Key,
) -> tuple[ChordMark, ...]:
    marks: list[ChordMark] = []
    for at, (change, numeral, chord) in enumerate(zip(changes, numerals, chords, strict=True)):
        following = numerals[(at + 1) % len(numerals)]
        why = explain(numeral, following, key)
        if at:
            why += "; " + _kept(chord, held(voicings[at - 1], voicings[at]))
        marks.append(ChordMark(change.start, change.length, chord.symbol, str(numeral), why))
    return tuple(marks)


def _kept(chord: Chord, pitches: frozenset[int]) -> str:
    """Say which notes stay where they were."""
    names = [
        spelling.name(tone)
        for tone, pitch_class in zip(chord.tones, chord.pitch_classes, strict=True)
        if pitch_class in {pitch % 12 for pitch in pitches}
    ]
    if not names:
        return "all voices move"
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"keeps {listed} from the chord before"
