from __future__ import annotations

import pytest

from assistant.errors import SettingError
from assistant.theory.guitar.tuning import STANDARD, TUNINGS, read_tuning


@pytest.mark.parametrize(
    ("text", "name", "notes"),
    [
        ("standard", "standard", "E2 A2 D3 G3 B3 E4"),
        ("Drop d", "drop D", "D2 A2 D3 G3 B3 E4"),
        ("open G tuning", "open G", "D2 G2 D3 G3 B3 D4"),
        ("dadgad", "DADGAD", "D2 A2 D3 G3 A3 D4"),
        ("d a d f# a d", "open D", "D2 A2 D3 F#3 A3 D4"),
        ("D, A, D, G, B, E", "drop D", "D2 A2 D3 G3 B3 E4"),
        ("EbAbDbGbBbEb", "half step down", "D#2 G#2 C#3 F#3 A#3 D#4"),
        ("E♭ A♭ D♭ G♭ B♭ E♭", "half step down", "D#2 G#2 C#3 F#3 A#3 D#4"),
        ("GCEA", "ukulele", "G4 C4 E4 A4"),
        ("B E A D G B E", "7-string", "B1 E2 A2 D3 G3 B3 E4"),
        ("C2 G2 C3 G3 C4 Eb4", "C2 G2 C3 G3 C4 Eb4", "C2 G2 C3 G3 C4 D#4"),
        ("CGDGAD", "C G D G A D", "C2 G2 D3 G3 A3 D4"),
    ],
)
def test_a_tuning_is_read_by_name_and_by_notes(text: str, name: str, notes: str) -> None:
    tuning = read_tuning(text)
    assert (tuning.name, tuning.notes) == (name, notes)


@pytest.mark.parametrize("text", ["EADG B", "H", "CGDGAX", "E9 A D G B E", "C0 A D G B E", "dog"])
def test_what_is_no_tuning_is_said_with_what_would_be(text: str) -> None:
    with pytest.raises(SettingError, match=r"it takes a name, or six open strings such as"):
        read_tuning(text)


def test_a_name_that_is_nearly_right_is_guessed() -> None:
    with pytest.raises(SettingError, match="Did you mean 'drop D'"):
        read_tuning("dropd")


def test_every_tuning_is_found_by_its_name_and_by_its_notes() -> None:
    for name, tuning in TUNINGS.items():
        assert read_tuning(name) is tuning
        assert read_tuning(tuning.notes).strings == tuning.strings
    assert not STANDARD.reentrant
    assert TUNINGS["ukulele"].reentrant
