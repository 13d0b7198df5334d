from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Note
from assistant.theory.ear.strays import contradicts, outside_share
from assistant.theory.harmony.key import read_key


def notes(*pitches: float) -> list[Note]:
    return [Note(pitch, float(place), 1.0) for place, pitch in enumerate(pitches)]


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


def test_what_is_outside_a_key_is_what_speaks_against_it() -> None:
    key, tune = read_key("C minor"), notes(60, 64, 66, 67, 59)
    share = outside_share(key, np.ones(5), np.array([60, 64, 66, 67, 59]))
    assert share == pytest.approx(sum(stray.share for stray in contradicts(key, tune)))
    assert share == pytest.approx(0.4)
