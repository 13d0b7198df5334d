from __future__ import annotations

import numpy as np

from assistant.theory.ideas.library import open_library
from bridge.presets import data

LIBRARY = open_library(data)


def test_the_shelf_is_read_once() -> None:
    assert open_library(data) is LIBRARY


def test_columns_are_as_long_as_the_list() -> None:
    count = len(LIBRARY.progressions)
    for column in (LIBRARY.minor, LIBRARY.homes, LIBRARY.places, LIBRARY.tags, LIBRARY.bits):
        assert len(column) == count


def test_the_rarest_takes_most_bits() -> None:
    assert LIBRARY.rarity.min() == 0.0
    assert LIBRARY.rarity.max() == 1.0
    assert int(np.argmax(LIBRARY.rarity)) == int(np.argmax(LIBRARY.bits))


def test_a_style_can_be_played() -> None:
    for name, style in LIBRARY.styles.items():
        assert 30 <= style.slow < style.quick <= 300
        assert (name, style.meter) in LIBRARY.patterns
        assert 0.5 <= style.swing < 0.7
        assert 0 <= style.program <= 127
        assert 32 <= style.bass <= 43


def test_sad_progressions_lie_below_joyful_ones() -> None:
    joyful, sad = (
        LIBRARY.places[[mood in each.moods for each in LIBRARY.progressions], 0].mean()
        for mood in ("joyful", "sad")
    )
    assert sad < 0.0 < joyful


def test_metal_is_power_chords_on_a_distorted_guitar() -> None:
    metal = [each for each in LIBRARY.progressions if each.style == "metal"]
    assert len(metal) >= 12
    assert {chord.kind for each in metal for bar in each.bars for chord in bar} == {"5"}
    assert LIBRARY.styles["metal"].program == 30
