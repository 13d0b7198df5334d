"""Which chord comes next, and for how long: a small network of a style, and the song itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.models.chord_net import ChordNet, Songs
from assistant.models.layers import Floats, Weights, part
from assistant.models.memory import SongMemory
from assistant.models.steps import Follower, Step, Steps
from assistant.models.vocabulary import BEATS, Vocabulary

__all__ = ["Continuations", "Listening", "NextChord", "Recollection"]


@dataclass(frozen=True)
class Recollection:
    """What followed here before in this song.

    Parameters
    ----------
    after : tuple of str
        The last chords, as many as have stood together before.
    followers : mapping of str to int
        How often each chord followed them, the most frequent first.
    """

    after: tuple[str, ...]
    followers: Mapping[str, int]


@dataclass(frozen=True)
class Continuations:
    """Ways in which a song may go on, one a row.

    Parameters
    ----------
    chords : ndarray of int64, shape (count, length)
        Numbers in `NextChord.vocabulary`.
    beats : ndarray of float32, shape (count, length)
        How long each chord lasts.
    bits : ndarray of float32, shape (count, length)
        How unexpected each chord is in this song.
    style_bits : ndarray of float32, shape (count, length)
        How unexpected it is in the style, the song's own habits left out.
    """

    chords: NDArray[np.int64]
    beats: Floats
    bits: Floats
    style_bits: Floats


class NextChord:
    """A model of one style.

    Parameters
    ----------
    weights : mapping of str to ndarray
        As ``training.next_chord`` writes them.
    card : mapping
        The card beside them; ``qualities`` is read.
    """

    def __init__(self, weights: Weights, card: Mapping[str, Any]) -> None:
        self._words = Vocabulary(tuple(card["qualities"]))
        self._net = ChordNet(weights, self._words)
        self._steps = Steps(part(weights, "counts"), self._words)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The chords it knows, such as ``"bVII:maj"``."""
        return self._words.labels

    def listen(
        self, labels: Sequence[str] = (), beats: Sequence[float] | None = None, mode: str = ""
    ) -> Listening:
        """Hear a song until now.

        Parameters
        ----------
        labels : sequence of str
            Its chords; no two neighbours the same.
        beats : sequence of float, optional
            How long each lasts; left out where unknown, now and later.
        mode : str
            ``"maj"``, ``"min"`` or ``""`` where unknown; it matters for the first chords.

        Returns
        -------
        Listening
            Where the song stands.

        Raises
        ------
        UnknownName
            Where a chord is not in the vocabulary.
        """
        song = Listening(self._net, self._net.begin(mode, beats is not None), SongMemory())
        lengths: Sequence[float | None] = [None] * len(labels) if beats is None else beats
        for label, length in zip(labels, lengths, strict=True):
            song.push(label, length)
        return song

    def bits(
        self, labels: Sequence[str], beats: Sequence[float] | None = None, memory: bool = True
    ) -> Floats:
        """Tell how unexpected each chord of a song is.

        Parameters
        ----------
        labels, beats
            As for `listen`.
        memory : bool
            Whether the song's own habits count; without, it is the novelty against the style.

        Returns
        -------
        ndarray of shape (chords,)
            In bits.
        """
        song = self.listen(beats=None if beats is None else ())
        lengths: Sequence[float | None] = [None] * len(labels) if beats is None else beats
        found = []
        for label, length in zip(labels, lengths, strict=True):
            found.append(-np.log2(song.odds(memory)[self._words.number(label)]))
            song.push(label, length)
        return np.array(found, dtype=np.float32)

    def followers(self, label: str) -> Mapping[str, Follower]:
        """Tell what follows a chord in the songs that were learned from.

        Parameters
        ----------
        label : str
            The chord.

        Returns
        -------
        mapping
            By chord, the most usual first; counted once a chord, so do not change it.
        """
        return self._steps.followers(label)

    def step(self, before: str, after: str, mode: str) -> Step | None:
        """Tell how usual a step is in the songs of a mode that were learned from.

        Parameters
        ----------
        before, after : str
            The chords; a seventh, a sixth or a suspension is as good as the triad.
        mode : str
            ``"maj"`` or ``"min"``.

        Returns
        -------
        Step or None
            None where root and third stay, or where either chord is not in the vocabulary.
        """
        return self._steps.step(before, after, mode)

    def sample(
        self,
        song: Listening,
        count: int,
        length: int,
        rng: np.random.Generator,
        *,
        heat: float = 1.0,
        memory: float = 1.0,
        allowed: NDArray[np.bool_] | None = None,
    ) -> Continuations:
        """Let a song go on in many ways at once.

        Parameters
        ----------
        song : Listening
            Where it stands; it stays there.
        count, length : int
            How many ways, of how many chords each.
        rng : numpy.random.Generator
            Where chance comes from.
        heat : float
            1 draws as likely as heard; below, the likely more often; above, the unlikely. It holds
            for chords and their lengths.
        memory : float
            How much the song's own habits count: 0 not at all, 1 as learned.
        allowed : ndarray of bool, shape (length, chords) or (chords,), optional
            Which chords of the vocabulary may stand at each place; at least one.

        Returns
        -------
        Continuations
            In the order in which they were drawn.
        """
        now = song.now.spread(count)
        wanted = np.broadcast_to(
            True if allowed is None else allowed, (length, len(self.vocabulary))
        )
        chords = np.zeros((count, length), dtype=np.int64)
        beats, bits, style = (np.zeros((count, length), dtype=np.float32) for _ in range(3))
        for at in range(length):
            scores = self._net.scores(now, memory)
            likely = np.where(wanted[at], scores.whole / np.float32(heat), np.float32(-np.inf))
            _forbid(likely, now.last)
            chosen = chords[:, at] = _draw(likely, rng)
            drawn = _draw(self._net.length_scores(now, scores, chosen) / np.float32(heat), rng)
            beats[:, at] = np.array(BEATS, dtype=np.float32)[drawn]
            bits[:, at], style[:, at] = _bits(scores.whole, chosen), _bits(scores.alone, chosen)
            now = self._net.after(now, chosen, beats[:, at] if now.recall.timed else None)
        return Continuations(chords, beats, bits, style)


class Listening:
    """A song that is being listened to; made by `NextChord.listen`.

    Parameters
    ----------
    net : ChordNet
        Who listens.
    now : Songs
        Where the song stands.
    memory : SongMemory
        Its chords.
    """

    def __init__(self, net: ChordNet, now: Songs, memory: SongMemory[str]) -> None:
        self._net, self.now, self._memory = net, now, memory

    @property
    def labels(self) -> tuple[str, ...]:
        """The chords so far."""
        return self._memory.symbols

    def copy(self) -> Listening:
        """Listen to the same song going another way."""
        return Listening(self._net, self.now, self._memory.copy())

    def push(self, label: str, beats: float | None = None) -> None:
        """Hear one more chord.

        Parameters
        ----------
        label : str
            The chord; not the one before again.
        beats : float, optional
            How long it lasts. Where it is unknown once, or lengths were unknown from the start, so
            are places in the bar from then on.
        """
        number = self._net.vocabulary.number(label)
        lengths = None if beats is None else np.array([beats], dtype=np.float32)
        self.now = self._net.after(self.now, np.array([number]), lengths)
        self._memory.push(label)

    def odds(self, memory: bool = True) -> Floats:
        """Tell how likely each chord of the vocabulary comes next.

        Parameters
        ----------
        memory : bool
            Whether the song's own habits count.

        Returns
        -------
        ndarray of shape (chords,)
            Adds up to 1.
        """
        scores = self._net.scores(self.now, float(memory))
        odds: Floats = np.exp(scores.whole[0])
        return odds

    def beats_odds(self, label: str) -> Floats:
        """Tell how likely a chord that comes next lasts each of `BEATS`; adds up to 1."""
        number = np.array([self._net.vocabulary.number(label)])
        scores = self._net.scores(self.now)
        odds: Floats = np.exp(self._net.length_scores(self.now, scores, number)[0])
        return odds

    def memory_says(self, order: int | None = None) -> Recollection:
        """Tell what followed here before in this song.

        Parameters
        ----------
        order : int, optional
            How many of the last chords must be the same; as many as possible where left out.

        Returns
        -------
        Recollection
            For a reason such as "followed 3 of 4 times in this song".
        """
        many = self._memory.longest if order is None else order
        after = self.labels[max(len(self.labels) - many, 0) :]
        return Recollection(after, self._memory.followers(many) if many else {})


def _forbid(logs: Floats, last: NDArray[np.int64]) -> None:
    """Let no chord follow itself, unless nothing else may stand; before the first there is none."""
    rows = np.flatnonzero(last < logs.shape[1])
    cells = rows, last[rows]
    before = logs[cells]
    logs[cells] = -np.inf
    logs[cells] = np.where(np.isneginf(logs[rows].max(axis=1)), before, -np.inf)


def _draw(logs: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw a column of each row, as likely as the logarithm there says; they need not add up."""
    upto = np.exp(logs - logs.max(axis=1, keepdims=True)).cumsum(axis=1)
    at = rng.random((len(logs), 1)) * upto[:, -1:]
    return np.asarray((upto <= at).sum(axis=1), dtype=np.int64)


def _bits(logs: Floats, chosen: NDArray[np.int64]) -> Floats:
    found: Floats = logs[np.arange(len(chosen)), chosen] / np.float32(-np.log(2))
    return found
