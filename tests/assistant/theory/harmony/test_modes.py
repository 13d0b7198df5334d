from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.key import FAMILY_SCALES, MODES, Key
from assistant.theory.harmony.modes import COLOUR_NOTES, brings_out, in_mode
from assistant.theory.harmony.progression import Progression, read_bars
from assistant.theory.harmony.roman import realise
from assistant.theory.ideas.library import open_library
from bridge.presets import data

PROGRESSIONS = open_library(data).progressions


@pytest.mark.parametrize(
    ("mode", "bars", "said"),
    [("dorian", "i | iv | VII | i", "i | IV | VII | i"),
     ("mixolydian", "I | V | IV | I", "I | v | IV | I"),
     ("lydian", "I | ii | V | I", "I | II | V | I"),
     ("phrygian", "i | VII | VI | VII", "i | vii | VI | vii"),
     ("harmonic minor", "i | iv | v | i", "i | iv | V | i")],
)  # fmt: skip
def test_a_progression_is_said_in_a_mode(mode: str, bars: str, said: str) -> None:
    made = in_mode(read_bars(bars), Key(0, mode))
    assert made is not None
    assert " | ".join(str(bar[0]) for bar in made) == said


@pytest.mark.parametrize(
    ("mode", "bars"),
    [
        ("dorian", "i | bII | i | VI"),
        ("mixolydian", "I | iii | IV | V"),
        ("dorian", "i | v | i | v"),
    ],
)
def test_what_cannot_be_said_in_a_mode_is_left_out(mode: str, bars: str) -> None:
    assert in_mode(read_bars(bars), Key(0, mode)) is None


@given(st.sampled_from(PROGRESSIONS), st.sampled_from(sorted(COLOUR_NOTES)))
def test_what_is_said_in_a_mode_has_its_notes_only_and_tells_it(
    progression: Progression, mode: str
) -> None:
    key = Key(0, mode)
    made = in_mode(progression.bars, key) if progression.family == key.family else None
    if made is not None:
        assert brings_out(made, key)
        for bar in made:
            for chord in bar:
                assert set(realise(chord, key).pitch_classes) <= key.pitch_classes


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_enough_to_choose_from(mode: str) -> None:
    key = Key(0, mode)
    said = {in_mode(each.bars, key) for each in PROGRESSIONS if each.family == key.family}
    assert len(said - {None}) >= 20


@pytest.mark.parametrize("mode", FAMILY_SCALES)
def test_major_and_minor_are_as_on_the_shelf(mode: str) -> None:
    bars = read_bars("bII | i | I | #iv")
    assert in_mode(bars, Key(0, mode)) == bars
