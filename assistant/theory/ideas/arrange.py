"""From bars of numerals to notes, chord marks and a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

import numpy as np

from assistant.contract import ChordMark
from assistant.material import Meter, Note, Score, Tempo, Track
from assistant.theory.guitar.capo import Capo, best_capo
from assistant.theory.guitar.shapes import Shape, finger
from assistant.theory.guitar.strumming import Held, play_guitar
from assistant.theory.guitar.tuning import Tuning
from assistant.theory.harmony import spelling
from assistant.theory.harmony.bass import bass_line
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.function import applied, explain
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral, realise
from assistant.theory.harmony.voicing import VOICES, Voicing, held, movement, voice
from assistant.theory.playing.rhythm import Pattern, Span, half_bar, play, play_drums

__all__ = ["Arrangement", "Guitar", "Playing", "arrange", "with_drums"]


@dataclass(frozen=True)
class Guitar:
    """A guitar that plays the chords.

    Parameters
    ----------
    tuning : Tuning
        Its open strings.
    capo : int or None
        The fret of its capo, 0 for none; None puts it where it spares most barres.
    lines : mapping of tuple of (int, int) to tuple of str
        By metre, what the right hand does in each bar.
    """

    tuning: Tuning
    capo: int | None
    lines: Mapping[tuple[int, int], tuple[str, ...]]


@dataclass(frozen=True)
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
    grid : tuple of Meter
        Each bar with its metre, at the beat where it begins; empty where all are of `meter`.
    tempos : tuple of Tempo
        The tempo map; empty where there is one tempo.
    rhythms : mapping of tuple of (int, int) to tuple of Pattern
        By metre, a rhythm for each bar, from the first again after the last; where a metre is
        missing all bars are played as `pattern` says.
    guitar : Guitar or None
        Who plays the chords; None for the keys.
    """

    pattern: Pattern
    meter: Meter
    bpm: float
    swing: float
    program: int
    bass: int
    low: int
    high: int
    grid: tuple[Meter, ...] = ()
    tempos: tuple[Tempo, ...] = ()
    rhythms: Mapping[tuple[int, int], tuple[Pattern, ...]] = field(default_factory=dict)
    guitar: Guitar | None = None

    def bars(self, count: int) -> tuple[Meter, ...]:
        """List the bars to play: those of the grid, then as many more as are asked for."""
        bars = list(self.grid[:count])
        while len(bars) < count:
            beat = bars[-1].beat + bars[-1].bar_beats if bars else 0.0
            last = bars[-1] if bars else self.meter
            bars.append(Meter(beat, last.numerator, last.denominator))
        return tuple(bars)

    def patterns_in(self, meter: Meter) -> tuple[Pattern, ...]:
        """Return the rhythms of bars of that metre."""
        return self.rhythms.get((meter.numerator, meter.denominator)) or (self.pattern,)


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
        Semitones a voice a change of chord; on the guitar frets of the hand.
    chords : tuple of Chord
        The same chords, spelled.
    capo : Capo or None
        How they are held on the guitar; None for the keys.
    """

    marks: tuple[ChordMark, ...]
    score: Score
    numerals: tuple[Numeral, ...]
    movement: float
    chords: tuple[Chord, ...]
    capo: Capo | None = None


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
    grid = playing.bars(len(bars))
    places = _places(bars, grid)
    changes = _merged(places)
    numerals = tuple(
        applied(here.numeral, following.numeral, key)
        for here, following in pairwise((*changes, changes[0]))
    )
    chords = tuple(realise(numeral, key) for numeral in numerals)
    capo = _held(chords, playing.guitar) if playing.guitar else None
    voicings = (
        tuple(shape.pitches for shape in capo.shapes)
        if capo
        else voice(chords, playing.low, playing.high)
    )
    basses = bass_line(chords, voicings)
    starts = [change.start for change in changes]
    spans: list[Span] = []
    hands: list[Held] = []
    for place in places:
        at = int(np.searchsorted(starts, place.start, side="right")) - 1
        spans.append(Span(place.start, place.length, chords[at], voicings[at], basses[at]))
        if capo:
            hands.append(Held(place.start, place.length, capo.shapes[at]))
    upper, lower = _play(spans, grid, playing, rng)
    if playing.guitar:
        upper = _strummed(hands, grid, playing, playing.guitar, rng)
    tracks = (Track("chords", upper, playing.program), Track("bass", lower, playing.bass))
    tempos = playing.tempos or (Tempo(0.0, playing.bpm),)
    score = Score(tracks, tempos, _meters(grid))
    marks = _marks(changes, numerals, chords, voicings, key)
    if capo:
        marks = tuple(
            replace(mark, why=f"{mark.why}; held {shape.text}")
            for mark, shape in zip(marks, capo.shapes, strict=True)
        )
    moved = _shifted(capo.shapes) if capo else movement(voicings)
    return Arrangement(marks, score, numerals, moved, chords, capo)


def _held(chords: Sequence[Chord], guitar: Guitar) -> Capo:
    """Find how chords are held, with the capo that was asked for or the best one."""
    if guitar.capo is None:
        return best_capo(chords, guitar.tuning)
    return Capo(guitar.capo, finger(chords, guitar.tuning, guitar.capo), "")


def _shifted(shapes: Sequence[Shape]) -> float:
    """Measure how far the hand moves along the neck, in frets a change."""
    places = [shape.position for shape in shapes]
    return float(np.abs(np.diff(places)).mean()) if len(places) > 1 else 0.0


def with_drums(score: Score, playing: Playing, bars: int) -> Score:
    """Add the drums of a rhythm, for listening.

    Parameters
    ----------
    score : Score
        As `arrange` made it.
    playing : Playing
        How.
    bars : int
        For how long.

    Returns
    -------
    Score
        With a track ``drums`` more where the rhythm has any.
    """
    notes: list[Note] = []
    for run in _runs(playing.bars(bars)):
        pattern = playing.patterns_in(run[0])[0]
        struck = play_drums(pattern, len(run), run[0], playing.swing)
        notes += _later(struck, run[0].beat)
    if not notes:
        return score
    drums = Track("drums", tuple(notes), drums=True)
    return Score((*score.tracks, drums), score.tempos, score.meters)


def _runs(grid: Sequence[Meter]) -> list[list[Meter]]:
    """Part bars into runs of one metre."""
    by_metre = groupby(grid, key=lambda bar: (bar.numerator, bar.denominator))
    return [list(run) for _, run in by_metre]


def _meters(grid: Sequence[Meter]) -> tuple[Meter, ...]:
    """Write the metre map of some bars."""
    return tuple(run[0] for run in _runs(grid))


def _play(
    spans: Sequence[Span], grid: Sequence[Meter], playing: Playing, rng: np.random.Generator
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """Play the spans of each run of one metre by the rhythm of that metre."""
    upper: list[Note] = []
    lower: list[Note] = []
    for run in _runs(grid):
        first, last = run[0].beat, run[-1].beat + run[-1].bar_beats
        own = [
            replace(span, start=span.start - first) for span in spans if first <= span.start < last
        ]
        chords, bass = play(own, playing.patterns_in(run[0]), run[0], playing.swing, rng)
        upper += _later(chords, first)
        lower += _later(bass, first)
    return tuple(upper), tuple(lower)


def _strummed(
    hands: Sequence[Held],
    grid: Sequence[Meter],
    playing: Playing,
    guitar: Guitar,
    rng: np.random.Generator,
) -> tuple[Note, ...]:
    """Let the guitar play each run of one metre."""
    notes: list[Note] = []
    for run in _runs(grid):
        first, last = run[0].beat, run[-1].beat + run[-1].bar_beats
        own = [replace(hand, start=hand.start - first) for hand in hands
               if first <= hand.start < last]  # fmt: skip
        lines = guitar.lines[run[0].numerator, run[0].denominator]
        played = play_guitar(own, lines, run[0], playing.swing, playing.bpm, rng)
        notes += _later(played, first)
    return tuple(notes)


def _later(notes: Sequence[Note], beats: float) -> Sequence[Note]:
    """Move notes so many beats on."""
    return [replace(note, start=note.start + beats) for note in notes] if beats else notes


def _places(bars: Sequence[Bar], grid: Sequence[Meter]) -> list[_Place]:
    """Lay the chords out in time, one to a span that stays within its bar."""
    places: list[_Place] = []
    for bar, meter in zip(bars, grid, strict=True):
        whole, half = meter.bar_beats, half_bar(meter)
        if len(bar) == 1:
            places.append(_Place(meter.beat, whole, bar[0]))
        else:
            places.append(_Place(meter.beat, half, bar[0]))
            places.append(_Place(meter.beat + half, whole - half, bar[1]))
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
            why += "; " + _kept(chord, _shared(voicings[at - 1], voicings[at]))
        marks.append(ChordMark(change.start, change.length, chord.symbol, str(numeral), why))
    return tuple(marks)


def _shared(before: Voicing, after: Voicing) -> frozenset[int]:
    """Find the pitches that stay: voice by voice on the keys, any string on the guitar."""
    if len(before) == len(after) == VOICES:
        return held(before, after)
    return frozenset(before) & frozenset(after)


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
