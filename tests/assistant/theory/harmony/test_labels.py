from __future__ import annotations

import pytest

from assistant.theory.harmony.chord import QUALITIES, Chord, read_chord
from assistant.theory.harmony.key import MODES, Key, read_key
from assistant.theory.harmony.labels import ROOTS, label_of, labels_of, numeral_said
from assistant.theory.harmony.roman import read_numeral, realise


@pytest.mark.parametrize(
    ("symbol", "key", "label"),
    [
        ("G7", "C", "V:7"),
        ("Am7/G", "C", "VI:min7"),
        ("F", "A minor", "bVI:maj"),
        ("G#dim7", "A minor", "VII:dim7"),
        ("Bbmaj9", "C", "bVII:maj7"),
        ("F#m7b5", "C", "#IV:hdim7"),
        ("Gb", "Bb minor", "bVI:maj"),
        ("C13", "F", "V:7"),
    ],
)
def test_a_chord_is_labelled_from_the_tonic(symbol: str, key: str, label: str) -> None:
    assert label_of(read_chord(symbol), read_key(key)) == label


@pytest.mark.parametrize(
    ("label", "key", "numeral"),
    [
        ("VI:min", "C", "vi"),
        ("VI:min", "C minor", "#vi"),
        ("bVI:maj", "C minor", "VI"),
        ("bVII:maj", "G", "bVII"),
        ("VI:7", "C", "V7/ii"),
        ("II:hdim7", "A minor", "iiø7"),
    ],
)
def test_a_label_is_said_as_in_the_key(label: str, key: str, numeral: str) -> None:
    assert str(numeral_said(label, read_key(key))) == numeral


def test_every_kind_of_chord_has_a_label_that_stays() -> None:
    for kind in QUALITIES:
        label = label_of(Chord(2, kind), Key(0))
        assert label_of(realise(numeral_said(label, Key(0)), Key(0)), Key(0)) == label


@pytest.mark.parametrize("mode", MODES)
def test_a_label_keeps_its_sound_in_every_key(mode: str) -> None:
    for tonic in range(-5, 7):
        key = Key(tonic, mode)
        for above, root in enumerate(ROOTS):
            chord = realise(numeral_said(f"{root}:min7", key), key)
            assert chord.pitch_classes[0] == (key.root + above) % 12
            assert label_of(chord, key) == f"{root}:min7"


def test_a_chord_that_is_held_or_only_dressed_is_one() -> None:
    numerals = [read_numeral(text) for text in ("I", "Iadd9", "V", "V6", "vi")]
    assert labels_of(numerals, Key(0)) == ["I:maj", "V:maj", "VI:min"]


@pytest.mark.parametrize("label", ["", "V", "H:maj", "V:big", "V:7:7"])
def test_what_is_no_label_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="no chord label"):
        numeral_said(label, Key(0))
