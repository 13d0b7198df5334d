from __future__ import annotations

import numpy as np

from assistant.theory.ear.chord_hearing import HeardChord
from assistant.theory.ear.key_finding import (
    key_fits,
    key_from,
    key_with_chords,
)
from assistant.theory.harmony.chord import read_chord


def heard(*symbols: str) -> list[HeardChord]:
    return [HeardChord(4.0 * bar, 4.0, read_chord(symbol), 1.0)
            for bar, symbol in enumerate(symbols)]  # fmt: skip


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
