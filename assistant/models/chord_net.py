"""What a learned style says of the next chord: the network, its ear for the song, and the gate.

A gated recurrent unit reads the chords; `assistant.models.recall` finds where the song stood like
this before, and each such place speaks for the chord that followed there. A gate learned from how
sure both are weighs them, in the manner of the logistic mixing of PAQ (Mahoney, 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.models.layers import Floats, Weights, dense, gru_step, log_softmax, part
from assistant.models.recall import Loudness, Recall, worth
from assistant.models.vocabulary import BARS, BEATS, PLACES, Vocabulary

__all__ = ["MODES", "ChordNet", "Scores", "Songs"]

MODES = ("", "maj", "min")


@dataclass(frozen=True)
class Songs:
    """Songs of equal length side by side.

    Parameters
    ----------
    last : ndarray of int64, shape (songs,)
        The last chords; beyond the vocabulary where a song has none yet.
    state : ndarray of shape (songs, hidden)
        Where the unit is.
    recall : Recall
        What is remembered.
    """

    last: NDArray[np.int64]
    state: Floats
    recall: Recall

    def spread(self, count: int) -> Songs:
        """Repeat one song, so that each copy can go its own way."""
        last, state = np.repeat(self.last, count), np.repeat(self.state, count, axis=0)
        return Songs(last, state, self.recall.spread(count))


@dataclass(frozen=True)
class Scores:
    """How likely each chord comes next.

    Parameters
    ----------
    alone, whole : ndarray of shape (songs, chords)
        Logarithms of the odds by the style alone, and with the memory of the song.
    loud : ndarray of shape (heads, songs, places)
        How loudly each place speaks.
    """

    alone: Floats
    whole: Floats
    loud: Floats


class ChordNet:
    """The network of one style.

    Parameters
    ----------
    weights : mapping of str to ndarray
        As ``training.next_chord`` writes them.
    vocabulary : Vocabulary
        The chords.
    """

    def __init__(self, weights: Weights, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._weights = weights
        self._loudness = Loudness(weights["likeness"])
        names = ("unit", "out", "gate_in", "gate_out", "beats_state", "beats_out")
        self._parts = {name: part(weights, name) for name in names}

    def begin(self, mode: str, timed: bool) -> Songs:
        """Start one song that has no chord yet, in a mode of `MODES`, with lengths or without."""
        start = np.array([len(self.vocabulary.labels) + MODES.index(mode)])
        still = np.zeros((1, self._weights["unit.weight_hh"].shape[1]), dtype=np.float32)
        recall = Recall.begin(timed)
        return Songs(start, self._read(start, still, recall), recall)

    def after(self, songs: Songs, chords: NDArray[np.int64], beats: Floats | None) -> Songs:
        """Take songs one chord on."""
        recall = songs.recall.after(chords.astype(np.int32), self.vocabulary.thirds[chords], beats)
        return Songs(chords, self._read(chords, songs.state, recall), recall)

    def _read(self, chords: NDArray[np.int64], state: Floats, recall: Recall) -> Floats:
        """Read the last chords, how long they were, and where the next ones start."""
        told = self._weights
        read = told["label"][chords]
        if recall.timed:
            where = recall.now.astype(np.int64)
            length = recall.lengths[:, -1] if recall.lengths.size else 0
            place, bar = where % PLACES, where // 4 % BARS
            read = read + told["length"][length] + told["place"][place] + told["bar"][bar]
        else:
            read = read + told["length"][0] + told["place"][PLACES] + told["bar"][BARS]
        return gru_step(read, state, self._parts["unit"])

    def scores(self, songs: Songs, memory: float = 1.0) -> Scores:
        """Score every chord as the next one of each song."""
        alone = log_softmax(dense(songs.state, self._parts["out"]))
        loud = self._loudness(songs.recall)
        if not memory:
            return Scores(alone, alone, loud)
        said = np.log1p(_tallied(loud, songs.recall.chords, alone.shape[1]))
        trust, style = self._gate(alone, said, loud, songs.recall)
        whole = style[:, None] * alone
        for one, spoken in zip(trust * np.float32(memory), said, strict=True):
            whole += one[:, None] * spoken
        return Scores(alone, log_softmax(whole), loud)

    def _gate(
        self, alone: Floats, said: Floats, loud: Floats, recall: Recall
    ) -> tuple[Floats, Floats]:
        """Tell how far to trust each head of the memory (heads, songs), and the style (songs,)."""
        unsure = -(np.exp(alone) * alone).sum(axis=1)
        told = np.stack([*said.max(axis=2), *np.log1p(loud.sum(axis=2)), unsure], axis=1)
        inner = (
            dense(told, self._parts["gate_in"])
            + self._weights["gate_longest"][worth(recall.longest)]
        )
        gate = dense(np.tanh(inner), self._parts["gate_out"])
        trust = np.logaddexp(gate[:, :-1], np.float32(0))
        return trust.T, np.maximum(1 + gate[:, -1], np.float32(0.05))

    def length_scores(self, songs: Songs, scores: Scores, chords: NDArray[np.int64]) -> Floats:
        """Score every length for the chords that come next."""
        inner = (
            dense(songs.state, self._parts["beats_state"]) + self._weights["beats_label"][chords]
        )
        found = dense(np.tanh(inner), self._parts["beats_out"])
        recall = songs.recall
        if recall.timed:
            same = scores.loud * (recall.chords == chords[:, None])
            said = np.log1p(_tallied(same, recall.lengths - 1, len(BEATS)))
            found += np.einsum("hsb,h->sb", said, self._weights["beats_memory"])
        return log_softmax(found)


def _tallied(loud: Floats, names: NDArray[np.int32], size: int) -> Floats:
    """Add up what places (heads, songs, places) say for each name: (heads, songs, names)."""
    songs = len(names)
    cells = (names + size * np.arange(songs)[:, None]).ravel()
    heads = [np.bincount(cells, head.ravel(), songs * size) for head in loud]
    return np.array(heads, dtype=np.float32).reshape(len(loud), songs, size)
