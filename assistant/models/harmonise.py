"""Chords for a melody, learned from songs: how likely each chord is at each place, and paths.

The network looks at all half-bars of a song at once: gated convolutions over neighbours (van den
Oord et al., 2016) and attention (Vaswani et al., 2017) that is drawn to places where the same is
sung. What is longer than songs are is read in windows that overlap, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import MaterialError
from assistant.models.frames import Frames, Line, Slots, alike, hear
from assistant.models.labels import Labels, moved
from assistant.models.layers import Floats, Weights, dense, part, softmax
from assistant.models.paths import Chain, Path, apart, distinct, expected, varied

__all__ = ["Harmoniser", "normalise", "scores"]

_SMALL = np.float32(1e-5)
_UNLIKELY = np.float32(1e-12)
_WHOLE = 512  # slots that are looked at together: longer than any song that was learned from
_AROUND = 64  # slots of context at either end of a window
_TRIES = 4  # paths drawn in each way for every one that is shown
_SHARP = np.float32(4.0)  # makes likeness of 0..1 count in attention


class Harmoniser:
    """A learned harmoniser.

    Parameters
    ----------
    weights : mapping of str to ndarray
        As in ``harmonise-pop.safetensors``.
    card : mapping
        As in ``harmonise-pop.toml``: ``vocabulary``, and under ``decode`` how paths are chosen.
    """

    def __init__(self, weights: Weights, card: Mapping[str, Any]) -> None:
        self._weights = weights
        self._members = tuple(part(weights, str(n)) for n in range(int(card["members"])))
        self._decode = {name: float(value) for name, value in card["decode"].items()}
        self.labels = Labels(tuple(card["vocabulary"]))

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The chords it knows, relative to the tonic, such as ``"V:7"``."""
        return self.labels.names

    def frames(self, line: Line, tonic: int, mode: str, slots: Slots) -> Frames:
        """Listen to a melody; see `assistant.models.frames.hear`."""
        return hear(line, tonic, mode, slots)

    def odds(self, frames: Frames) -> Floats:
        """Tell how likely each chord is at each place.

        Parameters
        ----------
        frames : Frames
            What is heard.

        Returns
        -------
        ndarray of shape (slots, chords)
            Logarithms of probabilities, in the order of the vocabulary.
        """
        told = np.empty((len(frames.features), len(self.vocabulary)), np.float32)
        for seen, kept in _windows(len(frames.features)):
            odds = self._together(frames.features[seen], alike(frames.steps[seen]))
            told[kept] = odds[kept.start - seen.start : kept.stop - seen.start]
        logs: Floats = np.log(told + _UNLIKELY)
        return logs

    def counted(self, odds: Floats, up: int) -> Floats:
        """Count chords from another tonic.

        Parameters
        ----------
        odds : ndarray of shape (slots, chords)
            From `odds`.
        up : int
            Semitones by which the tonic that they are counted from lies higher than the other.

        Returns
        -------
        ndarray of shape (slots, chords)
            Logarithms; chords that the vocabulary has from one of the tonics only are unlikely.
        """
        told: Floats = np.full_like(odds, np.log(_UNLIKELY))
        for place, name in enumerate(self.vocabulary):
            to = self.labels.number.get(moved(name, -up))
            if to is not None:
                told[:, to] = odds[:, place]
        return told

    def _together(self, features: Floats, near: Floats) -> Floats:
        """Tell the odds at places that are all looked at together."""
        odds = np.zeros((len(features), len(self.vocabulary)), np.float32)
        for member in self._members:
            odds += softmax(scores(features, near, member))
        return odds / np.float32(len(self._members))

    def paths(
        self,
        odds: Floats,
        count: int,
        rng: np.random.Generator,
        *,
        allowed: NDArray[np.bool_] | None = None,
        surprise: float = 0.0,
        joined: NDArray[np.bool_] | None = None,
    ) -> list[Path]:
        """Choose several harmonisations that differ.

        Parameters
        ----------
        odds : ndarray of shape (slots, chords)
            From `odds`.
        count : int
            How many, at most; fewer where the locks leave no more.
        rng : Generator
            Where chance comes from.
        allowed : ndarray of shape (slots, chords), optional
            True where a chord may stand; a row with one True is a locked chord.
        surprise : float
            0.0 stays with the likeliest, 1.0 dares most.
        joined : ndarray of shape (slots,), optional
            True where a slot keeps the chord of the one before (one chord a bar).

        Returns
        -------
        list of Path
            First the one that may be expected to be most right, then others, likely ones first.

        Raises
        ------
        MaterialError
            Where no chord is allowed at some place.
        """
        heads = np.ones(len(odds), bool) if joined is None else ~joined
        heads[:1] = True
        logs = self._dared(_shared(_locked(odds, allowed), heads), surprise)
        chain = self._chain(logs)
        gains = np.where(np.isfinite(logs), expected(chain.posterior(), self.labels), -np.inf)
        drawn = distinct(chain.sample(int(self._decode["draws"]), rng)).mean()
        wanted = round(self._decode["variety"] * float(drawn))
        first = varied(np.argmax(gains, axis=1), gains, wanted)
        others = np.array(
            [
                varied(path, gains, wanted)
                for sharpness in (self._decode["sharpness"], self._decode["sharpness"] ** 0.5)
                for path in self._chain(logs, sharpness).sample(_TRIES * count, rng)
            ]
        )
        order = np.array([chain.likelihood(path) for path in others])
        chosen = [first, *apart(others, order, first, count - 1)]
        back = np.cumsum(heads) - 1
        return [
            Path(tuple(self.vocabulary[chord] for chord in path[back]), chain.likelihood(path))
            for path in chosen
        ]

    def _dared(self, logs: NDArray[np.float64], surprise: float) -> NDArray[np.float64]:
        """Make likely chords less so and rare ones more."""
        rare = self._decode["rare"] * surprise * self._weights["prior"]
        dared: NDArray[np.float64] = (1.0 - self._decode["flat"] * surprise) * logs - rare
        return dared

    def _chain(self, logs: NDArray[np.float64], sharpness: float = 1.0) -> Chain:
        follow = sharpness * self._decode["follow"]
        return Chain(sharpness * logs, follow * self._weights["moves"].astype(np.float64))


def _windows(count: int) -> Iterator[tuple[slice, slice]]:
    """Part the slots of a song: what is looked at together, and which of it is kept."""
    if count <= _WHOLE:
        yield slice(0, count), slice(0, count)
        return
    hop = _WHOLE - 2 * _AROUND
    for first in range(0, count, hop):
        last = min(count, first + hop)
        yield slice(max(0, first - _AROUND), min(count, last + _AROUND)), slice(first, last)


def _locked(odds: Floats, allowed: NDArray[np.bool_] | None) -> NDArray[np.float64]:
    """Rule out what is not allowed."""
    logs = odds.astype(np.float64)
    return logs if allowed is None else np.where(allowed, logs, -np.inf)


def _shared(logs: NDArray[np.float64], heads: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Average over slots that share a chord; `heads` are the first of each."""
    begins = np.flatnonzero(heads)
    sizes = np.diff(np.append(begins, len(heads)))
    shared: NDArray[np.float64] = np.add.reduceat(logs, begins, axis=0) / sizes[:, None]
    empty = np.flatnonzero(~np.isfinite(shared).any(axis=1))
    if len(empty):
        raise MaterialError(
            f"No chord is left at place {begins[empty[0]] + 1} of {len(heads)}: "
            "the chords locked there exclude each other. Unlock one of them."
        )
    return shared


def scores(features: Floats, near: Floats, weights: Weights) -> Floats:
    """Run one network.

    Parameters
    ----------
    features : ndarray of shape (slots, FEATURES)
        As in `Frames`.
    near : ndarray of shape (3, slots, slots)
        From `alike`.
    weights : mapping
        ``enter``, blocks ``block.0`` ..., ``norm``, ``full``, ``root`` and ``triad`` with the
        columns ``root_of`` and ``triad_of`` of each chord.

    Returns
    -------
    ndarray of shape (slots, chords)
        Scores, not normalised.
    """
    values = np.maximum(dense(features, part(weights, "enter")), np.float32(0.0))
    for number in range(blocks(weights)):
        values = _block(values, near, part(weights, f"block.{number}"))
    values = normalise(values, part(weights, "norm"))
    return dense(values, part(weights, "out"))


def blocks(weights: Weights) -> int:
    """Count the blocks of a network."""
    return len({name.split(".")[1] for name in weights if name.startswith("block.")})


def _block(values: Floats, near: Floats, weights: Weights) -> Floats:
    values = values + _convolve(normalise(values, part(weights, "norm")), part(weights, "conv"))
    if "attend.likeness" in weights:
        told = part(weights, "attend")
        values = values + _attend(normalise(values, part(told, "norm")), near, told)
    return values


def normalise(values: Floats, weights: Weights) -> Floats:
    """Bring each row to mean 0 and deviation 1, then scale and shift (Ba et al., 2016)."""
    off = values - values.mean(axis=-1, keepdims=True)
    spread = np.sqrt((off * off).mean(axis=-1, keepdims=True) + _SMALL)
    scaled: Floats = off / spread * weights["weight"] + weights["bias"]
    return scaled


def _convolve(values: Floats, weights: Weights) -> Floats:
    """Look at neighbours: a gated convolution, written as one product."""
    count, width = values.shape
    taps, step = (int(number) for number in weights["taps"])
    reach = taps // 2 * step
    padded = np.zeros((count + 2 * reach, width), np.float32)
    padded[reach : reach + count] = values
    seen = np.concatenate([padded[n * step : n * step + count] for n in range(taps)], axis=1)
    value, gate = np.split(dense(seen, part(weights, "enter")), 2, axis=1)
    half = np.float32(0.5)
    return dense(np.tanh(value) * (half * np.tanh(half * gate) + half), part(weights, "leave"))


def _attend(values: Floats, near: Floats, weights: Weights) -> Floats:
    """Look at the whole song: by content, by distance and by likeness of what is sung."""
    count, width = values.shape
    heads, reaches = weights["far"].shape
    reach = reaches // 2
    asked = dense(values, part(weights, "enter")).reshape(count, 3, heads, width // heads)
    query, key, value = np.transpose(asked, (1, 2, 0, 3))
    place = np.arange(count)
    far = np.clip(place[None] - place[:, None], -reach, reach) + reach
    drawn = np.tensordot(_SHARP * weights["likeness"], near, axes=1) + weights["far"][:, far]
    drawn += query @ np.swapaxes(key, 1, 2) / np.sqrt(np.float32(width // heads))
    seen = np.swapaxes(softmax(drawn) @ value, 0, 1).reshape(count, width)
    return dense(seen, part(weights, "leave"))
