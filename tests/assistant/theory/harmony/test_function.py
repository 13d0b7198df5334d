from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.function import applied, explain
from assistant.theory.harmony.key import MODES, Key, read_key
from assistant.theory.harmony.progression import Progression, flat
from assistant.theory.harmony.roman import read_numeral, realise
from assistant.theory.ideas.library import open_library
from bridge.presets import data

PROGRESSIONS = open_library(data).progressions

TABLE = [
    ("C", "I", "IV", "tonic"),
    ("C", "iv", "I", "subdominant; borrowed from the parallel minor"),
    ("C", "bVII", "IV", "dominant (flat seventh); borrowed from the parallel mixolydian"),
    ("C", "V7/vi", "vi", "secondary dominant, leads to vi"),
    ("C", "V7/ii", "IV", "secondary dominant of ii that goes on to IV"),
    ("C", "III", "vi", "secondary dominant, leads to vi"),
    ("C", "bII7", "Imaj7", "tritone substitute for the dominant of I"),
    ("C", "bVI7", "V", "augmented sixth chord, pulls down a semitone to V"),
    ("C", "bVII7", "I", "dominant by the back door, up a whole tone to the tonic"),
    ("C", "#i°7", "ii7", "passing chord, up a semitone to ii"),
    ("C", "biii°7", "ii7", "passing chord, down a semitone to ii"),
    ("C", "I64", "V7", "cadential six-four, delays the dominant; its fifth in the bass"),
    ("C", "V6", "vi", "dominant; its third in the bass"),
    ("C", "Vsus4", "V", "dominant; its third held back"),
    ("C", "I7", "IV7", "tonic; with a blues seventh"),
    ("C", "II", "IV", "subdominant; borrowed from the parallel lydian"),
    ("A minor", "V7", "i", "dominant; with the raised seventh of harmonic minor"),
    ("A minor", "IV", "i", "subdominant; borrowed from the parallel dorian"),
    ("A minor", "bII6", "V",
     "subdominant (flat second); borrowed from the parallel phrygian; its third in the bass"),
    ("A minor", "#III", "i", "chromatic colour; chromatic mediant"),
    ("A minor", "I", None, "tonic; borrowed from the parallel major"),
    ("D dorian", "IV", "i", "subdominant; holds the major sixth that makes the key dorian"),
    ("G mixolydian", "bVII", "I",
     "dominant (flat seventh); holds the flat seventh that makes the key mixolydian"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "chord", "following", "why"), TABLE)
def test_chords_are_explained(key: str, chord: str, following: str | None, why: str) -> None:
    then = read_numeral(following) if following else None
    assert explain(read_numeral(chord), then, read_key(key)) == why


@pytest.mark.parametrize(
    ("key", "chord", "following", "named"),
    [("C", "VI7", "ii7", "V7/ii"), ("C", "VI7", "IV", "VI7"), ("C", "II7", "V7", "II7"),
     ("C", "II7", "V", "V7/V"), ("C", "I7", "IV", "V7/IV"), ("C", "I7", "IV7", "I7"),
     ("C", "V7", "I", "V7"),
     ("A minor", "VII7", "III", "VII7"), ("C", "III7", "vi", "V7/vi"), ("C", "iii", "vi", "iii")],
)  # fmt: skip
def test_a_dominant_is_named_by_what_it_resolves_to(
    key: str, chord: str, following: str, named: str
) -> None:
    assert str(applied(read_numeral(chord), read_numeral(following), read_key(key))) == named


@given(st.sampled_from(PROGRESSIONS), st.sampled_from(sorted(MODES)), st.integers(-5, 5))
def test_every_chord_of_the_shelf_is_explained_in_every_mode(
    progression: Progression, mode: str, tonic: int
) -> None:
    key = Key(tonic, mode)
    chords = flat(progression.bars)
    for chord, following in zip(chords, (*chords[1:], None), strict=True):
        named = applied(chord, following, key)
        assert realise(named, key).pitch_classes == realise(chord, key).pitch_classes
        assert explain(named, following, key)
        assert explain(named, following, key) == explain(named, following, Key(0, mode))
