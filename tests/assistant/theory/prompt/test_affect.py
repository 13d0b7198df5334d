from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.theory.harmony.key import MODES
from assistant.theory.ideas.library import open_library
from assistant.theory.prompt.affect import affect_of
from bridge.presets import data

MOODS = open_library(data).vocabulary.moods
SIDES = st.floats(-1.0, 1.0)


@pytest.mark.parametrize(
    ("mood", "family", "articulation"),
    [("joyful", "major", "staccato"), ("peaceful", "major", "legato"),
     ("sad", "minor", "legato"), ("angry", "minor", "staccato"),
     ("romantic", "major", "legato"), ("lonely", "minor", "legato")],
)  # fmt: skip
def test_moods_have_the_mode_and_the_articulation_of_their_quadrant(
    mood: str, family: str, articulation: str
) -> None:
    affect = affect_of(MOODS[mood])
    assert (affect.family, affect.articulation) == (family, articulation)


def test_sad_is_slower_lower_softer_and_sparser_than_happy() -> None:
    sad, happy = affect_of(MOODS["sad"]), affect_of(MOODS["joyful"])
    assert sad.bpm <= 85
    assert happy.bpm >= 120
    assert sad.register < 0 < happy.register
    assert sad.velocity < 70 < happy.velocity
    assert sad.density < 0 < happy.density


@pytest.mark.parametrize("place", [*MOODS.values(), (-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
def test_every_mood_is_within_range(place: tuple[float, float]) -> None:
    affect = affect_of(place)
    assert affect.mode in MODES
    assert 55 <= affect.bpm <= 150
    assert 48 <= affect.velocity <= 108
    for side in (affect.density, affect.register, affect.complexity, affect.syncopation):
        assert -1.0 <= side <= 1.0


@given(SIDES, SIDES, SIDES)
def test_more_arousal_is_faster_louder_and_denser(valence: float, one: float, other: float) -> None:
    calm, excited = (affect_of((valence, side)) for side in sorted((one, other)))
    assert calm.bpm <= excited.bpm
    assert calm.velocity <= excited.velocity
    assert calm.density <= excited.density
    assert calm.mode == excited.mode


@given(SIDES, SIDES, SIDES)
def test_more_valence_is_brighter_and_less_complex(
    arousal: float, one: float, other: float
) -> None:
    bright = ("phrygian", "minor", "dorian", "major", "lydian")
    low, high = (affect_of((side, arousal)) for side in sorted((one, other)))
    assert bright.index(low.mode) <= bright.index(high.mode)
    assert low.complexity >= high.complexity
    assert low.register <= high.register


def test_what_lies_outside_is_taken_as_the_end() -> None:
    assert affect_of((3.0, -7.0)) == affect_of((1.0, -1.0))
