from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import read_chord
from assistant.theory.harmony.key import MODES, Family, Key, read_key
from assistant.theory.harmony.progression import flat
from assistant.theory.harmony.roman import Numeral, diatonic, numeral_of, read_numeral, realise
from assistant.theory.ideas.library import open_library
from bridge.presets import data

TABLE = [
    ("C major", "bVII", "Bb"), ("C major", "V7/vi", "E7"), ("C major", "bIII", "Eb"),
    ("C major", "#iv°7", "F#dim7"), ("C major", "iv", "Fm"), ("C major", "I64", "C/G"),
    ("C major", "V65", "G7/B"), ("C major", "V42", "G7/F"), ("C major", "Iadd9/3", "Cadd9/E"),
    ("C major", "ii7/IV", "Gm7"), ("C major", "vii°7/V", "F#dim7"), ("C major", "bII7", "Db7"),
    ("D major", "iii", "F#m"), ("Db major", "IV", "Gb"), ("E major", "V", "B"),
    ("Ab major", "bVI", "Fb"), ("A minor", "VII", "G"), ("A minor", "vii°7", "G#dim7"),
    ("A minor", "iiø7", "Bm7b5"), ("A minor", "V", "E"), ("A minor", "bII6", "Bb/D"),
    ("A minor", "#vi", "F#m"), ("A minor", "vii", "Gm"), ("F# dorian", "IV", "B"),
    ("E phrygian", "bII", "F"), ("G mixolydian", "bVII", "F"), ("F lydian", "II", "G"),
    ("B locrian", "i°", "Bdim"), ("C minor", "V7/VII", "F7"), ("Gb major", "bVI", "D"),
    ("C major", "I69", "C69"), ("C major", "Vadd6", "G6"),
]  # fmt: skip

DIATONIC = {
    "major": "I ii iii IV V vi vii°",
    "minor": "i ii° III iv v VI VII",
    "dorian": "i ii III IV v #vi° VII",
    "phrygian": "i bII III iv v° VI vii",
    "lydian": "I II iii #iv° V vi vii",
    "mixolydian": "I ii iii° IV v vi bVII",
    "locrian": "i° bII iii iv bV VI vii",
    "harmonic minor": "i ii° III+ iv V VI vii°",
    "melodic minor": "i ii III+ IV V #vi° vii°",
}

NUMERALS = sorted(
    {
        (progression.family, numeral)
        for progression in open_library(data).progressions
        for numeral in flat(progression.bars)
    },
    key=str,
)


@pytest.mark.parametrize(("key", "numeral", "symbol"), TABLE)
def test_numerals_are_chords(key: str, numeral: str, symbol: str) -> None:
    assert realise(read_numeral(numeral), read_key(key)).symbol == symbol


@pytest.mark.parametrize("mode", MODES)
def test_the_chords_of_every_mode(mode: str) -> None:
    key = Key(0, mode)
    assert " ".join(str(diatonic(key, degree)) for degree in range(1, 8)) == DIATONIC[mode]


@given(st.sampled_from(sorted(MODES)), st.integers(-5, 5), st.integers(1, 7), st.booleans())
def test_a_chord_of_the_key_is_made_of_its_notes_and_found_again(
    mode: str, tonic: int, degree: int, seventh: bool
) -> None:
    key = Key(tonic, mode)
    numeral = diatonic(key, degree, seventh=seventh)
    chord = realise(numeral, key)
    assert set(chord.tones) <= set(key.scale)
    assert realise(numeral_of(chord, key), key) == chord


@given(st.sampled_from(NUMERALS), st.integers(-4, 4))
def test_a_numeral_of_the_shelf_survives_the_way_to_a_chord_and_back(
    named: tuple[Family, Numeral], tonic: int
) -> None:
    family, numeral = named
    key = Key(tonic + (3 if family == "minor" else 0), family)
    chord = realise(numeral, key)
    back = realise(numeral_of(chord, key), key)
    assert back.pitch_classes == chord.pitch_classes
    assert back.inversion == chord.inversion
    if abs(chord.root - key.tonic) <= 6:
        assert back == chord


@given(st.sampled_from(NUMERALS))
def test_a_numeral_reads_back(named: tuple[Family, Numeral]) -> None:
    assert str(read_numeral(str(named[1]))) == str(named[1])


@given(st.sampled_from(NUMERALS), st.integers(0, 11))
def test_a_chord_moves_with_its_key(named: tuple[Family, Numeral], up: int) -> None:
    family, numeral = named
    here, there = (realise(numeral, Key(tonic, family)) for tonic in (0, up - 5))
    shift = spelling.pitch_class(up - 5)
    assert [(pc + shift) % 12 for pc in here.pitch_classes] == list(there.pitch_classes)


@pytest.mark.parametrize(
    ("key", "symbol", "numeral"),
    [("C", "E7", "V7/vi"), ("C", "D7", "V7/V"), ("C", "C7", "I7"), ("C", "Db7", "bII7"),
     ("A minor", "D7", "IV7"), ("A minor", "E7", "V7"), ("C", "Bb7", "bVII7"),
     ("C", "G#m", "bvi"), ("C", "C#dim7", "#i°7"), ("C", "A#", "bVII"), ("A minor", "F", "VI")],
)  # fmt: skip
def test_chords_are_named_as_musicians_would(key: str, symbol: str, numeral: str) -> None:
    assert str(numeral_of(read_chord(symbol), read_key(key))) == numeral


@pytest.mark.parametrize("text", ["viio7", "vii°7", "viidim7"])
def test_ascii_is_read(text: str) -> None:
    assert str(read_numeral(text)) == "vii°7"


@pytest.mark.parametrize("text", ["", "VIII", "Vfoo", "iI", "V/", "##I", "i+", "V7/x"])
def test_what_is_no_numeral_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no roman numeral|do not know"):
        read_numeral(text)
