"""Which tracks of a session are sums of others: buses and mixes that lie beside their parts.

A sum holds the very sound of its parts: that is asked of its samples, octave by octave, each with
gains of its own, so that an equaliser or a little compression on a bus is borne. That tracks are
loud in the same places and bands is not enough: any three steady sounds are.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.band_products import BandProducts, band_products
from assistant.material import Stem
from assistant.mixing.heard import Heard
from assistant.steps import part

__all__ = ["sums_of"]

Row: TypeAlias = NDArray[np.float64]
Table: TypeAlias = NDArray[np.float64]

COMPRESSION = 0.3  # of energy: about loudness, so that one loud octave does not speak for all
LEFT_OVER = 0.25  # of what the likeliest part leaves unexplained: what all may leave
LEAST_SHARE = 0.003  # of the sum that counts as a part of it
COPIED = 0.99  # share that one track explains by itself: a copy, and no part
STEADY = 1e-9  # of the energy, so that copies among the parts do not matter


def sums_of(
    stems: Sequence[Stem], heard: Sequence[Heard]
) -> Generator[float, None, tuple[tuple[int, ...], ...]]:
    """Tell which tracks are sums of which others.

    Parameters
    ----------
    stems : sequence of Stem
        At one rate, finite; each begins where its `Stem.start` says.
    heard : sequence of Heard
        What was heard of each, in their order.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    tuple of tuple of int
        Of each track, the places of its parts, at least two; none where it is no sum. Where one
        is the sum of two others, neither of these is a sum of it.
    """
    used = [n for n, one in enumerate(heard) if not one.silent]
    found: dict[int, _Sum] = {}
    if len(used) > 2:
        sounds = [stems[n].audio for n in used]
        work = band_products(sounds, [stems[n].start for n in used])
        octaves = _octaves((yield from part(work, 0.0, 0.8)))
        for n in range(len(used)):
            made = _sum(octaves, n)
            if made is not None:
                found[n] = made
            yield 0.8 + 0.2 * (n + 1) / len(used)
    kept = _without_rounds(found)
    return tuple(
        tuple(used[m] for m in kept.get(used.index(n), ())) if n in used else ()
        for n in range(len(stems))
    )


@dataclass(frozen=True, eq=False)
class _Octaves:
    """Vectors whose inner products are those of the channels: (bands, vector, channels)."""

    owners: NDArray[np.int64]
    vectors: Table

    def weights(self, own: NDArray[np.bool_]) -> Row:
        """Tell how much each octave of a track counts; together 1."""
        energies = np.square(self.vectors[:, :, own]).sum(axis=(1, 2))
        weights = np.where(energies > STEADY * energies.sum(), energies, 0.0) ** COMPRESSION
        return np.asarray(weights / weights.sum())


@dataclass(frozen=True, eq=False)
class _Sum:
    """What a track is made of, and which share of it that leaves unexplained."""

    parts: tuple[int, ...]
    left_over: float


def _octaves(measured: BandProducts) -> _Octaves:
    tables = measured.products.copy()
    for table in tables:
        table[np.diag_indices(len(table))] += STEADY * np.diagonal(table) + 1e-30
    vectors = np.linalg.cholesky(tables).transpose(0, 2, 1)
    return _Octaves(measured.owners, np.asarray(vectors, np.float64))


def _sum(octaves: _Octaves, n: int) -> _Sum | None:
    """Explain a track by the others that are no copies of it."""
    own = octaves.owners == n
    alone = np.array([_alone(octaves, own, m) for m in range(octaves.owners.max() + 1)])
    copied = alone >= COPIED  # by itself, too
    if copied.all():
        return None
    others = np.flatnonzero(~copied[octaves.owners])
    shares = np.zeros(len(alone))
    left_over = 0.0
    for vectors, weight in zip(octaves.vectors, octaves.weights(own), strict=True):
        if weight > 0.0:
            explained, left = _explained(vectors, np.flatnonzero(own), others)
            np.add.at(shares, octaves.owners[others], weight * explained)
            left_over += weight * left
    parts = tuple(np.flatnonzero(shares > LEAST_SHARE).tolist())
    is_sum = left_over < LEFT_OVER * (1.0 - alone[~copied].max()) and len(parts) > 1
    return _Sum(parts, left_over) if is_sum else None


def _alone(octaves: _Octaves, own: NDArray[np.bool_], m: int) -> float:
    """Tell which share of a track another one explains by itself."""
    one, other = octaves.vectors[:, :, own], octaves.vectors[:, :, octaves.owners == m]
    products = np.maximum(other.transpose(0, 2, 1) @ one, 0.0)
    best = (np.square(products) / np.square(other).sum(axis=1)[:, :, None]).max(axis=1).sum(axis=1)
    return float(octaves.weights(own) @ (best / np.square(one).sum(axis=(1, 2))))


def _explained(
    vectors: Table, own: NDArray[np.int64], others: NDArray[np.int64]
) -> tuple[Row, float]:
    """Tell which share of an octave of a track each other channel explains, and what is left.

    No gain is below 0: or else a part would be the sum less the other parts.
    """
    from scipy.optimize import nnls

    energy = np.square(vectors[:, own]).sum()
    shares, left = np.zeros(len(others)), 0.0
    for channel in own:
        target = vectors[:, channel]
        gains, rest = nnls(vectors[:, others], target, maxiter=30 * len(others))
        shares += gains * (vectors[:, others].T @ target) / energy
        left += rest**2 / energy
    return shares, float(left)


def _without_rounds(found: Mapping[int, _Sum]) -> dict[int, tuple[int, ...]]:
    """Keep the surest sums, and of the others those that are in none of their own parts."""
    kept: dict[int, tuple[int, ...]] = {}
    for n in sorted(found, key=lambda n: found[n].left_over):
        reached = set(found[n].parts)
        while more := {m for one in reached for m in kept.get(one, ())} - reached:
            reached |= more
        if n not in reached:
            kept[n] = found[n].parts
    return kept
