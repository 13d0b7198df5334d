from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.chord import QUALITIES, Chord, read_chord
from assistant.theory.harmony.key import Key, read_key
from assistant.theory.harmony.nashville import counted_from, nashville, read_nashville
from assistant.theory.harmony.roman import read_numeral


@pytest.mark.parametrize(
    ("key", "chords", "numbers"),
    [
        ("C", "C Am Dm7 G7 Fmaj7 G/B Bb Dbmaj7 D7", "1 6m 2m7 5(7) 4maj7 5/7 b7 b2maj7 2(7)"),
        ("Gb", "Gb Cb Db7 Ebm", "1 4 5(7) 6m"),
        ("D", "F#m F#m7b5 G#m7b5 C", "3m 3m7b5 #4m7b5 b7"),
        ("A minor", "Am F G E7 Bm7b5 Dm/F", "6m 4 5 3(7) 7m7b5 2m/4"),
        ("D dorian", "Dm G", "6m 2"),
        ("D mixolydian", "D C G", "1 b7 4"),
    ],
)
def test_chords_are_numbered_as_charts_number_them(key: str, chords: str, numbers: str) -> None:
    home = read_key(key)
    written = [nashville(read_chord(symbol), home) for symbol in chords.split()]
    assert written == numbers.split()


def test_a_numeral_is_numbered_as_the_chord_that_it_is() -> None:
    assert nashville(read_numeral("V7/vi"), read_key("C")) == "3(7)"
    assert nashville(read_numeral("bVII"), read_key("G")) == "b7"
    assert counted_from(read_key("A minor")) == read_key("C")


@given(
    st.integers(-6, 6),
    st.sampled_from(["major", "minor", "dorian", "lydian"]),
    st.integers(-5, 6),
    st.sampled_from(sorted(QUALITIES)),
    st.integers(0, 1),
)
def test_a_number_is_read_back_as_the_chord_it_was(
    tonic: int, mode: str, root: int, kind: str, inversion: int
) -> None:
    key = Key(tonic, mode)
    chord = Chord(counted_from(key).tonic + root, kind, inversion)
    assert read_nashville(nashville(chord, key), key) == chord


def test_other_spellings_are_read() -> None:
    key = read_key("Bb")
    assert read_nashville("6-", key) == read_chord("Gm")
    assert read_nashville("2-7", key) == read_chord("Cm7")
    assert read_nashville("♭7", key) == read_chord("Ab")


@pytest.mark.parametrize("text", ["", "8", "0", "1blue", "H", "5/4", "#", "1/"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no Nashville number"):
        read_nashville(text, read_key("C"))
