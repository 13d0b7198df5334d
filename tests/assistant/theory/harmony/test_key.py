from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingError
from assistant.theory.harmony import spelling
from assistant.theory.harmony.key import MODES, Key, read_key, spelled_key

SCALES = {
    "C major": "C D E F G A B",
    "D major": "D E F# G A B C#",
    "Db major": "Db Eb F Gb Ab Bb C",
    "F# major": "F# G# A# B C# D# E#",
    "Gb major": "Gb Ab Bb Cb Db Eb F",
    "A minor": "A B C D E F G",
    "C minor": "C D Eb F G Ab Bb",
    "G# minor": "G# A# B C# D# E F#",
    "F# dorian": "F# G# A B C# D# E",
    "E phrygian": "E F G A B C D",
    "Bb lydian": "Bb C D E F G A",
    "G mixolydian": "G A B C D E F",
    "B locrian": "B C D E F G A",
    "A harmonic minor": "A B C D E F G#",
    "D melodic minor": "D E F G A B C#",
}


@pytest.mark.parametrize(("name", "notes"), SCALES.items())
def test_scales_are_spelled(name: str, notes: str) -> None:
    key = read_key(name)
    assert str(key) == name
    assert " ".join(spelling.name(fifth) for fifth in key.scale) == notes


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pitch_class", range(12))
def test_every_key_has_each_letter_once_and_a_short_signature(pitch_class: int, mode: str) -> None:
    key = spelled_key(pitch_class, mode)
    assert key.root == pitch_class
    assert sorted(spelling.name(fifth)[0] for fifth in key.scale) == list("ABCDEFG")
    assert abs(key.signature) <= 6
    assert read_key(str(key)) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [("Am", "A minor"), ("a minor", "A minor"), ("Bb", "Bb major"), ("b", "B major"),
     ("e flat major", "Eb major"), ("C sharp minor", "C# minor"), ("F♯ dorian", "F# dorian"),
     ("CM", "C major"), ("g-moll", "G minor"), ("D aeolian", "D minor"),
     ("C  harmonic   minor", "C harmonic minor"), ("b-flat", "Bb major")],
)  # fmt: skip
def test_a_key_is_read_as_musicians_write_it(text: str, key: str) -> None:
    assert str(read_key(text)) == key


@pytest.mark.parametrize(
    ("text", "key"), [("G# major", "Ab major"), ("Fb major", "E major"), ("Db minor", "C# minor")]
)
def test_a_key_with_too_many_accidentals_becomes_its_twin(text: str, key: str) -> None:
    assert str(read_key(text)) == key


@pytest.mark.parametrize("text", ["", "H", "C4", "A miner", "major", "A B", "Cmaj7", "悲しい"])
def test_what_is_no_key_is_refused_by_name(text: str) -> None:
    with pytest.raises(SettingError, match=r"^key is .* it takes a note and a mode"):
        read_key(text)


def test_a_mode_misspelled_is_guessed() -> None:
    with pytest.raises(SettingError, match="Did you mean 'dorian'"):
        read_key("F# doryan")


@given(st.integers(-7, 7), st.sampled_from(sorted(MODES)), st.integers(-5, 5))
def test_a_scale_moves_with_its_tonic(tonic: int, mode: str, up: int) -> None:
    moved = [fifth + up for fifth in Key(tonic, mode).scale]
    assert list(Key(tonic + up, mode).scale) == moved


@pytest.mark.parametrize(
    ("key", "pitch", "name"),
    [
        ("Bb", 75, "Eb5"),
        ("D", 66, "F#4"),
        ("Gb", 71, "Cb5"),
        ("C#", 60, "B#3"),
        ("A minor", 68, "G#4"),
        ("G minor", 71, "B4"),
        ("G minor", 73, "C#5"),
        ("F", 61.4, "Db4"),
    ],
)
def test_a_pitch_is_named_as_the_key_spells_it(key: str, pitch: float, name: str) -> None:
    assert read_key(key).note_name(pitch) == name
