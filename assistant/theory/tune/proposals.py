"""What is proposed next: tables counted in songs, mixed, and laid out for quick draws.

Three of them are multiplied (a product of experts): how a line goes on after a step, which degree
follows which, and which notes of a chord are sounded at what kind of place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.theory.tune.frame import Frame

__all__ = ["LEAST", "TURNS", "Draws", "Proposals", "kind_of_place", "lay_out", "log_odds"]

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[Any]

TURNS = 15
"""Steps from seven down to seven up."""

LEAST = 0.5
"""What is added to every count."""

DRAWS = 256
"""Even chances a table is laid out in."""

_MID = TURNS // 2
_LONG = 4  # slots from which on a note is long
_OUTSIDE = -1e9
_MOST_BITS = 10.0  # a leap the tables do not know


def log_odds(counts: NDArray[np.float64], *, against: bool = False) -> Floats:
    """Turn counts into logarithms of odds along the last axis.

    Parameters
    ----------
    counts : ndarray
        Any shape.
    against : bool
        Whether to divide by how common a column is at all.

    Returns
    -------
    ndarray of float32
        The same shape.
    """
    share = (counts + LEAST) / (counts + LEAST).sum(axis=-1, keepdims=True)
    if against:
        overall = (counts + LEAST).reshape(-1, counts.shape[-1]).sum(axis=0)
        share = share / (overall / overall.sum())
    logs: Floats = np.log(share).astype(np.float32)
    return logs


def kind_of_place(beat: NDArray[np.bool_], onward: Ints) -> NDArray[np.int64]:
    """Tell kinds of places apart: 0 weak and short, 1 weak and long, 2 and 3 the same on a beat."""
    return 2 * beat.astype(np.int64) + (onward >= _LONG)


@dataclass(frozen=True, eq=False)
class Proposals:
    """The tables.

    Parameters
    ----------
    turn : ndarray of shape (2, 15, 15)
        Log odds of a step, after a note foreign to its chord or of it, and the step before.
    degree : ndarray of shape (2, 7, 7)
        Log odds of a degree after another in major and minor, over how common it is.
    role : ndarray of shape (4, 7)
        Log odds of a role in the chord at a kind of place, over how common it is.
    cell : ndarray of shape (4, 16, 16)
        How often a rhythm of a beat follows another, by the beat of the bar.
    mix : ndarray of shape (2,)
        Weights of `degree` and `role`.
    usual : ndarray of shape (2, figures)
        See `assistant.theory.tune.likeness`.
    spread : ndarray of shape (2,)
        Mean and standard deviation over songs of bits a note.
    heard : ndarray of shape (2,)
        The same over stretches of eight bars, by the network.
    """

    turn: Floats
    degree: Floats
    role: Floats
    cell: Floats
    mix: Floats
    usual: Floats
    spread: Floats
    heard: Floats

    @classmethod
    def read(cls, arrays: Mapping[str, Floats]) -> Proposals:
        """Take the tables from a file of weights."""
        none = np.zeros(2, dtype=np.float32)
        named = ("turn", "degree", "role", "cell", "mix", "usual")
        turn, degree, role, cell, mix, usual = (arrays[name] for name in named)
        spread, heard = (arrays.get(name, none) for name in ("spread", "heard"))
        return cls(turn, degree, role, cell, mix, usual, spread, heard)

    def log_steps(
        self,
        minor: bool,
        fits: NDArray[np.bool_],
        before: Ints,
        degree: Ints,
        kind: Ints,
        root: Ints,
    ) -> Floats:
        """Say how likely each step is.

        Parameters
        ----------
        minor : bool
            Family of the key.
        fits : ndarray of bool, shape (notes,)
            Whether the note that is left belongs to its chord.
        before : ndarray of int, shape (notes,)
            The step by which it was reached.
        degree : ndarray of int, shape (notes,)
            Its degree.
        kind : ndarray of int, shape (notes,)
            What kind of place is reached; see `kind_of_place`.
        root : ndarray of int, shape (notes,)
            Degree of the root of the chord there.

        Returns
        -------
        ndarray of float32, shape (notes, 15)
            Natural logarithms.
        """
        reached = (degree[:, None] + np.arange(-_MID, _MID + 1)) % 7
        role = (reached - root[:, None]) % 7
        logs = self.turn[fits.astype(int), np.clip(before, -_MID, _MID) + _MID]
        logs = logs + self.mix[0] * self.degree[int(minor)][degree[:, None], reached]
        logs = logs + self.mix[1] * self.role[kind[:, None], role]
        return np.asarray(logs - np.log(np.exp(logs).sum(axis=1, keepdims=True)))


@dataclass(frozen=True, eq=False)
class Draws:
    """The tables laid out for a frame.

    Parameters
    ----------
    steps : ndarray of uint8, shape (chords, 4, 2, 15, steps, 256)
        The next step by chord, kind of place, whether the note left fits its chord, the step
        before, and the note left: 256 even chances.
    bits : ndarray of float32, shape (chords, 4, 2, 15, steps, steps)
        How unexpected each is.
    """

    steps: NDArray[np.uint8]
    bits: Floats


def lay_out(proposals: Proposals, frame: Frame, warmth: float) -> Draws:
    """Lay the tables out for the chords and the range of a frame.

    Parameters
    ----------
    proposals : Proposals
        The tables.
    frame : Frame
        The frame.
    warmth : float
        1.0 draws as songs do; below, likelier steps are drawn more often.

    Returns
    -------
    Draws
        For draws and for measuring.
    """
    chords, steps = frame.tones.shape
    shape = (chords, 4, 2, TURNS, steps, steps)
    move = np.arange(steps)[None, :] - np.arange(steps)[:, None]
    turn = proposals.turn[:, :, np.clip(move, -_MID, _MID) + _MID]
    minor = int(frame.key.family == "minor")
    lean = proposals.mix[0] * proposals.degree[minor][np.ix_(frame.degrees, frame.degrees)]
    fit = proposals.mix[1] * _fit(proposals.role, frame)
    logs = turn + lean + np.where(np.abs(move) > _MID, np.float32(_OUTSIDE), np.float32(0.0))
    logs = np.broadcast_to(logs, shape) + fit.transpose(1, 0, 2)[:, :, None, None, None, :]
    normal = logs - np.log(np.exp(logs).sum(axis=-1, keepdims=True))
    odds = np.exp(normal / np.float32(warmth))
    bits = np.minimum(-normal / np.float32(np.log(2.0)), np.float32(_MOST_BITS))
    return Draws(_chances(odds), bits)


def _fit(role: Floats, frame: Frame) -> Floats:
    """Weigh each step over each chord, (kinds, chords, steps); a chord may differ from a triad."""
    fit = role[:, frame.roles]
    triad = np.isin(frame.roles, (0, 2, 4))
    added, left_out = frame.tones & ~triad, ~frame.tones & triad
    least = role[:, (0, 2, 4)].min(axis=1)[:, None, None]
    foreign = role[:, (1, 3, 5)].mean(axis=1)[:, None, None]
    fit = np.where(added, np.maximum(fit, 0.5 * (least + fit)), fit)
    return np.asarray(np.where(left_out, np.minimum(fit, foreign), fit), dtype=np.float32)


def _chances(odds: Floats) -> NDArray[np.uint8]:
    """Spread odds over even chances: the quickest way to draw is to look up a random byte."""
    steps = odds.shape[-1]
    rows = odds.reshape(-1, steps)
    edges = np.cumsum(rows / rows.sum(axis=1, keepdims=True), axis=1)
    edges = np.round(edges * DRAWS).astype(np.int32)
    edges[:, -1] = DRAWS
    shares = np.diff(edges, axis=1, prepend=0)
    tiled = np.broadcast_to(np.arange(steps, dtype=np.uint8), rows.shape)
    return np.repeat(tiled.ravel(), shares.ravel()).reshape(*odds.shape[:-1], DRAWS)
