from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.pitch_marks import Marks, pitch_marks
from tests.assistant.dsp.sung import Array, sung

RATE = 44_100


def marked(sound: Array, hz: Array, rate: int = RATE, wrong: float = 1.0) -> Marks:
    times = np.arange(0.0, sound.size / rate - 0.005, 0.005)
    at = (times * rate).astype(int)
    return pitch_marks(sound, rate, times, hz[at] * wrong, 0.5 * float(times[-1]))


def phases(marks: Marks, hz: Array, rate: int = RATE) -> Array:
    """Return in which part of which cycle each mark stands."""
    return np.interp(marks.places, np.arange(hz.size), np.cumsum(hz) / rate)


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
@pytest.mark.parametrize("hz", [70.0, 220.0, 700.0])
def test_every_cycle_has_one_mark_in_the_same_place(rate: int, hz: float) -> None:
    curve = np.full(rate // 4, hz)
    steps = np.diff(phases(marked(sung(curve, rate), curve, rate), curve, rate)[3:-3])
    assert len(steps) > 0.24 * hz - 9
    np.testing.assert_allclose(steps, 1.0, atol=0.005 if rate > 8_000 else 0.02)


@pytest.mark.parametrize("octaves", [-1.0, 1.0])
def test_a_glide_neither_loses_nor_doubles_a_cycle(octaves: float) -> None:
    curve = 200.0 * 2.0 ** (octaves * np.linspace(0.0, 1.0, RATE // 2))
    found = marked(sung(curve, RATE), curve)
    np.testing.assert_allclose(np.diff(phases(found, curve)), 1.0, atol=0.05)
    assert found.likeness.min() > 0.7


def test_a_track_some_percent_off_is_mended() -> None:
    curve = np.full(RATE // 2, 180.0)
    found = marked(sung(curve, RATE), curve, wrong=1.06)
    np.testing.assert_allclose(np.diff(found.places)[3:-3], RATE / 180.0, rtol=0.002)


def test_marks_stand_where_the_energy_is() -> None:
    curve = np.full(RATE // 2, 100.0)
    sound = sung(curve, RATE)
    power = np.square(np.gradient(sound))
    for place in marked(sound, curve).places[3:-3]:
        middle = round(place)
        near = power[middle - 110 : middle + 110].sum()
        assert near > 0.7 * power[middle - 220 : middle + 220].sum()


def test_what_does_not_repeat_itself_is_not_alike() -> None:
    curve = np.full(RATE // 2, 200.0)
    noise = 0.1 * np.random.default_rng(0).standard_normal(curve.size)
    assert np.mean(marked(noise, curve).likeness > 0.5) < 0.05
    assert np.mean(marked(sung(curve, RATE), curve).likeness > 0.99) > 0.9
    octave_too_high = marked(sung(curve, RATE), curve, wrong=2.1)
    assert octave_too_high.likeness.max() < 0.9


def test_silence_has_nothing_alike() -> None:
    curve = np.full(RATE // 4, 200.0)
    assert (marked(np.zeros(curve.size), curve).likeness <= 0.0).all()


def test_a_sound_shorter_than_a_cycle_has_marks_within_it() -> None:
    found = pitch_marks(np.ones(40), RATE, np.array([0.0, 0.0005]), np.full(2, 50.0), 0.0)
    assert found.places.size >= 1
    assert found.places.min() >= 0.0
    assert found.places.max() <= 0.0005 * RATE
