from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.colour import COLOURS, Colour, colour_for, colour_named, dress
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.harmony.progression import Progression, read_bars
from assistant.theory.harmony.roman import realise
from assistant.theory.ideas.library import open_library
from bridge.presets import data

progressions = st.sampled_from(open_library(data).progressions)


@pytest.mark.parametrize(
    ("key", "colour", "bars", "dressed"),
    [("C", "sevenths", "I | vi | ii | V", "Imaj7 | vi7 | ii7 | V7"),
     ("C", "ninths", "I | vi | iii | V", "Imaj9 | vi9 | iii7 | V9"),
     ("C", "dominants", "I | IV | V", "I7 | IV7 | V7"),
     ("C", "triads", "Imaj9 | V7 | ii7 | viiø7", "I | V | ii | vii°"),
     ("C", "sevenths", "bVI | bVII | V/ii | #iv°", "bVImaj7 | bVII7 | V7/ii | #iv°7"),
     ("A minor", "sevenths", "i | iv | V | ii°", "i7 | iv7 | V7 | iiø7"),
     ("A minor", "ninths", "i | VI | V", "i9 | VImaj9 | V7b9"),
     ("D dorian", "sevenths", "i | IV", "i7 | IV7"),
     ("C", "sevenths", "V6 | Isus4 | Iadd9", "V6 | Isus4 | Iadd9")],
)  # fmt: skip
def test_chords_are_dressed(key: str, colour: str, bars: str, dressed: str) -> None:
    made = dress(read_bars(bars), read_key(key), colour_named(colour))
    assert " | ".join(str(bar[0]) for bar in made) == dressed


@given(progressions, st.sampled_from(COLOURS))
def test_roots_and_the_number_of_chords_stay(progression: Progression, colour: Colour) -> None:
    key = Key(0, progression.family)

    made = dress(progression.bars, key, colour)
    before = [[realise(chord, key).root for chord in bar] for bar in progression.bars]
    assert [[realise(chord, key).root for chord in bar] for bar in made] == before


@given(progressions)
def test_undressing_twice_is_undressing_once(progression: Progression) -> None:
    key = Key(0, progression.family)
    once = dress(progression.bars, key, "triads")
    assert dress(once, key, "triads") == once
    assert all(len(chord.quality.tones) <= 3 for bar in once for chord in bar)


def test_a_colour_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no colour 'beige'"):
        colour_named("beige")


def test_more_complex_chords_have_more_notes() -> None:
    bars = read_bars("I | vi | ii | V")
    key = Key(0)
    sizes = [
        sum(
            len(chord.quality.tones)
            for bar in dress(bars, key, colour_for(step / 8))
            for chord in bar
        )
        for step in range(9)
    ]
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (12, 20)
