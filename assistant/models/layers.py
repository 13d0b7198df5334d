"""The parts of which the networks are made, in numpy: small enough to need no framework.

Weights are laid out as torch has them (``weight_ih`` of shape (3 * hidden, inputs), gates in the
order reset, update, new), so that what was trained there runs here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Floats", "Weights", "convolve", "dense", "gru", "gru_step", "log_softmax", "part", "softmax"
]  # fmt: skip

Floats: TypeAlias = NDArray[np.float32]
Weights: TypeAlias = Mapping[str, Floats]


def part(weights: Weights, name: str) -> dict[str, Floats]:
    """Take the weights of one part, such as ``"encoder"``, without its name before theirs."""
    prefix = f"{name}."
    return {
        key.removeprefix(prefix): value for key, value in weights.items() if key.startswith(prefix)
    }


def dense(values: Floats, weights: Weights) -> Floats:
    """Multiply and add.

    Parameters
    ----------
    values : ndarray of shape (..., inputs)
        What goes in.
    weights : mapping
        ``weight`` of shape (outputs, inputs) and ``bias`` of shape (outputs,).

    Returns
    -------
    ndarray of shape (..., outputs)
        What comes out.
    """
    return values @ weights["weight"].T + weights["bias"]


def convolve(values: Floats, weights: Weights, spread: int = 1) -> Floats:
    """Convolve along the last axis, with silence beyond both ends.

    Parameters
    ----------
    values : ndarray of shape (inputs, steps)
        What goes in.
    weights : mapping
        ``weight`` of shape (outputs, inputs, taps), taps odd, and ``bias`` of shape (outputs,).
    spread : int
        How many steps the taps are apart.

    Returns
    -------
    ndarray of shape (outputs, steps)
        What comes out.
    """
    kernel = weights["weight"]
    taps, steps = kernel.shape[2], values.shape[1]
    reach = taps // 2 * spread
    held = np.pad(values, ((0, 0), (reach, reach)))
    seen = np.stack([held[:, n * spread : n * spread + steps] for n in range(taps)], axis=1)
    flat = kernel.reshape(len(kernel), -1)
    summed: Floats = flat @ seen.reshape(-1, steps) + weights["bias"][:, None]
    return summed


def gru_step(values: Floats, state: Floats, weights: Weights) -> Floats:
    """Move a gated recurrent unit one step on (Cho et al., 2014, as torch computes it).

    Parameters
    ----------
    values : ndarray of shape (batch, inputs)
        What goes in.
    state : ndarray of shape (batch, hidden)
        Where the unit was.
    weights : mapping
        ``weight_ih``, ``weight_hh``, ``bias_ih`` and ``bias_hh``.

    Returns
    -------
    ndarray of shape (batch, hidden)
        Where the unit is.
    """
    return _move(values @ weights["weight_ih"].T + weights["bias_ih"], state, weights)


def gru(values: Floats, state: Floats, weights: Weights) -> Floats:
    """Run a gated recurrent unit over a sequence.

    Parameters
    ----------
    values : ndarray of shape (steps, batch, inputs)
        What goes in.
    state : ndarray of shape (batch, hidden)
        Where the unit starts.
    weights : mapping
        As for `gru_step`.

    Returns
    -------
    ndarray of shape (steps, batch, hidden)
        Where the unit is after each step.
    """
    entering = values @ weights["weight_ih"].T + weights["bias_ih"]
    states = np.empty((*values.shape[:2], state.shape[1]), dtype=np.float32)
    for step, come in enumerate(entering):
        state = states[step] = _move(come, state, weights)
    return states


def _move(come: Floats, state: Floats, weights: Weights) -> Floats:
    hidden = state.shape[1]
    kept = state @ weights["weight_hh"].T + weights["bias_hh"]
    gates = _sigmoid(come[:, : 2 * hidden] + kept[:, : 2 * hidden])
    reset, update = gates[:, :hidden], gates[:, hidden:]
    new: Floats = np.tanh(come[:, 2 * hidden :] + reset * kept[:, 2 * hidden :])
    return new + update * (state - new)


def _sigmoid(values: Floats) -> Floats:
    """Squash to 0..1; by the tangent, which does not overflow."""
    half = np.float32(0.5)
    squashed: Floats = half * np.tanh(half * values) + half
    return squashed


def log_softmax(values: Floats) -> Floats:
    """Turn scores along the last axis into logarithms of probabilities."""
    above = values - values.max(axis=-1, keepdims=True)
    logs: Floats = above - np.log(np.exp(above).sum(axis=-1, keepdims=True))
    return logs


def softmax(values: Floats) -> Floats:
    """Turn scores along the last axis into probabilities."""
    odds: Floats = np.exp(log_softmax(values))
    return odds
