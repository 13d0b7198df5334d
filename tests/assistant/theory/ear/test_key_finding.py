from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Note
from assistant.theory.ear.chord_hearing import HeardChord
from assistant.theory.ear.key_finding import contradicts, key_fits, key_from, key_with_chords
from assistant.theory.harmony.chord import read_chord
from assistant.theory.harmony.key import read_key


def notes(*pitches: float) -> list[Note]:
    return [Note(pitch, float(place), 1.0) for place, pitch in enumerate(pitches)]


def heard(*symbols: str) -> list[HeardChord]:
    return [HeardChord(4.0 * bar, 4.0, read_chord(symbol), 1.0)
            for bar, symbol in enumerate(symbols)]  # fmt: skip


def test_an_e_natural_speaks_against_c_minor() -> None:
    (stray,) = contradicts(read_key("C minor"), notes(60, 64, 67, 64))
    assert stray.name == "E natural"
    assert stray.share == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("key", "pitch", "name"),
    [("C minor", 64, "E natural"), ("C major", 66, "F#"), ("F major", 71, "B natural"),
     ("G major", 65, "F natural"), ("D major", 60, "C natural"), ("Eb major", 66, "Gb"),
     ("A minor", 61, "C#"), ("E dorian", 60, "C natural")],
)  # fmt: skip
def test_strays_are_named_as_seen_from_the_key(key: str, pitch: int, name: str) -> None:
    (stray,) = contradicts(read_key(key), notes(pitch))
    assert stray.name == name
    assert stray.share == 1.0


@pytest.mark.parametrize("pitch", [59, 57])
def test_the_raised_degrees_are_at_home_in_minor(pitch: int) -> None:
    assert contradicts(read_key("C minor"), notes(60, 63, pitch)) == ()


def test_longest_stray_first_and_nothing_for_no_notes() -> None:
    strays = contradicts(read_key("C"), [Note(61.0, 0.0, 1.0), Note(66.0, 1.0, 2.0)])
    assert [stray.name for stray in strays] == ["F#", "C#"]
    assert contradicts(read_key("C"), []) == ()
    assert contradicts(read_key("C"), [Note(61.0, 0.0, -1.0)]) == ()


def test_chords_tell_relative_keys_apart() -> None:
    flat = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    major, _, sure = key_with_chords(key_fits(flat), heard("C", "Am", "F", "G", "C"))
    minor, _, _ = key_with_chords(key_fits(flat), heard("Am", "F", "Dm", "E", "Am"))
    assert str(major) == "C major"
    assert str(minor) == "A minor"
    assert 0.5 < sure <= 1.0


def test_without_chords_the_notes_decide() -> None:
    fits = key_fits(np.array([3.0, 0.0, 1.0, 0.0, 2.0, 1.0, 0.0, 2.0, 0.0, 1.0, 0.0, 1.0]))
    assert key_with_chords(fits, []) == key_from(fits)


def test_where_all_sounds_alike_no_key_is_sure() -> None:
    assert key_from(key_fits(np.ones(12)))[2] == 0.0
    assert key_with_chords(key_fits(np.ones(12)), heard("C"))[2] == 0.0
