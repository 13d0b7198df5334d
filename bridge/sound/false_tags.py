"""Tags that speak of the samples, and are no longer true once these are others."""

from __future__ import annotations

__all__ = ["is_false"]

_MARKS = (
    *("replaygain", "r128_", "mp3gain", "itunnorm", "itunsmpb", "loudness", "dynamic range"),
    *("encoder", "encoded-by", "accuraterip"),
)


def is_false(name: str) -> bool:
    """Tell whether a tag speaks of loudness, peaks, or the encoder of a file.

    Parameters
    ----------
    name : str
        Of the tag, such as ``"REPLAYGAIN_TRACK_GAIN"``, or what it begins with.

    Returns
    -------
    bool
        Whether to drop it.
    """
    folded = name.lower()
    return any(mark in folded for mark in _MARKS)
