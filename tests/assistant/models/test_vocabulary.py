from __future__ import annotations

import numpy as np
import pytest

from assistant.errors import UnknownName
from assistant.models.vocabulary import BEATS, Vocabulary, length_class

WORDS = Vocabulary(("maj", "min", "7", "hdim7"))


def test_every_root_has_every_quality() -> None:
    assert len(WORDS.labels) == 48
    assert WORDS.labels[WORDS.number("bVII:7")] == "bVII:7"
    assert WORDS.roots[WORDS.number("V:min")] == 7
    assert WORDS.qualities[WORDS.kinds[WORDS.number("V:min")]] == "min"


def test_chords_are_alike_by_root_and_third() -> None:
    thirds = {label: int(WORDS.thirds[WORDS.number(label)]) for label in WORDS.labels}
    assert thirds["V:maj"] == thirds["V:7"]
    assert len({thirds[label] for label in ("V:maj", "V:min", "V:hdim7", "I:maj")}) == 4


def test_a_chord_it_does_not_know_is_named() -> None:
    with pytest.raises(UnknownName, match="V:maj9"):
        WORDS.numbers(["I:maj", "V:maj9"])


def test_lengths_go_to_the_nearest_by_ratio() -> None:
    told = length_class(np.array([*BEATS, 0.1, 9.5, 100, 4.4], dtype=np.float32))
    nearest = [BEATS[at - 1] for at in told]
    assert nearest == [*BEATS, 0.5, 10, 32, 4]
