"""Amplitudes in decibels, and decibels as amplitudes."""

from __future__ import annotations

import math

__all__ = ["amplitude", "decibels"]


def amplitude(level_db: float) -> float:
    """Return the amplitude at a level: 1.0 at 0 dB, 0.0 at minus infinity."""
    return float(10.0 ** (level_db / 20.0))


def decibels(linear: float) -> float:
    """Return the level of an amplitude of 0.0 or more, in dB: minus infinity for 0.0."""
    return 20.0 * math.log10(linear) if linear > 0.0 else -math.inf
