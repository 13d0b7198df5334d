"""Moves done in part: half the gain, half the way to the side, and so on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from assistant.dsp.decibels import decibels
from assistant.moves import PARAMETERS, Move

__all__ = ["scaled"]

_FROM_ZERO = {"gain_db", "pan", "eq.gain_db", "comp.makeup_db"}
_FROM_ONE = {"width", "comp.ratio"}


def scaled(moves: Iterable[Move], amount: float) -> Iterator[Move]:
    """Do moves in part.

    Parameters
    ----------
    moves : iterable of Move
        As they would be done.
    amount : float
        How much of them, 0.0 to 1.0.

    Yields
    ------
    Move
        Gains, EQ, pans, widths, ratios and sends scaled. What is either done or not, such as a
        polarity or a high-pass, is done at any amount but 0.0; at that, there is nothing.
    """
    if amount == 0.0:
        return
    for move in moves:
        yield replace(move, value=_part(move, amount))


def _part(move: Move, amount: float) -> float:
    if move.parameter in _FROM_ZERO:
        return move.value * amount
    if move.parameter in _FROM_ONE:
        return 1.0 + (move.value - 1.0) * amount
    if move.parameter == "send_db":
        return max(move.value + decibels(amount), PARAMETERS["send_db"].low)
    return move.value
