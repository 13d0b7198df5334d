from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.ear.rhythm_heard import TICKS, place_at, place_notes

BEATS = np.array([0, 1, 1.5, 2, 3, 4, 4.5, 5, 5.5, 6, 8, 9, 10, 10.75, 11, 12, 13, 14, 16, 17.5,
                  18, 19, 20, 21, 22, 22.5, 23, 24])  # fmt: skip


def sung(bpm: float, stray: float = 0.015, first: float = 0.4, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.asarray(first + BEATS * 60.0 / bpm + rng.normal(0.0, stray, BEATS.size))


@pytest.mark.parametrize("bpm", [76.0, 92.5, 104.0, 131.0])
def test_the_tempo_is_found(bpm: float) -> None:
    placed = place_notes(sung(bpm))
    assert 60.0 / np.median(placed.seconds_a_pulse) == pytest.approx(bpm, rel=0.015)
    np.testing.assert_array_equal(placed.ticks, np.round(BEATS * TICKS))
    assert placed.origin == pytest.approx(0.4, abs=0.05)
    assert placed.fit > 0.9


def test_a_tempo_that_slows_down_is_followed() -> None:
    bpm = np.linspace(112.0, 92.0, BEATS.size - 1)
    onsets = np.concatenate(([0.5], 0.5 + np.cumsum(np.diff(BEATS) * 60.0 / bpm)))
    placed = place_notes(onsets)
    np.testing.assert_array_equal(placed.ticks, np.round(BEATS * TICKS))
    assert 60.0 / placed.seconds_a_pulse[0] > 105.0
    assert 60.0 / placed.seconds_a_pulse[-1] < 99.0


def test_a_hint_does_not_overrule_the_notes() -> None:
    placed = place_notes(sung(104.0), (156.0, 78.0))
    assert 60.0 / np.median(placed.seconds_a_pulse) == pytest.approx(104.0, rel=0.015)


@pytest.mark.parametrize("first", [0.0, 0.13, 0.31])
def test_only_the_phase_of_a_said_tempo_is_found(first: float) -> None:
    placed = place_at(sung(97.0, first=first), 60.0 / 97.0)
    assert placed.origin == pytest.approx(first, abs=0.02)
    np.testing.assert_array_equal(placed.ticks, np.round(BEATS * TICKS))
    assert (placed.seconds_a_pulse == 60.0 / 97.0).all()


def test_who_sings_a_little_before_the_beat_still_begins_on_it() -> None:
    placed = place_at(np.maximum(0.0, sung(120.0, first=-0.02)), 0.5)
    assert abs(placed.origin) < 0.04
    assert placed.ticks[0] == 0


def test_triplets_and_dotted_pulses() -> None:
    thirds = np.array([0, 1 / 3, 2 / 3, 1, 2, 7 / 3, 8 / 3, 3, 4])
    assert (place_at(0.2 + 0.6 * thirds, 0.6).ticks % 4 == 0).all()
    eighths = np.array([0, 1, 2, 3, 5, 6, 8, 9, 12, 14, 15])
    placed = place_at(0.25 * eighths, 0.75, dotted=True)
    np.testing.assert_array_equal(placed.ticks, eighths * 4)
