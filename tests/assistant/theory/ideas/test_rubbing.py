from __future__ import annotations

import pytest

from assistant.material import Meter, Note
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.rubbing import Rubbing
from assistant.theory.ideas.song import Song

GRID = (Meter(0.0, 4, 4), Meter(4.0, 4, 4))


def sung(*notes: Note) -> Rubbing:
    return Rubbing(Song((), Key(0), GRID, melody=notes))


@pytest.mark.parametrize(
    ("bar", "beats"),
    [("iv", 3.0), ("IV", 0.0), ("IV iv", 1.0), ("Imaj7", 0.0), ("bVII", 3.0), ("II", 0.0)],
)
def test_a_semitone_beside_a_held_note_rubs(bar: str, beats: float) -> None:
    melody = sung(Note(69.0, 0.0, 3.0))  # A: Ab below it, Bb above
    assert melody.beats(0, read_bars(bar)[0]) == beats
    assert melody.beats(1, read_bars(bar)[0]) == 0.0
    assert melody.beats(7, read_bars(bar)[0]) == 0.0


def test_short_notes_pass() -> None:
    assert sung(Note(69.0, 0.0, 0.4)).beats(0, read_bars("iv")[0]) == 0.0
    assert sung(Note(69.0, 0.0, 0.5)).beats(0, read_bars("iv")[0]) == 0.5


def test_what_rubs_no_longer_suits() -> None:
    melody = sung(Note(69.0, 4.0, 4.0))
    (iv,), (fourth,) = read_bars("iv")[0], read_bars("IV")[0]
    assert not melody.suits(1, (fourth,), (iv,))
    assert melody.suits(1, (iv,), (fourth,))
    assert melody.suits(1, (iv,), (iv,))
    assert melody.suits(0, (fourth,), (iv,))


def test_labels_are_measured_by_halves() -> None:
    melody = sung(Note(69.0, 1.0, 2.0))
    table = melody.of_labels(["IV:maj", "IV:min"], Key(0))
    assert table.tolist() == [[0.0, 1.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
