"""A correction in words: what was heard, what was moved, what was left alone and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.theory.intonation.edits import LEFT_AS_SAID
from assistant.theory.intonation.intent import NEAR_CENTS, Intent, Outcome, mean_error

__all__ = ["left_alone", "why_of"]

_LISTED = 5  # notes left alone that are named


def why_of(
    intent: Intent,
    outcome: Outcome,
    manner: str,
    untouched: float,
    *,
    formants: float = 0.0,
    late_ms: tuple[float, float] | None = None,
) -> str:
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
    formants : float
        How far formants were moved, cents.
    late_ms : tuple of (float, float), optional
        How far notes begin from their places on average, before and after, where they were put in
        time.

    Returns
    -------
    str
        A few sentences.
    """
    said = [_heard(intent, outcome), _moved(outcome, manner, untouched)]
    if formants:
        said.append(f"Formants are moved by {formants:+.0f} cents.")
    if late_ms:
        said.append(
            f"Notes begin {late_ms[1]:.0f} ms from their places on average, not {late_ms[0]:.0f}."
        )
    return " ".join([*said, *_alone(intent, outcome), *intent.remarks])


def left_alone(intent: Intent, outcome: Outcome) -> str:
    """List the notes that were left alone in doubt: number, time, and what they may be.

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
    return _listed(intent, _doubtful(intent, outcome))


def _listed(intent: Intent, places: Sequence[int]) -> str:
    """List the first few of some notes."""
    said = [_doubt(intent, place) for place in places[:_LISTED]]
    more = len(places) - len(said)
    return ", ".join(said) + (f" and {more} more" if more > 0 else "")


def _doubt(intent: Intent, place: int) -> str:
    note, target = intent.notes[place], intent.targets[place]
    seen = intent.called(target.pitch)
    if target.other is not None and intent.called(target.other) != seen:
        seen += f" or {intent.called(target.other)}"
    return f"{place + 1} at {note.start:.1f} s ({seen})"


def _heard(intent: Intent, outcome: Outcome) -> str:
    return (
        f"{_notes(len(intent.notes))} heard, judged by {intent.by}; sung"
        f" {mean_error(outcome.before[outcome.counted]):.0f} cents off on average, now"
        f" {mean_error(outcome.after[outcome.counted]):.0f}."
    )


def _moved(outcome: Outcome, manner: str, untouched: float) -> str:
    """Say how many were moved, and which of the others were not to be: flex, range, strength."""
    still = ~outcome.moved & ~outcome.alone
    near = int((still & (np.abs(outcome.before) <= NEAR_CENTS)).sum())
    rest = int(still.sum()) - near
    said = f"{_notes(int(outcome.moved.sum()))} moved ({manner})"
    said += f", {near} near enough already" if near else ""
    said += f", {rest} not asked for" if rest else ""
    return f"{said}; {100.0 * untouched:.0f} % of the take is as it was."


def _alone(intent: Intent, outcome: Outcome) -> Iterator[str]:
    doubted = left_alone(intent, outcome)
    if doubted:
        yield f"Left alone, because what was meant is not sure: {doubted}."
    dared = [at for at in np.flatnonzero(outcome.moved).tolist() if intent.targets[at].doubted]
    if dared:
        yield f"Moved all the same, though what was meant is not sure: {_listed(intent, dared)}."
    count = int(outcome.alone.sum()) - len(_doubtful(intent, outcome))
    if count:
        yield f"Left alone as you say: {_notes(count)}."


def _doubtful(intent: Intent, outcome: Outcome) -> list[int]:
    """Tell which notes were left alone, but not because the musician says so."""
    return [
        place
        for place in np.flatnonzero(outcome.alone).tolist()
        if intent.targets[place].why != LEFT_AS_SAID
    ]


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count} notes"
