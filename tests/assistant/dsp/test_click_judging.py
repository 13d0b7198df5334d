"""A click goes, a hit stays, and nothing else is touched."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.dsp.click_judging import CERTAIN, mend_all

FRAMES = 20_000
LENGTHS = (1024, 132, 400)
Signal = NDArray[np.float64]


def hum() -> Signal:
    time = np.arange(float(FRAMES))
    breath = 0.01 * np.random.default_rng(1).standard_normal(FRAMES)
    return np.asarray(np.sin(0.05 * time) + np.sin(0.21 * time) + breath)


def worked(
    row: Signal, span: tuple[int, int] = (0, FRAMES), least: float = 1.2
) -> tuple[list[tuple[int, int]], Signal, NDArray[np.bool_], int]:
    """Mend in place: where, how like clicks, what is touched, how many hits."""
    places, scores = np.zeros((100, 2), dtype=np.int64), np.zeros(100)
    touched = np.zeros(FRAMES, dtype=np.bool_)
    found, hits = mend_all(row, span, LENGTHS, least, places, scores, touched)
    return [(int(a), int(b)) for a, b in places[:found]], scores[:found], touched, hits


def clicking(*starts: int) -> Signal:
    sound = hum()
    for first in starts:
        sound[first : first + 20] += 0.5 * np.random.default_rng(first).standard_normal(20)
    return sound


def test_a_click_is_certain_and_goes() -> None:
    sound = clicking(7000, 12_000)
    given = sound.copy()
    places, scores, touched, hits = worked(sound)
    assert [first for first, _ in places] == pytest.approx([7000, 12_000], abs=6)
    assert (scores > CERTAIN).all()
    assert hits == 0
    assert np.array_equal(sound != given, touched & (sound != given))
    assert np.square(sound - hum()).sum() < 0.02 * np.square(given - hum()).sum()


def test_only_what_begins_within_the_span_is_mended() -> None:
    sound = clicking(7000, 12_000)
    places, _, _, _ = worked(sound, (8000, 16_000))
    assert len(places) == 1
    assert places[0][0] == pytest.approx(12_000, abs=6)


def test_a_hit_stays_and_is_counted() -> None:
    sound, after = 0.001 * np.random.default_rng(2).standard_normal(FRAMES), np.arange(2000.0)
    sound[7000:9000] += np.exp(-after / 300.0) * np.sin(0.3 * after + 1.0)
    given = sound.copy()
    places, _, touched, hits = worked(sound)
    assert places == []
    assert hits >= 1
    assert not touched.any()
    assert np.array_equal(sound, given)


def test_a_higher_bar_lets_it_stay() -> None:
    assert worked(clicking(7000), least=99.0)[0] == []
