from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.labels import NO_CHORD, QUALITIES, ROOTS, Labels, moved, tones

NAMES = tuple(f"{root}:{quality}" for root in ROOTS for quality in QUALITIES)


@pytest.mark.parametrize(
    ("label", "classes"),
    [("I:maj", {0, 4, 7}), ("V:7", {7, 11, 2, 5}), ("bVI:min", {8, 11, 3}), ("N", set())],
)
def test_tones(label: str, classes: set[int]) -> None:
    assert tones(label) == classes


@given(st.sampled_from(NAMES), st.integers(-24, 24))
def test_a_moved_chord_has_moved_tones(label: str, semitones: int) -> None:
    assert {(tone + semitones) % 12 for tone in tones(moved(label, semitones))} == tones(label)
    assert moved(moved(label, semitones), -semitones) == label


def test_no_chord_stays_none() -> None:
    assert moved(NO_CHORD, 3) == NO_CHORD


def test_triads_are_shared_by_sevenths_and_roots_by_all() -> None:
    labels = Labels(("I:maj", "I:maj7", "I:min", "I:min7", "V:7", "V:maj", "V:sus4"))
    assert labels.roots.tolist() == [0, 0, 0, 0, 7, 7, 7]
    same = labels.triads[:, None] == labels.triads
    assert [row.nonzero()[0].tolist() for row in same] == [
        [0, 1], [0, 1], [2, 3], [2, 3], [4, 5], [4, 5], [6],
    ]  # fmt: skip
    assert sorted(set(labels.triads.tolist())) == [0, 1, 2, 3]
