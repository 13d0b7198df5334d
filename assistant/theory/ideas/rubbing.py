"""How much chords rub against the melody that they stand under."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.theory.harmony.key import Key
from assistant.theory.harmony.labels import numeral_said
from assistant.theory.harmony.progression import Bar
from assistant.theory.harmony.roman import realise
from assistant.theory.ideas.song import Song

__all__ = ["Rubbing"]

_EIGHTH = 0.5  # beats: shorter notes pass
_TOUCH = 0.2  # beats of a half-bar that a note must reach into it
_SAME = 1e-9


class Rubbing:
    """A melody, and what lies a semitone from it.

    Parameters
    ----------
    song : Song
        Its melody and its bars; without a melody nothing rubs.
    """

    def __init__(self, song: Song) -> None:
        self._key = song.key
        starts, lengths = song.halves()
        sung = np.zeros((len(starts), 12))
        for note in song.melody:
            if note.length < _EIGHTH - _SAME:
                continue
            end = note.start + note.length
            first = max(0, bisect_right(starts, note.start) - 1)
            for half in range(first, bisect_left(starts, end)):
                shared = min(starts[half] + lengths[half], end) - max(starts[half], note.start)
                if shared > _TOUCH:
                    sung[half, round(note.pitch) % 12] += shared
        self._near = np.roll(sung, 1, axis=1) + np.roll(sung, -1, axis=1)

    def beats(self, place: int, bar: Bar) -> float:
        """Tell how long chords rub in a bar.

        Parameters
        ----------
        place : int
            The bar, counted from 0.
        bar : Bar
            Its chords.

        Returns
        -------
        float
            Beats in which a note of an eighth or more lies a semitone from a note of its chord,
            counted for each note of the chord; 0.0 beyond the bars of the song.
        """
        halves = zip(self._near[2 * place : 2 * place + 2], (bar[0], bar[-1]), strict=False)
        return float(
            sum(near[list(realise(chord, self._key).pitch_classes)].sum() for near, chord in halves)
        )

    def suits(self, place: int, was: Bar, instead: Bar) -> bool:
        """Tell whether other chords in a bar rub no longer than those that were there."""
        return self.beats(place, instead) <= self.beats(place, was) + _SAME

    def of_labels(self, labels: Sequence[str], key: Key) -> NDArray[np.float64]:
        """Tell how long each of some chords would rub in each half of the bars.

        Parameters
        ----------
        labels : sequence of str
            A vocabulary.
        key : Key
            What it counts from.

        Returns
        -------
        ndarray of shape (halves, labels)
            In beats.
        """
        holds = np.zeros((len(labels), 12))
        for row, label in enumerate(labels):
            holds[row, list(realise(numeral_said(label, key), key).pitch_classes)] = 1.0
        return np.asarray(self._near @ holds.T)
