"""The chords that sound under a take: from when to when, and which notes they have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from assistant.material import Score, Tempo
from assistant.theory.ear.heard import Heard

__all__ = ["ChordSpan", "spans_heard", "spans_repeated"]


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord: from when to when, seconds of the take; its notes, semitones above C."""

    start: float
    end: float
    pitch_classes: frozenset[int]


def spans_heard(heard: Heard, begins: float = 0.0) -> tuple[ChordSpan, ...]:
    """Put the chords of a song on the clock of a take.

    Parameters
    ----------
    heard : Heard
        The song.
    begins : float
        Where in the song the take begins, seconds.

    Returns
    -------
    tuple of ChordSpan
        In order, those that end after the take begins.
    """
    clock = Score((), heard.tempos or (Tempo(0.0, heard.bpm),))
    late = heard.start_seconds - begins
    spans = (
        ChordSpan(
            clock.seconds_at(each.start) + late,
            clock.seconds_at(each.start + each.length) + late,
            frozenset(each.chord.pitch_classes),
        )
        for each in heard.chords
    )
    return tuple(span for span in spans if span.end > 0.0)


def spans_repeated(
    bars: Sequence[Sequence[frozenset[int]]], bar_seconds: float, begins: float, until: float
) -> tuple[ChordSpan, ...]:
    """Lay chords that are said bar by bar under a take, again and again until it ends.

    Parameters
    ----------
    bars : sequence of sequence of frozenset of int
        The chords of each bar, which share it evenly: semitones above C; none where none sounds.
    bar_seconds : float
        Length of a bar.
    begins : float
        Where in the song, from the first bar on, the take begins, seconds.
    until : float
        Where the take ends, seconds.

    Returns
    -------
    tuple of ChordSpan
        In order, those that sound during the take.
    """
    return tuple(_repeated(bars, bar_seconds, begins, until))


def _repeated(
    bars: Sequence[Sequence[frozenset[int]]], bar_seconds: float, begins: float, until: float
) -> Iterator[ChordSpan]:
    at = -begins
    for bar in cycle(bars):
        each = bar_seconds / len(bar)
        for place, notes in enumerate(bar):
            start = at + place * each
            if notes and start + each > 0.0:
                yield ChordSpan(start, start + each, notes)
        at += bar_seconds
        if at >= until:
            return
