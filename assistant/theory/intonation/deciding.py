"""Where the notes of a take are to be: by a score where there is one, else by a scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.material import Score, note_name
from assistant.theory.ear.singing_heard import VoiceTrack
from assistant.theory.intonation.chord_spans import ChordSpan
from assistant.theory.intonation.following import Followed, choose_part, follow_score
from assistant.theory.intonation.intent import Intent
from assistant.theory.intonation.scales import Scale, concert_offset
from assistant.theory.intonation.slurs import taken_apart
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.targets import THRESHOLD, Decision, decide
from assistant.theory.intonation.written import Part, written_parts

__all__ = ["by_scale", "by_score"]

_TOLD_CENTS = 10.0  # a tuning further off than this is worth a sentence
_NEARER_CENTS = 50.0  # further off than this, the key next to one that was said is nearer
_BETWEEN_CENTS = 25.0  # from which the semitone next to a key that is heard is as good a guess
_BY_SCORE = 0.5  # confidence from which a note goes where the score has it


def by_scale(
    notes: Sequence[TakeNote],
    scale: Scale | None,
    *,
    habits: NDArray[np.float32] | None,
    chords: Sequence[ChordSpan],
    a4_hz: float,
    threshold: float | None,
    keep_tuning: bool,
) -> Intent:
    """Decide by a scale, as said or as heard.

    Parameters
    ----------
    notes : sequence of TakeNote
        In order, at least one.
    scale : Scale or None
        None finds the key.
    habits : ndarray or None
        What melodies do: see `assistant.theory.intonation.steps.habit_in`.
    chords : sequence of ChordSpan
        What sounds under the take.
    a4_hz : float
        Concert pitch.
    threshold : float or None
        A note surer than this is moved, 0.0 to 1.0; None for what is usual.
    keep_tuning : bool
        Whether the take keeps its own tuning.

    Returns
    -------
    Intent
        With the key and how sure it is, and a warning where the take is in another.
    """
    decided = decide(
        notes, scale, habits=habits, chords=chords, a4_hz=a4_hz,
        threshold=THRESHOLD if threshold is None else threshold, keep_tuning=keep_tuning,
    )  # fmt: skip
    sure = f" ({100.0 * decided.confidence:.0f} % sure)" if scale is None else ""
    remarks = (
        *_of_tuning(decided, a4_hz, kept=keep_tuning),
        *_of_key(decided, said=scale is not None, kept=keep_tuning),
    )
    return Intent(
        tuple(notes), decided.targets, f"{decided.scale.name}{sure}", remarks,
        decided.scale.note_name, scale=decided.scale,
    )  # fmt: skip


def _of_tuning(decided: Decision, a4_hz: float, *, kept: bool) -> Iterator[str]:
    """Say what is wrong with what was said, and where the voice's own tuning lies."""
    if decided.warning:
        yield f"Mind: {decided.warning}."
    off = decided.off_cents
    if abs(off) >= _TOLD_CENTS:
        where = f"{abs(off):.0f} cents {'above' if off > 0.0 else 'below'} A4 = {a4_hz:g} Hz"
        then = "it is kept" if kept else "notes that move go there"
        yield f"The voice's own tuning lies {where}; {then}."


def _of_key(decided: Decision, *, said: bool, kept: bool) -> Iterator[str]:
    """Say what casts doubt on the key."""
    off = 0.0 if kept else abs(decided.off_cents)
    beside = f"a semitone {'higher' if decided.off_cents > 0.0 else 'lower'}"
    if said:
        if off > _NEARER_CENTS:
            yield f"So far off, it lies nearer to a key {beside}: see that the key is right."
    elif off >= _BETWEEN_CENTS:
        yield f"So far between two semitones, all of it may be meant {beside}: say the key."
    elif not any(target.moves for target in decided.targets):
        yield "No key is heard surely enough to move a note by it: say the key."


def by_score(
    notes: Sequence[TakeNote],
    score: Score,
    fine: VoiceTrack,
    *,
    a4_hz: float,
    threshold: float | None,
    scale: Scale | None = None,
) -> Intent:
    """Decide by a score.

    Parameters
    ----------
    notes : sequence of TakeNote
        In order, at least one.
    score : Score
        What was to be sung; of several parts the one that fits best counts.
    fine : VoiceTrack
        The voice: by it notes are taken apart that span several written ones.
    a4_hz : float
        Concert pitch.
    threshold : float or None
        A note surer than this is moved, 0.0 to 1.0; None for what is usual.
    scale : Scale, optional
        What spells the notes.

    Returns
    -------
    Intent
        With the notes that were taken apart in pieces.
    """
    concert = concert_offset(a4_hz)
    part = choose_part(notes, written_parts(score))
    followed = follow_score(notes, part.notes, concert=concert)
    if followed.fits and followed.splits:
        notes = taken_apart(notes, followed.splits, fine)
        followed = follow_score(notes, part.notes, concert=concert)
    least = _BY_SCORE if threshold is None else threshold
    targets = followed.targets
    if followed.fits:
        targets = tuple(target.weighed(least) for target in targets)
    by = f"the score (part {part.name!r})" if part.name else "the score"
    remarks = (followed.words,) if followed.words else ()
    name = scale.note_name if scale else note_name
    return Intent(tuple(notes), targets, by, remarks, name, _guide(followed, part))


def _guide(followed: Followed, part: Part) -> tuple[float, ...]:
    """Tell when the written notes begin, where the take runs by the clock of the score."""
    if followed.clock is None or not followed.fits:
        return ()
    return tuple(note.start + followed.clock for note in part.notes)
