from __future__ import annotations

import pytest

from assistant.theory.harmony.progression import (
    Progression,
    Steps,
    flat,
    read_bars,
    read_progressions,
)
from assistant.theory.ideas.library import open_library
from bridge.presets import data

LIBRARY = open_library(data)


def test_bars_are_read() -> None:
    bars = read_bars("I | V6 | vi IV | V")
    assert [[str(chord) for chord in bar] for bar in bars] == [["I"], ["V6"], ["vi", "IV"], ["V"]]


@pytest.mark.parametrize("text", ["", "I | | V", "I IV V", "I | Q"])
def test_a_bar_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"one chord or two|numeral"):
        read_bars(text)


def test_a_chord_held_over_bar_lines_counts_once() -> None:
    assert [str(chord) for chord in flat(read_bars("I | I | IV I | I | V"))] == [
        "I",
        "IV",
        "I",
        "V",
    ]


def test_the_shelf_holds_hundreds_and_no_two_alike_in_one_style() -> None:
    assert len(LIBRARY.progressions) > 400
    seen = [(each.bars, each.family, each.style) for each in LIBRARY.progressions]
    assert len(set(seen)) == len(seen)


def test_every_style_has_both_families_and_enough_to_choose_from() -> None:
    for style in LIBRARY.styles:
        families = [each.family for each in LIBRARY.progressions if each.style == style]
        assert len(families) >= 10
        assert set(families) == {"major", "minor"}
    assert {each.style for each in LIBRARY.progressions} == set(LIBRARY.styles)


def test_the_mended_source_is_free_of_its_odd_tokens() -> None:
    page = list(read_progressions(data("styles/mood-progressions")))
    assert len(page) == 184
    named = {" ".join(str(chord) for chord in flat(each.bars)) for each in page}
    assert "I I+ IV V Vsus2" in named  # I I IM-5 IM-5 IV IV V Vsus2
    assert "I Imaj7 I7 IV" in named  # I I7 Idom7 IV
    assert "i v° iv VI" in named  # i vdim iv VI
    assert "Ludovic Drolez" in data("styles/mood-progressions")["licence"]


def loop(text: str) -> Progression:
    return Progression(read_bars(text), "major", "pop", ("joyful",))


def test_a_common_step_takes_fewer_bits_than_a_rare_one() -> None:
    steps = Steps([loop("I | IV | V | I")] * 9 + [loop("I | bII | I | bII")])
    common, rare, never = (
        steps.bits(flat(read_bars(text)), "major") for text in ("I | IV", "I | bII", "I | #iv")
    )
    assert 0.0 < common < rare < never


def test_colour_does_not_change_the_bits() -> None:
    plain, rich = flat(read_bars("ii | V | I")), flat(read_bars("ii9 | V13 | Imaj7"))
    assert LIBRARY.steps.bits(plain, "major") == LIBRARY.steps.bits(rich, "major")


def test_no_chords_take_no_bits() -> None:
    assert LIBRARY.steps.bits((), "major") == 0.0
