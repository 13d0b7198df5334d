"""What the network says of tunes of unlike length, side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.models.layers import Floats
from assistant.models.melodies import Melodies, tokens
from assistant.models.melody import MelodyNet

__all__ = ["bits_a_note"]

Flags: TypeAlias = NDArray[np.bool_]

_BLOCK = 128  # melodies that are judged at a time


@dataclass(frozen=True, eq=False)
class _Rows:
    melodies: Melodies
    there: Flags


def bits_a_note(net: MelodyNet, melodies: Melodies, there: Flags) -> Floats:
    """Measure how unexpected tunes of unlike length are.

    Parameters
    ----------
    net : MelodyNet
        The network.
    melodies : Melodies
        Filled up to the length of the longest.
    there : ndarray of bool, shape (melodies, notes)
        Whether there is a note; those of a melody come first.

    Returns
    -------
    ndarray of float32, shape (melodies,)
        Bits a note.
    """
    found = [_block(net, _slice(melodies, there, first)) for first in range(0, len(there), _BLOCK)]
    return np.concatenate(found)


def _slice(melodies: Melodies, there: Flags, first: int) -> _Rows:
    rows = slice(first, first + _BLOCK)
    notes = max(1, int(there[rows].sum(axis=1).max()))
    part = replace(
        melodies,
        pitches=melodies.pitches[rows, :notes],
        lengths=melodies.lengths[rows, :notes],
        starts=melodies.starts[rows, :notes],
        roots=None if melodies.roots is None else melodies.roots[rows, :notes],
        tones=None if melodies.tones is None else melodies.tones[rows, :notes],
    )
    return _Rows(part, there[rows, :notes])


def _block(net: MelodyNet, rows: _Rows) -> Floats:
    logs = net.predict(rows.melodies)
    told = np.take_along_axis(logs, tokens(rows.melodies)[..., None], axis=-1)[..., 0]
    count = np.maximum(1, rows.there.sum(axis=1))
    bits: Floats = -(told * rows.there).sum(axis=1) / (count * np.float32(np.log(2.0)))
    return bits.astype(np.float32)
