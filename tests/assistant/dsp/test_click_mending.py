"""In the place of a click comes what the music did meanwhile."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.click_mending import mend

Signal = NDArray[np.float64]
TIME = np.arange(4000.0)
MUSIC = sum(np.sin(w * TIME + w) / n for n, w in enumerate((0.05, 0.13, 0.31, 0.9), 1))
BREATH = 1e-3 * np.random.default_rng(1).standard_normal(TIME.size)


def mended(sound: Signal, first: int, stop: int) -> tuple[Signal, tuple[float, float, float]]:
    bridged, made = sound.copy(), np.zeros(stop - first)
    bridged[first:stop] = np.linspace(sound[first - 1], sound[stop], stop - first)
    return made, mend(sound, bridged, (first, stop), 1000, made)


@pytest.mark.parametrize("long", [1, 3, 10, 40])
def test_a_click_is_taken_off(long: int) -> None:
    clean = MUSIC + BREATH
    sound = clean.copy()
    sound[2000 : 2000 + long] += np.random.default_rng(long).standard_normal(long)
    made, (given, left, around) = mended(sound, 1998, 2002 + long)
    error, click = made - clean[1998 : 2002 + long], sound - clean
    assert np.square(error).sum() < 0.02 * np.square(click).sum()
    assert left < given / 100.0
    assert left / (long + 36) < 5.0 * around


def test_where_a_click_has_died_away_the_sound_is_believed() -> None:
    clean = MUSIC + 0.03 * np.random.default_rng(3).standard_normal(TIME.size)
    sound = clean.copy()
    sound[2000:2010] += 3.0 * (-1.0) ** np.arange(10)
    made, _ = mended(sound, 2000, 2060)
    error = np.abs(made - clean[2000:2060])
    assert error[20:].mean() < 0.01  # a third of what nobody could know


def test_a_blow_cannot_be_mended() -> None:
    sound = BREATH.copy()
    after = np.arange(500.0)
    sound[2010:2510] += np.exp(-after / 100.0) * np.sin(0.3 * after)
    _, (given, left, around) = mended(sound, 2005, 2025)
    assert given > 100.0 * 52 * around or left > 0.2 * given
    assert left > 0.1 * given


def test_what_is_hopeless_is_told_and_nothing_is_made() -> None:
    made, (given, left, _) = mended(MUSIC + BREATH, 2000, 2020)
    assert given == left
    assert not made.any()
