"""Beats of rhythms."""

from __future__ import annotations

import pytest

from assistant.theory.tune.beats import density_of, notes_a_beat


def test_densities_and_notes_a_beat_are_two_sides() -> None:
    for density in (0.0, 0.25, 0.45, 1.0):
        assert density_of(notes_a_beat(density)) == pytest.approx(density, abs=1e-6)
    assert notes_a_beat(0.0) < 0.5
    assert notes_a_beat(1.0) > 3.0
    assert density_of(0.1) == 0.0
