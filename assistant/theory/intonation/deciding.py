"""Where the notes of a take are to be: by a score where there is one, else by a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.material import Score, note_name
from assistant.theory.ear.singing_heard import VoiceTrack
from assistant.theory.intonation.chord_spans import ChordSpan
from assistant.theory.intonation.following import Followed, choose_part, follow_score
from assistant.theory.intonation.intent import Intent
from assistant.theory.intonation.scales import Scale, concert_offset
from assistant.theory.intonation.slurs import taken_apart
from assistant.theory.intonation.take import TakeNote, Target
from assistant.theory.intonation.targets import THRESHOLD, decide
from assistant.theory.intonation.written import Part, written_parts

__all__ = ["by_scale", "by_score"]

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
    remarks = [f"Mind: {decided.warning}."] if decided.warning else []
    tuning = decided.off_cents
    if abs(tuning) >= 10.0:
        way = "above" if tuning > 0.0 else "below"
        kept = "is kept" if keep_tuning else "is corrected too"
        remarks.append(
            f"The voice's own tuning lies {abs(tuning):.0f} cents {way} A4 = {a4_hz:g} Hz;"
            f" it {kept}."
        )
    if scale is None and not keep_tuning and abs(tuning) >= _BETWEEN_CENTS:
        where = "higher" if tuning > 0.0 else "lower"
        remarks.append(
            f"So far between two semitones, all of it may be meant a semitone {where}: say the key."
        )
    return Intent(
        tuple(notes), decided.targets, f"{decided.scale.name}{sure}", tuple(remarks),
        decided.scale.note_name, scale=decided.scale,
    )  # fmt: skip


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
        targets = tuple(_weighed(target, least) for target in targets)
    by = f"the score (part {part.name!r})" if part.name else "the score"
    remarks = (followed.words,) if followed.words else ()
    name = scale.note_name if scale else note_name
    return Intent(tuple(notes), targets, by, remarks, name, _guide(followed, part))


def _guide(followed: Followed, part: Part) -> tuple[float, ...]:
    """Tell when the written notes begin, where the take runs by the clock of the score."""
    if followed.clock is None or not followed.fits:
        return ()
    return tuple(note.start + followed.clock for note in part.notes)


def _weighed(target: Target, least: float) -> Target:
    """Leave a note alone that is not sure enough, or that is not in the score."""
    if not target.moves:
        return replace(target, doubted=True)
    if target.confidence >= least:
        return target
    return target.left(f"{100.0 * target.confidence:.0f} % sure; {target.why}")
