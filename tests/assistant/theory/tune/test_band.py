"""A tune in its song."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.material import Meter, Note, Tempo
from assistant.theory.ear.hearing import hear
from assistant.theory.harmony.key import read_key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.arrange import Arrangement
from assistant.theory.ideas.library import open_library
from assistant.theory.tune.band import accompany, chord_fit, whole_score, with_song
from assistant.theory.tune.frame import bar_lines
from assistant.theory.tune.harmony import Harmony
from assistant.theory.tune.passage import Passage
from bridge.presets import data
from tests.assistant.theory.tune.tunes import LEAD, SONG

HARMONY = Harmony(read_bars("I | vi | IV | V"), read_key("C"), "", "")
LINES = bar_lines((Meter(0.0, 4, 4), Meter(8.0, 3, 4)), 0, 4)
TEMPOS = (Tempo(0.0, 96.0),)


def played(passage: Passage) -> Arrangement:
    library = open_library(data)
    return accompany(HARMONY, passage, library, ("pop", 0.5), TEMPOS, np.random.default_rng(0))


def test_chords_are_played_where_the_tune_is_written() -> None:
    made = played(Passage("continue", 0, (False, False, True, True), LINES))
    assert [(mark.start, mark.symbol) for mark in made.marks] == [(8.0, "F"), (11.0, "G")]
    notes = [note for track in made.score.tracks for note in track.notes]
    assert min(note.start for note in notes) >= 8.0
    assert max(note.end for note in notes) <= 14.0 + 1e-6


def test_what_stays_ends_where_the_new_begins() -> None:
    passage = Passage("continue", 0, (False, False, True, True), LINES, (Note(60.0, 7.0, 3.0),))
    score = whole_score((Note(64.0, 8.0, 1.0),), played(passage), passage, TEMPOS, None)
    assert [(note.start, note.end) for note in score.tracks[0].notes] == [(7.0, 8.0), (8.0, 9.0)]


def test_chords_that_sound_in_the_song_are_not_doubled() -> None:
    heard = hear(SONG)
    passage = Passage("replace", 0, (False, True, False, False), LINES, LEAD.notes)
    score = whole_score((Note(64.0, 4.0, 1.0),), played(passage), passage, TEMPOS, heard)
    assert [track.name for track in score.tracks] == ["melody"]


def test_fit_is_a_share_of_time() -> None:
    passage = Passage("new", 0, (True,) * 4, LINES)
    notes = (Note(60.0, 0.0, 3.0), Note(62.0, 3.0, 1.0), Note(69.0, 4.0, 4.0))
    assert chord_fit(notes, HARMONY, passage) == pytest.approx(7.0 / 8.0)


def test_chords_of_the_song_sound_and_stand_around_what_was_written() -> None:
    heard = hear(SONG)
    library, lines = open_library(data), bar_lines((Meter(0.0, 4, 4),), 0, 4)
    passage = Passage("replace", 0, (False, True, False, False), lines, LEAD.notes)
    made = accompany(HARMONY, passage, library, ("pop", 0.5), TEMPOS, np.random.default_rng(0))
    score = whole_score((Note(64.0, 4.0, 1.0),), made, passage, TEMPOS, heard, 42)
    bare = replace(made, score=score)
    rest = (HARMONY, passage)
    whole = with_song(bare, *rest, heard, library, ("pop", 0.5), np.random.default_rng(0))
    assert [(mark.start, mark.symbol) for mark in whole.marks] == [
        (0.0, "C"), (4.0, "Am"), (8.0, "F"), (12.0, "G"),
    ]  # fmt: skip
    assert [track.name for track in whole.score.tracks] == ["melody", "chords", "bass"]
    assert whole.score.tracks[0] == score.tracks[0]
    assert score.tracks[0].program == 42
    alone = with_song(bare, *rest, None, library, ("pop", 0.5), np.random.default_rng(0))
    assert alone is bare
