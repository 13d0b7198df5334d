from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony import spelling


@pytest.mark.parametrize(
    ("name", "fifth", "pitch_class"),
    [("C", 0, 0), ("G", 1, 7), ("F", -1, 5), ("F#", 6, 6), ("Gb", -6, 6), ("B#", 12, 0),
     ("Cb", -7, 11), ("Fb", -8, 4), ("F##", 13, 7), ("Bbb", -9, 9)],
)  # fmt: skip
def test_names_and_places(name: str, fifth: int, pitch_class: int) -> None:
    assert spelling.name(fifth) == name
    assert spelling.read(name) == fifth
    assert spelling.pitch_class(fifth) == pitch_class


@given(st.integers(-15, 19))
def test_a_name_reads_back(fifth: int) -> None:
    assert spelling.read(spelling.name(fifth)) == fifth


@given(st.integers(-30, 30))
def test_the_simplest_spelling_sounds_the_same_with_one_accidental(fifth: int) -> None:
    simple = spelling.simplest(fifth)
    assert spelling.pitch_class(simple) == spelling.pitch_class(fifth)
    assert len(spelling.name(simple)) <= 2


def test_a_note_with_one_accidental_keeps_its_spelling() -> None:
    assert [spelling.simplest(fifth) for fifth in range(-8, 13)] == list(range(-8, 13))


@pytest.mark.parametrize("sign", ["F♯", " f# "])
def test_signs_and_small_letters_are_read(sign: str) -> None:
    assert spelling.read(sign) == 6


@pytest.mark.parametrize("text", ["", "H", "C#b", "Cbbb", "4"])
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no note name"):
        spelling.read(text)
