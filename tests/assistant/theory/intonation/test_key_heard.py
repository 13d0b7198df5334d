from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.harmony.key import read_key, spelled_key
from assistant.theory.intonation.key_heard import habits_in, hear_key, scale_fits
from assistant.theory.intonation.scale_reading import read_scale
from assistant.theory.intonation.scales import scale_of_key
from bridge.presets import weights
from tests.assistant.theory.intonation.misses import sung, tune, wandering

STEPS = weights("melody-steps-pop")["steps"]


@pytest.mark.parametrize("tonic", [60, 63, 66])
@pytest.mark.parametrize("cents", [0.0, -30.0, 25.0])
def test_the_notes_of_the_key_are_found_whatever_the_tuning(tonic: int, cents: float) -> None:
    take = sung(tune(tonic, 64, tonic), cents + wandering(tonic, 64, 2.0, 12.0))
    heard = hear_key(take, STEPS)
    assert heard.key.pitch_classes == spelled_key(tonic % 12, "major").pitch_classes
    assert heard.second.pitch_classes != heard.key.pitch_classes
    assert heard.confidence > 0.6


def test_a_take_between_two_keys_is_not_sure() -> None:
    heard = hear_key(sung(tune(1, 64), 50.0), STEPS)
    likely = {frozenset(key.pitch_classes) for key, _ in heard.likely}
    assert heard.confidence < 0.8
    assert {read_key("C").pitch_classes, read_key("Db").pitch_classes} <= likely


def test_a_few_notes_tell_little() -> None:
    many = hear_key(sung(tune(2, 64)), STEPS).confidence
    assert hear_key(sung(tune(2, 64)[:3]), STEPS).confidence < 0.5 < many


def test_a_take_in_the_said_key_fits() -> None:
    for seed in range(6):
        take = sung(tune(seed, 40), wandering(seed, 40, 5.0, 20.0))
        assert scale_fits(take, scale_of_key(read_key("C")), STEPS)[0] > 0.5


def test_a_take_in_another_key_does_not() -> None:
    take = sung(tune(3, 48, 61), wandering(3, 48, 2.0, 12.0))
    sure, better = scale_fits(take, scale_of_key(read_key("C")), STEPS)
    assert sure < 0.2
    assert better.pitch_classes == read_key("Db").pitch_classes


def test_a_part_of_the_scale_fits_a_pentatonic_and_nothing_is_said_of_tunings_and_masks() -> None:
    five = np.array([60.0, 62.0, 64.0, 67.0, 69.0])
    take = sung(five[np.random.default_rng(1).integers(5, size=40)])
    assert scale_fits(take, read_scale("C pentatonic"), STEPS)[0] > 0.5
    assert scale_fits(sung(tune(4, 40, 61)), read_scale("C 19-edo"), STEPS)[0] == 1.0
    assert scale_fits(sung(tune(4, 40, 61)), read_scale("notes C D E"), STEPS)[0] == 1.0


def test_several_scales_are_as_likely() -> None:
    habit = habits_in([scale_of_key(read_key("C")), scale_of_key(read_key("G"))], 55.0, 75.0)
    assert habit.tables.shape == (2, 21, 21)
    assert habit.odds.tolist() == [0.5, 0.5]
