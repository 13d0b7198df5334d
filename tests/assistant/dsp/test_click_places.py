"""Places are enclosed from both sides, and never too long."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.click_places import FLOOR, candidates, residuals_and_level

WINDOW, LONGEST, FRAMES = 512, 100, 20_000
Signal = NDArray[np.float64]


def hum() -> Signal:
    time = np.arange(float(FRAMES))
    breath = 0.001 * np.random.default_rng(1).standard_normal(FRAMES)
    return np.asarray(np.sin(0.05 * time) + np.sin(0.21 * time) + breath)


def found(sound: Signal) -> tuple[NDArray[np.int64], Signal]:
    ahead, back = np.zeros(FRAMES), np.zeros(FRAMES)
    usual, places = np.zeros(FRAMES // WINDOW + 1), np.zeros((1000, 2), dtype=np.int64)
    residuals_and_level(sound, WINDOW, ahead, back, usual)
    span, lengths = (100, FRAMES - 300), (WINDOW, LONGEST)
    return places[: candidates(ahead, back, usual, span, lengths, places)], usual


def test_what_goes_on_has_none_and_its_level_is_that_of_the_breath() -> None:
    places, usual = found(hum())
    assert not places.size
    assert ((usual[:-1] > 0.0008) & (usual[:-1] < 0.003)).all()


@pytest.mark.parametrize("long", [1, 7, 40])
def test_a_burst_is_enclosed(long: int) -> None:
    sound = hum()
    sound[7000 : 7000 + long] += 0.3 * np.random.default_rng(long).choice([-1.0, 1.0], long)
    places, _ = found(sound)
    assert len(places) == 1
    first, stop = places[0]
    assert 6990 <= first <= 7000
    assert 7000 + long <= stop <= 7010 + long


def test_a_burst_in_a_loud_stretch_is_found_and_the_stretch_is_not() -> None:
    sound = hum()
    sound[7000:7200] += 0.05 * np.random.default_rng(3).standard_normal(200)
    sound[7100:7105] += 3.0
    places, _ = found(sound)
    assert ((places[:, 0] <= 7100) & (places[:, 1] >= 7105)).any()
    assert (places[:, 1] - places[:, 0] <= LONGEST).all()


def test_rounding_is_no_level() -> None:
    places, usual = found(np.where(np.arange(FRAMES) % 997 == 0, 2.0**-15, 0.0))
    assert not places.size
    assert usual[:-1] == pytest.approx(np.full(FRAMES // WINDOW, FLOOR))
