from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import QUALITIES, Chord, read_chord

TABLE = {
    "C": "C E G", "Am7": "A C E G", "Cmaj7": "C E G B", "F#m7b5": "F# A C E", "Bb/D": "Bb D F",
    "G7b9": "G B D F Ab", "Bdim7": "B D F Ab", "Gb": "Gb Bb Db", "D#m": "D# F# A#",
    "Eaug": "E G# B#", "Dsus4": "D G A", "A69": "A C# E F# B", "Fmaj7#11": "F A C E B",
    "Cm(maj7)": "C Eb G B", "Db7": "Db F Ab Cb", "E5": "E B",
}  # fmt: skip

chords = st.builds(Chord, st.integers(-8, 12), st.sampled_from(sorted(QUALITIES)))


@pytest.mark.parametrize(("symbol", "notes"), TABLE.items())
def test_chords_are_spelled(symbol: str, notes: str) -> None:
    chord = read_chord(symbol)
    assert chord.symbol == symbol
    assert " ".join(spelling.name(tone) for tone in chord.tones) == notes


@given(chords, st.integers(0, 2))
def test_a_symbol_reads_back(chord: Chord, inversion: int) -> None:
    turned = Chord(chord.root, chord.kind, min(inversion, len(chord.tones) - 1))
    assert read_chord(turned.symbol) == turned


@pytest.mark.parametrize(
    ("other", "symbol"),
    [("CM7", "Cmaj7"), ("C-", "Cm"), ("Cmin7", "Cm7"), ("Cø7", "Cm7b5"), ("C°", "Cdim"),
     ("C6/9", "C69"), ("C6/9/E", "C69/E"), ("C+", "Caug"), ("C♯m", "C#m"), ("CΔ", "Cmaj7")],
)  # fmt: skip
def test_other_spellings_are_understood(other: str, symbol: str) -> None:
    assert read_chord(other).symbol == symbol


@pytest.mark.parametrize("symbol", ["", "H7", "Cfoo", "C/Q", "C/F#", "am7"])
def test_what_is_no_chord_is_refused(symbol: str) -> None:
    with pytest.raises(ValueError, match="chord"):
        read_chord(symbol)


@pytest.mark.parametrize("kind", QUALITIES)
def test_a_quality_has_different_notes_from_the_root_up(kind: str) -> None:
    quality = QUALITIES[kind]
    assert quality.tones[0] == 0
    assert len({7 * tone % 12 for tone in quality.tones}) == len(quality.tones)
    assert set(quality.omit) <= set(quality.tones)
    assert quality.lower == (-3 in quality.tones)


def test_no_two_qualities_are_written_alike() -> None:
    assert len({quality.suffix for quality in QUALITIES.values()}) == len(QUALITIES)
    figures = {(quality.lower, quality.figure) for quality in QUALITIES.values()}
    assert len(figures) == len(QUALITIES)
