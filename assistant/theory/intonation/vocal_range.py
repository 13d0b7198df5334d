"""How low and how high voices sing."""

from __future__ import annotations

from assistant.material import note_hz

__all__ = ["VOICES", "range_hz_of", "range_of"]

_RANGES: dict[str, tuple[float, float]] = {
    "bass": (40.0, 64.0),
    "baritone": (43.0, 67.0),
    "tenor": (48.0, 72.0),
    "alto": (53.0, 77.0),
    "mezzo": (57.0, 81.0),
    "soprano": (60.0, 84.0),
    "child": (57.0, 84.0),
    "instrument": (28.0, 96.0),
}
"""Lowest and highest note of each, MIDI numbers, as choirs are written for."""

_BEYOND = 5.0  # semitones that a singer may go beyond, and a note begin or end beyond it

VOICES = ("auto", *_RANGES)
"""What may be asked for."""


def range_of(voice: str) -> tuple[float, float] | None:
    """Tell how low and how high to listen for a voice.

    Parameters
    ----------
    voice : str
        One of `VOICES`.

    Returns
    -------
    tuple of (float, float) or None
        MIDI numbers, a fourth wider than the voice is written for; None for ``"auto"``.
    """
    if voice not in _RANGES:
        return None
    low, high = _RANGES[voice]
    return low - _BEYOND, high + _BEYOND


def range_hz_of(voice: str) -> tuple[float, float] | None:
    """Tell the same as `range_of` in Hz."""
    span = range_of(voice)
    return span and (note_hz(span[0]), note_hz(span[1]))
