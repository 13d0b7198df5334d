from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.mains import combs, is_mains
from tests.assistant.dsp.hums import RATE, audio, hum, tune


@pytest.mark.parametrize("hertz", [49.8, 50.0, 50.2, 59.9, 60.1])
def test_the_lines_of_hum_stand_in_the_rests(hertz: float) -> None:
    found = combs(audio(tune() + hum(hertz=hertz)).samples, RATE)[0]
    assert found.hertz == pytest.approx(hertz, abs=0.3)
    assert len(found.orders) > 20


def test_music_has_none() -> None:
    assert combs(audio(tune()).samples, RATE) == []


def test_lines_without_a_low_one_are_no_mains() -> None:
    assert combs(audio(tune() + hum(orders=(10, 11, 12, 13))).samples, RATE) == []


def test_what_is_shorter_than_a_window_is_not_looked_at() -> None:
    assert combs(np.ones((1, 100), dtype=np.float32), RATE) == []


@pytest.mark.parametrize(
    ("hertz", "near"), [(49.8, True), (60.2, True), (49.0, False), (61.7, False), (55.0, False)]
)
def test_near_to_the_mains_is_half_a_percent(hertz: float, near: bool) -> None:
    assert is_mains(hertz) is near
