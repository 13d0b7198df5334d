"""Learned models, opened once and kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from assistant.contract import Context
from assistant.models.harmonise import Harmoniser
from assistant.models.next_chord import NextChord

__all__ = ["harmoniser", "next_chord"]


def next_chord(context: Context, songs: str) -> NextChord:
    """Open a model of the next chord.

    Parameters
    ----------
    context : Context
        Weights and shelf.
    songs : {"pop", "rock"}
        What it was learned from.

    Returns
    -------
    NextChord
        The same object for the same weights.
    """
    return cast("NextChord", _open(context, NextChord, f"chords-{songs}"))


def harmoniser(context: Context) -> Harmoniser:
    """Open the model that finds chords for a melody; the same object for the same weights."""
    return cast("Harmoniser", _open(context, Harmoniser, "harmonise-pop"))


def _open(context: Context, kind: type, name: str) -> object:
    return _opened(cast("Any", context.weights), cast("Any", context.shelf), kind, name)


@lru_cache(maxsize=8)
def _opened(weights: Any, shelf: Any, kind: Any, name: str) -> object:
    return kind(weights(name), shelf(f"models/{name}"))
