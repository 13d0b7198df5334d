from __future__ import annotations

import numpy as np

from assistant.material import Meter, Note, Score, Track
from assistant.theory.guitar.tuning import STANDARD
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.arrange import Arrangement, Guitar, Playing, arrange
from assistant.theory.ideas.sheet import hand_of, sheet_of
from assistant.theory.playing.rhythm import Pattern


def made(guitar: Guitar | None = None) -> Arrangement:
    pattern = Pattern("X===============", "1===============")
    playing = Playing(pattern, Meter(0.0, 4, 4), 100.0, 0.5, 4, 33, 52, 76, guitar=guitar)
    return arrange(read_bars("I | IV | V"), Key(-4), playing, np.random.default_rng(0))


def test_every_chord_stands_on_the_sheet() -> None:
    sheet = sheet_of("Three & a half", made(), Key(-4), 0.5)
    assert sheet.count("<harmony") == 3
    assert "Three &amp; a half" in sheet
    assert hand_of(made()) == ""


def test_a_melody_and_its_words_stand_on_it() -> None:
    arrangement = made()
    tune = Track("melody", (Note(68.0, 0.0, 2.0), Note(72.0, 2.0, 2.0)))
    score = Score((tune, *arrangement.score.tracks), arrangement.score.tempos)
    whole = Arrangement(
        arrangement.marks, score, arrangement.numerals, arrangement.movement, arrangement.chords
    )
    sheet = sheet_of("Song", whole, Key(-4), 0.5, ("ri-", "ver"))
    assert sheet.count("<lyric") == 2
    assert "<step>A</step><alter>-1</alter>" in sheet.replace("\n", "").replace(" ", "")


def test_the_guitar_has_its_shapes_and_its_capo() -> None:
    arrangement = made(Guitar(STANDARD, None, {(4, 4): ("D===d===D===d===",)}))
    assert "capo 1, shapes G C D" in hand_of(arrangement)
    sheet = sheet_of("Song", arrangement, Key(-4), 0.5)
    assert "Capo 1" in sheet
    assert sheet.count("<frame>") == 3
