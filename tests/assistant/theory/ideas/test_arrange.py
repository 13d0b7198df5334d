from __future__ import annotations

from dataclasses import replace

import numpy as np

from assistant.material import Meter, Note, Tempo
from assistant.theory.harmony.key import read_key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.arrange import Arrangement, Playing, arrange, with_drums
from assistant.theory.playing.rhythm import Pattern

FOUR = Meter(0.0, 4, 4)
WHOLE = Pattern("X===============", "1===============", ((36, "X...x...x...x..."),))


def made(bars: str, key: str = "C", meter: Meter = FOUR) -> Arrangement:
    playing = Playing(WHOLE, meter, 100.0, 0.5, 4, 33, 52, 76)
    return arrange(read_bars(bars), read_key(key), playing, np.random.default_rng(0))


def test_marks_say_where_what_and_why() -> None:
    marks = made("I | I | V6 | VI7 ii7").marks
    assert [(mark.start, mark.length, mark.symbol, mark.roman) for mark in marks] == [
        (0.0, 8.0, "C", "I"), (8.0, 4.0, "G/B", "V6"), (12.0, 2.0, "A7", "V7/ii"),
        (14.0, 2.0, "Dm7", "ii7"),
    ]  # fmt: skip
    assert marks[0].why == "tonic"
    assert marks[1].why == "dominant; its third in the bass; keeps G from the chord before"
    assert marks[2].why.startswith("secondary dominant, leads to ii")


def test_notes_that_are_said_to_be_kept_are() -> None:
    arrangement = made("I | vi | IV | V | I")
    chords = arrangement.score.tracks[0].notes
    for before, mark in zip(arrangement.marks, arrangement.marks[1:], strict=False):
        held = _pitches(chords, before.start) & _pitches(chords, mark.start)
        assert ("keeps" in mark.why) == bool(held)
        assert ("all voices move" in mark.why) == (not held)


def _pitches(notes: tuple[Note, ...], start: float) -> set[float]:
    return {note.pitch for note in notes if note.start == start}


def test_a_chord_that_is_held_is_voiced_once() -> None:
    chords = made("I | I | I | I").score.tracks[0].notes
    voicings = {tuple(sorted(_pitches(chords, start))) for start in (0.0, 4.0, 8.0, 12.0)}
    assert len(voicings) == 1


def test_the_score_holds_tempo_metre_and_programs() -> None:
    score = made("I | V").score
    assert score.tempos[0].bpm == 100.0
    assert score.meters == (FOUR,)
    assert [(track.name, track.program) for track in score.tracks] == [("chords", 4), ("bass", 33)]
    assert score.beats == 8.0


def test_the_bass_plays_the_note_under_the_slash() -> None:
    bass = made("I | V6 | ii65").score.tracks[1].notes
    assert [note.pitch % 12 for note in bass] == [0.0, 11.0, 5.0]


def test_drums_can_be_added() -> None:
    playing = Playing(WHOLE, FOUR, 100.0, 0.5, 4, 33, 52, 76)
    score = with_drums(made("I | V").score, playing, 2)
    assert score.tracks[-1].drums
    assert len(score.tracks[-1].notes) == 8
    silent = replace(playing, pattern=Pattern("X===============", ""))
    assert with_drums(made("I").score, silent, 1) == made("I").score


def test_a_song_keeps_its_changes_of_metre_and_tempo() -> None:
    grid = (Meter(0.0, 4, 4), Meter(4.0, 3, 4), Meter(7.0, 4, 4))
    waltz = Pattern("X...x...x...", "1===........", ((36, "X..........."),))
    tempos = (Tempo(0.0, 90.0), Tempo(4.0, 120.0))
    playing = Playing(WHOLE, FOUR, 100.0, 0.5, 4, 33, 52, 76, grid, tempos, {(3, 4): (waltz,)})
    bars = read_bars("I | IV | V | I")
    score = arrange(bars, read_key("C"), playing, np.random.default_rng(0)).score
    assert score.meters == (*grid[:2], Meter(7.0, 4, 4))
    assert score.tempos == tempos
    chords, bass = score.tracks
    assert [note.start for note in bass.notes] == [0.0, 4.0, 7.0, 11.0]
    assert {note.start for note in chords.notes} == {0.0, 4.0, 5.0, 6.0, 7.0, 11.0}
    drums = with_drums(score, playing, 4).tracks[-1].notes
    assert [note.start for note in drums] == [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14]


def test_the_same_dice_play_the_same() -> None:
    assert made("I | V | vi | IV") == made("I | V | vi | IV")
