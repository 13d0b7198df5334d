"""What is known of a song, put together to decide where the notes of a take are to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.contract import Shelf, Weights
from assistant.errors import SettingError
from assistant.material import Score, Temperament
from assistant.theory.ear.singing_heard import VoiceTrack
from assistant.theory.harmony import spelling
from assistant.theory.harmony.roman import realise
from assistant.theory.ideas.chart import read_played
from assistant.theory.intonation import deciding
from assistant.theory.intonation.chord_spans import ChordSpan, spans_repeated
from assistant.theory.intonation.intent import Intent
from assistant.theory.intonation.scale_reading import read_scale
from assistant.theory.intonation.scales import Scale, concert_offset, scale_from_cents
from assistant.theory.intonation.take import TakeNote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Guide", "chords_said", "habits_of", "scale_said"]

_HABITS = "melody-steps-pop"


@dataclass(frozen=True, eq=False)
class Guide:
    """What is known of a song.

    Parameters
    ----------
    scale : Scale, optional
        What it is in; else it is heard in the take.
    score : Score, optional
        What was to be sung.
    chords : tuple of ChordSpan
        What sounds under the take.
    habits : ndarray of float32, optional
        What melodies do.
    a4_hz : float
        Concert pitch.
    threshold : float, optional
        A note surer than this is moved, 0.0 to 1.0; else what is usual.
    keep_tuning : bool
        Whether a take keeps its own tuning.
    """

    scale: Scale | None = None
    score: Score | None = None
    chords: tuple[ChordSpan, ...] = ()
    habits: NDArray[np.float32] | None = None
    a4_hz: float = 440.0
    threshold: float | None = None
    keep_tuning: bool = False

    @property
    def finest(self) -> float:
        """The smallest step of the scale that was said, semitones; endless where none was."""
        if self.scale is None:
            return float("inf")
        edges = (*self.scale.steps, self.scale.steps[0] + self.scale.period)
        return min(to - fro for fro, to in pairwise(edges))

    def decide(self, notes: Sequence[TakeNote], fine: VoiceTrack) -> Intent:
        """Decide where the notes of a take are to be: by the score, else by the scale.

        Parameters
        ----------
        notes : sequence of TakeNote
            In order, at least one.
        fine : VoiceTrack
            The voice.

        Returns
        -------
        Intent
            A target for each note.
        """
        return replace(self._decided(notes, fine), concert=concert_offset(self.a4_hz))

    def _decided(self, notes: Sequence[TakeNote], fine: VoiceTrack) -> Intent:
        if self.score is not None:
            return deciding.by_score(
                notes, self.score, fine, a4_hz=self.a4_hz, threshold=self.threshold,
                scale=self.scale,
            )  # fmt: skip
        return deciding.by_scale(
            notes, self.scale, habits=self.habits, chords=self.chords, a4_hz=self.a4_hz,
            threshold=self.threshold, keep_tuning=self.keep_tuning,
        )  # fmt: skip


def scale_said(key: str, tuning: Temperament | None, shelf: Shelf) -> Scale | None:
    """Read what the musician says of the scale.

    Parameters
    ----------
    key : str
        A key, a scale, the notes of one; ``""`` where nothing is said.
    tuning : Temperament, optional
        Steps of a Scala file, counted from the note that `key` says.
    shelf : Shelf
        For the scales of many traditions.

    Returns
    -------
    Scale or None
        None where nothing is said.

    Raises
    ------
    SettingError
        Where it is no scale, or a tuning has no note to count from.
    """
    if tuning is not None:
        return scale_from_cents(f"{key} {tuning.name}".strip(), tuning.cents, _tonic(key))
    if not key:
        return None
    return read_scale(key, shelf("traditions/scales")["scales"])


def _tonic(key: str) -> float:
    try:
        return float(spelling.pitch_class(spelling.read(key.strip() or "C")))
    except ValueError:
        raise SettingError(
            f"key is {key[:40]!r}; with scl it is the note that the tuning is counted from: D, F#."
        ) from None


def chords_said(
    text: str, scale: Scale | None, bar_seconds: float, begins: float, seconds: float
) -> tuple[ChordSpan, ...]:
    """Lay chords that the musician says under a take, again and again.

    Parameters
    ----------
    text : str
        Chords, a bar each, or between bar lines; N.C. where none sounds.
    scale : Scale or None
        What numerals count from.
    bar_seconds : float
        Length of a bar.
    begins : float
        Where in the song the take begins, seconds.
    seconds : float
        Length of the take.

    Returns
    -------
    tuple of ChordSpan
        In order.

    Raises
    ------
    SettingError
        Where they cannot be read.
    """
    played, key = read_played(text, scale.key if scale else None)
    bars = [
        [frozenset(realise(each, key).pitch_classes if each else ()) for each in bar]
        for bar in played
    ]
    return spans_repeated(bars, bar_seconds, begins, seconds)


def habits_of(weights: Weights) -> NDArray[np.float32]:
    """Open what was learned of melodies."""
    return weights(_HABITS)["steps"]
