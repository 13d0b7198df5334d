"""A tune in its song: the chords played under it, and all of it as one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.material import Note, Score, Tempo, Track
from assistant.theory.ear.heard import Heard
from assistant.theory.ideas.arrange import Arrangement, Playing, arrange
from assistant.theory.ideas.library import Library
from assistant.theory.playing.rhythm import pattern_for
from assistant.theory.tune.frame import SLOTS_A_BEAT
from assistant.theory.tune.harmony import Harmony
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.score import stretches

__all__ = ["accompany", "chord_fit", "whole_score"]

_LOW, _HIGH = 48, 72  # of the chords
_PROGRAM = 73  # General MIDI: flute
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
    name, swing = feel
    style = library.styles[name]
    start, stop = passage.span
    bars = passage.bars[start:stop]
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
        grid=bars,
        tempos=tempos,
        rhythms=rhythms,
    )
    return arrange(harmony.bars[start:stop], harmony.key, playing, rng)


def whole_score(
    notes: Sequence[Note],
    arrangement: Arrangement,
    passage: Passage,
    tempos: tuple[Tempo, ...],
    heard: Heard | None,
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

    Returns
    -------
    Score
        Track ``melody``, and maybe ``chords`` and ``bass``, in the metres of the song.
    """
    kept = [_before(note, notes) for note in passage.kept_notes()]
    melody = Track("melody", tuple(sorted((*kept, *notes), key=lambda note: note.start)), _PROGRAM)
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
