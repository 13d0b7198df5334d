"""The chords of a key as a model knows them, and what it says of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony.key import Key
from assistant.theory.harmony.labels import label_of, numeral_said
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import Numeral, realise
from assistant.theory.ideas.following import spans_of
from assistant.theory.ideas.learned import StyleModel

__all__ = ["Labelling"]

_PULL = 0.3  # what a bit of surprise at the first chord after a gap costs
_UNSEEN = 1e-3  # share of the changes that a change never seen is given
_HEARD = 64  # chords of the song that a model listens to


@dataclass(frozen=True)
class Labelling:
    """A key and a model.

    Parameters
    ----------
    key : Key
        What numerals and labels count from.
    model : StyleModel
        What was learned of a style.
    """

    key: Key
    model: StyleModel

    def at_home(self) -> NDArray[np.bool_]:
        """Tell which chords leave no doubt about the key: all but tonics of the other family."""
        numerals = [numeral_said(label, self.key) for label in self.model.vocabulary]
        minor = self.key.family == "minor"
        return np.array([
            numeral.degree != 1 or numeral.accidental != 0 or numeral.lower == minor
            for numeral in numerals
        ])  # fmt: skip

    def listen(self, spans: Sequence[tuple[str, float]]) -> Any:
        """Let the model hear the last chords of a song."""
        recent = spans[-_HEARD:]
        labels, beats = [label for label, _ in recent], [length for _, length in recent]
        return self.model.listen(labels, beats, self.key.family[:3])

    def spans(self, bars: Sequence[Bar]) -> list[tuple[str, float]]:
        """List the chords of some bars with their beats: see `spans_of`."""
        return spans_of(bars, lambda bar: [self.label(chord) for chord in bar])

    def label(self, chord: Numeral) -> str:
        """Label a chord as the model knows it: a quality that it never met as its plain triad."""
        label = label_of(realise(chord, self.key), self.key)
        if label in self.model.vocabulary:
            return label
        kind = "dim" if chord.diminished else "min" if chord.lower else "maj"
        return f"{label.partition(':')[0]}:{kind}"

    def leading_to(self, onward: str) -> Callable[[str, str], float]:
        """Make a judge of how well a draw leads to the chord after a gap."""

        def judge(_start: str, end: str) -> float:
            if end == onward:
                return _PULL * log2(_UNSEEN)
            share = self.model.followers(end).get(onward)
            return _PULL * log2(max(_UNSEEN, share.times if share else 0.0))

        return judge

    def bits(self, labels: Sequence[str]) -> float:
        """Tell how unusual the changes between some chords are, bits a chord."""
        shares = [self.model.followers(before).get(after) for before, after in pairwise(labels)]
        bits = [-log2(max(_UNSEEN, share.times if share else 0.0)) for share in shares]
        return sum(bits) / max(1, len(bits))

    def bits_of(self, bars: Sequence[Bar]) -> float:
        """Tell how unusual the changes between the chords of some bars are, bits a chord."""
        return self.bits([label for label, _ in self.spans(bars)])
