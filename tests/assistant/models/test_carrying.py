"""The harmoniser, asked with notes and half-bars."""

from __future__ import annotations

import numpy as np

from assistant.contract import Context
from assistant.material import Meter, Note
from assistant.models.carrying import carry
from assistant.theory.harmony.key import read_key
from assistant.theory.ideas.song import Song
from bridge.presets import data, weights

CONTEXT = Context(0, 1, data, weights=weights)
PITCHES = (60, 64, 67, 64, 65, 69, 72, 69)
TUNE = tuple(Note(pitch, float(at), 1.0) for at, pitch in enumerate(PITCHES))
BARS = (Meter(0.0, 4, 4), Meter(4.0, 4, 4))


def song(tune: tuple[Note, ...]) -> Song:
    return Song((), read_key("C"), BARS, melody=tune)


def test_each_half_bar_has_a_chord() -> None:
    paths = carry(CONTEXT, song(TUNE), 4, 0.3, np.random.default_rng(0))
    assert 1 <= len(paths) <= 4
    assert all(len(path.chords) == 4 for path in paths)
    assert paths[0].chords[0].startswith("I:")
    assert paths[0].chords[2].startswith(("IV:", "II:min"))  # F A C A


def test_the_order_of_notes_does_not_matter() -> None:
    rows = (song(TUNE), song(TUNE[::-1]))
    one, other = (carry(CONTEXT, each, 1, 0.3, np.random.default_rng(0)) for each in rows)
    assert one == other
