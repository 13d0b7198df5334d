"""Figures of tunes."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.tune.likeness import FIGURES, figures, strangeness


def measure(pitches: list[int], fits: list[int] | None = None) -> dict[str, float]:
    row = np.array([[*pitches, 0]], dtype=np.int16)
    there = np.array([[True] * len(pitches) + [False]])
    starts = np.array([[*range(0, 4 * len(pitches), 4), 99]], dtype=np.int16)
    fit = np.array([[*(fits or [1] * len(pitches)), 0]], dtype=bool)
    lengths = np.full(row.shape, 4, dtype=np.int16)
    told = figures(row, starts, lengths, fit, there)[0].tolist()
    return dict(zip(FIGURES, told, strict=True))


def test_a_small_tune_by_hand() -> None:
    told = measure([60, 62, 64, 64, 72, 67], [1, 0, 1, 1, 1, 0])
    assert told["chord_fit"] == pytest.approx(4 / 6)
    assert told["motion"] == pytest.approx((2 + 2 + 0 + 8 + 5) / 5)
    assert told["repeats"] == pytest.approx(1 / 5)
    assert told["leaps"] == pytest.approx(2 / 5)
    assert told["range"] == 12
    assert told["loose"] == 0.0
    assert told["run"] == 2
    assert told["peaks"] == 1
    assert told["echoes"] == 0.0


def test_a_foreign_note_left_by_a_leap_is_loose() -> None:
    assert measure([60, 62, 67], [1, 0, 1])["loose"] == pytest.approx(1 / 3)


def test_what_comes_back_is_an_echo() -> None:
    assert measure([60, 62, 64, 60, 62, 64, 60, 62, 64])["echoes"] == pytest.approx(4 / 7)


def test_entropy_of_pitch_classes() -> None:
    assert measure([60, 72, 48, 60])["entropy"] == pytest.approx(0.0)
    assert measure([60, 62, 64, 65])["entropy"] == pytest.approx(2.0)


def test_the_usual_is_not_strange() -> None:
    usual = np.stack([np.arange(10.0), np.ones(10)]).astype(np.float32)
    rows = np.stack([usual[0], usual[0] + 2.0]).astype(np.float32)
    assert strangeness(rows, usual).tolist() == [0.0, 4.0]
