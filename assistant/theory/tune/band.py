"""A tune in its song: the chords played under it, and all of it as one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.material import Meter, Note, Score, Tempo, Track
from assistant.theory.ear.heard import Heard
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar
from assistant.theory.ideas.arrange import Arrangement, Playing, arrange
from assistant.theory.ideas.library import Library
from assistant.theory.ideas.song import bars_heard
from assistant.theory.playing.rhythm import pattern_for
from assistant.theory.tune.frame import SLOTS_A_BEAT, bars_until
from assistant.theory.tune.harmony import Harmony
from assistant.theory.tune.instruments import LEAD
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.score import stretches

__all__ = ["accompany", "chord_fit", "whole_score", "with_song"]

_LOW, _HIGH = 48, 72  # of the chords
_HAS_CHORDS = frozenset({"fill", "vary", "replace", "new"})


def accompany(
    harmony: Harmony,
    passage: Passage,
    library: Library,
    feel: tuple[str, float],
    tempos: tuple[Tempo, ...],
    rng: np.random.Generator,
) -> Arrangement:
    """Play the chords of the bars that are written, where they stand in the song.

    Parameters
    ----------
    harmony : Harmony
        The chords of the frame.
    passage : Passage
        Which of its bars are written.
    library : Library
        The shelf.
    feel : tuple of (str, float)
        The style of the rhythm, and its swing.
    tempos : tuple of Tempo
        The tempo map.
    rng : numpy.random.Generator
        The dice for velocities.

    Returns
    -------
    Arrangement
        Tracks ``chords`` and ``bass``, and the chord marks.
    """
    start, stop = passage.span
    bars = passage.bars[start:stop]
    return _played(harmony.bars[start:stop], bars, harmony.key, library, feel, tempos, rng)


def with_song(
    made: Arrangement,
    harmony: Harmony,
    passage: Passage,
    heard: Heard | None,
    library: Library,
    feel: tuple[str, float],
    rng: np.random.Generator,
) -> Arrangement:
    """Play the chords that were heard in the song around what was written, to listen to and read.

    Parameters
    ----------
    made : Arrangement
        What `accompany` made, its score that with the melody.
    harmony : Harmony
        The chords of the frame.
    passage : Passage
        Where it was written.
    heard : Heard or None
        What the song tells.
    library : Library
        The shelf.
    feel : tuple of (str, float)
        The style of the rhythm, and its swing.
    rng : numpy.random.Generator
        The dice for velocities.

    Returns
    -------
    Arrangement
        From the first bar of the song to its last; where no chords were heard, as it was made.
    """
    if heard is None or not heard.chords:
        return made
    score = made.score
    last, sounded = passage.bars[-1], heard.chords[-1]
    end = max(last.beat + last.bar_beats, score.beats, sounded.start + sounded.length)
    lines = bars_until(heard.meters or (heard.meter,), end)
    song = bars_heard(heard.chords, lines, harmony.key)
    stop = passage.first + len(harmony.bars)
    bars = (*song[: passage.first], *harmony.bars, *song[stop:])
    whole = _played(bars, lines, harmony.key, library, feel, score.tempos, rng)
    melody = tuple(track for track in score.tracks if track.name == "melody")
    tracks = (*melody, *whole.score.tracks)
    return replace(whole, score=replace(score, tracks=tracks))


def _played(
    chords: Sequence[Bar],
    bars: Sequence[Meter],
    key: Key,
    library: Library,
    feel: tuple[str, float],
    tempos: tuple[Tempo, ...],
    rng: np.random.Generator,
) -> Arrangement:
    """Play chords in bars as a style does."""
    name, swing = feel
    style = library.styles[name]
    rhythms = {
        (bar.numerator, bar.denominator): (pattern_for(library.patterns, name, bar),)
        for bar in bars
    }
    playing = Playing(
        pattern_for(library.patterns, name, bars[0]),
        bars[0],
        tempos[0].bpm,
        swing,
        style.program,
        style.bass,
        _LOW,
        _HIGH,
        grid=tuple(bars),
        tempos=tempos,
        rhythms=rhythms,
    )
    return arrange(chords, key, playing, rng)


def whole_score(
    notes: Sequence[Note],
    arrangement: Arrangement,
    passage: Passage,
    tempos: tuple[Tempo, ...],
    heard: Heard | None,
    program: int = LEAD.program,
) -> Score:
    """Put the melody of the song, what was written, and its chords into one score.

    Parameters
    ----------
    notes : sequence of Note
        What was written.
    arrangement : Arrangement
        Its chords; left out where they sound in the song.
    passage : Passage
        Where it was written.
    tempos : tuple of Tempo
        The tempo map.
    heard : Heard or None
        What the song tells.
    program : int
        Of the melody, General MIDI.

    Returns
    -------
    Score
        Track ``melody``, and maybe ``chords`` and ``bass``, in the metres of the song.
    """
    kept = [_before(note, notes) for note in passage.kept_notes()]
    melody = Track("melody", tuple(sorted((*kept, *notes), key=lambda note: note.start)), program)
    sounded = heard is not None and heard.chords and passage.doing in _HAS_CHORDS
    under = () if sounded else arrangement.score.tracks
    meters = (heard.meters if heard else ()) or (replace(passage.bars[0], beat=0.0),)
    return Score((melody, *under), tempos, meters)


def _before(kept: Note, notes: Sequence[Note]) -> Note:
    """Let a note that stays end where the first new note within it begins."""
    cut = next((new.start for new in notes if kept.start < new.start < kept.end), None)
    return kept if cut is None else replace(kept, length=cut - kept.start)


def chord_fit(notes: Sequence[Note], harmony: Harmony, passage: Passage) -> float:
    """Measure the share of its time that a tune spends on notes of its chords.

    Parameters
    ----------
    notes : sequence of Note
        What was written, at least one.
    harmony : Harmony
        The chords of the frame.
    passage : Passage
        Where it was written.

    Returns
    -------
    float
        0.0 to 1.0; a note counts by the chord over which it starts.
    """
    over = stretches(harmony.bars, passage.bars, harmony.key)
    starts = [passage.origin + one.start / SLOTS_A_BEAT for one in over]
    places = np.searchsorted(starts, [note.start + 1e-6 for note in notes], side="right") - 1
    fitting = sum(
        note.length
        for note, place in zip(notes, places.tolist(), strict=True)
        if round(note.pitch) % 12 in over[place].chord.pitch_classes
    )
    return fitting / sum(note.length for note in notes)
