"""A correction in words: what was heard, what was moved, what was left alone and why."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assistant.theory.intonation.intent import Intent, Outcome, mean_error

__all__ = ["left_alone", "why_of"]

_LISTED = 5  # notes left alone that are named


def why_of(intent: Intent, outcome: Outcome, manner: str, untouched: float) -> str:
    """Say what was done and why.

    Parameters
    ----------
    intent : Intent
        Where the notes were to be.
    outcome : Outcome
        What became of them.
    manner : str
        How they were moved, in a few words.
    untouched : float
        Share of the samples that are as they were, 0.0 to 1.0.

    Returns
    -------
    str
        A few sentences.
    """
    return " ".join(_sentences(intent, outcome, manner, untouched))


def left_alone(intent: Intent, outcome: Outcome) -> str:
    """List the notes that were left alone: number, time, and what they may be.

    Parameters
    ----------
    intent : Intent
        Where the notes were to be.
    outcome : Outcome
        What became of them.

    Returns
    -------
    str
        ``"7 at 4.2 s (B4 or C5)"``, the first few; ``""`` where there are none.
    """
    places = np.flatnonzero(outcome.alone).tolist()
    said = [_doubt(intent, place) for place in places[:_LISTED]]
    more = len(places) - len(said)
    return ", ".join(said) + (f" and {more} more" if more > 0 else "")


def _doubt(intent: Intent, place: int) -> str:
    note, target = intent.notes[place], intent.targets[place]
    seen = intent.name(target.pitch)
    if target.other is not None and intent.name(target.other) != seen:
        seen += f" or {intent.name(target.other)}"
    return f"{place + 1} at {note.start:.1f} s ({seen})"


def _sentences(intent: Intent, outcome: Outcome, manner: str, untouched: float) -> Iterator[str]:
    count, moved = len(intent.notes), int(outcome.moved.sum())
    alone = int(outcome.alone.sum())
    enough = count - moved - int((outcome.alone & ~outcome.moved).sum())
    yield (
        f"{_notes(count)} heard, judged by {intent.by}; sung"
        f" {mean_error(outcome.before[outcome.counted]):.0f} cents off on average, now"
        f" {mean_error(outcome.after[outcome.counted]):.0f}."
    )
    tail = f", {enough} near enough already" if enough else ""
    yield (
        f"{_notes(moved)} moved ({manner}){tail};"
        f" {100.0 * untouched:.0f} % of the take is as it was."
    )
    if alone:
        yield f"Left alone, because what was meant is not sure: {left_alone(intent, outcome)}."
    yield from intent.remarks


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count} notes"
